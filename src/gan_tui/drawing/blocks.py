"""Pictures as block characters: each cell shows the two-colour quadrants nearest to the pixels under it."""

import numpy as np
from numpy.typing import NDArray

from gan_tui.drawing.cells import DEFAULT, Cells
from gan_tui.drawing.colors import Floats, nearest, pack
from gan_tui.drawing.sampling import fit, resize
from gan_tui.drawing.terminal import Palette, Terminal

Pixels = NDArray[np.uint8]

QUADRANTS = np.array(list(" ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"))
"""By bits: 1 upper left, 2 upper right, 4 lower left, 8 lower right in the foreground."""
SHADES = np.array(list(" .:-=+*#%@"))
"""From no ink to full, for terminals without block characters and colours."""

_PARTS = np.arange(
    8
)  # a partition is named by the bits of its foreground; 8…15 are these with the colours swapped
_MEMBERS = np.array([[part >> bit & 1 for bit in range(4)] for part in _PARTS], dtype=np.float32)
_INSIDE = _MEMBERS.sum(axis=1)
_UNSEEN = 4.0  # squared levels a cell may be off for one plain colour: fewer codes to send, unseen
_BAYER = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]], dtype=np.float32)
_DITHER = (_BAYER - 7.5) * 7 + 128  # less than half of a full dither: strokes stay whole, greys still differ


def draw_picture(
    pixels: Pixels, columns: int, rows: int, terminal: Terminal, *, background: int = DEFAULT
) -> Cells:
    """A picture as large as it fits in columns x rows with its own proportions, centred.

    `pixels` is (height, width) grey or (height, width, 3), uint8; `background` colours the margin.
    """
    picture = with_channels(pixels)
    wide, high = fit(picture.shape[0], picture.shape[1], columns, rows)
    drawn = encode(resize(picture, 2 * high, 2 * wide), terminal)
    canvas = empty_cells(columns, rows, background)
    place(canvas, drawn, (rows - high) // 2, (columns - wide) // 2)
    return canvas


def with_channels(pixels: Pixels) -> Pixels:
    """(height, width, channels): 1 for grey, 3 for colour; a colour picture of greys only becomes grey."""
    if pixels.ndim == 2:
        return pixels[:, :, None]
    if np.array_equal(pixels[..., 0], pixels[..., 1]) and np.array_equal(pixels[..., 1], pixels[..., 2]):
        return pixels[..., :1]
    return pixels


def empty_cells(columns: int, rows: int, background: int = DEFAULT) -> Cells:
    """Blank cells, to place drawings on."""
    shape = (rows, columns)
    return Cells(np.full(shape, " "), np.full(shape, DEFAULT, np.int32), np.full(shape, background, np.int32))


def place(canvas: Cells, drawn: Cells, row: int, column: int) -> None:
    """Copy a drawing onto the canvas with its upper left cell at (row, column)."""
    area = np.s_[row : row + drawn.rows, column : column + drawn.columns]
    canvas.characters[area] = drawn.characters
    canvas.foreground[area] = drawn.foreground
    canvas.background[area] = drawn.background


def encode(pixels: Floats, terminal: Terminal) -> Cells:
    """(2 x rows, 2 x columns, channels) of 0…255 as rows x columns of cells, as well as the terminal can."""
    rows, columns, channels = pixels.shape[0] // 2, pixels.shape[1] // 2, pixels.shape[2]
    quads = (
        pixels.reshape(rows, 2, columns, 2, channels)
        .transpose(1, 3, 4, 0, 2)
        .reshape(4, channels, rows * columns)
    )
    if terminal.colors is Palette.MONO:
        grey = quads.mean(axis=1)
        flat = _dithered(grey, columns) if terminal.unicode else _shaded(grey)
    elif terminal.unicode:
        flat = _two_colors(quads, terminal.colors)
    else:
        flat = _one_color(quads.mean(axis=0), terminal.colors)
    shape = (rows, columns)
    return Cells(
        flat.characters.reshape(shape), flat.foreground.reshape(shape), flat.background.reshape(shape)
    )


def _two_colors(quads: Floats, palette: Palette) -> Cells:
    """Each cell's four pixels (4, channels, cells) parted into two plain colours with least squared error.

    The brighter colour is the foreground, so that neighbours on a dark ground share their background.
    """
    count = _INSIDE[:, None, None]
    inside = np.tensordot(_MEMBERS, quads, 1)
    outside = inside[:1] * 0 + quads.sum(axis=0) - inside
    front = inside / np.maximum(count, 1)
    back = outside / (4 - count)
    if palette is not Palette.TRUECOLOR:
        front, back = (np.moveaxis(nearest(np.moveaxis(c, 1, 0), palette), 0, 1) for c in (front, back))
    # The sum of (pixel - color)² without the pixels' own squares, which are the same for every partition.
    error = (front * (count * front - 2 * inside) + back * ((4 - count) * back - 2 * outside)).sum(axis=1)
    error[0] -= _UNSEEN
    part = error.argmin(axis=0)
    cells = np.arange(part.size)
    foreground, background = pack(front[part, :, cells].T), pack(back[part, :, cells].T)
    return _arranged(part, foreground, background, np.sign((front - back).sum(axis=1)[part, cells]))


def _arranged(
    part: NDArray[np.intp], foreground: NDArray[np.int32], background: NDArray[np.int32], order: Floats
) -> Cells:
    plain = (part == 0) | (foreground == background)
    swapped = (order < 0) & ~plain
    glyph = np.where(plain, 0, np.where(swapped, 15 - part, part))
    front = np.where(swapped, background, foreground)
    back = np.where(swapped, foreground, background)
    return Cells(QUADRANTS[glyph], np.where(plain, DEFAULT, front).astype(np.int32), back.astype(np.int32))


def _one_color(means: Floats, palette: Palette) -> Cells:
    background = pack(nearest(means, palette))
    return Cells(np.full(background.shape, " "), np.full(background.shape, DEFAULT, np.int32), background)


def _dithered(quads: Floats, columns: int) -> Cells:
    row, column = np.divmod(np.arange(quads.shape[1]), columns)
    lit = sum(
        (quads[bit] > _DITHER[(2 * row + bit // 2) % 4, (2 * column + bit % 2) % 4]).astype(np.int32) << bit
        for bit in range(4)
    )
    return _colorless(QUADRANTS[lit])


def _shaded(quads: Floats) -> Cells:
    level = np.rint(quads.mean(axis=0) * ((len(SHADES) - 1) / 255)).astype(np.int32)
    return _colorless(SHADES[level])


def _colorless(characters: NDArray[np.str_]) -> Cells:
    unset = np.full(characters.shape, DEFAULT, np.int32)
    return Cells(characters, unset, unset.copy())
