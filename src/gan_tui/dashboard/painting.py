"""Points that a person paints: each stroke can be taken back, and it is known whether they are kept anywhere else."""

from collections.abc import Sequence

Point = tuple[float, float, int]
"""x, y, class."""
MOST_STROKES = 200
"""That can be taken back."""


class Painting:
    """What is painted now, and what it was before each stroke. It outlives the screen on which it is painted."""

    def __init__(self, points: Sequence[Point] = ()) -> None:
        """`points` to begin with are kept where they come from."""
        self.points: Sequence[Point] = tuple(points)
        """Never changed, only replaced."""
        self.kept: Sequence[Point] = self.points
        """As a file or a run has them."""
        self._before: list[Sequence[Point]] = []

    @property
    def is_kept(self) -> bool:
        """Whether nothing would be lost with it."""
        return not self.points or self.points is self.kept

    @property
    def classes(self) -> int:
        """How many classes have points."""
        return len({kind for _, _, kind in self.points})

    @property
    def count(self) -> str:
        """How many points there are, in words."""
        return f"{len(self.points):,} point{'s' * (len(self.points) != 1)}"

    def keep(self, points: Sequence[Point]) -> None:
        """These are kept elsewhere, too."""
        self.kept = points

    def begin_stroke(self) -> None:
        self._before = [*self._before[1 - MOST_STROKES :], self.points]

    def end_stroke(self) -> None:
        """A stroke that changed nothing is none to take back."""
        if self._before and self._before[-1] is self.points:
            self._before.pop()

    def undo(self) -> None:
        """Take back the last stroke, if there is one."""
        if self._before:
            self.points = self._before.pop()
