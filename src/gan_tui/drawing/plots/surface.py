"""A classifier's view of the unit square: which class it sees where, how surely, and the points it learns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from gan_tui.drawing.cells import DEFAULT, Cells, blank, paste
from gan_tui.drawing.colors import Floats, available, black_or_white, blend, nearest, nearest_color, pack, unpack
from gan_tui.drawing.crosshair import draw_crosshair
from gan_tui.drawing.pictures.blocks import ASCII_SHADES, BLOCK_SHADES, encode
from gan_tui.drawing.pictures.sampling import fit, interpolate
from gan_tui.drawing.terminal import ColorDepth, Terminal
from gan_tui.drawing.tones import Tones
from gan_tui.drawing.words import LEAST_LETTERS, as_shown, clipped, told_apart, write
from gan_tui.text import width

Ints = NDArray[np.intp]
Mode = Literal["class", "confidence"]

CLASS_COLORS = (
    *(0x56B4E9, 0xE69F00, 0x009E73, 0xCC79A7, 0xF0E442, 0xD55E00, 0x0072B2, 0x999999),
    *(0x882255, 0x44AA99),
)
"""Told apart with every kind of colour vision (Okabe and Ito 2008; the last two from Tol 2021)."""

_CLASS_AREAS_16 = (0x0000AA, 0xAA5500, 0x00AA00, 0xAA00AA, 0x00AAAA, 0xAA0000, 0x555555, 0xAAAAAA)
_MUTED = {ColorDepth.TRUECOLOR: 0.55, ColorDepth.COLORS_256: 0.4}  # more would leave only greys among 256 colours
"""How much of a class's colour gives way to the background in its area."""
_BOUNDARY = 0.2
"""A class that is less probable than the likeliest by no more than this has part in the colour."""
_CONTRAST = 0.3  # how much of it gives way to white or black in its points
_LEGEND_BESIDE = 5
"""Cells beside a name: two of its class, a gap after them, and two before the next."""
_DISCS = 80
"""How many radii of a point's disc a side of the square has."""
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class _ClassColors:
    """The colours of each class in its area and for its points, and the one where no class is seen."""

    areas: NDArray[np.int32]
    points: NDArray[np.int32]
    nothing: int


