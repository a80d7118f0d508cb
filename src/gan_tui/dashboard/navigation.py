"""Where a screen asks the app to go, and what asks before it is left."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from textual.message import Message

from gan_tui.run.folder import RunFolder

if TYPE_CHECKING:  # not with the menu, which lists runs alone
    from gan_tui.sweep.folder import SweepFolder


class ShowMenu(Message):
    """Go to the menu, whatever lies over it."""


@runtime_checkable
class HoldsWork(Protocol):
    """A screen with something that would be lost."""

    def let_go(self, go: Callable[[], object]) -> None:
        """Go once nothing is lost by it, or may be."""


class ComesBack:
    """A screen that a person comes back to from the runs that they open in it, as it was."""


class ShowRun(Message):
    """Go to a run's screen."""

    def __init__(self, folder: RunFolder) -> None:
        super().__init__()
        self.folder = folder


class ShowSweep(Message):
    """Go to a sweep's screen."""

    def __init__(self, folder: "SweepFolder") -> None:
        super().__init__()
        self.folder = folder


class LeaveSweep(Message):
    """Go back to where a person came from to a sweep."""


class CompareRuns(Message):
    """Go to several runs laid over each other."""

    def __init__(self, folders: Sequence[RunFolder]) -> None:
        super().__init__()
        self.folders = folders
