"""Which engine trains a sweep: this machine's own processes, those of the places that are named, or Ray's."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from gan_tui.sweep.engines.local import Happening, Pool, Worker
from gan_tui.sweep.engines.on_ray import RayPool
from gan_tui.sweep.engines.spread import SpreadPool
from gan_tui.sweep.folder import SweepFolder
from gan_tui.sweep.places import Places
from gan_tui.sweep.sweep import Job


class Engine(Protocol):
    """Trains jobs, and says what became of each as it happens."""

    count: int
    """Trainings at once, at most."""

    @property
    def workers(self) -> list[Worker]:
        """Those that are there now."""

    def happenings(self) -> Iterator[Happening]:
        """Train everything. Raises UserError when that cannot go on; ends all it has started, whatever happens."""


def engine(folder: SweepFolder, jobs: Iterable[Job], places: Places) -> Engine:
    """What trains these jobs there. Raises UserError where it cannot be had."""
    if places.ray is not None:
        return RayPool(folder, jobs, places.ray)
    return SpreadPool(folder, jobs, places.behind) if places.behind else Pool(folder, jobs)
