"""The settings that can be changed before a start, checked as they are typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Grid, Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Label, Static

from gan_tui.dashboard.looks import Looked
from gan_tui.dashboard.menu_place import MenuPlace
from gan_tui.dashboard.typed_changes import Changes
from gan_tui.dashboard.widgets.line_input import LineInput
from gan_tui.dashboard.widgets.path_input import PathInput
from gan_tui.dashboard.widgets.typed_preset import EMPTY, LOOKING, OF_OWN_DATA, TypedPreset, own_words
from gan_tui.presets import Preset
from gan_tui.text import harmless

FIELDS = {
    "epochs": "epochs",
    "steps": "steps",
    "batch_size": "batch size",
    "learning_rate": "learning rate",
    "seed": "seed",
}
"""Setting → label."""
_LABELS = {"label": "label", "image_size": "image size", "color": "color", "resize": "resize"}
"""Likewise, of `OF_OWN_DATA`."""

_KEYS: list[BindingType] = [
    Binding("enter", "submit", "Start", tooltip="Start with these settings"),
    Binding("escape", "screen.back", "Back", key_display="esc"),
]
_LEAVING = {"tab": "app.focus_next", "shift+tab": "app.focus_previous", "escape": "screen.back"}


class Field(LineInput):
    """An input whose keys the footer shows."""

    BINDINGS: ClassVar[list[BindingType]] = _KEYS
    LEAVING: ClassVar[Mapping[str, str]] = _LEAVING


class DataField(PathInput):
    """Where a person's own data lie."""

    BINDINGS: ClassVar[list[BindingType]] = _KEYS
    LEAVING: ClassVar[Mapping[str, str]] = {**_LEAVING, "tab": "complete"}


_CSS = """
SettingsForm { height: auto; border: round $border; border-title-color: $foreground; padding: 0 1; }
SettingsForm:focus-within { border: round $primary; }
SettingsForm Grid { grid-size: 3; grid-gutter: 0 2; height: auto; grid-rows: 1; }
SettingsForm.-narrow Grid { grid-size: 2; grid-columns: 18fr 24fr; }
SettingsForm.-slim Grid { grid-size: 1; grid-columns: 1fr; }
SettingsForm Horizontal { height: 1; }
SettingsForm Label { width: 14; color: $dim; }
SettingsForm.-narrow Horizontal:odd Label { width: 11; }
SettingsForm.-slim Horizontal:odd Label { width: 14; }
SettingsForm.-narrow #of-image_size Label, SettingsForm.-narrow #of-resize Label { width: 11; }
SettingsForm.-narrow #of-color Label, SettingsForm.-slim .own#of-image_size Label { width: 14; }
SettingsForm.-slim .own#of-resize Label { width: 14; }
SettingsForm.-own.-slim #of-data Label { width: 6; }
SettingsForm .own, SettingsForm.-without #of-data { display: none; }
SettingsForm #rest { display: none; }
SettingsForm.-own #rest { display: block; }
SettingsForm.-own.-slim #rest { display: none; }
SettingsForm.-own #of-data { column-span: 3; }
SettingsForm.-own.-narrow #of-data { column-span: 2; }
SettingsForm.-own.-slim #of-data { column-span: 1; }
SettingsForm Input { width: 1fr; background: $panel; }
SettingsForm Input.-invalid, SettingsForm Input.-invalid:focus { color: $error; }
SettingsForm #others { height: 1; display: none; text-wrap: nowrap; text-overflow: ellipsis; }
SettingsForm #found { height: auto; max-height: 2; color: $dim; display: none; }
SettingsForm #outcome { height: auto; max-height: 2; color: $dim; }
SettingsForm #outcome.bad { max-height: 4; color: $error; }
"""


