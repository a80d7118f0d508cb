"""All settings of the chosen preset: found by typing, explained, changed, and checked at each key."""

from collections.abc import Callable, Mapping
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Label, OptionList, Static

from gan_tui.dashboard import own_keys
from gan_tui.dashboard.actions import keys_of
from gan_tui.dashboard.looks import Looked
from gan_tui.dashboard.menu_place import MenuPlace
from gan_tui.dashboard.screens import help as help_screen
from gan_tui.dashboard.screens.confirm import ConfirmScreen
from gan_tui.dashboard.terminal.window_screen import WindowScreen
from gan_tui.dashboard.widgets.key_line import KeyLine
from gan_tui.dashboard.widgets.line_input import LineInput
from gan_tui.dashboard.widgets.setting_details import SettingDetails, ValueInput
from gan_tui.dashboard.widgets.setting_list import Line, SettingList
from gan_tui.dashboard.widgets.typed_preset import TypedPreset, own_words, shown_value
from gan_tui.presets import Preset
from gan_tui.presets.setting_groups import group_of, grouped
from gan_tui.presets.settings import Setting
from gan_tui.text import counted, harmless

PAGE = 8
"""Settings that a page is."""
_MOVES = {
    "down": "screen.move(1)", "up": "screen.move(-1)", "pagedown": f"screen.move({PAGE})",
    "pageup": f"screen.move(-{PAGE})",
}  # fmt: skip


