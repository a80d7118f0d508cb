"""A wall of generated images with a row for each class that was asked for: a column is one latent vector.

Where there is room for a part of it alone, pages go through the classes first, and then to more latent vectors.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby, product

import numpy as np

from gan_tui.dashboard.views.base import Scene
from gan_tui.dashboard.views.wall import SampleWallView
from gan_tui.drawing.cells import Cells, blank, paste
from gan_tui.drawing.colors import available
from gan_tui.drawing.pictures.tiles import draw_tiles, layout
from gan_tui.drawing.words import told_apart, write
from gan_tui.run.pictures import Tiles
from gan_tui.run.state import RunState
from gan_tui.text import width

_WIDEST = 4
"""Names take up no more than this part of the columns."""

Grid = tuple[int, int]
"""(classes, latent vectors): how many, or which."""


class ClassWallView(SampleWallView):
    """Generated images of each class."""

    def __init__(self, tag: str, name: str) -> None:
        super().__init__(tag, name)
        self._whole: Grid = (0, 0)
        self._window: Grid = (0, 0)
        """How much of the whole is on show."""
        self._corner: Grid = (0, 0)
        """Which class and latent vector is in the upper left."""
        self._in_rows = False
        """Whether it is drawn so: not beside real images, nor in a window where no tile has room."""

    def keys(self, state: RunState) -> str:
        more = self._in_rows and self._window != self._whole
        return f"PgDn more  {self.hint}" if more else super().keys(state)

    def draw(self, scene: Scene, columns: int, rows: int) -> tuple[Cells, str]:
        tiles = scene.tiles(self.needs(scene.state)[-1])
        names = [name for name, _ in groupby(tiles.labels)]
        left = min(max(map(width, names)), columns // _WIDEST) + 1
        plan = layout(
            len(tiles), len(tiles) // len(names), tiles.pixels.shape[1:3], (columns - left, rows), scene.terminal
        )
        self._in_rows = not self.enlarged and not self.beside_real and plan.scale is not None
        if not self._in_rows:
            return super().draw(scene, columns, rows)
        self._whole = (len(names), len(tiles) // len(names))
        down, across = plan.tile_rows + plan.below, plan.tile_columns + plan.gap
        room = (rows + plan.below) // down, (columns - left + plan.gap) // across
        self._window = min(room[0], self._whole[0]), min(room[1], self._whole[1])
        self._turn_to_it()
        size = self._window[1] * across - plan.gap, self._window[0] * down - plan.below
        cells = self._drawn(scene, tiles, size, (columns, rows), left)
        self._write_names(cells, scene, names, left)
        return cells, self._marked(cells, scene, [f"no. {n + 1}  {name}" for n, name in enumerate(tiles.labels)])

    def _turn_to_it(self) -> None:
        """Show the window that the chosen tile is in, or else the one that was on show."""
        if self.chosen is not None:
            self.chosen = min(self.chosen, self._whole[0] * self._whole[1] - 1)
        wanted = self._corner if self.chosen is None else divmod(self.chosen, self._whole[1])
        if self._corner not in (corners := self._corners) or not self._shows(self._corner, wanted):
            self._corner = next(corner for corner in corners if self._shows(corner, wanted))
        (kind, latent), (down, across) = self._corner, self._window
        self._order = [
            row * self._whole[1] + column
            for row in range(kind, kind + down)
            for column in range(latent, latent + across)
        ]  # fmt: skip
        self._first, self._page = 0, len(self._order)

    @property
    def _corners(self) -> list[Grid]:
        """Of every page, in order; the last of a direction are as full as the others."""
        starts = [
            sorted({min(start, whole - shown) for start in range(0, whole, shown)})
            for whole, shown in zip(self._whole, self._window, strict=True)
        ]
        return [(kind, latent) for latent, kind in product(*reversed(starts))]

    def _shows(self, corner: Grid, tile: Grid) -> bool:
        return all(
            first <= place < first + shown for first, place, shown in zip(corner, tile, self._window, strict=True)
        )

    def _drawn(self, scene: Scene, tiles: Tiles, size: Grid, pane: Grid, left: int) -> Cells:
        """The window's tiles, `size` (columns, rows) of cells in all, in the middle of what the names leave."""
        cells, pixels = blank(pane[1], pane[0]), tiles.pixels[np.asarray(self._order)]
        drawn, wall = draw_tiles(pixels, *size, scene.terminal, across=self._window[1])
        corner = (pane[1] - size[1]) // 2, left + (pane[0] - left - size[0]) // 2
        paste(cells, drawn, *corner)
        self._wall = replace(wall, top=wall.top + corner[0], left=wall.left + corner[1], total=len(tiles))
        return cells

    def _write_names(self, cells: Cells, scene: Scene, names: Sequence[str], left: int) -> None:
        """Each name before its row, in its middle."""
        assert self._wall is not None
        shown = told_apart(names, left - 1, scene.terminal)
        start = max(0, self._wall.left - 1 - max(map(width, shown)))
        for place, name in enumerate(shown[self._corner[0] :][: self._window[0]]):
            row = self._wall.top + place * (self._wall.tile_rows + self._wall.below) + (self._wall.tile_rows - 1) // 2
            write(cells, row, start, name, available(scene.ink.dim, scene.terminal))

    def move(self, across: int, down: int) -> bool:
        if not self._in_rows or self.chosen is None:
            return super().move(across, down)
        kind, latent = divmod(self.chosen, self._whole[1])
        if not (0 <= kind + down < self._whole[0] and 0 <= latent + across < self._whole[1]):
            return False
        self.chosen = (kind + down) * self._whole[1] + latent + across
        return True

    def page(self, pages: int) -> bool:
        if not self._in_rows or self.enlarged:
            return super().page(pages)
        place = self._corners.index(self._corner) + pages
        if not 0 <= place < len(self._corners):
            return False
        self._corner = self._corners[place]
        if self.chosen is not None:
            self.chosen = self._corner[0] * self._whole[1] + self._corner[1]
        return True

    def _range(self, before: int, last: int, total: int) -> str:
        return f"{last - before} of {total}"
