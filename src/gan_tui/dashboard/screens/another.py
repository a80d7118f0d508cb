"""New runs of what a run was: from another seed, or as it was."""

from textual import work
from textual.screen import Screen

from gan_tui import presets
from gan_tui.dashboard.run_starter import RunStarter
from gan_tui.dashboard.screens.confirm import AgainScreen
from gan_tui.errors import UserError
from gan_tui.run import documents
from gan_tui.run.folder import RunFolder
from gan_tui.run.maker import Maker


class StartsAnother(Screen[None]):
    """The actions of a screen on which a run is chosen, or shown."""

    _starter: RunStarter

    @property
    def run_at_hand(self) -> RunFolder | None:
        """The one that keys are about."""
        raise NotImplementedError

    @work
    async def action_other_seed(self) -> None:
        await self._ask_whether(other_seed=True)

    @work
    async def action_again(self) -> None:
        await self._ask_whether(other_seed=False)

    async def _ask_whether(self, other_seed: bool) -> None:
        """Hours of training may begin: a letter that was meant for something else starts none."""
        folder = self.run_at_hand
        how = "from another seed" if other_seed else "as it was"
        if folder is None:
            return
        question = f"Train {folder.name} once more, {how}? It becomes a run of its own."
        if await AgainScreen(question).answer(self):
            self._start_another(folder, other_seed)

    @work(thread=True, exclusive=True, group="another")
    def _start_another(self, folder: RunFolder, other_seed: bool) -> None:
        """Looks at all runs, for seeds that were trained."""
        try:
            if documents.is_script(folder):  # it may not have been known yet which keys it has
                if other_seed:
                    raise UserError(f"Not started: {why_never_another('other_seed', Maker.COMMAND, folder.name)}.")
                self.app.call_from_thread(self._starter.run_anew, folder)
                return
            another = presets.of_run(folder)
            if other_seed:
                another = another.with_settings({"seed": presets.other_seed(folder)})
        except UserError as error:
            self.app.call_from_thread(self.notify, str(error), severity="error", markup=False)
        else:
            self.app.call_from_thread(self._starter.start, another)


def why_never_another(action: str, maker: Maker, name: str = "the run") -> str:
    """Why there is no other run of what trains it, half a sentence; empty where there may be one."""
    if maker in (Maker.TRAINER, Maker.SWEEP):
        return ""
    if action == "other_seed":
        return f"the seed of {name} is its script's"
    return "" if maker.starts_again else f"{name} does not know by which command its script is started"
