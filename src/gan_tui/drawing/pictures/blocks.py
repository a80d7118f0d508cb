"""Pictures as block characters: each cell shows the dots in two colours that are nearest to the pixels under it."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gan_tui.drawing.cells import DEFAULT, Cells
from gan_tui.drawing.colors import Floats, nearest, pack
from gan_tui.drawing.symbols import Symbols
from gan_tui.drawing.terminal import ColorDepth, Terminal

Pixels = NDArray[np.uint8]
"""0…255 in one channel (grey) or three (red, green, blue)."""
Shades = NDArray[np.int32]
"""A colour for each of the levels 0…255."""

BLOCK_SHADES = np.array(list(" ░▒▓█"))
ASCII_SHADES = np.array(list(" .:-=+*#%@"))
"""From no ink to full, for terminals without colours; the second without block characters, too."""

_UNSEEN = 1.0  # squared levels a dot may be off for one plain colour: fewer codes to send, unseen
_BAYER = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]], dtype=np.float32)
_DITHER = (_BAYER - 7.5) * 7 + 128  # less than half of a full dither: strokes stay whole, greys still differ
_TURNS = 3
"""Steps towards the direction in which a cell's colours differ most: enough, for only their order counts."""


def channels_first(pixels: Pixels) -> Pixels:
    """(…, channels, height, width) of (…, height, width, channels); one channel where all colours are greys."""
    red, *others = (pixels[..., channel] for channel in range(pixels.shape[-1]))
    if all(np.array_equal(red, other) for other in others):
        return red[..., None, :, :]
    return np.ascontiguousarray(np.moveaxis(pixels, -1, -3))


def encode(pixels: Floats, terminal: Terminal) -> Cells:
    """(channels, height, width) of 0…255, a pixel a dot of `terminal.dots`, as well as the terminal can."""
    return encode_each(pixels[None], terminal)[0]


