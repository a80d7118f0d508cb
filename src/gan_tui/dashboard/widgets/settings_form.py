"""The settings that can be changed before a start, checked as they are typed."""

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Grid, Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Label, Static

from gan_tui.dashboard.menu_place import MenuPlace
from gan_tui.dashboard.widgets.line_input import LineInput
from gan_tui.errors import UserError
from gan_tui.presets import Preset
from gan_tui.presets.plan import planned
from gan_tui.presets.settings import value_words

FIELDS = {
    "epochs": "epochs",
    "steps": "steps",
    "batch_size": "batch size",
    "learning_rate": "learning rate",
    "seed": "seed",
}
"""Setting → label."""


class Field(LineInput):
    """An input whose keys the footer shows."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Start", tooltip="Start with these settings"),
        Binding("escape", "screen.back", "Back", key_display="esc"),
    ]


class SettingsForm(Vertical):
    """A field a setting; `preset` is the preset with what was typed, or None while something typed is wrong."""

    DEFAULT_CSS = """
    SettingsForm { height: auto; border: round $border; border-title-color: $foreground; padding: 0 1; }
    SettingsForm:focus-within { border: round $primary; }
    SettingsForm Grid { grid-size: 3; grid-gutter: 0 2; height: auto; grid-rows: 1; }
    SettingsForm.-narrow Grid { grid-size: 2; grid-columns: 18fr 24fr; }
    SettingsForm.-slim Grid { grid-size: 1; grid-columns: 1fr; }
    SettingsForm Horizontal { height: 1; }
    SettingsForm Label { width: 14; color: $dim; }
    SettingsForm.-narrow Horizontal:odd Label { width: 11; }
    SettingsForm.-slim Horizontal:odd Label { width: 14; }
    SettingsForm Input { width: 1fr; background: $panel; }
    SettingsForm Input.-invalid, SettingsForm Input.-invalid:focus { color: $error; }
    SettingsForm #outcome { height: auto; max-height: 2; color: $dim; }
    SettingsForm #outcome.bad { color: $error; }
    """

    class Start(Message):
        """Enter was pressed in a field."""

    def __init__(self, place: MenuPlace) -> None:
        """What is typed is kept in `place`."""
        super().__init__()
        self.border_title = "Settings"
        self._place = place
        self._base: Preset | None = None
        self.preset: Preset | None = None
        self.problem = ""
        """What is wrong with what was typed, as half a sentence without its end."""

    def compose(self) -> ComposeResult:
        with Grid():
            for name, label in FIELDS.items():
                with Horizontal():
                    yield Label(label)
                    yield Field(id=name, compact=True, select_on_focus=True)
        yield Static("", id="outcome", markup=False)

    def show(self, preset: Preset) -> None:
        """Take up a preset's settings, as they were typed before or else as they are its own."""
        self._base = self.preset = preset
        typed = self._place.typed(preset)
        with self.prevent(Input.Changed):
            for name in FIELDS:
                own = _own_words(preset, name)
                field = self.query_one(f"#{name}", Input)
                field.placeholder, field.value = "by epochs" if name == "steps" else own, typed.get(name, own)
        self._check()

    def on_resize(self) -> None:
        self.set_class(self.size.width < 66, "-narrow")
        self.set_class(self.size.width < 42, "-slim")

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._check()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Start())

    def _check(self) -> None:
        """Read all fields; say what will happen, or what is wrong."""
        if self._base is None:
            return
        typed = {name: self.query_one(f"#{name}", Input).value for name in FIELDS}
        self._place.remember(
            self._base, {name: text for name, text in typed.items() if text != _own_words(self._base, name)}
        )
        changes, problem = self._read(typed)
        self.preset = None
        if not problem:
            try:
                changed = self._base.with_settings(changes)
                outcome = _outcome(changed)
                self.preset = changed
            except (UserError, ValueError) as error:
                problem = str(error)
                self._mark("batch_size", True)
        self.problem = problem.rstrip(".")
        line = self.query_one("#outcome", Static)
        line.set_class(bool(problem), "bad")
        line.update(problem or outcome)

    def _read(self, typed: Mapping[str, str]) -> tuple[dict[str, object], str]:
        """(the values, what is wrong with the first bad one)"""
        assert self._base is not None
        changes: dict[str, object] = {}
        problem = ""
        for name, text in typed.items():
            try:
                text = text or ("0" if name == "steps" else _own_words(self._base, name))
                changes[name] = self._base.rules.from_text(name, text, self._base.dataset)
                self._mark(name, False)
            except ValueError as error:
                problem = problem or str(error)
                self._mark(name, True)
        return changes, problem

    def _mark(self, name: str, bad: bool) -> None:
        self.query_one(f"#{name}", Input).set_class(bad, "-invalid")


def _own_words(preset: Preset, name: str) -> str:
    """A preset's own value of a setting, as it stands in its field."""
    value = preset.settings[name]
    return "" if name == "steps" and not value else value_words(value)


def _outcome(preset: Preset) -> str:
    plan = planned(preset)
    validation = f", {plan.validation:,} more for validation" if plan.validation else ""
    return f"{plan.steps_total:,} steps, {plan.steps_per_epoch:,} per epoch; {plan.train:,} examples{validation}"