def draw_surface(
    probabilities: NDArray[np.floating],
    points: NDArray[np.floating],
    labels: NDArray[np.integer],
    columns: int,
    rows: int,
    terminal: Terminal,
    *,
    mode: Mode = "class",
    background: int = 0x1E1E2E,
    cursor: tuple[float, float] | None = None,
) -> Cells:
    """The largest square in columns x rows that shows the unit square, y upwards, with a mark for each point.

    `probabilities` is (classes, height, width), 0…1; [k, i, j] is class k at x = j / width, y = i / height, as
    over numpy.mgrid[0:1:1/n]. `points` is (n, 2) of x and y in 0…1, `labels` their (n,) classes. In mode "class"
    an area has the colour of its likeliest class; in mode "confidence" it passes into the next one's at their boundary,
    and fades into the `background` (0xRRGGBB) as that class comes near to chance. A cross hair surrounds
    the cell of the `cursor`, (x, y).
    """
    canvas = blank(rows, columns)
    wide, high = fit(1, 1, columns, rows)
    if not (wide and high):
        return canvas
    across, down = terminal.dots
    values = interpolate(np.nan_to_num(probabilities), down * high, across * wide)[:, ::-1]
    winner, sure = values.argmax(axis=0), _confidence(values)
    row, column, label = _places(points, labels, (high, wide), terminal)
    at = (row // down, column // across)
    if terminal.colors is ColorDepth.MONO:
        square = _shaded(winner[::down, ::across], sure[::down, ::across], len(values), mode, terminal.unicode)
    else:
        colors = _class_colors(len(values), background, terminal.colors)
        pixels = _painted(values, sure, colors, mode, terminal.colors)
        square = encode(pixels, terminal)
        if mode == "class":
            _purified(square, colors.areas, terminal.colors)
        ground, ink = _mark_colors(label, pixels[:, row, column], colors, terminal.colors)
        square.background[at], square.foreground[at] = ground, ink
    square.characters[at] = _marks(label, terminal)
    if cursor is not None:
        column_at, row_at = _cell(*cursor, wide, high)
        keep = bool(((at[0] == row_at) & (at[1] == column_at)).any())
        draw_crosshair(square, column_at, row_at, terminal, keep=keep)
    paste(canvas, square, (rows - high) // 2, (columns - wide) // 2)
    return canvas


def surface_pixels(
    probabilities: NDArray[np.floating],
    points: NDArray[np.floating],
    labels: NDArray[np.integer],
    side: int,
    background: int,
) -> NDArray[np.uint8]:
    """(side, side, 3): the unit square by classes in real pixels, a disc for each point; the rest as `draw_surface`."""
    values = interpolate(np.nan_to_num(probabilities), side, side)[:, ::-1]
    colors = _class_colors(len(values), background, ColorDepth.TRUECOLOR)
    pixels = np.moveaxis(_painted(values, _confidence(values), colors, "class", ColorDepth.TRUECOLOR), 0, -1)
    painted: NDArray[np.uint8] = np.rint(pixels).astype(np.uint8)
    radius = max(1, side // _DISCS)
    down, across = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    disc = down**2 + across**2 <= radius**2
    column, row = (points[:, 0] * side).astype(np.intp), ((1 - points[:, 1]) * side).astype(np.intp)
    rows, columns = (at[:, None] + way[disc] for at, way in ((row, down), (column, across)))
    own = np.moveaxis(_channels(colors.points[labels % len(colors.points)]), 0, -1)
    painted[rows.clip(0, side - 1), columns.clip(0, side - 1)] = own[:, None]
    return painted


def read_off(probabilities: NDArray[np.floating], x: float, y: float) -> NDArray[np.float64]:
    """(classes,) of the surface's values at a point of the unit square, linearly between the nearest four.

    `probabilities` is (classes, height, width) as for `draw_surface`.
    """
    high, wide = probabilities.shape[1:]
    (i, down), (j, across) = _between(y, high), _between(x, wide)
    corners = probabilities[:, i : i + 2, j : j + 2].astype(np.float64)
    weights = np.outer([1 - down, down][: min(2, high)], [1 - across, across][: min(2, wide)])
    values: NDArray[np.float64] = np.tensordot(corners, weights, 2)
    return values


def _between(place: float, number: int) -> tuple[int, float]:
    """Which of so many values lies before a place (0…1) on their side, and how much of the next one counts."""
    at = min(max(place, 0.0) * number, number - 1.0)
    before = max(0, min(int(at), number - 2))
    return before, at - before


def draw_legend(cells: Cells, names: Sequence[str], terminal: Terminal, tones: Tones) -> None:
    """In the first row, each class's mark on its own ground and its name; so many as there is room for."""
    short = told_apart(names, cells.columns // max(1, len(names)) - _LEGEND_BESIDE, terminal)
    if len(names) and not all(short):  # beginnings of the first ones say more than nothing of any
        short = [clipped(as_shown(name, terminal), LEAST_LETTERS + 1, terminal) for name in names]
    if sum(map(width, names)) + len(names) * _LEGEND_BESIDE <= cells.columns:
        short = [as_shown(name, terminal) for name in names]
    ground, column = _grounds(len(names), terminal, tones.background), 0
    text = available(tones.text, terminal)
    for number, name in enumerate(short):
        if column + width(name) + _LEGEND_BESIDE - 1 > cells.columns:
            return
        paste(cells, ground.part(0, 2 * number, 1, 2), 0, column)
        column = write(cells, 0, column + 3, name, text) + 2


def _grounds(classes: int, terminal: Terminal, background: int) -> Cells:
    """Two cells of each class in a row: its area, and a point of it in its area."""
    each, label = blank(1, 2 * classes), np.arange(classes)
    if terminal.colors is ColorDepth.MONO:
        each.characters[0, ::2] = _shaded(
            label, np.ones(classes, np.float32), classes, "class", terminal.unicode
        ).characters
    else:
        colors = _class_colors(classes, background, terminal.colors)
        area = _channels(colors.areas)
        ground, ink = _mark_colors(label, area, colors, terminal.colors)
        each.background[0, ::2] = pack(nearest(area, terminal.colors))
        each.background[0, 1::2], each.foreground[0, 1::2] = ground, ink
    each.characters[0, 1::2] = _marks(label, terminal)
    return each


def place_of(column: int, row: int, columns: int, rows: int) -> tuple[float, float] | None:
    """The point (x, y) amid a cell of a surface drawn in columns x rows; None for a cell beside it."""
    wide, high = fit(1, 1, columns, rows)
    column, row = column - (columns - wide) // 2, row - (rows - high) // 2
    if not (0 <= column < wide and 0 <= row < high):
        return None
    return (column + 0.5) / wide, 1 - (row + 0.5) / high


def cell_of(x: float, y: float, columns: int, rows: int) -> tuple[int, int]:
    """The (column, row) of the cell that holds a point of a surface drawn in columns x rows."""
    wide, high = fit(1, 1, columns, rows)
    column, row = _cell(x, y, wide, high)
    return column + (columns - wide) // 2, row + (rows - high) // 2


def _cell(x: float, y: float, wide: int, high: int) -> tuple[int, int]:
    """(column, row) in the square itself."""
    return min(max(int(x * wide), 0), wide - 1), min(max(int((1 - y) * high), 0), high - 1)


def _confidence(values: Floats) -> Floats:
    """How far the most probable class is from chance (0) to certainty (1)."""
    chance = 1 / len(values)
    sure: Floats = np.clip((values.max(axis=0) - chance) / max(1 - chance, 1e-6), 0, 1)
    return sure


def _places(
    points: NDArray[np.floating], labels: NDArray[np.integer], size: tuple[int, int], terminal: Terminal
) -> tuple[Ints, Ints, Ints]:
    """Row and column, in dots, and class of a mark for each cell with points; the commonest class wins.

    `size` is (rows, columns) of cells.
    """
    (high, wide), (across, down) = size, terminal.dots
    column = np.clip((points[:, 0] * wide * across).astype(np.intp), 0, wide * across - 1)
    row = np.clip(((1 - points[:, 1]) * high * down).astype(np.intp), 0, high * down - 1)
    cell = row // down * wide + column // across
    votes = np.zeros((high * wide, int(labels.max(initial=0)) + 1), dtype=np.intp)
    np.add.at(votes, (cell, labels), 1)
    winner = votes.argmax(axis=1)
    _, first = np.unique(np.where(labels == winner[cell], cell, -1), return_index=True)
    first = first[labels[first] == winner[cell[first]]]
    return row[first], column[first], labels[first].astype(np.intp)


def _class_colors(classes: int, background: int, depth: ColorDepth) -> _ClassColors:
    if depth is ColorDepth.COLORS_16:
        areas, strong, nothing = list(_CLASS_AREAS_16), list(_CLASS_AREAS_16), 0
    else:
        against = 0xFFFFFF if sum(unpack(background)) < 3 * 128 else 0
        areas = [blend(color, background, _MUTED[depth]) for color in CLASS_COLORS]
        strong = [nearest_color(blend(color, against, _CONTRAST), depth) for color in CLASS_COLORS]
        nothing = background
    cycled = [areas[k % len(areas)] for k in range(classes)]
    return _ClassColors(np.array(cycled, dtype=np.int32), np.array(strong, dtype=np.int32), nothing)


def _painted(values: Floats, sure: Floats, colors: _ClassColors, mode: Mode, depth: ColorDepth) -> Floats:
    """(3, height, width) of 0…255."""
    areas = _channels(colors.areas)
    if mode == "class" or depth is ColorDepth.COLORS_16:
        painted = areas[:, values.argmax(axis=0)]  # of sixteen colours none is between two
    else:
        near = np.maximum(1 - (values.max(axis=0) - values) / _BOUNDARY, 0)
        painted = np.rint(np.tensordot(areas, near / near.sum(axis=0), 1)).astype(np.float32)
    if mode == "class":
        return painted
    nothing = np.array(unpack(colors.nothing), dtype=np.float32)[:, None, None]
    return nothing + (painted - nothing) * (np.rint(sure) if depth is ColorDepth.COLORS_16 else sure)


def _channels(colors: NDArray[np.int32]) -> Floats:
    """(3, …) of 0…255."""
    return np.stack([colors >> shift & 255 for shift in (16, 8, 0)]).astype(np.float32)


def _purified(square: Cells, areas: NDArray[np.int32], depth: ColorDepth) -> None:
    """Where three classes meet in a cell, which has two colours, let none be a mixture."""
    own = nearest(_channels(areas), depth)
    for colors in (square.foreground, square.background):
        there = colors != DEFAULT
        distance = ((_channels(colors[there])[:, :, None] - own[:, None]) ** 2).sum(axis=0)
        colors[there] = pack(own)[distance.argmin(axis=1)]


def _mark_colors(
    label: Ints, pixels: Floats, colors: _ClassColors, depth: ColorDepth
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Ground and ink of marks on (3, n) pixels: the class's own ink on what is there.

    Of sixteen colours few are sure to differ from each other: there the ground is the class's, the ink black or white.
    """
    own = colors.points[label % len(colors.points)]
    if depth is ColorDepth.COLORS_16:
        return own, black_or_white(np.array([own >> 16, own >> 8 & 255, own & 255], dtype=np.float32))
    return pack(nearest(pixels, depth)), own


def _shaded(winner: Ints, sure: Floats, classes: int, mode: Mode, unicode: bool) -> Cells:
    """Without colours: a shade for each class, or for the doubt, by a dot of each cell."""
    shades = BLOCK_SHADES[:4] if unicode and (mode == "confidence" or classes <= 4) else ASCII_SHADES
    if mode == "confidence":
        level = np.rint((1 - sure) * (len(shades) - 1)).astype(np.intp)
    else:
        ladder = np.linspace(0, min(len(shades) - 1, (classes - 1) * (1 if unicode else 3)), classes)
        level = np.rint(ladder).astype(np.intp)[winner]
    unset = np.full(level.shape, DEFAULT, np.int32)
    return Cells(shades[level], unset, unset.copy())


def _marks(labels: Ints, terminal: Terminal) -> NDArray[np.str_]:
    if terminal.unicode and terminal.colors is not ColorDepth.MONO:
        return np.full(labels.shape, "●")
    return np.array(list(_DIGITS))[labels % len(_DIGITS)]
