"""The menu tells where a person is, while they are there."""

from textual import on
from textual.events import DescendantFocus
from textual.screen import Screen
from textual.widgets import OptionList

from gan_tui.dashboard.menu_place import MenuPlace
from gan_tui.dashboard.widgets.preset_list import PresetList
from gan_tui.dashboard.widgets.run_list import RunList


class KeepsPlace(Screen[None]):
    """The part of the menu that says what became of an earlier place, and where the present one is."""

    _place: MenuPlace
    _presets: PresetList
    _runs: RunList

    def on_mount(self) -> None:
        self.call_after_refresh(self._say)

    def _say(self) -> None:
        words, self._place.words = self._place.words, []
        for each in words:
            self.notify(each, severity="warning", markup=False)

    @on(DescendantFocus)
    @on(OptionList.OptionHighlighted)
    def _tell_place(self) -> None:
        if self.focused in (self._presets, self._runs):
            self._place.among_runs = self.focused is self._runs
        if self._place.among_runs and (run := self._runs.chosen):
            self._place.run = run.folder.path
        self.call_after_refresh(self._say)
