"""A square to paint points on, with the mouse or with keys, over what a network makes of them."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from textual.binding import Binding, BindingType
from textual.events import Key, MouseDown, MouseMove, MouseUp
from textual.geometry import Size
from textual.message import Message

from gan_tui.dashboard.themes import inks
from gan_tui.dashboard.widgets.cells_view import CellsView
from gan_tui.drawing.cells import Cells
from gan_tui.drawing.surface import cell_of, draw_surface, place_of

Point = tuple[float, float, int]
MOST_CLASSES = 9


class PlaneCanvas(CellsView, can_focus=True):
    """Points of up to nine classes in the unit square."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "paint", "Paint", key_display="space", tooltip="Paint a point at the cursor"),
        Binding("u", "undo", "Undo", tooltip="Take back the last stroke"),
        Binding("c", "clear", "Clear", tooltip="Take away all points; undo brings them back"),
        Binding("up", "move(0, 1)", "Up", show=False),
        Binding("down", "move(0, -1)", "Down", show=False),
        Binding("left", "move(-1, 0)", "Left", show=False),
        Binding("right", "move(1, 0)", "Right", show=False),
    ]

    class Changed(Message):
        """The points are others now."""

    def __init__(self, points: Sequence[Point] = ()) -> None:
        super().__init__()
        self.points: list[Point] = list(points)
        self.brush = 0
        """The class that is painted."""
        self.cursor = (0.5, 0.5)
        self.probabilities: NDArray[Any] | None = None
        """(classes, height, width), what a network makes of the square; None while there is none."""
        self._strokes: list[list[Point]] = []
        """What the points were before each stroke, for undo."""
        self._painting = False

    def show(self, probabilities: NDArray[Any]) -> None:
        self.probabilities = probabilities
        self.redraw()

    def draw(self, size: Size) -> Cells:
        ink = inks(self.app.current_theme.dark)
        points = np.asarray(self.points, np.float64).reshape(-1, 3)
        classes = max(int(points[:, 2].max(initial=0)) + 1, self.brush + 1, 2)
        flat = np.full((classes, 2, 2), 1 / classes, np.float32)
        surface = flat if self.probabilities is None else self.probabilities
        return draw_surface(
            surface, points[:, :2], points[:, 2].astype(int), size.width, size.height,
            self.app.terminal,  # type: ignore[attr-defined]
            mode="confidence", background=ink.background, cursor=self.cursor,
        )  # fmt: skip

    # Keys ------------------------------------------------------------------------------------------------------

    def on_key(self, event: Key) -> None:
        if event.character and event.character in "123456789":
            self.brush = int(event.character) - 1
            event.stop()
            self._changed()

    def action_move(self, across: int, up: int) -> None:
        """Move the cursor by a cell."""
        width, height = self._side()
        x, y = self.cursor[0] + across / width, self.cursor[1] + up / height
        self.cursor = (min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0))
        self.redraw()

    def action_paint(self) -> None:
        self._begin_stroke()
        self._paint(*self.cursor)
        self._changed()

    def action_undo(self) -> None:
        if self._strokes:
            self.points = self._strokes.pop()
            self._changed()

    def action_clear(self) -> None:
        if self.points:
            self._begin_stroke()
            self.points = []
            self._changed()

    # The mouse -------------------------------------------------------------------------------------------------

    def on_mouse_down(self, event: MouseDown) -> None:
        self.focus()
        self.capture_mouse()
        self._begin_stroke()
        self._painting = True
        self._paint_cell(event.x, event.y)

    def on_mouse_move(self, event: MouseMove) -> None:
        if self._painting:
            self._paint_cell(event.x, event.y)

    def on_mouse_up(self, event: MouseUp) -> None:
        self.release_mouse()
        self._painting = False

    def _paint_cell(self, column: int, row: int) -> None:
        place = place_of(column, row, self.size.width, self.size.height)
        if place is None:
            return
        occupied = {cell_of(x, y, self.size.width, self.size.height): kind for x, y, kind in self.points}
        if occupied.get((column, row)) != self.brush:
            self.points = [p for p in self.points if cell_of(p[0], p[1], *self.size) != (column, row)]
            self.cursor = place
            self._paint(*place)
            self._changed()

    def _begin_stroke(self) -> None:
        self._strokes = [*self._strokes[-200:], list(self.points)]

    def _paint(self, x: float, y: float) -> None:
        self.points = [*self.points, (round(x, 4), round(y, 4), self.brush)]

    def _changed(self) -> None:
        self.redraw()
        self.post_message(self.Changed())

    def _side(self) -> tuple[int, int]:
        """(columns, rows) of the square."""
        rows = max(1, min(self.size.height, self.size.width // 2))
        return 2 * rows, rows
