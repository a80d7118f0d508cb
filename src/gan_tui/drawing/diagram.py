"""A network as boxes joined by arrows, with the shapes that go in and come out, as Keras's plot_model draws it.

What a layer takes from another than the one above it comes by a line beside the boxes.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

from gan_tui.drawing.branches import Branch, Place, branches, draw, taken
from gan_tui.drawing.branches import width as lanes_width
from gan_tui.drawing.cells import Cells, blank
from gan_tui.drawing.colors import available_tones
from gan_tui.drawing.terminal import Terminal
from gan_tui.drawing.tones import DARK, Tones
from gan_tui.drawing.words import Piece, as_shown, clipped, width, write

Layer = Mapping[str, Any]
"""A row of the layer table: name, kind, layer, output_shape, parameters, trainable; `from`, where it has one."""

TextLine = tuple[list[Piece], list[Piece]]
"""What a line of text starts with, and what ends it."""

_LIGHT, _HEAVY = "╭─╮│╰╯┬▼├", "┏━┓┃┗┛┳▼┠"
_LIGHT_IN_ASCII, _HEAVY_IN_ASCII = "+-+|+++v+", "#=#|##+v+"
_BETWEEN = 1  # rows for the arrow from box to box
_LINES = (2, 3, 5)  # the parameters on a line of their own; then also the kind and the output shape
_WIDEST = 76
_NARROWEST = 30  # columns that lanes beside boxes leave for these
_APART = 3  # columns between two texts on a line
_MOST_SHAPES = 2  # that are told of what goes into a box


@dataclass(frozen=True)
class _Layout:
    """How the boxes are laid out: all have the same size."""

    wide: int
    lines: int
    """Lines of text in a box: the fewest of `_LINES` for which the pane is wide enough."""
    branches: Sequence[Branch] = ()
    """What goes beside the boxes."""

    @property
    def step(self) -> int:
        return self.lines + 2 + _BETWEEN


def draw_diagram(
    layers: Sequence[Layer],
    columns: int,
    *,
    terminal: Terminal,
    tones: Tones = DARK,
    selected: int | None = None,
) -> Cells:
    """The whole network, as many rows as it takes: the first layer on top, centred in the columns.

    `layers` are the rows of the layer table, the input first. Each box holds a layer's name, its kind with
    arguments, its input and output shapes and its parameters; the `selected` one has a heavy frame in the
    accent, and so have the lines to and from it their colour.
    """
    boxes, takes = _layout(layers, columns), taken(layers)
    cells = blank(max(0, len(layers) * boxes.step - _BETWEEN), columns)
    colors = available_tones(tones, terminal)
    left = (columns - boxes.wide - _beside(boxes.branches)) // 2
    for index, texts in enumerate(_texts(layers, boxes, colors, selected)):
        top = index * boxes.step
        chosen = index == selected
        _draw_frame(cells, (top, left), boxes, chosen, colors, terminal)
        if index + 1 < len(layers) and index in takes[index + 1]:
            _draw_arrow(cells, (top, left), boxes, chosen, colors, terminal)
        for row, (start, end) in enumerate(texts, top + 1):
            _write_line(cells, row, left + 2, boxes.wide - 4, start, end, terminal)
    place = Place(left + boxes.wide - 1, boxes.step, boxes.lines)
    draw(cells, boxes.branches, place, selected, (colors.accent, colors.dim), terminal)
    for branch in boxes.branches:
        chosen = branch.source == selected
        tee, color = _glyphs(chosen, terminal)[-1], colors.accent if chosen else colors.dim
        write(cells, place.out(branch.source), place.edge, tee, color)
    return cells


def box_at(layers: Sequence[Layer], columns: int, row: int) -> int | None:
    """Which layer's box is drawn on this row; None between boxes and beyond them."""
    boxes = _layout(layers, columns)
    index, inside = divmod(row, boxes.step)
    return index if 0 <= index < len(layers) and inside < boxes.step - _BETWEEN else None


def top_of(layers: Sequence[Layer], columns: int, index: int) -> int:
    """The first row of a layer's box."""
    return index * _layout(layers, columns).step


def box_rows(layers: Sequence[Layer], columns: int) -> int:
    """How high each box is, its frame included."""
    return _layout(layers, columns).step - _BETWEEN


