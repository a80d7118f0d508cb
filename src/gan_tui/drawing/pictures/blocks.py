"""Pictures as block characters: each cell shows the two-colour quadrants nearest to the pixels under it."""

import numpy as np
from numpy.typing import NDArray

from gan_tui.drawing.cells import DEFAULT, Cells, blank, paste
from gan_tui.drawing.colors import Floats, nearest, pack
from gan_tui.drawing.pictures.sampling import fit, resize
from gan_tui.drawing.terminal import ColorDepth, Terminal

Pixels = NDArray[np.uint8]
"""0…255 in one channel (grey) or three (red, green, blue)."""

QUADRANTS = np.array(list(" ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"))
"""By bits: 1 upper left, 2 upper right, 4 lower left, 8 lower right in the foreground."""
BLOCK_SHADES = np.array(list(" ░▒▓█"))
ASCII_SHADES = np.array(list(" .:-=+*#%@"))
"""From no ink to full, for terminals without colours; the second without block characters, too."""

_PARTS = np.arange(8)  # a partition is named by the bits of its foreground; 8…15 are these with the colours swapped
_MEMBERS = np.array([[part >> bit & 1 for bit in range(4)] for part in _PARTS], dtype=np.float32)
_BITS = np.array([1, 2, 4, 8])
_INSIDE = _MEMBERS.sum(axis=1)
_UNSEEN = 4.0  # squared levels a cell may be off for one plain colour: fewer codes to send, unseen
_BAYER = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]], dtype=np.float32)
_DITHER = (_BAYER - 7.5) * 7 + 128  # less than half of a full dither: strokes stay whole, greys still differ


def draw_picture(pixels: Pixels, columns: int, rows: int, terminal: Terminal) -> Cells:
    """A picture (height, width, channels) as large as it fits in columns x rows with its own proportions, centred."""
    canvas = blank(rows, columns)
    if columns and rows:
        wide, high = fit(pixels.shape[0], pixels.shape[1], columns, rows)
        drawn = encode(resize(channels_first(pixels), 2 * high, 2 * wide), terminal)
        paste(canvas, drawn, (rows - high) // 2, (columns - wide) // 2)
    return canvas


def channels_first(pixels: Pixels) -> Pixels:
    """(…, channels, height, width) of (…, height, width, channels); one channel where all colours are greys."""
    red, *others = (pixels[..., channel] for channel in range(pixels.shape[-1]))
    if all(np.array_equal(red, other) for other in others):
        return red[..., None, :, :]
    return np.ascontiguousarray(np.moveaxis(pixels, -1, -3))


def encode(pixels: Floats, terminal: Terminal) -> Cells:
    """(channels, 2 x rows, 2 x columns) of 0…255 as rows x columns of cells, as well as the terminal can."""
    return encode_each(pixels[None], terminal)[0]


def encode_each(pictures: Floats, terminal: Terminal) -> list[Cells]:
    """The cells of each of (pictures, channels, 2 x rows, 2 x columns): made in one pass, each on its own."""
    number, channels = pictures.shape[:2]
    rows, columns = pictures.shape[2] // 2, pictures.shape[3] // 2
    quads = pictures.reshape(number, channels, rows, 2, columns, 2).transpose(3, 5, 1, 0, 2, 4).reshape(4, channels, -1)
    if terminal.colors is ColorDepth.MONO:
        grey = quads.mean(axis=1)
        flat = _dithered(grey, (number, rows, columns)) if terminal.unicode else _in_ascii(grey)
    elif terminal.unicode:
        flat = _two_colors(quads, terminal.colors)
    else:
        flat = _one_color(quads.mean(axis=0), terminal.colors)
    shape = (number, rows, columns)
    characters = flat.characters.reshape(shape)
    foreground, background = flat.foreground.reshape(shape), flat.background.reshape(shape)
    return [Cells(characters[k], foreground[k], background[k]) for k in range(number)]


def _two_colors(quads: Floats, depth: ColorDepth) -> Cells:
    """Each cell's four pixels (4, channels, cells) parted into two plain colours with least squared error.

    The brighter colour is the foreground, so that neighbours on a dark ground share their background.
    """
    count = _INSIDE[:, None, None]
    inside = np.tensordot(_MEMBERS, quads, 1)
    outside = inside[:1] * 0 + quads.sum(axis=0) - inside
    front = inside / np.maximum(count, 1)
    back = outside / (4 - count)
    if depth is not ColorDepth.TRUECOLOR:
        front, back = (np.moveaxis(nearest(np.moveaxis(c, 1, 0), depth), 0, 1) for c in (front, back))
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


def _one_color(means: Floats, depth: ColorDepth) -> Cells:
    background = pack(nearest(means, depth))
    return Cells(np.full(background.shape, " "), np.full(background.shape, DEFAULT, np.int32), background)


def _dithered(quads: Floats, shape: tuple[int, int, int]) -> Cells:
    threshold = np.tile(_DITHER, (shape[1] // 2 + 1, shape[2] // 2 + 1))[: 2 * shape[1], : 2 * shape[2]]
    threshold = threshold.reshape(shape[1], 2, shape[2], 2).transpose(1, 3, 0, 2).reshape(4, 1, -1)
    lit = quads.reshape(4, shape[0], -1) > threshold
    return _colorless(QUADRANTS[np.tensordot(_BITS, lit, 1).ravel()])


def _in_ascii(quads: Floats) -> Cells:
    level = np.rint(quads.mean(axis=0) * ((len(ASCII_SHADES) - 1) / 255)).astype(np.int32)
    return _colorless(ASCII_SHADES[level])


def _colorless(characters: NDArray[np.str_]) -> Cells:
    unset = np.full(characters.shape, DEFAULT, np.int32)
    return Cells(characters, unset, unset.copy())
