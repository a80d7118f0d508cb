"""A run's screen leads to a comparison with another run, which a person chooses from those that there are."""

from pathlib import Path
from typing import cast

from textual import work
from textual.screen import Screen

from gan_tui.dashboard.looks import Looked, Looks, words_of
from gan_tui.dashboard.navigation import CompareRuns
from gan_tui.dashboard.screens.choose import ChooseScreen
from gan_tui.dashboard.widgets.refusing import RefusingLines
from gan_tui.errors import UserError
from gan_tui.integrations.logs import listed
from gan_tui.run.folder import RunFolder
from gan_tui.run.summaries import RunSummary
from gan_tui.text import counted, padded, short_name

MOST_LISTED = 200
"""The newest: who looks for another one finds it in the list of runs."""
_NAME_COLUMNS = 28


class ComparesWithOthers(Screen[None]):
    """The action of a screen that shows a run."""

    folder: RunFolder
    runs_folder: Path
    _status: RefusingLines
    _others: Looks | None = None

    def action_compare(self) -> None:
        """Look which runs there are, and ask for one of them."""
        self._others = self._others or Looks(self, self._look_for_others)
        self._others.ask()

    def _look_for_others(self) -> "list[RunSummary] | UserError":
        try:
            own = self.folder.path
            return [run for run in listed.every(self.runs_folder) if run.folder.path != own][:MOST_LISTED]
        except UserError as error:
            return error

    def on_looked(self, message: Looked) -> None:
        found = cast("list[RunSummary] | UserError", message.found)
        if isinstance(found, UserError):
            self.notify(words_of(found), severity="error", markup=False)
        elif not found:
            self._status.refuse("C does nothing now: there is no other run to compare with")
        else:
            self._choose(found)

    @work
    async def _choose(self, found: list[RunSummary]) -> None:
        title = f"Compare {short_name(self.folder.name, _NAME_COLUMNS)} with"
        answer = await ChooseScreen(title, [_line(run) for run in found], 0).answer(self)
        if answer is not None and answer >= 0:
            self.post_message(CompareRuns([self.folder, found[answer].folder]))


def _line(run: RunSummary) -> str:
    name = padded(short_name(run.folder.name, _NAME_COLUMNS), _NAME_COLUMNS)
    return f"{name}  {run.shown:<11}  {counted(run.step, 'step')}"
