"""The presets to start, as a list to choose from."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from gan_tui.presets import TASKS, Preset
from gan_tui.text import short_number

FIRST = "gan"


class PresetList(OptionList):
    """The presets, grouped by task."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Start", tooltip="Start the chosen preset with its current settings")
    ]

    def __init__(self) -> None:
        super().__init__(id="presets", compact=True, markup=False)
        self.border_title = "Presets"
        self._presets: dict[str, Preset] = {}

    @property
    def chosen(self) -> Preset | None:
        """The preset under the cursor."""
        option = self.highlighted_option
        return self.preset_of(option.id) if option else None

    def preset_of(self, name: str | None) -> Preset | None:
        """The preset of an option."""
        return self._presets.get(name or "")

    def show(self, presets: Sequence[Preset], narrow: bool) -> None:
        """List these presets, under the name of what they do."""
        self._presets = {preset.name: preset for preset in presets}
        self.fit(narrow)

    def fit(self, narrow: bool) -> None:
        """List the same presets in another width."""
        wanted = chosen.name if (chosen := self.chosen) else FIRST
        self.clear_options()
        for task, rules in TASKS.items():
            mine = [preset for preset in self._presets.values() if preset.task == task]
            if mine:
                self.add_option(Option(Content.styled(rules.heading, "$dim"), disabled=True))
                self.add_options([Option(_line(preset, narrow), id=preset.name) for preset in mine])
        self.highlighted = self.get_option_index(wanted) if wanted in self._presets else 1


def _line(preset: Preset, narrow: bool) -> Content:
    parameters = " + ".join(short_number(network.parameters) for network in preset.networks)
    name = f"  {preset.name:<19.19}"
    return Content(name.rstrip()) if narrow else Content.assemble(name, (f"{parameters:>14}", "$dim"))