class FindInput(LineInput):
    """What the settings are found by; its arrows choose among them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.change", "Change", tooltip="Change the chosen setting"),
        Binding("up", "screen.move(-1)", "Choose", show=False, tooltip="Choose another"),
        Binding("down", "screen.move(1)", "Choose", show=False, tooltip="Choose another"),
        Binding("escape", "screen.back", "Back", key_display="esc", tooltip="Give up what is typed; back to the menu"),
        Binding("question_mark", "screen.help", "Help", key_display="?", tooltip="Show this help"),
    ]
    LEAVING: ClassVar[Mapping[str, str]] = {
        **_MOVES, "enter": "screen.change", "tab": "screen.change", "escape": "screen.back",
        "question_mark": "screen.help",
    }  # fmt: skip

    on_typed: Callable[[], None] = staticmethod(lambda: None)

    def watch_value(self) -> None:
        """At once: what is typed next may act on what is found."""
        self.on_typed()


class SettingsScreen(WindowScreen[None]):
    """A line to find by, the settings that are found, and the chosen one with all there is to know of it."""

    DEFAULT_CSS = """
    SettingsScreen { background: $background; color: $foreground; }
    SettingsScreen #bar { height: 1; padding: 0 1; background: $surface; }
    SettingsScreen #bar Label { width: 6; color: $dim; }
    SettingsScreen FindInput { width: 1fr; max-width: 40; background: $panel; }
    SettingsScreen #count { width: 1fr; color: $dim; text-align: right; text-wrap: nowrap; text-overflow: ellipsis; }
    """
    BINDINGS: ClassVar[list[BindingType]] = own_keys.named(
        [
            Binding("ctrl+r", "reset", "Reset", tooltip="Take the chosen setting back to the preset's own"),
            Binding("ctrl+g", "reset_all", "Reset all", tooltip="Take all back to the preset's own; asks first"),
        ]
    )

    def __init__(self, preset: Preset, place: MenuPlace, left: Callable[[], None]) -> None:
        """The settings of a listed preset; what is typed is kept in `place`. `left` is called when the screen is."""
        super().__init__()
        self._base, self._place, self._left = preset, place, left
        known = preset.rules.settings_for(preset.dataset)
        groups = grouped([known[name] for name in preset.settings])
        self._settings = [setting for members in groups.values() for setting in members]
        self._read = TypedPreset(self)

    def compose(self) -> ComposeResult:
        with Horizontal(id="bar"):
            yield Label("find")
            yield FindInput(id="find", compact=True, placeholder="by name or meaning")
            yield Static("", id="count", markup=False)
        yield SettingList()
        yield SettingDetails()
        yield KeyLine()

    def on_mount(self) -> None:
        self._list.border_title = f"Settings of {self._base.name}"
        self.set_class(True, "-finding")
        self.query_one(FindInput).focus()
        self.query_one(ValueInput).on_typed = self._value_typed
        self._look(at_once=True)
        self._list.measure([self._line(setting, {}) for setting in self._settings])
        self._show()
        self.query_one(FindInput).on_typed = self._find

    @property
    def _list(self) -> SettingList:
        return self.query_one(SettingList)

    @property
    def _chosen(self) -> Setting | None:
        line = self._list.chosen
        return line.setting if line else None

    @property
    def _is_changing(self) -> bool:
        return isinstance(self.focused, ValueInput)

    # What is typed ----------------------------------------------------------

    @property
    def _typed(self) -> dict[str, str]:
        return dict(self._place.typed(self._base))

    def _text(self, name: str) -> str:
        return self._typed.get(name, own_words(self._base, name))

    def _take(self, name: str, text: str) -> None:
        """Have a text for a setting; its own words are none."""
        typed = {**self._typed, name: text}
        if text == own_words(self._base, name):
            del typed[name]
        self._place.remember(self._base, typed)
        self._look()
        self._show()

    def _look(self, at_once: bool = False) -> None:
        self._read.read(self._base, self._typed, at_once)

    def _value_typed(self, text: str) -> None:
        """A text in the field of the chosen setting, which may be its own."""
        if (setting := self._chosen) and text != self._text(setting.name):
            self._take(setting.name, text)

    def on_looked(self, message: Looked) -> None:
        self._read.take(message.found)
        self._look()
        self._show()

    # What is shown ----------------------------------------------------------

    def _find(self) -> None:
        """List what is found by what is typed, and choose what is most likely meant."""
        word = self.query_one(FindInput).value.strip().casefold().replace(" ", "_")
        names = [setting.name for setting in self._found()]
        meant = [name for name in names if name.startswith(word)] or [name for name in names if word in name]
        self._show(next(iter(meant if word else []), ""))

    def _show(self, wanted: str = "") -> None:
        """Show everything anew, with the setting of a name chosen, or else the one that was."""
        idle = _idle(self._read.preset or self._base)
        chosen, found = self._chosen, self._found()
        lines = [self._line(setting, idle) for setting in found]
        with self.prevent(OptionList.OptionHighlighted):
            self._list.show(lines, wanted or (chosen.name if chosen else ""))
        typed = self._typed
        every = counted(len(self._settings), "setting")
        count = every if len(found) == len(self._settings) else f"{len(found)} of {every}"
        count += "" if found else ": esc shows all"
        self.query_one("#count", Static).update(f"{len(typed)} changed · {count}" if typed else count)
        self._show_chosen()

    def _found(self) -> list[Setting]:
        """Those whose name, group or meaning has each word that is typed."""
        words = self.query_one(FindInput).value.casefold().split()
        return [one for one in self._settings if all(word in _told(one) for word in words)]

    def _line(self, setting: Setting, idle: Mapping[str, str]) -> Line:
        name, typed = setting.name, self._typed
        text = harmless(typed[name], 80) or "none" if name in typed else self._own(name)
        return Line(setting, text, name in typed, name in self._read.wrong, idle.get(name, ""))

    def _own(self, name: str) -> str:
        return shown_value(name, self._base.settings[name])

    @on(OptionList.OptionHighlighted)
    def _show_chosen(self) -> None:
        line, details = self._list.chosen, self.query_one(SettingDetails)
        details.display = line is not None
        if line:
            name = line.setting.name
            details.show(line, self._own(name), self._text(name), self._read)
        elif self._is_changing:
            self.action_find()
        self.refresh_bindings()

    # Keys ----------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "choice":
            return bool(self._chosen and self._chosen.choices)
        if action == "reset":
            return bool(self._chosen and self._chosen.name in self._typed)
        return action != "reset_all" or bool(self._typed)

    def on_descendant_focus(self) -> None:
        self.set_class(not self._is_changing, "-finding")
        self.refresh_bindings()

    @on(OptionList.OptionSelected)
    def action_change(self) -> None:
        if self._chosen:
            self.set_focus(self.query_one(ValueInput))

    def action_find(self) -> None:
        self.set_focus(self.query_one(FindInput))

    def action_move(self, by: int) -> None:
        self._list.step(by)
        self._show_chosen()

    def action_choice(self, by: int) -> None:
        setting = self._chosen
        if setting and setting.choices:
            words, text = setting.choices, self._text(setting.name)
            place = words.index(text) + by if text in words else 0
            field = self.query_one(ValueInput)
            field.value = words[place % len(words)]
            field.action_select_all()

    def action_reset(self) -> None:
        if setting := self._chosen:
            self._take(setting.name, own_words(self._base, setting.name))

    @work
    async def action_reset_all(self) -> None:
        changed = counted(len(self._typed), "setting")
        if await ConfirmScreen(f"Take {changed} back to what {self._base.name} has?").answer(self):
            self._place.remember(self._base, {})
            self._look(at_once=True)
            self._show()

    def action_back(self) -> None:
        find = self.query_one(FindInput)
        if find.value:
            find.value = ""
            return
        self.app.pop_screen()
        self._left()

    def action_help(self) -> None:
        keys = {
            "Finding": [key for key in FindInput.BINDINGS if isinstance(key, Binding)],
            "Changing": [key for key in ValueInput.BINDINGS if isinstance(key, Binding)],
            "Both": [key for key in keys_of(self) if "ctrl" in key.key],  # letters are typed
        }
        self.app.push_screen(help_screen.HelpScreen(help_screen.SETTINGS, groups=keys))


def _idle(preset: Preset) -> dict[str, str]:
    """Setting → when it does nothing, of those that do nothing beside the others."""
    steps = {"epochs": "where steps are set"} if preset.settings["steps"] else {}
    return {**steps, **dict(preset.rules.without_effect(preset))}


def _told(setting: Setting) -> str:
    """All words by which a setting may be found."""
    name = setting.name
    return f"{name} {name.replace('_', ' ')} {group_of(name)} {setting.about} {setting.takes}".casefold()
