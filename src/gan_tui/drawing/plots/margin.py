"""What stands at the ends of curves, to the right of their canvas: their names and newest values, level with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np

from gan_tui.drawing.cells import Cells
from gan_tui.drawing.colors import available
from gan_tui.drawing.plots.curves import Panel
from gan_tui.drawing.plots.panel import Level
from gan_tui.drawing.plots.strokes import ASCII_MARKS, number_of
from gan_tui.drawing.plots.ticks import LONGEST_VALUE, value_text
from gan_tui.drawing.terminal import ColorDepth, Terminal
from gan_tui.drawing.tones import Tones
from gan_tui.drawing.words import Piece, as_shown, write_pieces
from gan_tui.drawing.words import width as width_of
from gan_tui.text import cut, width

_NEAR = 1.0
"""Rows between the middle of a label and the end of its curve."""
_LARGEST_SHARE = 0.25
"""Of all columns, for names and values."""
_KEYS = ("━━", "╍╍", "┈┈", "╺━", "━╸", "··", "╌╌", "━╍")
"""How a curve looks where there are no colours."""


class Form(Enum):
    """How names and values stand beside a chart."""

    BESIDE = "name and value on one row"
    BELOW = "the value below its name"
    VALUES = "values alone: the names are in the title"


@dataclass(frozen=True)
class Margin:
    """What is beside all charts, whatever stands there: nothing comes and goes with a digit."""

    form: Form
    columns: int
    room: int
    """Columns of a value."""


@dataclass(frozen=True)
class Label:
    """What is said of a curve."""

    key: str
    """How it looks, where its colour does not tell."""
    name: str
    value: str
    color: int
    row: float | None
    """Where it ends, in rows from above; None where it has no end to be seen."""
    tag: str = ""
    """What tells it from others where its name has no room."""


def label(
    panel: Panel, index: int, terminal: Terminal, row: float | None = 0.0, step: float = 0.0, room: int = LONGEST_VALUE
) -> Label:
    """What is said of one of a panel's curves that ends in a row; values a `step` apart are told apart."""
    curve = panel.curves[index]
    number = number_of(curve, index)
    colors_tell = terminal.unicode and terminal.colors is not ColorDepth.MONO
    key = "" if colors_tell else key_of(number, terminal)
    newest = curve.newest
    value = "" if newest is None else value_text(newest, step, room) if np.isfinite(newest) else "NaN"
    return Label(key, as_shown(curve.name, terminal), value, available(curve.color, terminal), row, curve.tag)


def key_of(number: int, terminal: Terminal) -> str:
    """How a curve with that number looks, in two columns."""
    if not terminal.unicode:
        return ASCII_MARKS[number % len(ASCII_MARKS)] * 2
    return _KEYS[number % len(_KEYS)] if terminal.colors is ColorDepth.MONO else _KEYS[0]


def named(panel: Panel) -> list[int]:
    """The places of the curves of which something is said."""
    return [index for index, curve in enumerate(panel.curves) if curve.name]


def margin_of(panels: Sequence[Sequence[Label]], columns: int, rows: int, room: int) -> Margin:
    """The one with most names that there is room for beside panels of so many rows each."""
    names = max((width(_named(label)) for labels in panels for label in labels), default=0)
    most = int(columns * _LARGEST_SHARE)
    if names + 1 + room <= most and rows >= max(map(len, panels), default=0):
        return Margin(Form.BESIDE, names + 2 + room, room)
    if max(names, room) <= most and rows >= 2 * max(map(len, panels), default=0):
        return Margin(Form.BELOW, max(names, room) + 1, room)
    tags = max((width(label.tag) + 1 for labels in panels for label in labels if label.tag), default=0)
    return Margin(Form.VALUES, room + 1 + tags, room)


def _named(label: Label) -> str:
    return f"{label.key} {label.name}".strip()