def _layout(layers: Sequence[Layer], columns: int) -> _Layout:
    drawn = branches(taken(layers), most=max(0, (columns - _NARROWEST) // 2))
    room = min(columns - _beside(drawn), _WIDEST)
    needed, boxes = 0, _Layout(0, 0, drawn)
    for lines in _LINES:
        boxes = _Layout(0, lines, drawn)
        texts = [line for layer in _texts(layers, boxes) for line in layer]
        needed = max((width(start) + (_APART + width(end) if end else 0) for start, end in texts), default=0) + 4
        if needed <= room:
            break
    return replace(boxes, wide=min(needed, room))


def _beside(drawn: Sequence[Branch]) -> int:
    """Columns that lines take beside the boxes."""
    return lanes_width(1 + max((branch.lane for branch in drawn), default=-1))


def _texts(
    layers: Sequence[Layer], boxes: _Layout, tones: Tones = DARK, selected: int | None = None
) -> list[list[TextLine]]:
    """Each layer's lines of text."""
    takes = taken(layers)
    drawn = {(branch.source, user) for branch in boxes.branches for user in branch.users}
    into_box = [
        _given(layers, sources) or _shape(layer["output_shape"]) for layer, sources in zip(layers, takes, strict=True)
    ]
    longest = max(map(len, into_box), default=0)
    near = _near(layers, takes, selected)
    texts = []
    for index, layer in enumerate(layers):
        strong, dim = tones.accent if index == selected else tones.text, tones.dim
        name = [(str(layer["name"]), tones.accent if index in near else strong)]
        kind = [(_kind(layers, takes, index, drawn), dim)]
        into, out = [("in  ", dim), (into_box[index], strong)], [("out ", dim), (_shape(layer["output_shape"]), strong)]
        parameters = [(_parameters(layer, brief=boxes.lines == _LINES[-1]), dim)]
        both = [*into, (" " * (longest + 2 - len(into[1][0])), dim), *out]
        arranged: dict[int, list[TextLine]] = {
            2: [(name, kind), (both, parameters)],
            3: [(name, kind), (both, []), (parameters, [])],
            5: [(name, []), (kind, []), (into, []), (out, []), (parameters, [])],
        }
        texts.append(arranged[boxes.lines])
    return texts


def _given(layers: Sequence[Layer], sources: Sequence[int]) -> str:
    """The shapes that a layer takes: of several that are the same, one; of many, how many more."""
    shapes = list(dict.fromkeys(_shape(layers[source]["output_shape"]) for source in sources))
    more = [f"{len(shapes) - _MOST_SHAPES} more"] if len(shapes) > _MOST_SHAPES else []
    return " + ".join(shapes[:_MOST_SHAPES] + more)


def _kind(layers: Sequence[Layer], takes: Sequence[Sequence[int]], index: int, drawn: Set[tuple[int, int]]) -> str:
    """What a layer is; with what it takes where neither the box above nor a line says that."""
    words = str(layers[index]["kind" if layers[index]["kind"] == "Input" else "layer"])
    if all(source == index - 1 or (source, index) in drawn for source in takes[index]):
        return words
    return f"{words} ← {', '.join(str(layers[source]['name']) for source in takes[index])}"


def _near(layers: Sequence[Layer], takes: Sequence[Sequence[int]], selected: int | None) -> set[int]:
    """The layers that the selected one takes, and those that take it, where that is more than the boxes around it."""
    if selected is None or not any("from" in layer for layer in layers):
        return set()
    return {*takes[selected], *(index for index, sources in enumerate(takes) if selected in sources)}


def _shape(dimensions: Sequence[int]) -> str:
    return " × ".join(str(n) for n in dimensions)


def _parameters(layer: Layer, brief: bool) -> str:
    """'1,024 parameters, 512 fixed', or nothing for a layer without any."""
    total, fixed = int(layer["parameters"]), int(layer["parameters"]) - int(layer["trainable"])
    if not fixed:
        return f"{total:,} parameters" if total else ""
    return f"{total:,} ({fixed:,} fixed)" if brief else f"{total:,} parameters, {fixed:,} fixed"


def _draw_frame(
    cells: Cells, at: tuple[int, int], boxes: _Layout, chosen: bool, tones: Tones, terminal: Terminal
) -> None:
    if boxes.wide < 2:
        return
    corner, flat, corner_2, side, corner_3, corner_4, *_ = _glyphs(chosen, terminal)
    top, left = at
    bottom, right = top + boxes.lines + 1, left + boxes.wide - 1
    cells.characters[[top, bottom], left:right] = flat
    cells.characters[top:bottom, [left, right]] = side
    cells.characters[[top, top, bottom, bottom], [left, right, left, right]] = [corner, corner_2, corner_3, corner_4]
    color = tones.accent if chosen else tones.dim
    cells.foreground[top : bottom + 1, [left, right]] = color
    cells.foreground[[top, bottom], left : right + 1] = color


def _draw_arrow(
    cells: Cells, at: tuple[int, int], boxes: _Layout, chosen: bool, tones: Tones, terminal: Terminal
) -> None:
    *_, tee, tip, _ = _glyphs(chosen, terminal)
    row, column = at[0] + boxes.lines + 1, at[1] + boxes.wide // 2
    write(cells, row, column, tee, tones.accent if chosen else tones.dim)
    write(cells, row + 1, column, tip, tones.dim)


def _glyphs(chosen: bool, terminal: Terminal) -> list[str]:
    if terminal.unicode:
        return list(_HEAVY if chosen else _LIGHT)
    return list(_HEAVY_IN_ASCII if chosen else _LIGHT_IN_ASCII)


def _write_line(
    cells: Cells, row: int, column: int, room: int, start: list[Piece], end: list[Piece], terminal: Terminal
) -> None:
    """One piece after another from the left, the last ones against the right end if they still fit."""
    for text, color in start:
        text = clipped(as_shown(text, terminal), room, terminal)
        column, room = write(cells, row, column, text, color), room - len(text)
    for text, color in end:
        text = clipped(as_shown(text, terminal), room - _APART, terminal)
        write(cells, row, column + room - len(text), text, color)
