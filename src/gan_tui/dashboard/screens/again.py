"""What a person may do with a run that has ended: train it on, train it longer, train the same from another seed."""

from textual import work
from textual.screen import Screen

from gan_tui import presets
from gan_tui.dashboard.run_starter import RunStarter
from gan_tui.dashboard.screens.ask import ask_length
from gan_tui.errors import UserError
from gan_tui.run.folder import RunFolder
from gan_tui.supervision import starting


class StartsAgain(Screen[None]):
    """The actions of a screen that shows a run."""

    folder: RunFolder

    @work(thread=True, exclusive=True, group="restart")
    def action_restart(self) -> None:
        try:
            starting.restart(self.folder)
        except UserError as error:
            self.app.call_from_thread(self.notify, str(error), severity="error", markup=False)

    @work
    async def action_longer(self) -> None:
        if length := await ask_length(self, self.folder):
            self._train_longer(*length)

    @work(thread=True, exclusive=True, group="restart")
    def _train_longer(self, unit: str, count: int) -> None:
        try:
            starting.train_longer(self.folder, unit, count)
        except UserError as error:
            self.app.call_from_thread(self.notify, str(error), severity="error", markup=False)

    def action_other_seed(self) -> None:
        try:
            preset = presets.of_run(self.folder)
            other = preset.with_settings({"seed": presets.other_seed(preset)})
        except UserError as error:
            self.notify(str(error), severity="error", markup=False)
        else:
            RunStarter(self, self.folder.path.parent).start(other)
