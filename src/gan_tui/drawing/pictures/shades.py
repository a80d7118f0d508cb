"""Colours of numbers: what is not an image is no grey, and a bar says which number a colour is.

Activity is drawn in viridis, whose steps look equal to every kind of colour vision, also to none; its coefficients are
Matt Zucker's fit of matplotlib's table (both CC0). Signed numbers diverge from a grey near to the ground: what is zero
is hardly there, but has an edge.
Among sixteen colours there are too few for viridis: there, and without colours, activity is grey.
"""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gan_tui.drawing.cells import Cells, blank, paste
from gan_tui.drawing.colors import Floats, blend, nearest, pack, unpack, vivid
from gan_tui.drawing.pictures.blocks import BLOCK_SHADES, Shades, encode_each
from gan_tui.drawing.terminal import ColorDepth, Terminal
from gan_tui.drawing.tones import Tones
from gan_tui.drawing.words import Piece, width, write

_VIRIDIS = np.array([
    (0.2777273272234177, 0.005407344544966578, 0.3340998053353061),
    (0.1050930431085774, 1.404613529898575, 1.384590162594685),
    (-0.3308618287255563, 0.214847559468213, 0.09509516302823659),
    (-4.634230498983486, -5.799100973351585, -19.33244095627987),
    (6.228269936347081, 14.17993336680509, 56.69055260068105),
    (4.776384997670288, -13.74514537774601, -65.35303263337234),
    (-5.435455855934631, 4.645852612178535, 26.3124352495832),
])  # fmt: skip
"""(powers, channels): of how far a number is from the least (0) to the greatest (1)."""
_STEPS = 48
"""Colours in all: more are not told apart, and each one that is new to a cell must be sent."""
_DARKEST, _DIM = 0.12, 0.25
"""How much light is left to the least of viridis, and the share from which on it has all of it."""
_NEARLY_ALL = 0.99
_LIFT = 0.2
_BAR = 32
"""Columns of a bar, where there is room."""


@lru_cache(maxsize=8)
def of_activity(depth: ColorDepth) -> Shades | None:
    """Viridis, but from near black on: what is not active catches no eye. None where greys are what there is."""
    if depth in (ColorDepth.COLORS_16, ColorDepth.MONO):
        return None
    share = np.rint(np.linspace(0, _STEPS - 1, 256)) / (_STEPS - 1)
    light = _DARKEST + (1 - _DARKEST) * np.sqrt(np.minimum(1, share / _DIM))
    channels = light[:, None] * (share[:, None] ** np.arange(len(_VIRIDIS)) @ _VIRIDIS)
    return _available((channels.T * 255).clip(0, 255).astype(np.float32), depth)


def of_zero(ground: int, grey: int) -> int:
    """The colour of zero among signed numbers: the ground's, moved towards a grey."""
    return blend(ground, grey, _LIFT)


@lru_cache(maxsize=8)
def of_signed(depth: ColorDepth, low: float, high: float, colors: tuple[int, int, int], most: float) -> Shades | None:
    """From the colour of `-most` over that of zero to the one of `most`, `colors`; None where there are none.

    Levels stand for numbers from `low` to `high`; what is beyond `most` looks like it.
    """
    if depth is ColorDepth.MONO:
        return None
    if depth is ColorDepth.COLORS_16:
        return _of_sixteen(np.linspace(low, high, 256) / most, sum(unpack(colors[1])) < 3 * 128)
    below, ground, above = colors
    if depth is ColorDepth.COLORS_256:
        below, above = vivid(below), vivid(above)
    half = _STEPS // 2
    shares = np.rint(np.linspace(low, high, 256).clip(-most, most) / most * half) / half
    mixed = [unpack(blend(ground, below if share < 0 else above, abs(share))) for share in shares.tolist()]
    return _available(np.array(mixed, np.float32).T, depth)


_SIGNED_16 = (0x55FFFF, 0x00AAAA, 0x555555, 0xAA5500, 0xFFFF55)
"""Strong and weak below zero, zero, weak and strong above, on a dark ground: what contrasts is strong."""
_SIGNED_16_ON_LIGHT = (0x00AAAA, 0x55FFFF, 0xAAAAAA, 0xFFFF55, 0xAA5500)
_WEAK, _STRONG = 0.15, 0.6


def _of_sixteen(shares: NDArray[np.floating], dark: bool) -> Shades:
    """Few of sixteen colours lie between a hue and the ground: two steps on either side."""
    steps = (np.abs(shares) > _WEAK) * np.sign(shares) * (1 + (np.abs(shares) > _STRONG))
    colors = np.array(_SIGNED_16 if dark else _SIGNED_16_ON_LIGHT, np.int32)
    found: Shades = colors[steps.astype(np.intp) + 2]
    return found


def round_extent(numbers: NDArray[np.floating]) -> float:
    """The size that nearly all of them are within, up to one digit: 0.3 for 0.26, so that a scale seldom changes."""
    sizes = np.abs(numbers[np.isfinite(numbers)])
    most = float(np.quantile(sizes, _NEARLY_ALL, method="inverted_cdf")) if sizes.size else 0.0
    if not most:
        return 1.0
    unit = 10.0 ** math.floor(math.log10(most))
    return float(f"{math.ceil(round(most / unit, 3)) * unit:.1g}")


def _available(channels: Floats, depth: ColorDepth) -> Shades:
    """A colour of the terminal's for each of (3, 256) colours."""
    return pack(nearest(channels, depth))


def draw_bar(
    low: str, high: str, middle: str, columns: int, terminal: Terminal, tones: Tones, shades: Shades | None
) -> Cells:
    """A row with all colours of numbers between the words for the least and the greatest; `middle`, if any, is amid."""
    words: list[Piece] = [(f"{low} ", tones.dim), (f" {middle} " if middle else "", tones.dim), (f" {high}", tones.dim)]
    room = max(0, min(_BAR, columns - width(words)))
    room -= room % 2 if middle else 0
    cells = blank(1, columns)
    if not room:
        return cells
    bar = _bar(room, terminal, shades)
    parts = [bar.part(0, 0, 1, room // 2), bar.part(0, room // 2, 1, room - room // 2)] if middle else [bar]
    column = write(cells, 0, (columns - room - width(words)) // 2, *words[0])
    for number, part in enumerate(parts):
        paste(cells, part, 0, column)
        column = write(cells, 0, column + part.columns, *words[1 if number + 1 < len(parts) else 2])
    return cells


def _bar(columns: int, terminal: Terminal, shades: Shades | None) -> Cells:
    """All levels in a row."""
    if terminal.unicode and terminal.colors is ColorDepth.MONO:
        cells = blank(1, columns)
        cells.characters[0] = BLOCK_SHADES[np.rint(np.linspace(0, len(BLOCK_SHADES) - 1, columns)).astype(np.intp)]
        return cells
    across, down = terminal.dots
    levels = np.linspace(0, 255, columns * across, dtype=np.float32)[None, None].repeat(down, axis=1)
    return encode_each(levels[None], terminal, shades)[0]
