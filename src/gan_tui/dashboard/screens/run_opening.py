"""What is opened from the list of runs: a run, a sweep, one of its trainings, or a list of them."""

from textual import on

from gan_tui.dashboard.listed.rows import Row
from gan_tui.dashboard.listed.shown import Shown
from gan_tui.dashboard.navigation import ShowRun, ShowSweep
from gan_tui.dashboard.screens.training_opening import OpensTrainings
from gan_tui.dashboard.widgets.run_table import RunTable


class OpensListed(OpensTrainings):
    """The actions of a screen on which a row is chosen."""

    _shown: Shown

    @property
    def chosen(self) -> Row | None:
        raise NotImplementedError

    def go_into(self, key: str, wanted: str = "") -> None:
        """List the trainings of a sweep, or the runs again."""
        raise NotImplementedError

    @on(RunTable.Opened)
    def _open(self) -> None:
        row = self.chosen
        if row and row.run:
            self.post_message(ShowRun(row.run.folder))
        elif row and row.sweep and not row.is_training:
            self.post_message(ShowSweep(row.sweep.folder))
        elif row:
            self.open_training(row.listed.summary.folder, self._refuse_to_open)

    def _refuse_to_open(self, why: str) -> None:
        self.notify(f"{why}.", severity="warning", markup=False)

    def action_trainings(self) -> None:
        if (row := self.chosen) and row.sweep and not row.is_training:
            self.go_into(row.key)
