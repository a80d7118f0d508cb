"""A run's pictures in real pixels: tiles side by side as on its screen, in the same colours, enlarged by whole numbers.

Nothing is smoothed: a pixel of a tile is so many pixels a side.
"""

from functools import cached_property
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from gan_tui.drawing.pictures import shades
from gan_tui.drawing.plots.surface import surface_pixels
from gan_tui.drawing.terminal import ColorDepth
from gan_tui.integrations.export.ink import Ink
from gan_tui.integrations.export.whole_run import WholeRun
from gan_tui.run import pictures
from gan_tui.run.events import Picture
from gan_tui.run.pictures import Meaning, Tiles, are_by_class, tiles_across

Pixels = NDArray[np.uint8]
_GAPS = 16
"""How many gaps wide a tile is."""
_MOST_PIXELS = 2 * pictures.MOST_LEVELS
"""Of a sheet before it is enlarged."""


class Sheets:
    """The pictures of one tag of a run."""

    def __init__(self, run: WholeRun, tag: str, ink: Ink) -> None:
        """Raises UserError where there are none."""
        self._run, self._ink, self._all = run, ink, run.history(tag)

    def size(self, picture: Picture, least: int) -> tuple[int, int]:
        """(height, width) of a sheet, by its event alone. Raises ValueError where that cannot be, or is too large."""
        if self._is_surface(picture):
            return least, least
        if len(picture.tile) != 2 or not min(picture.tile) > 0 < picture.count <= pictures.MOST_LEVELS:
            raise ValueError("not tiles")
        down, across = _grid(picture)
        (high, wide), gap = picture.tile, _gap(picture)
        height, width = down * (high + gap) - gap, across * (wide + gap) - gap
        if height * width > _MOST_PIXELS:
            raise ValueError("too large")
        factor = _factor(height, width, least)
        return height * factor, width * factor

    def draw(self, picture: Picture, least: int = 1) -> Pixels:
        """(height, width, 4), red, green, blue and how much of it covers the ground; the longer side has `least` pixels
        or more. Raises OSError or ValueError where the picture's file cannot be read.
        """
        height, width = self.size(picture, 1)
        tiles = pictures.read(self._run.folder, picture)
        if self._is_surface(picture):
            return _covering(self._surface(tiles, least))
        colored, (down, across), gap = _covering(self._colored(tiles)), _grid(picture), _gap(picture)
        count, high, wide, _ = colored.shape
        places = np.zeros((down * across, high + gap, wide + gap, 4), np.uint8)
        places[:count, :high, :wide] = colored
        sheet = places.reshape(down, across, high + gap, wide + gap, 4).swapaxes(1, 2)
        sheet = sheet.reshape(down * (high + gap), across * (wide + gap), 4)[:height, :width]
        factor = _factor(height, width, least)
        return sheet.repeat(factor, axis=0).repeat(factor, axis=1)

    def _is_surface(self, picture: Picture) -> bool:
        return picture.kind == "surface" and picture.count > 1

    def _surface(self, tiles: Tiles, side: int) -> Pixels:
        given = [point for point in self._run.state.points if len(point) == 3]
        points = np.asarray(given, np.float32).reshape(-1, 3)
        return surface_pixels(
            tiles.shares[..., 0], points[:, :2], points[:, 2].astype(np.intp), side, self._ink.background
        )

    def _colored(self, tiles: Tiles) -> Pixels:
        """(count, height, width, 3)."""
        if tiles.pixels.shape[3] == pictures.COLOR:
            return tiles.pixels
        if tiles.meaning is Meaning.FEATURE_MAP:
            return _in(shades.of_activity(ColorDepth.TRUECOLOR), tiles.pixels[..., 0])
        if tiles.meaning is Meaning.SIGNED_WEIGHT:
            most = self._most
            levels = ((tiles.numbers[..., 0] / most).clip(-1, 1) + 1) * 127.5
            return _in(self._signed, levels.round().astype(np.uint8))
        return tiles.pixels.repeat(3, axis=3)

    @cached_property
    def _most(self) -> float:
        """What nearly all weights are within, of the first picture and of the last: one scale for all of them."""
        read = (pictures.read(self._run.folder, picture) for picture in (self._all[0], self._all[-1]))
        return shades.round_extent(np.concatenate([tiles.numbers.ravel() for tiles in read]))

    @property
    def _signed(self) -> NDArray[np.int32] | None:
        ink, most = self._ink, self._most
        ends = ink.series[0], shades.of_zero(ink.background, ink.dim), ink.series[1]
        return shades.of_signed(ColorDepth.TRUECOLOR, -most, most, ends, most)


def _in(colors: NDArray[np.int32] | None, levels: Pixels) -> Pixels:
    """(…, 3): the colour of each level."""
    assert colors is not None  # only few colours have none
    return np.stack([colors >> shift & 255 for shift in (16, 8, 0)], axis=-1).astype(np.uint8)[levels]


def _covering(pixels: Pixels) -> Pixels:
    """(…, 4) of (…, 3)."""
    return np.concatenate([pixels, np.full((*pixels.shape[:-1], 1), 255, np.uint8)], axis=-1)


def on_ground(pixels: Pixels, color: tuple[int, int, int]) -> Pixels:
    """(height, width, 3): what covers nothing has a colour."""
    return np.where(pixels[..., 3:] > 0, pixels[..., :3], np.array(color, np.uint8))


def _grid(picture: Picture) -> tuple[int, int]:
    """Rows and columns of tiles: a row a class, where they are of classes."""
    classes = len([*groupby(picture.labels)]) if are_by_class(picture) else 0
    across = picture.count // classes if classes else tiles_across(picture.count)
    return -(-picture.count // across), across


def _gap(picture: Picture) -> int:
    """Pixels of a tile that are left between tiles."""
    return max(1, round(min(picture.tile) / _GAPS))


def _factor(height: int, width: int, least: int) -> int:
    return max(1, -(-least // max(height, width)))
