"""What a sweep's screen shows, read in a thread: the sweep, and the curves of few trainings over each other."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from gan_tui.dashboard.charts.overlay import Laid
from gan_tui.run.comparison import MOST_COLORS, colors
from gan_tui.run.follower import state_of
from gan_tui.run.state import RunState
from gan_tui.sweep.folder import SweepFolder
from gan_tui.sweep.seen import FINISHED, TRAINING, Looker, Seen
from gan_tui.sweep.trainings import folder_of
from gan_tui.system.file_versions import NONE, Version, version_of


@dataclass(frozen=True)
class Sight:
    """A sweep as it was looked at."""

    seen: Seen = field(default_factory=Seen)
    laid: Mapping[str, Laid] = field(default_factory=lambda: MappingProxyType({}))
    """The name of each training whose curves are on show → how it is laid over the others."""
    is_read: bool = False


class SweepLook:
    """Reads what has changed; called in one thread at a time."""

    def __init__(self, folder: SweepFolder) -> None:
        self._folder, self._looker = folder, Looker(folder)
        self._states: dict[str, tuple[Version, RunState]] = {}
        self._colors: dict[str, int] = {}

    def look(self, chosen: str) -> Sight:
        """The sweep as it is now, with the curves of the chosen training, of those under way, and of the best ones."""
        seen = self._looker.look()
        likely = [chosen, *(each.name for state in (TRAINING, FINISHED) for each in seen.those(state))]
        names = {each.name: each for each in seen.trainings}
        states = dict[str, RunState]()
        for name in dict.fromkeys(likely):
            if len(states) == MOST_COLORS:
                break
            if name in names and (state := self._state(seen, name)) and state.series:
                states[name] = state
        self._states = {name: kept for name, kept in self._states.items() if name in states}
        self._colors = colors(list(states), self._colors)
        order = sorted(states, key=self._colors.__getitem__)
        laid = {name: Laid(self._colors[name] + 1, "", self._colors[name], states[name]) for name in order}
        return Sight(seen, MappingProxyType(laid), True)

    def _state(self, seen: Seen, name: str) -> RunState | None:
        """What a training has told; None where it has no folder, as those of earlier versions have none."""
        job = next(each.job for each in seen.trainings if each.name == name)
        run = folder_of(self._folder, job)
        version = version_of(run.events_file)
        if version == NONE:
            return None
        if name not in self._states or self._states[name][0] != version:
            self._states[name] = version, state_of(run, history=True)
        return self._states[name][1]
