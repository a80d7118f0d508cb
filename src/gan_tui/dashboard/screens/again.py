"""What a person may do with a run that has ended: train it on, train it longer, train the same once more."""

from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path

from textual import work

from gan_tui.dashboard.run_starter import RunStarter
from gan_tui.dashboard.screens.another import StartsAnother
from gan_tui.dashboard.screens.ask import ask_length
from gan_tui.dashboard.screens.confirm import TrainHereScreen
from gan_tui.errors import UserError
from gan_tui.run.folder import RunFolder
from gan_tui.run.holder import NOT_HERE, Standing
from gan_tui.run.state import RunState
from gan_tui.supervision import starting


class StartsAgain(StartsAnother):
    """The actions of a screen that shows a run."""

    folder: RunFolder
    runs_folder: Path
    state: RunState
    standing: Standing

    @cached_property
    def _starter(self) -> RunStarter:  # type: ignore[override]
        return RunStarter(self, self.runs_folder)

    @property
    def run_at_hand(self) -> RunFolder | None:
        return self.folder

    @property
    def shown_state(self) -> str:
        """The run's state as a person should see it."""
        return self.standing.shown(self.state.state)

    @work
    async def action_restart(self) -> None:
        here = self.shown_state in NOT_HERE
        if not here or await TrainHereScreen(self.folder, self.standing).answer(self):
            self._go_on(partial(starting.restart, self.folder, here=here))

    @work
    async def action_longer(self) -> None:
        if length := await ask_length(self, self.folder):
            self._go_on(partial(starting.train_longer, self.folder, *length))

    @work(thread=True, exclusive=True, group="restart")
    def _go_on(self, start: Callable[[], object]) -> None:
        """Call what starts the run again, which takes seconds, and say why where it is refused."""
        try:
            said = start()
            if said and isinstance(said, str):
                self.app.call_from_thread(self.notify, said, markup=False)
        except UserError as error:
            self.app.call_from_thread(self.notify, str(error), severity="error", markup=False)