def encode_each(pictures: Floats, terminal: Terminal, shades: Shades | None = None) -> list[Cells]:
    """The cells of each of (pictures, channels, height, width): made in one pass, each on its own.

    `shades` are the colours of levels, where these are no greys but numbers, in colours that the terminal has.
    """
    if shades is not None and terminal.colors is not ColorDepth.MONO:
        numbers = encode_each(pictures[:, :1], replace(terminal, colors=ColorDepth.TRUECOLOR))
        return [_shaded(cells, shades) for cells in numbers]
    (number, channels), (across, down) = pictures.shape[:2], terminal.dots
    shape = (number, pictures.shape[2] // down, pictures.shape[3] // across)
    parts = pictures.reshape(number, channels, shape[1], down, shape[2], across)
    dots = parts.transpose(3, 5, 1, 0, 2, 4).reshape(down * across, channels, -1)
    if terminal.colors is ColorDepth.MONO:
        grey = dots.mean(axis=1)
        flat = _dithered(grey, shape, terminal.symbols) if terminal.unicode else _in_ascii(grey)
    elif not terminal.unicode:
        flat = _one_color(dots.mean(axis=0), terminal.colors)
    elif len(dots) <= 4:
        flat = _by_pattern(dots, terminal.symbols, terminal.colors)
    else:
        flat = _by_threshold(dots, terminal.symbols, terminal.colors)
    characters = flat.characters.reshape(shape)
    foreground, background = flat.foreground.reshape(shape), flat.background.reshape(shape)
    return [Cells(characters[k], foreground[k], background[k]) for k in range(number)]


def _shaded(cells: Cells, shades: Shades) -> Cells:
    """Cells in greys, in the colours of these."""
    front, back = (np.where(ink == DEFAULT, DEFAULT, shades[ink & 255]) for ink in (cells.foreground, cells.background))
    return Cells(cells.characters, front, back)


# Two colours ----------------------------------------------------------


@lru_cache
def _patterns(dots: int) -> Floats:
    """(patterns, dots) of 0 and 1: each way to part so many dots in two, with the last in the background."""
    every = np.arange(2 ** (dots - 1))[:, None]
    return (every >> np.arange(dots) & 1).astype(np.float32)


def _by_pattern(dots: Floats, symbols: Symbols, depth: ColorDepth) -> Cells:
    """Each cell's few dots (dots, channels, cells) parted in the best of all ways."""
    members = _patterns(len(dots))
    part, front, back = _two_colors(np.tensordot(members, dots, 1), members.sum(axis=1), dots, depth)
    return _arranged(part, front, back, symbols)


def _by_threshold(dots: Floats, symbols: Symbols, depth: ColorDepth) -> Cells:
    """Each cell's dots (dots, channels, cells) in their order of brightness, and parted at the best place of it.

    That is the best of all ways for greys. Colours are in order along the direction in which they differ most.
    """
    keys = dots[:, 0] if dots.shape[1] == 1 else _along(dots)
    order = keys.argsort(axis=0)[::-1]
    sums = np.take_along_axis(dots, order[:, None], axis=0)[:-1].cumsum(axis=0)
    inside = np.concatenate([np.zeros_like(sums[:1]), sums])
    split, front, back = _two_colors(inside, np.arange(len(dots), dtype=np.float32), dots, depth)
    lit = np.arange(len(dots))[:, None] < split
    part = np.where(lit, 1 << order, 0).sum(axis=0)
    return _arranged(part, front, back, symbols)


def _along(dots: Floats) -> Floats:
    """(dots, cells): how far each dot's colour is from its cell's mean, in the direction of the greatest spread."""
    spread = dots - dots.mean(axis=0)
    axis = np.take_along_axis(spread, np.square(spread).sum(axis=1).argmax(axis=0)[None, None], axis=0)[0]
    for _ in range(_TURNS):
        axis = axis / (np.abs(axis).max(axis=0) + 1e-6)
        axis = np.einsum("dcn,dn->cn", spread, np.einsum("dcn,cn->dn", spread, axis))
    along: Floats = np.einsum("dcn,cn->dn", spread, axis)
    return along


def _two_colors(
    inside: Floats, count: Floats, dots: Floats, depth: ColorDepth
) -> tuple[NDArray[np.intp], Floats, Floats]:
    """The way (cells) of parting each cell's dots with the least squared error, and its two colours (channels, cells).

    `inside` is (ways, channels, cells), the sum of the dots in the foreground, and `count` (ways) their number: of the
    first way none.
    """
    number, count = len(dots), count[:, None, None]
    rest, outside = number - count, dots.sum(axis=0) - inside
    front: Floats = (inside / np.maximum(count, 1)).astype(np.float32, copy=False)
    back: Floats = (outside / rest).astype(np.float32, copy=False)
    if depth is not ColorDepth.TRUECOLOR:
        front, back = _nearest(front, depth), _nearest(back, depth)
    # The sum of (dot - color)² without the dots' own squares, which are the same for every way.
    error = (front * (count * front - 2 * inside) + back * (rest * back - 2 * outside)).sum(axis=1)
    error[0] -= _UNSEEN * number
    way = error.argmin(axis=0)
    cells = np.arange(way.size)
    return way, front[way, :, cells].T, back[way, :, cells].T


def _nearest(colors: Floats, depth: ColorDepth) -> Floats:
    """(ways, channels, cells)"""
    return np.moveaxis(nearest(np.moveaxis(colors, 1, 0), depth), 0, 1)


def _arranged(part: NDArray[np.intp], front: Floats, back: Floats, symbols: Symbols) -> Cells:
    """The brighter colour is the foreground, so that neighbours on a dark ground share their background."""
    foreground, background = pack(front), pack(back)
    plain = (part == 0) | (foreground == background)
    swapped = ((front - back).sum(axis=0) < 0) & ~plain
    glyph = np.where(plain, 0, np.where(swapped, len(symbols.glyphs) - 1 - part, part))
    ink = np.where(plain, DEFAULT, np.where(swapped, background, foreground)).astype(np.int32)
    return Cells(_glyphs(symbols)[glyph], ink, np.where(swapped, foreground, background).astype(np.int32))


@lru_cache
def _glyphs(symbols: Symbols) -> NDArray[np.str_]:
    return np.array(list(symbols.glyphs))


# One colour, and none ----------------------------------------------------------


def _one_color(means: Floats, depth: ColorDepth) -> Cells:
    background = pack(nearest(means, depth))
    return Cells(np.full(background.shape, " "), np.full(background.shape, DEFAULT, np.int32), background)


def _dithered(dots: Floats, shape: tuple[int, int, int], symbols: Symbols) -> Cells:
    (number, rows, columns), (across, down) = shape, symbols.dots
    size = rows * down, columns * across
    threshold = np.tile(_DITHER, (size[0] // 4 + 1, size[1] // 4 + 1))[: size[0], : size[1]]
    threshold = threshold.reshape(rows, down, columns, across).transpose(1, 3, 0, 2).reshape(down * across, 1, -1)
    lit = dots.reshape(down * across, number, -1) > threshold
    return _colorless(_glyphs(symbols)[np.tensordot(1 << np.arange(len(dots)), lit, 1).ravel()])


def _in_ascii(dots: Floats) -> Cells:
    level = np.rint(dots.mean(axis=0) * ((len(ASCII_SHADES) - 1) / 255)).astype(np.int32)
    return _colorless(ASCII_SHADES[level])


def _colorless(characters: NDArray[np.str_]) -> Cells:
    unset = np.full(characters.shape, DEFAULT, np.int32)
    return Cells(characters, unset, unset.copy())