class SettingsForm(Vertical):
    """A field for each of the settings that are changed most; the others are counted.

    `preset` is the preset with all that was typed, or None while some of it is wrong. Data of a person's own are looked
    at when they pause, in a thread: no disk holds the keys.
    """

    DEFAULT_CSS = _CSS

    class Start(Message):
        """Enter was pressed in a field."""

    @dataclass
    class Fitted(Message):
        """The networks are others, because they follow the data."""

        preset: Preset

    def __init__(self, place: MenuPlace) -> None:
        """What is typed is kept in `place`."""
        super().__init__()
        self.border_title = "Settings"
        self._place = place
        self._base: Preset | None = None
        self._typed = TypedPreset(self)
        self._fitted: Preset | None = None
        """That of which it was told last."""
        self._starts = False
        """Whether enter was pressed while the data were looked at."""
        self._offered = ""
        """What a path may go on with, until more is typed."""

    def compose(self) -> ComposeResult:
        with Grid():
            for name, label in FIELDS.items():
                with Horizontal():
                    yield Label(label)
                    yield Field(id=name, compact=True, select_on_focus=True)
            yield Static(id="rest")  # of the row, where a path has one of its own
            with Horizontal(id="of-data"):
                yield Label("data")
                yield DataField("data")
            for name, label in _LABELS.items():
                with Horizontal(id=f"of-{name}", classes="own"):
                    yield Label(label)
                    yield Field(id=name, compact=True, select_on_focus=True)
        yield Static("", id="others", markup=False)
        yield Static("", id="found", markup=False)
        yield Static("", id="outcome", markup=False)

    def show(self, preset: Preset) -> None:
        """Take up a preset's settings, as they were typed before or else as they are its own."""
        self._base = self._fitted = preset
        self._starts, self._offered = False, ""
        typed = self._place.typed(preset)
        with self.prevent(Input.Changed):
            for name in self._fields():
                own = own_words(preset, name)
                field = self.query_one(f"#{name}", Input)
                field.placeholder, field.value = EMPTY.get(name, own), typed.get(name, own)
        if preset.found:
            self.query_one("#data", Input).placeholder = preset.found.name
        self.set_class("data" not in preset.settings, "-without")
        self._check(at_once=True)

    def _fields(self) -> list[str]:
        """The names of the fields that the preset has."""
        assert self._base is not None
        return [name for name in (*FIELDS, "data", *OF_OWN_DATA) if name in self._base.settings]

    @property
    def preset(self) -> Preset | None:
        """The preset with what was typed; None while it is wrong."""
        return self._typed.preset

    @property
    def problem(self) -> str:
        """Why there is none, as half a sentence without its end."""
        return self._typed.problem.rstrip(".") or (LOOKING if self._typed.is_looking else "")

    @property
    def place(self) -> tuple[str, str]:
        """The data that are typed or the preset's own, and the column to learn of them; empty where there are none."""
        if self._base is None:
            return "", ""
        typed = {name: self.query_one(f"#{name}", Input).value.strip() for name in ("data", "label")}
        return tuple(typed[name] or str(self._base.settings.get(name, "")) for name in typed)  # type: ignore[return-value]

    @property
    def changes(self) -> Changes:
        """How images would be changed at random."""
        return Changes.of(self._base, self._place.typed(self._base) if self._base else {})

    @property
    def takes_data(self) -> bool:
        """Whether the preset can be trained on data of a person's own."""
        return self._base is not None and "data" in self._base.settings

    def take(self, place: str) -> None:
        """Have the preset on other data."""
        self.query_one("#data", Input).value = place

    def on_resize(self) -> None:
        self.set_class(self.size.width < 66, "-narrow")
        self.set_class(self.size.width < 42, "-slim")

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._starts, self._offered = False, ""
        self._check()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self._typed.is_looking:
            self._starts = True
            self._check(at_once=True)
        else:
            self.post_message(self.Start())

    def on_path_input_offered(self, event: PathInput.Offered) -> None:
        event.stop()
        self._offered = ", ".join(event.choices)
        self._check()

    def on_looked(self, message: Looked) -> None:
        self._typed.take(message.found)
        self._check()
        if self._starts:
            self._starts = False
            self.post_message(self.Start())

    def _check(self, at_once: bool = False) -> None:
        """Read all fields; say what will happen, or what is wrong."""
        if self._base is None:
            return
        fields = {name: self.query_one(f"#{name}", Input).value for name in self._fields()}
        others = {name: text for name, text in self._place.typed(self._base).items() if name not in fields}
        changed = {name: text for name, text in fields.items() if text != own_words(self._base, name)}
        self._place.remember(self._base, {**changed, **others})
        self._typed.read(self._base, {**fields, **others}, at_once)
        self._show_fields(others)
        line = self.query_one("#outcome", Static)
        line.set_class(bool(self._typed.problem), "bad")
        line.update(self._typed.problem or self._typed.outcome)
        if self.preset and self._fitted and self.preset.networks != self._fitted.networks:
            self._fitted = self.preset
            self.post_message(self.Fitted(self.preset))

    def _show_fields(self, others: Mapping[str, str]) -> None:
        """Those that mean something, and which of them are wrong; the others are counted."""
        assert self._base is not None
        self.set_class(self._typed.has_own, "-own")
        for name in OF_OWN_DATA:
            self.query_one(f"#of-{name}").display = self._typed.has_own and name in self._base.settings
        for name in self._fields():
            self.query_one(f"#{name}", Input).set_class(name in self._typed.wrong, "-invalid")
        looks_at = self._typed.looks_at
        found = f"Looking at {harmless(looks_at, 200)} …" if looks_at else self._typed.found
        _say(self.query_one("#found", Static), self._offered or found)
        words = ", ".join(f"{name} {harmless(text, 40) or 'empty'}" for name, text in others.items())
        _say(self.query_one("#others", Static), f"{len(others)} more changed: {words}" if others else "")


def _say(line: Static, words: str) -> None:
    line.display = bool(words)
    line.update(words)
