"""When what there is to see of a script's training is drawn: within its share of the time, and never in its way."""

import time
from collections.abc import Callable, Sequence

from gan_tui.integrations.scripts.words import in_words
from gan_tui.run.events import Event
from gan_tui.run.pictures import Tiles
from gan_tui.run.recorder import Snapshot

_AT_THE_END = 0.25
"""The part of the time since it was drawn that a last drawing may take."""


class Drawing:
    """Draws one thing at a time, so that a pause is never held up by all; what fails is said once, and left out."""

    def __init__(
        self,
        snapshots: Sequence[Snapshot],
        share: float,
        write: Callable[[Tiles | Event, int], None],
        say: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`share` is the part of the time that all of them may take together."""
        self._share, self._write, self._say, self._clock = share, write, say, clock
        self._begun = clock()
        self._due = dict.fromkeys(snapshots, self._begun)
        self._drawn: dict[Snapshot, tuple[float, float]] = {}
        """When each was drawn last, and how long that took."""
        self.due = self._begun if snapshots else float("inf")
        """When the next drawing is due."""

    def draw_due(self, step: int) -> None:
        """Draw what has waited longest."""
        snapshot = min(self._due, key=self._due.__getitem__, default=None)
        if snapshot is not None and self._clock() >= self._due[snapshot]:
            self.draw(snapshot, step)

    def draw_all(self, step: int) -> None:
        """Draw everything, whatever it costs: at the beginning and at the end."""
        for snapshot in list(self._due):
            self.draw(snapshot, step)

    def draw_last(self, step: int) -> None:
        """At the end of a fit: what costs little of the time since it was drawn; a script may have many fits."""
        for snapshot, (drawn, cost) in list(self._drawn.items()):
            if cost <= _AT_THE_END * (self._clock() - drawn):
                self.draw(snapshot, step)

    def draw(self, snapshot: Snapshot, step: int) -> None:
        """Draw now; it is due again when what that took is its part of the share."""
        if snapshot not in self._due:
            return  # it has failed
        begin = self._clock()
        try:
            for item in snapshot.draw():
                self._write(item if isinstance(item, Tiles) else item(step), step)
        except Exception as error:  # noqa: BLE001 (a model of somebody's own may raise anything)
            del self._due[snapshot]
            self._drawn.pop(snapshot, None)
            name = type(snapshot).__name__
            self._say(f"{_WORDS.get(name, name)} cannot be shown: {in_words(error)}.")
        else:
            self._plan(snapshot, begin)
        self.due = min(self._due.values(), default=float("inf"))

    def _plan(self, snapshot: Snapshot, begin: float) -> None:
        end = self._clock()
        if snapshot not in self._drawn:
            begin = end  # what the first took compiles the next ones
        self._drawn[snapshot] = end, end - begin
        seldom = min(max((end - self._begun) / 200, snapshot.least_seconds), max(10.0, snapshot.least_seconds))
        self._due[snapshot] = end + max((end - begin) * len(self._due) / self._share, seldom)


_WORDS = {
    "LayerWeights": "Weights", "LayerKernels": "Kernels", "Features": "Feature maps", "Answered": "Mistakes",
    "GeneratedImages": "Generated images",
}  # fmt: skip
