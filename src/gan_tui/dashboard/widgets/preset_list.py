"""The presets to start, as a list to choose from."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from gan_tui.presets import TASKS, Preset
from gan_tui.text import padded, short_name, short_number

FIRST = "gan"
NARROW, WIDE = 29, 35
"""Columns that there are beside a scroll bar."""


class PresetList(OptionList):
    """The presets, grouped by task."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Start", tooltip="Start the chosen preset with its current settings")
    ]

    def __init__(self) -> None:
        super().__init__(id="presets", compact=True, markup=False)
        self.border_title = "Presets"
        self._presets: dict[str, Preset] = {}

    def on_click(self, event: Click) -> None:
        """A click chooses, a second one at once starts: what a preset is can be read before it trains."""
        event.prevent_default()
        place = event.style.meta.get("option")
        if event.button != 1 or place is None or self.get_option_at_index(place).disabled:
            return
        is_same, self.highlighted = place == self.highlighted, place
        if event.chain == 2 and is_same:
            self.action_select()

    @property
    def chosen(self) -> Preset | None:
        """The preset under the cursor."""
        option = self.highlighted_option
        return self.preset_of(option.id) if option else None

    def preset_of(self, place: str | None) -> Preset | None:
        """The preset of an option: its place among all tells it from others, which may have its name."""
        return self._presets.get(place or "")

    def show(self, presets: Sequence[Preset], narrow: bool, wanted: Preset | None = None) -> None:
        """List these presets, under the name of what they do, with the `wanted` one chosen."""
        self._presets = {str(place): preset for place, preset in enumerate(presets)}
        self._list(narrow, wanted)

    def fit(self, narrow: bool) -> None:
        """List the same presets in another width."""
        self._list(narrow, self.chosen)

    def _list(self, narrow: bool, wanted: Preset | None) -> None:
        self.clear_options()
        for task, rules in TASKS.items():
            mine = {place: preset for place, preset in self._presets.items() if preset.task == task}
            if mine:
                self.add_option(Option(Content.styled(rules.heading, "$dim"), disabled=True))
                self.add_options([Option(_line(preset, narrow), id=place) for place, preset in mine.items()])
        place = self._place_of(wanted)
        self.highlighted = 1 if place is None else self.get_option_index(place)

    def _place_of(self, wanted: Preset | None) -> str | None:
        """Where that preset is, or else one of its name, which may have been edited, or the first choice."""
        places = [place for place, preset in self._presets.items() if preset == wanted]
        for name in (wanted.name if wanted else FIRST, FIRST):
            places += [place for place, preset in self._presets.items() if preset.name == name]
        return places[0] if places else None


def _line(preset: Preset, narrow: bool) -> Content:
    columns = NARROW if narrow else WIDE
    parameters = " + ".join(short_number(network.parameters) for network in preset.networks)
    name = short_name(preset.name, columns - len("  ") - len(parameters) - 1)
    return Content.assemble(padded(f"  {name}", columns - len(parameters)), (parameters, "$dim"))
