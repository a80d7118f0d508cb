"""One setting with all there is to know of it, and a field for its value."""

from collections.abc import Callable, Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Label, Static

from gan_tui.dashboard.widgets.line_input import LineInput
from gan_tui.dashboard.widgets.setting_list import Line
from gan_tui.dashboard.widgets.typed_preset import LOOKING, TypedPreset


class ValueInput(LineInput):
    """The value of the chosen setting; its arrows go through the choices, where there are few."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.find", "Done", tooltip="Back to the list; the value stays as it was typed"),
        Binding("tab", "screen.move(1)", "Next", tooltip="Change the next setting; with shift, the one before"),
        Binding(
            "down", "screen.choice(1)", "Choices", key_display="↑ ↓", tooltip="Go through its choices, if they are few"
        ),
        Binding("escape", "screen.find", "Done", show=False, tooltip="Back to the list"),
    ]
    LEAVING: ClassVar[Mapping[str, str]] = {
        "enter": "screen.find", "down": "screen.choice(1)", "up": "screen.choice(-1)", "escape": "screen.find",
        "tab": "screen.move(1)", "shift+tab": "screen.move(-1)",
    }  # fmt: skip
    on_typed: Callable[[str], None] = staticmethod(lambda text: None)
    """Told at once: what is typed next may act on what that leads to."""

    def watch_value(self, text: str) -> None:
        self.on_typed(text)


class SettingDetails(Vertical):
    """What a setting means, which values it takes, what it is without a change, and what its value leads to."""

    DEFAULT_CSS = """
    SettingDetails { height: 9; border: round $border; border-title-color: $foreground; padding: 0 1; }
    SettingDetails:focus-within { border: round $primary; }
    SettingDetails Horizontal { height: 1; }
    SettingDetails Label { width: auto; min-width: 9; padding: 0 2 0 0; color: $dim; }
    SettingDetails ValueInput { width: 1fr; background: $panel; }
    SettingDetails ValueInput.-invalid, SettingDetails ValueInput.-invalid:focus { color: $error; }
    SettingDetails #about { height: auto; max-height: 2; }
    SettingDetails #facts { height: auto; max-height: 4; }
    SettingDetails #said { height: 1fr; color: $dim; }
    SettingDetails #said.bad { color: $error; }
    """

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Label("value")
            yield ValueInput(id="value", compact=True, select_on_focus=True)
        yield Static("", id="about", markup=False)
        yield Static("", id="facts", markup=False)
        yield Static("", id="said", markup=False)

    def show(self, line: Line, own: str, text: str, read: TypedPreset) -> None:
        """A setting whose own value in the preset is `own`, with what is typed for it and what that is read as."""
        name, field = line.setting.name, self.query_one(ValueInput)
        self.border_title = name
        if field.value != text:
            field.value = text
            if field.has_focus:
                field.action_select_all()
        field.placeholder = own
        field.set_class(line.wrong, "-invalid")
        self.query_one("#about", Static).update(line.setting.about)
        self.query_one("#facts", Static).update(_facts(line, own))
        said = self.query_one("#said", Static)
        said.set_class(bool(read.problem), "bad")
        said.update(read.problem or (f"{LOOKING} …" if read.is_looking else read.outcome))


def _facts(line: Line, own: str) -> Content:
    """What it takes, and what it is where nothing is typed."""
    parts = [Content.assemble(("takes    ", "$dim"), line.setting.takes)]
    usual = (
        f"{own or 'empty'}, as by default" if own == line.default else f"{own or 'empty'}; by default {line.default}"
    )
    parts += [Content.assemble(("preset   ", "$dim"), usual)]
    if line.idle:
        parts += [Content.styled(f"It does nothing {line.idle}.", "$warning")]
    return Content("\n").join(parts)
