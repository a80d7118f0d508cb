"""All settings of a preset as a list, in groups: one a line, with its value and what it means."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from gan_tui.dashboard.widgets.typed_preset import shown_value
from gan_tui.presets.setting_groups import grouped
from gan_tui.presets.settings import Setting
from gan_tui.text import clipped, padded, width

_MOST_NAME, _MOST_VALUE, _MOST_DEFAULT, _LEAST = 24, 22, 14, 10
"""Columns."""
_WIDE = 104
"""Columns from which defaults have one of their own."""


@dataclass(frozen=True)
class Line:
    """A setting as it is shown."""

    setting: Setting
    value: str
    """As it is typed, or the preset's own in words."""
    changed: bool = False
    """Whether it is not the preset's own."""
    wrong: bool = False
    idle: str = ""
    """When it changes nothing, as the others are; empty where it does."""

    @property
    def default(self) -> str:
        return shown_value(self.setting.name, self.setting.default)


class SettingList(OptionList):
    """The settings under the names of their groups. Never has the focus: what is typed finds, and the arrows move."""

    can_focus = False

    def __init__(self) -> None:
        super().__init__(id="settings", compact=True, markup=False)
        self._shown: dict[str, Line] = {}
        self._wide = [_LEAST] * 3

    def measure(self, lines: Sequence[Line]) -> None:
        """Have columns that these fit into: they stay where they are, however few are found."""
        columns = zip(*((line.setting.name, line.value, line.default) for line in lines), strict=True)
        most = (_MOST_NAME, _MOST_VALUE, _MOST_DEFAULT)
        self._wide = [min(limit, max(_LEAST, *map(width, texts))) for texts, limit in zip(columns, most, strict=True)]

    @property
    def chosen(self) -> Line | None:
        option = self.highlighted_option
        return self._shown.get(option.id or "") if option else None

    def show(self, lines: Sequence[Line], wanted: str = "") -> None:
        """List these, with the setting of that name chosen, or else the first."""
        listed = [line.setting.name for line in lines]
        before, self._shown = list(self._shown), {line.setting.name: line for line in lines}
        if listed == before and self._columns == self._shown_in:
            for name, line in self._shown.items():
                self.replace_option_prompt(name, self._prompt(line))
        else:
            self._list(lines)
        if lines:
            self.highlighted = self.get_option_index(wanted if wanted in self._shown else listed[0])

    _shown_in = 0

    @property
    def _columns(self) -> int:
        known = self.size.width or self.app.size.width - 2  # before its first layout: all of the window but its border
        return max(40, known - 2)

    def _list(self, lines: Sequence[Line]) -> None:
        self._shown_in = self._columns
        self.clear_options()
        for group, settings in grouped([line.setting for line in lines]).items():
            self.add_option(Option(Content.styled(group, "$dim"), disabled=True))
            self.add_options([Option(self._prompt(self._shown[each.name]), id=each.name) for each in settings])

    def on_resize(self) -> None:
        if self._shown and self._columns != self._shown_in:
            chosen = self.chosen
            self.show(list(self._shown.values()), chosen.setting.name if chosen else "")

    def step(self, by: int) -> None:
        """Choose another, so many further on, or the last that there is."""
        names = [option.id for option in self.options if option.id]
        if names:
            chosen = self.chosen
            place = names.index(chosen.setting.name) if chosen else 0
            self.highlighted = self.get_option_index(names[min(max(place + by, 0), len(names) - 1)])

    def _prompt(self, line: Line) -> Content:
        name, value, default = self._wide
        parts = [(f" {'●' if line.changed else ' '} ", "$warning")]
        parts += [(_cell(line.setting.name, name), "bold" if line.changed else "")]
        ink = "$error" if line.wrong else "$warning bold" if line.changed else ""
        parts += [(_cell(line.value, value), ink)]
        if self._columns >= _WIDE:
            parts += [(_cell(line.default, default), "$dim")]
        about = f"does nothing {line.idle}" if line.idle else line.setting.about
        room = self._columns - sum(width(text) for text, _ in parts)
        style = " ".join(filter(None, ("$dim", "italic" if line.idle else "")))
        return Content.assemble(*parts, (clipped(about, max(0, room)), style))


def _cell(text: str, columns: int) -> str:
    return padded(clipped(text, columns), columns + 2)
