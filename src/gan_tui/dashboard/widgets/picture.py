"""The picture pane: the newest picture of a run, as large and as many tiles as fit."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from textual import work
from textual.geometry import Size
from textual.message import Message

from gan_tui.dashboard.themes import inks
from gan_tui.dashboard.widgets.cells_view import CellsView
from gan_tui.drawing.blocks import draw_picture
from gan_tui.drawing.cells import Cells
from gan_tui.drawing.surface import draw_surface
from gan_tui.drawing.tiles import draw_tiles
from gan_tui.drawing.words import blank, write, write_pieces
from gan_tui.events import Picture
from gan_tui.run_folder import RunFolder
from gan_tui.run_state import RunState

LARGEST_SIDE = 8192
"""Pixels; a picture with a longer side is not opened."""

Pixels = NDArray[Any]


def load_picture(path: Path) -> Pixels:
    """The (height, width) grey pixels of a PNG, 8 bits or 16.

    Raises ValueError for anything else, OSError when it cannot be read.
    """
    with Image.open(path, formats=["PNG"]) as image:
        if max(image.size) > LARGEST_SIDE:
            raise ValueError("larger than any picture of a run")
        return np.asarray(image) if image.mode == "I;16" else np.asarray(image.convert("L"))


def tiles_of(pixels: Pixels, height: int, width: int) -> Pixels:
    """The (tiles, height, width) equal tiles of a sheet, in reading order."""
    down, across = pixels.shape[0] // height, pixels.shape[1] // width
    whole = pixels[: down * height, : across * width].reshape(down, height, across, width)
    return whole.swapaxes(1, 2).reshape(-1, height, width)


class PicturePane(CellsView):
    """Shows one tag's newest picture: a wall of samples, feature maps, the input, or a decision surface."""

    class Loaded(Message):
        """A picture has come from the disk."""

        def __init__(self, picture: Picture, pixels: Pixels | None) -> None:
            super().__init__()
            self.picture, self.pixels = picture, pixels

    def __init__(self, folder: RunFolder) -> None:
        super().__init__()
        self._folder = folder
        self._state = RunState()
        self._tag = ""
        self._picture: Picture | None = None
        self._wanted: Picture | None = None
        self._pixels: Pixels | None = None

    def show(self, state: RunState) -> None:
        self._state = state
        if not self._tag and state.pictures:
            self._tag = next(iter(state.pictures))
        newest = state.pictures.get(self._tag, (None,))[-1]
        if newest is None and self._picture is None:
            self.redraw()
        elif newest is not None and newest != self._wanted and self.display and self.region:
            self._wanted = newest
            self._load(newest)

    def next_tag(self) -> None:
        """Turn to the next kind of picture."""
        tags = list(self._state.pictures)
        if tags:
            self._tag = tags[(tags.index(self._tag) + 1) % len(tags)] if self._tag in tags else tags[0]
            self.show(self._state)

    def on_show(self) -> None:
        self.show(self._state)
        super().on_show()

    @work(thread=True, exclusive=True, exit_on_error=False)
    def _load(self, picture: Picture) -> None:
        path = self._folder.inside(picture.file)
        try:
            pixels = load_picture(path) if path else None
        except (OSError, ValueError, SyntaxError):  # SyntaxError is how Pillow says that a PNG is broken
            pixels = None
        self.post_message(self.Loaded(picture, pixels))

    def on_picture_pane_loaded(self, message: Loaded) -> None:
        if message.picture == self._wanted:
            self._picture, self._pixels = message.picture, message.pixels
            self.redraw()

    def draw(self, size: Size) -> Cells:
        cells = blank(size.height, size.width)
        ink = inks(self.app.current_theme.dark)
        if self._picture is None or size.height < 3:
            write(cells, size.height // 2, 2, "The first picture comes once the networks are built.", ink.dim)
            return cells
        if self._pixels is None or not _fits(self._picture, self._pixels):
            write(cells, size.height // 2, 2, f"The picture of step {self._picture.step:,} cannot be read.", ink.bad)
            return cells
        drawn, note = self._draw_kind(self._picture, self._pixels, size.width, size.height - 1)
        row, column = 1 + max(0, (size.height - 1 - drawn.rows) // 2), max(0, (size.width - drawn.columns) // 2)
        area = np.s_[row : row + drawn.rows, column : column + drawn.columns]
        cells.characters[area], cells.foreground[area], cells.background[area] = (
            drawn.characters,
            drawn.foreground,
            drawn.background,
        )
        write_pieces(
            cells,
            0,
            0,
            [(_name(self._picture), ink.text), (f"  step {self._picture.step:,}", ink.accent), (f"  {note}", ink.dim)],
        )
        return cells

    def _draw_kind(self, picture: Picture, pixels: Pixels, columns: int, rows: int) -> tuple[Cells, str]:
        terminal = self.app.terminal  # type: ignore[attr-defined]
        height, width = picture.tile
        if picture.kind == "surface":
            return self._draw_surface(picture, pixels, columns, rows)
        if picture.count == 1:
            return draw_picture(pixels, *_fitting(pixels, columns, rows), terminal), ""
        if picture.count * height * width < pixels.size:  # the last row is not full: one long row has no empty tiles
            pixels = np.concatenate(tiles_of(pixels, height, width)[: picture.count], axis=1)
        cells, shown = draw_tiles(pixels, height, width, columns, rows, terminal)
        note = f"{shown.tiles} of {picture.count}"
        if picture.kind == "features":
            note += f"  {picture.low:.2g}…{picture.high:.2g}"
        return cells, note

    def _draw_surface(self, picture: Picture, pixels: Pixels, columns: int, rows: int) -> tuple[Cells, str]:
        """Classes over the unit square, with the data's points on it."""
        terminal = self.app.terminal  # type: ignore[attr-defined]
        probabilities = tiles_of(pixels, *picture.tile)[: picture.count].astype(np.float32)
        probabilities /= np.iinfo(pixels.dtype).max
        started = self._state.started
        points = np.asarray(started.dataset.get("points", []) if started else [], np.float32).reshape(-1, 3)
        ink = inks(self.app.current_theme.dark)
        side = min(columns, 2 * rows)
        cells = draw_surface(
            probabilities, points[:, :2], points[:, 2].astype(int), side, side // 2, terminal, mode="confidence",
            background=ink.background,
        )  # fmt: skip
        return cells, "class and confidence"


def _fits(picture: Picture, pixels: Pixels) -> bool:
    """Whether a file holds the tiles that its event promised."""
    if len(picture.tile) != 2 or not all(isinstance(side, int) and side > 0 for side in picture.tile):
        return False
    height, width = picture.tile
    there = (pixels.shape[0] // height) * (pixels.shape[1] // width)
    return bool(0 < picture.count <= there)


def _name(picture: Picture) -> str:
    return {"samples": "generated", "surface": "decision surface", "input": "input image"}.get(
        picture.kind, picture.tag.replace("features-", "feature maps of ")
    )


def _fitting(pixels: Pixels, columns: int, rows: int) -> tuple[int, int]:
    """The largest (columns, rows) of cells with the picture's proportions: a cell is twice as high as wide."""
    height, width = pixels.shape[:2]
    fitted = min(columns, int(2 * rows * width / height))
    return max(fitted, 1), max(round(fitted * height / width / 2), 1)
