"""What keys do on the comparison's screen: choose, open and hide runs, turn to pictures and go through them."""

from abc import abstractmethod
from dataclasses import replace

from textual import on

from gan_tui.dashboard.charts.overlay import Overlay, Which
from gan_tui.dashboard.compared_run import ComparedRun
from gan_tui.dashboard.navigation import ShowRun
from gan_tui.dashboard.screens.look_keys import LooksAtCharts
from gan_tui.dashboard.widgets.compared_pictures import ComparedPictures
from gan_tui.dashboard.widgets.compared_table import ComparedTable
from gan_tui.dashboard.widgets.metric_charts import ChartsView

_ARROWS = {-1: "←", 1: "→"}


class LooksAtSeveral(LooksAtCharts):
    """The actions of a screen that has several runs, their charts or pictures, and a table of them."""

    _runs: list[ComparedRun]
    _which: Which
    _view: ChartsView[Overlay]
    _table: ComparedTable
    _pictures: ComparedPictures
    _wants_pictures = False
    """Whether pictures are looked at, or charts, where the table has not the whole screen."""

    @abstractmethod
    def _show(self) -> None:
        """Show the runs as they are now."""

    @abstractmethod
    def action_full(self) -> None:
        """The table on the whole screen, and back."""

    @property
    def _has_pictures(self) -> bool:
        """Whether pictures are on show, and no charts."""
        return bool(self._pictures.display)

    @property
    def _is_at_charts(self) -> bool:
        """Whether arrows and enter act on charts, which are on show."""
        return self.arrows_at_charts and bool(self._view.display)

    def _refuse(self, key: str, why: str) -> None:
        self._status.refuse(f"{key} does nothing now: {why}")

    def action_choose(self, places: int) -> None:
        if self._is_at_charts:
            self._arrow(0, places)
        else:
            self._table.choose(places)

    def action_move(self, places: int) -> None:
        if self._has_pictures:
            shown = [run for run in self._runs if run.is_shown]
            if not self._pictures.change(self._pictures.side_by_side.move(places, shown)):
                self._refuse(_ARROWS[places], f"there are no {'earlier' if places < 0 else 'later'} pictures")
            self._show()
        elif self._is_at_charts:
            self._arrow(places, 0)
        elif not self._table.turn(places):
            self._refuse(_ARROWS[places], "there are no more columns; with tab it moves the charts' cursor")

    def action_open(self) -> None:
        if self._is_at_charts:
            self._enlarge()
        else:
            self.post_message(ShowRun(self._runs[self._table.chosen].folder))

    def action_which(self) -> None:
        self._which = self._which.next
        self._show()

    def action_hide(self, number: int) -> None:
        if number > len(self._runs):
            self._refuse(str(number), f"there are {len(self._runs)} runs")
            return
        run = self._runs[number - 1]
        if run.is_shown and sum(one.is_shown for one in self._runs) == 1:
            self._refuse(str(number), "it is the last run on show")
            return
        self._runs[number - 1] = replace(run, is_shown=not run.is_shown)
        self._show()

    def action_pictures(self, places: int) -> None:
        shown = [run for run in self._runs if run.is_shown]
        if self._has_pictures:
            if not self._pictures.change(self._pictures.side_by_side.turn(places, shown)):
                self._refuse("p", "the runs have no other pictures")
            self._show()
        elif not self._pictures.side_by_side.names(shown):
            self._refuse("p", "none of these runs has pictures")
        else:
            self._turn_to_pictures(True)

    def _turn_to_pictures(self, wanted: bool) -> None:
        self._wants_pictures = wanted
        if self._table.is_full:
            self.action_full()
        self._lay_out()
        self._show()
        self.refresh_bindings()

    @on(ComparedTable.Fitted)
    def _fitted_otherwise(self) -> None:
        self._show()

    def _show_enlarged(self) -> None:
        """An enlarged chart has the whole screen, while charts are on show."""
        self.set_class(self._view.look.enlarged and bool(self._view.display), "-chart")
        self.refresh_bindings()

    def _lay_out(self) -> None:
        """Pictures, or charts, or neither of them: the table has the whole screen."""
        full = self._table.is_full
        self._pictures.display, self._view.display = (
            self._wants_pictures and not full,
            not (self._wants_pictures or full),
        )
        self._show_enlarged()
        self._table.more_by = "f" if self._wants_pictures and not full else "→"
