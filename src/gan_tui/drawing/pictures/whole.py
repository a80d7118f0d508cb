"""Pictures at sizes at which their pixels stay sharp: a pixel is a whole number of dots, or a dot of pixels.

100 digits of 28 × 28 pixels lose 3 dB at 12 × 6 cells, where edges fall between dots, against 14 × 7.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import count, takewhile

import numpy as np

from gan_tui.drawing.cells import DEFAULT, Cells, blank, paste
from gan_tui.drawing.colors import Floats
from gan_tui.drawing.pictures.blocks import BLOCK_SHADES, Pixels, Shades, channels_first, encode_each
from gan_tui.drawing.pictures.parts import show_images
from gan_tui.drawing.pictures.sampling import CELL_ASPECT, fit, resize
from gan_tui.drawing.terminal import ColorDepth, Terminal

_LARGEST = 8  # pixels a side of what is small, such as kernels: a pixel is whole cells, with a number's room
_TINY = 4  # pixels; up to that a pixel is best at least 2 x 1 cells large
_ROWS_FOR_SMALL, _ROWS = 4, 8
_PIXELS_A_ROW = 4  # up to so many rows; with more of them, as many as the symbols can tell apart:
_MOST_PIXELS_A_ROW, _MOST_IN_OCTANTS, _MOST_PLAIN = 6, 8, 4
_REAL_PIXELS_A_ROW = 8  # where the terminal shows them, whatever a cell can
_HALF = Fraction(1, 2)
_MUCH = Fraction(2, 3)  # of the size that fits best: so small may a single picture be, to be sharp


def draw_picture(pixels: Pixels, columns: int, rows: int, terminal: Terminal, shades: Shades | None = None) -> Cells:
    """A picture (height, width, channels) as large as it fits in columns x rows with its own proportions, centred."""
    canvas = blank(rows, columns)
    if columns and rows:
        height, width, _ = pixels.shape
        scale, (high, wide) = largest(height, width, columns, rows, terminal)
        pictures, corner = channels_first(pixels)[None], ((rows - high) // 2, (columns - wide) // 2)
        if not show_images(canvas, pictures, (1, 1), [corner], (high, wide), terminal, shades):
            (drawn,) = draw_each(pictures, scale, (high, wide), terminal, shades)
            paste(canvas, drawn, *corner)
    return canvas


def largest(
    height: int, width: int, columns: int, rows: int, terminal: Terminal
) -> tuple[Fraction | None, tuple[int, int]]:
    """The greatest sharp scale that fits there, and its (rows, columns) of cells.

    None for the scale, and the size that fits best, where that is much larger, or two pixels share a dot's width: what
    is that large is legible without being sharp.
    """
    wide, high = fit(height, width, columns, rows)
    fitting = takewhile(lambda scale: _fits(cells_for(height, width, scale), columns, rows), _scales_from(_HALF))
    sharp = [scale for scale in fitting if is_sharp(scale, terminal)]
    if sharp and sharp[-1] * width >= _MUCH * wide:
        return sharp[-1], cells_for(height, width, sharp[-1])
    return None, (high, wide)


def _fits(size: tuple[int, int], columns: int, rows: int) -> bool:
    return size[0] <= rows and size[1] <= columns


def is_small(height: int, width: int) -> bool:
    """Whether a picture of so many pixels is to have whole cells for each of them."""
    return max(height, width) <= _LARGEST


def is_sharp(scale: Fraction, terminal: Terminal) -> bool:
    """Whether pixels that are `scale` columns wide and half as many rows high are sharp."""
    across, down = terminal.dots
    return all(1 in part.as_integer_ratio() for part in (scale * across, scale * down / CELL_ASPECT))


def scales(
    height: int, width: int, terminal: Terminal, *, crowded: bool = False, captioned: bool = False
) -> Iterator[Fraction]:
    """The columns of cells that a pixel can be wide, from the least that is legible on; it is half as many rows high.

    Half a row is left empty under small pictures of odd height, where there are colours and characters for that.
    There, pixels of half a cell are drawn in larger pictures, and in small ones if it is `crowded`. What is `captioned`
    has a caption's width also where real pixels would be legible in less.
    """
    if not is_small(height, width):
        fine = terminal.pixels is not None and not captioned
        spared = Fraction(7, 8) if fine else _HALF  # of the last row, half is enough; of real pixels, an eighth
        least = (legible_rows(height, terminal, fine=fine) - spared) * CELL_ASPECT / height
        return (one for one in _scales_from(min(least, _HALF)) if one >= least and is_sharp(one, terminal))
    halves = leaves_halves(terminal)
    first = 1 if halves and (crowded or height > _TINY) else 2
    return (Fraction(one) for one in count(first) if halves or one % 2 == 0)


def half_of(scale: Fraction, height: int, terminal: Terminal) -> Fraction | None:
    """Half a scale, where a picture can still be made out at that; else None."""
    half, enough = scale / 2, height * scale / 2 >= _ROWS * CELL_ASPECT
    return half if enough and leaves_halves(terminal) and is_sharp(half, terminal) else None


def leaves_halves(terminal: Terminal) -> bool:
    """Whether half a row can be left empty under a picture."""
    return terminal.unicode and terminal.colors is not ColorDepth.MONO


def _scales_from(least: Fraction) -> Iterator[Fraction]:
    """Whole fractions from `least` on, then halves without end."""
    yield from (Fraction(1, parts) for parts in range(int(1 / least), 2, -1))
    yield from (Fraction(halves, 2) for halves in count(1))


def legible_rows(height: int, terminal: Terminal, *, fine: bool = False) -> int:
    """The fewest rows of cells that make a picture of so many pixels out, in cells or, `fine`, in real pixels."""
    if fine:
        return max(min(-(-height // 2), _ROWS_FOR_SMALL), -(-height // _REAL_PIXELS_A_ROW))
    plain = not terminal.unicode or terminal.colors is ColorDepth.MONO
    octants = terminal.unicode and terminal.dots[1] > CELL_ASPECT
    most = _MOST_PLAIN if plain else _MOST_IN_OCTANTS if octants else _MOST_PIXELS_A_ROW
    small, usual = min(-(-height // 2), _ROWS_FOR_SMALL), min(-(-height // _PIXELS_A_ROW), _ROWS)
    return max(small, usual, -(-height // most))


def cells_for(height: int, width: int, scale: Fraction) -> tuple[int, int]:
    """(rows, columns) of cells for a picture."""
    return -int(-height * scale // CELL_ASPECT), -int(-width * scale // 1)


def draw_each(
    pictures: Pixels, scale: Fraction | None, size: tuple[int, int], terminal: Terminal, shades: Shades | None = None
) -> list[Cells]:
    """The (rows, columns) of cells of each of (pictures, channels, height, width), sharp at a scale."""
    (rows, columns), (across, down) = size, terminal.dots
    if scale is None:
        return encode_each(resize(pictures, down * rows, across * columns), terminal, shades)
    height, width = pictures.shape[2:]
    shaded = is_small(height, width) and scale % CELL_ASPECT == 0
    if shaded and terminal.unicode and terminal.colors is ColorDepth.MONO:
        return [_shaded(picture, int(scale)) for picture in pictures]
    dots = _scaled(_scaled(pictures, scale * down / CELL_ASPECT, 2), scale * across, 3)
    missing = down * rows - dots.shape[2], across * columns - dots.shape[3]  # the last pixels fill their cells
    dots = np.pad(dots, [(0, 0), (0, 0), (0, missing[0]), (0, missing[1])], "edge")
    drawn = encode_each(dots, terminal, shades)
    if scale.denominator == 1 and height * scale % CELL_ASPECT and leaves_halves(terminal):
        for cells in drawn:  # half a row, of a pixel a cell
            cells.characters[-1], cells.foreground[-1], cells.background[-1] = "▀", cells.background[-1], DEFAULT
    return drawn


def _scaled(pixels: Pixels | Floats, factor: Fraction, axis: int) -> Floats:
    """Each pixel so many times; or the mean of each 1 / factor of them, of fewer at the end."""
    if factor.denominator == 1:
        return pixels.astype(np.float32, copy=False).repeat(factor.numerator, axis=axis)
    missing = -pixels.shape[axis] % factor.denominator
    padding = [(0, missing if axis == side else 0) for side in range(pixels.ndim)]
    whole = np.pad(pixels, padding, "edge") if missing else pixels
    shape = [*whole.shape[:axis], -1, factor.denominator, *whole.shape[axis + 1 :]]
    means: Floats = whole.reshape(shape).mean(axis=axis + 1, dtype=np.float32)
    return means


def _shaded(picture: Pixels, scale: int) -> Cells:
    """A shade for each pixel: dots would say less of so few."""
    level = np.rint(picture.mean(axis=0) * ((len(BLOCK_SHADES) - 1) / 255)).astype(np.intp)
    characters = BLOCK_SHADES[level.repeat(scale // CELL_ASPECT, axis=0).repeat(scale, axis=1)]
    unset = np.full(characters.shape, DEFAULT, np.int32)
    return Cells(characters, unset, unset.copy())
