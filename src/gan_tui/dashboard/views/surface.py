"""The decision surface over the unit square, with the data's points and a cursor that reads the network off."""

import numpy as np

from gan_tui.dashboard.views.base import Scene, View, latest
from gan_tui.drawing.cells import Cells
from gan_tui.drawing.plots.surface import draw_surface, place_of, read_off
from gan_tui.run.events import Picture
from gan_tui.run.state import RunState


def why_not_painted(state: RunState) -> str:
    """Why a run does not learn from what is painted while it trains, half a sentence; empty where it does."""
    started = state.started
    if started is None or "points" not in state.settable:
        return "this run does not learn from painted points"
    in_parts = 0 < started.batch_size < started.dataset.get("train", 0)
    return "painting needs batch_size 0, all points in one step" if in_parts else ""


class SurfaceView(View):
    """Classes by colour; with `by_confidence`, stronger where the network is surer."""

    name = "surface"
    hint = "v mode  arrows read"

    def __init__(self) -> None:
        self.by_confidence = False
        self.cursor: tuple[float, float] | None = None
        self._size = (1, 1)

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
        self._size = columns, rows
        cells = draw_surface(
            probabilities, points[:, :2], points[:, 2].astype(int), columns, rows, scene.terminal,
            mode="confidence" if self.by_confidence else "class", background=scene.ink.background, cursor=self.cursor,
        )  # fmt: skip
        if self.cursor is None:
            return cells, "by confidence" if self.by_confidence else "by class"
        x, y = self.cursor
        values = "  ".join(f"{value:.3f}" for value in read_off(probabilities, x, y))
        return cells, f"({x:.2f}, {y:.2f}) → {values}"

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
        place = place_of(column, row, *self._size)
        if place is None:
            return False
        self.cursor = place
        return True
