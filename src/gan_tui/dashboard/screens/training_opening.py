"""Going from a sweep to one of its trainings: whether that has a run of its own, its disk is asked in a thread."""

from collections.abc import Callable
from dataclasses import dataclass

from textual.screen import Screen

from gan_tui.dashboard.looks import Looked, NewestLook
from gan_tui.dashboard.navigation import ShowRun
from gan_tui.run.folder import RunFolder

NO_CURVES = "enter does nothing now: an earlier version trained it, which kept no curves"


@dataclass(frozen=True)
class _Found:
    """What was asked for, and whether it is there."""

    folder: RunFolder
    is_there: bool
    refuse: Callable[[str], object]


class OpensTrainings(Screen[None]):
    """A screen on which a training is chosen."""

    _opening: NewestLook | None = None

    def open_training(self, folder: RunFolder, refuse: Callable[[str], object]) -> None:
        """Show its run, or say why there is none."""
        self._opening = self._opening or NewestLook(self)
        self._opening.ask(lambda: _Found(folder, folder.is_there(), refuse))

    def on_looked(self, message: Looked) -> None:
        found = message.found
        if not isinstance(found, _Found) or not self.is_current:
            return  # whoever has gone elsewhere meanwhile stays there
        if found.is_there:
            self.post_message(ShowRun(found.folder))
        else:
            found.refuse(NO_CURVES)
