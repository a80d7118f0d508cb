"""A square to paint points on, with the mouse or with keys, over what a network makes of them."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from textual import getters
from textual.binding import Binding, BindingType
from textual.events import Key, MouseDown, MouseMove, MouseUp
from textual.geometry import Size
from textual.message import Message

from gan_tui.dashboard.painting import Painting, Point
from gan_tui.dashboard.terminal.app import TerminalApp
from gan_tui.dashboard.themes import inks
from gan_tui.dashboard.widgets.cells_view import CellsView
from gan_tui.drawing.cells import Cells
from gan_tui.drawing.plots.surface import cell_of, draw_surface, place_of

MOST_CLASSES = 9
NO_BUTTON, LEFT = 0, 1
Cell = tuple[int, int]
"""(column, row)."""
_FAR = 10_000
"""Cells beyond which nobody has a window."""


class PlaneCanvas(CellsView, can_focus=True):
    """Points of up to nine classes in the unit square; of fewer, where a network that is there tells fewer apart."""

    app = getters.app(TerminalApp)

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "paint", "Paint", key_display="space", tooltip="Paint a point at the cursor"),
        Binding("u", "undo", "Undo", tooltip="Undo the last stroke"),
        Binding("c", "clear", "Clear", tooltip="Remove all points; undo restores them"),
        Binding("up", "move(0, 1)", "Up", show=False),
        Binding("down", "move(0, -1)", "Down", show=False),
        Binding("left", "move(-1, 0)", "Left", show=False),
        Binding("right", "move(1, 0)", "Right", show=False),
        *(Binding(str(n), f"brush({n - 1})", f"Class {n}", show=False) for n in range(1, MOST_CLASSES + 1)),
    ]

    class Changed(Message):
        """The points are others now."""

    def __init__(self, painting: Painting, kinds: int = MOST_CLASSES) -> None:
        super().__init__()
        self.painting = painting
        self.kinds = min(kinds, MOST_CLASSES)
        """How many classes may be painted."""
        self.brush = 0
        """The class that is painted."""
        self.cursor = (0.5, 0.5)
        self.probabilities: NDArray[Any] | None = None
        """(classes, height, width), what a network makes of the square; None while there is none."""
        self._pressed_at: Cell | None = None
        """Where the mouse was told to be last while its button is held."""

    @property
    def points(self) -> Sequence[Point]:
        """What is painted now."""
        return self.painting.points

    def show(self, probabilities: NDArray[Any]) -> None:
        self.probabilities = probabilities
        self.redraw()

    def draw(self, size: Size) -> Cells:
        ink = inks(self.app.current_theme)
        points = np.asarray(self.points, np.float64).reshape(-1, 3)
        classes = max(int(points[:, 2].max(initial=0)) + 1, self.brush + 1, 2)
        flat = np.full((classes, 2, 2), 1 / classes, np.float32)
        surface = flat if self.probabilities is None else self.probabilities
        return draw_surface(
            surface, points[:, :2], points[:, 2].astype(int), size.width, size.height,
            self.app.terminal,
            mode="confidence", background=ink.background, cursor=self.cursor,
        )  # fmt: skip

    # Keys ------------------------------------------------------------------------------------------------------

    async def on_key(self, event: Key) -> None:
        """Carry out its own keys here: a slow link brings keys and the mouse in bursts, which keep their order so."""
        for binding in self.BINDINGS:
            if isinstance(binding, Binding) and binding.key == event.key:
                event.stop()
                await self.app.run_action(binding.action, self)

    def action_brush(self, kind: int) -> None:
        """Choose the class that is painted."""
        if kind < self.kinds:
            self.brush = kind
            self._changed()
        else:
            words = f"This network has {self.kinds} classes: press a number from 1 to {self.kinds}."
            self.notify(words, severity="warning", markup=False)

    def action_move(self, across: int, up: int) -> None:
        """Move the cursor by a cell."""
        column, row = cell_of(*self.cursor, *self.size)
        place = place_of(column + across, row - up, *self.size)
        if place:
            self.cursor = place
            self.redraw()

    def action_paint(self) -> None:
        self.painting.begin_stroke()
        self._paint([cell_of(*self.cursor, *self.size)])
        self.painting.end_stroke()

    def action_undo(self) -> None:
        self.painting.undo()
        self._changed()

    def action_clear(self) -> None:
        if self.points:
            self.painting.begin_stroke()
            self.painting.points = ()
            self._changed()

    # The mouse -------------------------------------------------------------------------------------------------

    def on_mouse_down(self, event: MouseDown) -> None:
        if event.button != LEFT:
            return
        self.focus()
        self._end_stroke()  # that of a button which was let go of outside the window
        self.capture_mouse()
        self.painting.begin_stroke()
        self._pressed_at = event.x, event.y
        self._paint([self._pressed_at])

    def on_mouse_move(self, event: MouseMove) -> None:
        """Paint on from where the mouse was told to be last: of a fast one not every cell is told."""
        if self._pressed_at is None:
            return
        if event.button == NO_BUTTON:  # let go of outside the window
            self._end_stroke()
            return
        before, self._pressed_at = self._pressed_at, (event.x, event.y)
        self._paint(line(before, self._pressed_at)[1:])

    def on_mouse_up(self, event: MouseUp) -> None:
        if event.button in (LEFT, NO_BUTTON):  # old terminals do not tell which
            self._end_stroke()

    def _end_stroke(self) -> None:
        if self._pressed_at is not None:
            self._pressed_at = None
            self.release_mouse()
            self.painting.end_stroke()

    def _paint(self, cells: Iterable[Cell]) -> None:
        """Put a point into each of these cells, instead of points of other classes that are there."""
        wanted = {cell: place for cell in cells if (place := place_of(*cell, *self.size))}
        points = [(point, cell_of(point[0], point[1], *self.size)) for point in self.points]
        kinds: dict[Cell, set[int]] = {}
        for (_, _, kind), cell in points:
            kinds.setdefault(cell, set()).add(kind)
        new = {cell: place for cell, place in wanted.items() if kinds.get(cell) != {self.brush}}
        if new:
            elsewhere = [point for point, cell in points if cell not in new]
            self.painting.points = [*elsewhere, *((round(x, 4), round(y, 4), self.brush) for x, y in new.values())]
            self.cursor = list(new.values())[-1]
            self._changed()

    def _changed(self) -> None:
        self.redraw()
        self.post_message(self.Changed())


def line(start: Cell, end: Cell) -> list[Cell]:
    """The cells from one to another, both among them, without a gap.

    Where a terminal tells of a place that no window reaches, they end before it.
    """
    across, down = (max(-_FAR, min(there - here, _FAR)) for here, there in zip(start, end, strict=True))
    steps = max(abs(across), abs(down), 1)
    return [(start[0] + round(n * across / steps), start[1] + round(n * down / steps)) for n in range(steps + 1)]