def write_labels(
    cells: Cells,
    labels: Sequence[Label],
    were: Sequence[int | None],
    margin: Margin,
    tones: Tones,
    terminal: Terminal,
) -> tuple[int | None, ...]:
    """Each label as near to the end of its curve as others leave room; returns their rows.

    One that was on a row (`were`) stays there while its curve ends no more than a row away.
    """
    high = 2 if margin.form is Form.BELOW else 1
    before = were if len(were) == len(labels) else [None] * len(labels)
    wanted = {
        index: row if (row := before[index]) is not None and abs(label.row - row - 0.5) <= _NEAR else int(label.row)
        for index, label in enumerate(labels)
        if label.row is not None
    }
    order = sorted(wanted, key=lambda index: (labels[index].row or 0.0, index))
    order = _with_ends(order, cells.rows // high)
    found = dict(zip(order, _apart([wanted[index] for index in order], high, cells.rows), strict=True))
    for index, row in found.items():
        _write_label(cells, labels[index], row, margin, available(tones.text, terminal))
    return tuple(found.get(index) for index in range(len(labels)))


def _write_label(cells: Cells, label: Label, row: int, margin: Margin, text: int) -> None:
    if margin.form is Form.VALUES:
        write_pieces(cells, row, 1, [(f"{label.tag} {label.value}".strip(), label.color)])
        return
    write_pieces(cells, row, 1, [(_named(label), label.color)])
    if margin.form is Form.BESIDE:
        write_pieces(cells, row, cells.columns - margin.room, [(label.value.rjust(margin.room), text)])
    else:
        write_pieces(cells, row + 1, 1, [(label.value, text)])


def _with_ends(order: list[int], most: int) -> list[int]:
    """Where not all have room, the first and the last, one of which is the best, and some between them."""
    if len(order) <= most:
        return order
    kept = np.unique(np.linspace(0, len(order) - 1, max(1, most)).round().astype(int)) if most > 1 else [len(order) - 1]
    return [order[place] for place in kept]


def _apart(wanted: list[int], high: int, rows: int) -> list[int]:
    """Rows as near to the wanted ones, which rise, as labels of that height can be without covering each other."""
    found = list[int]()
    for number, row in enumerate(wanted):  # which may fall where some stay
        lowest = rows - high * (len(wanted) - number)
        found.append(max(min(row, lowest), found[-1] + high if found else 0))
    return found


def write_title(
    cells: Cells,
    titles: Sequence[str],
    chosen: bool,
    labels: Sequence[Label],
    levels: Sequence[Level],
    form: Form,
    tones: Tones,
    terminal: Terminal,
) -> Sequence[Level]:
    """The line above a canvas: what is measured, in ever fewer words, the names that do not stand beside it, and what
    values are compared with. Returns the levels that are named.
    """
    if chosen and terminal.colors is ColorDepth.MONO:
        titles = [as_shown(f"▸ {title}", terminal) for title in titles]
    color, dim = (available(tone, terminal) for tone in (tones.accent if chosen else tones.dim, tones.dim))
    named = form is Form.VALUES and (len(labels) > 1 or terminal.colors is ColorDepth.MONO)
    long = [f"  {level.sign} {level.words}" for level in levels]
    short = [f"  {level.sign} {level.short}" for level in levels]
    keys = [*((title, words, 99) for title in titles for words in (long, short))]
    keys += [(titles[-1], short[:count], 99) for count in range(len(levels) - 1, -1, -1)]
    have_tags = all(label.tag for label in labels)
    keys += [(titles[-1], [], most) for most in ((12, 8, 0) if have_tags else (12, 8, 5, 3))]
    for title, compared, most in keys:
        names: list[Piece] = [
            (f"  {label.key or _KEYS[0]} {cut(label.name, most) if most else label.tag}", label.color)
            for label in labels
            if named
        ]
        pieces: list[Piece] = [(title, color), *names, *((words, dim) for words in compared)]
        if width_of(pieces) <= cells.columns:
            break
    write_pieces(cells, 0, 0, pieces)
    return levels[: len(compared)]
