"""The decision surface over the unit square, with the data's points and a cursor that reads the network off.

Of a table, the square stands for the ranges of its two inputs, and axes say which.
"""

from collections.abc import Sequence
from dataclasses import replace
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from gan_tui.dashboard.views.base import Scene, View, latest, table_of
from gan_tui.drawing.cells import Cells, blank, paste
from gan_tui.drawing.plots.plane import LEAST_ROWS, Plane, Range, draw_axes, placed
from gan_tui.drawing.plots.surface import draw_legend, draw_surface, place_of, read_off
from gan_tui.drawing.words import whole_hints
from gan_tui.run.events import Picture
from gan_tui.run.state import RunState
from gan_tui.text import width

MOST_READ = 4
"""Classes that are named at the cursor, the likeliest first."""


def why_not_painted(state: RunState) -> str:
    """Why a run does not learn from what is painted while it trains, half a sentence; empty where it does."""
    started = state.started
    if started is None or "points" not in state.settable:
        return "this run does not learn from painted points"
    in_parts = 0 < started.batch_size < started.dataset.get("train", 0)
    return "painting needs batch_size 0, all points in one step" if in_parts else ""


def axes_of(state: RunState) -> tuple[Range, Range] | None:
    """What the sides of the square stand for; None where they are those of the unit square."""
    axes = [Range(axis["name"], axis["low"], axis["high"]) for axis in table_of(state).get("axes") or []]
    if len(axes) != 2 or any(axis.high <= axis.low for axis in axes):
        return None
    return axes[0], axes[1]


class SurfaceView(View):
    """Classes by colour; with `by_confidence`, stronger where the network is surer."""

    name = "surface"
    hint = "v mode  arrows read"

    def __init__(self) -> None:
        self.by_confidence = False
        self.cursor: tuple[float, float] | None = None
        self._plane = Plane(0, 0, 1, 1)
        """Where the surface was drawn."""
        self._axes: tuple[Range, Range] | None = None
        """Of data in units of their own."""

    def keys(self, state: RunState) -> str:
        paintable = state.live and not why_not_painted(state)
        return f"{self.hint}  a paint" if paintable else self.hint

    def needs(self, state: RunState) -> list[Picture]:
        picture = latest(state, "surface")
        return [picture] if picture else []

    def draw(self, scene: Scene, columns: int, rows: int) -> tuple[Cells, str]:
        picture = self.needs(scene.state)[0]
        probabilities = scene.tiles(picture).shares[..., 0]
        on_plane = [point for point in scene.state.points if len(point) == 3]
        points = np.asarray(on_plane, np.float32).reshape(-1, 3)
        self._axes = axes_of(scene.state)
        self._plane, named = self._placed(columns, rows)
        drawn = draw_surface(
            probabilities, points[:, :2], points[:, 2].astype(int), self._plane.columns, self._plane.rows,
            scene.terminal, mode="confidence" if self.by_confidence else "class", background=scene.ink.background,
            cursor=self.cursor,
        )  # fmt: skip
        cells = blank(rows, columns)
        if self._axes:
            draw_axes(cells, self._plane, *self._axes, scene.ink, scene.terminal)
        paste(cells, drawn, self._plane.top, self._plane.left)
        names = scene.names(len(probabilities))
        if named:
            draw_legend(cells, names, scene.terminal, scene.ink)
        return cells, self._note(probabilities, names, columns)

    def _placed(self, columns: int, rows: int) -> tuple[Plane, bool]:
        """Where the surface is, and whether the first row is left for the names of the classes."""
        if not self._axes:
            return Plane(0, 0, rows, columns), False
        named = rows > LEAST_ROWS
        plane = placed(*self._axes, columns, rows - named, True)
        return replace(plane, top=plane.top + named), named

    def _note(self, probabilities: NDArray[np.floating], names: Sequence[str], room: int) -> str:
        """How it is drawn, or what the network answers at the cursor."""
        if self.cursor is None:
            return "by confidence" if self.by_confidence else "by class"
        x, y = self.cursor
        answers = sorted(zip(read_off(probabilities, x, y), names, strict=True), key=itemgetter(0), reverse=True)
        said = [f"{name} {value:.3f}" for value, name in answers[:MOST_READ]]
        where = f"({x:.2f}, {y:.2f}) → "
        if self._axes:
            ends = zip(self._axes, (x, y), strict=True)
            across, up = (axis.low + share * (axis.high - axis.low) for axis, share in ends)
            where = f"({across:.4g}, {up:.4g}) → "
        return where + (whole_hints("  ".join(said), room - width(where)) or said[0])

    def move(self, across: int, down: int) -> bool:
        x, y = self.cursor or (0.5, 0.5)
        if self.cursor is not None:
            x, y = x + 0.01 * across, y - 0.01 * down
        self.cursor = (round(min(max(x, 0.0), 1.0), 4), round(min(max(y, 0.0), 1.0), 4))
        return True

    @property
    def is_nested(self) -> bool:
        return self.cursor is not None

    def back(self) -> bool:
        self.cursor = None
        return True

    def switch(self) -> bool:
        self.by_confidence = not self.by_confidence
        return True

    def click(self, column: int, row: int) -> bool:
        plane = self._plane
        place = place_of(column - plane.left, row - plane.top, plane.columns, plane.rows)
        if place is None:
            return False
        self.cursor = place
        return True
