"""The network's diagram: every layer's box says what goes in and comes out, at any width."""

from typing import Any

import numpy as np
import pytest

from gan_tui.drawing.diagram import box_at, box_rows, draw_diagram, top_of
from gan_tui.drawing.terminal import ColorDepth, Terminal
from gan_tui.drawing.tones import Tones
from gan_tui.text import width

TRUECOLOR, PLAIN = Terminal(), Terminal(ColorDepth.MONO, unicode=False)


def layer(name: str, kind: str, words: str, shape: list[int], parameters: int = 0, fixed: int = 0) -> dict[str, Any]:
    return {
        "name": name,
        "kind": kind,
        "layer": words,
        "output_shape": shape,
        "parameters": parameters,
        "trainable": parameters - fixed,
    }


LAYERS = [
    layer("input", "Input", "input", [28, 28, 1]),
    layer("conv2d", "Conv2D", "Conv2D 32 3×3 same relu", [28, 28, 32], 320),
    layer("batch_normalization", "BatchNormalization", "BatchNormalization 0.9", [28, 28, 32], 128, 64),
    layer("flatten", "Flatten", "Flatten", [25088]),
    layer("dense", "Dense", "Dense 10 softmax", [10], 250890),
]


def words_of(lines: list[str]) -> list[str]:
    return " ".join(lines).replace("│", " ").replace("┃", " ").split()


@pytest.mark.parametrize("columns", [30, 44, 60, 80, 110])
def test_each_box_holds_name_kind_shapes_and_parameters(columns: int) -> None:
    lines = draw_diagram(LAYERS, columns, terminal=TRUECOLOR).text().split("\n")
    for index, row in enumerate(LAYERS):
        top = top_of(LAYERS, columns, index)
        words = words_of(lines[top + 1 : top + box_rows(LAYERS, columns) - 1])
        into, out = ("×".join(map(str, LAYERS[max(0, k)]["output_shape"])) for k in (index - 1, index))
        expected = [row["name"], *(row["layer"] if index else "Input").split(), "in", into, "out", out]
        if row["parameters"]:
            expected += [f"{row['parameters']:,}"]
        assert "".join(words).startswith("".join(expected)), columns
    assert "fixed" in " ".join(lines)
    assert len({len(line) for line in lines}) == 1 and len(lines[0]) == columns


@pytest.mark.parametrize("columns", [1, 8, 30, 44, 60, 80])
def test_rows_lead_to_boxes_and_back(columns: int) -> None:
    cells = draw_diagram(LAYERS, columns, terminal=TRUECOLOR)
    found = [box_at(LAYERS, columns, row) for row in range(cells.rows)]
    assert [found.index(k) for k in range(5)] == [top_of(LAYERS, columns, k) for k in range(5)]
    assert found.count(None) == 4
    assert box_at(LAYERS, columns, -1) is None and box_at(LAYERS, columns, cells.rows) is None
    if columns >= 30:
        tops = [row for row in range(cells.rows) if "╭" in cells.characters[row]]
        assert tops == [top_of(LAYERS, columns, k) for k in range(5)]


def test_the_selected_box_differs_without_moving_anything() -> None:
    plain = draw_diagram(LAYERS, 80, terminal=TRUECOLOR)
    cells = draw_diagram(LAYERS, 80, terminal=TRUECOLOR, selected=2)
    changed = np.flatnonzero((plain.characters != cells.characters).any(axis=1))
    assert {box_at(LAYERS, 80, int(row)) for row in changed} == {2}
    assert (cells.foreground == Tones().accent).any() and not (plain.foreground == Tones().accent).any()
    in_ascii = draw_diagram(LAYERS, 80, terminal=PLAIN, selected=2).text()
    assert in_ascii.isascii() and in_ascii.count("#=") == 2 and "28 x 28 x 32" in in_ascii


def test_boxes_are_joined_by_arrows_and_centred() -> None:
    cells = draw_diagram(LAYERS, 80, terminal=TRUECOLOR)
    lines = cells.text().split("\n")
    assert [line.strip() for line in lines].count("▼") == 4
    used = np.flatnonzero((cells.characters != " ").any(axis=0))
    assert abs(int(used[0]) - (79 - int(used[-1]))) <= 1


def test_strange_names_stay_inside_their_box() -> None:
    layers = [LAYERS[0], layer("损" + "x" * 200, "Dense", "Dense \x1b[31m", [3], 12)]
    for columns in (0, 1, 2, 3, 5, 30, 80):
        cells = draw_diagram(layers, columns, terminal=TRUECOLOR)
        assert cells.columns == columns and "\x1b" not in cells.text()
        assert {width(line) for line in cells.text().split("\n")} == {columns}, "also with a letter two cells wide"
    assert draw_diagram([], 40, terminal=TRUECOLOR).rows == 0
