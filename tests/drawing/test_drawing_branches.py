"""Lines beside the boxes of a diagram lead from each layer to just those that take it."""

import random
import time
from typing import Any

import numpy as np
import pytest

from gan_tui.drawing.cells import Cells
from gan_tui.drawing.diagram import box_at, box_rows, draw_diagram, top_of
from gan_tui.drawing.terminal import ColorDepth, Terminal
from gan_tui.drawing.tones import Tones

TRUECOLOR, PLAIN = Terminal(), Terminal(ColorDepth.MONO, unicode=False)
ACCENT = Tones().accent

Rows = list[dict[str, Any]]


def row(name: str, sources: list[str] | None = None) -> dict[str, Any]:
    shown = {"kind": "Add", "layer": "Add", "output_shape": [4], "parameters": 0, "trainable": 0}
    return {"name": name, **shown, **({} if sources is None else {"from": sources})}


RESIDUAL = [row("a"), row("b"), row("c"), row("sum", ["a", "c"])]


def text(rows: Rows, columns: int = 40, **how: Any) -> list[str]:
    drawn = draw_diagram(rows, columns, terminal=how.pop("terminal", TRUECOLOR), **how)
    return [line.strip() for line in drawn.text().split("\n")]


def test_a_residual_connection_is_a_line_beside_the_boxes() -> None:
    assert text(RESIDUAL) == [
        "╭─────────────────╮",
        "│ a           Add │",
        "│ in  4  out 4    ├──╮",
        "╰────────┬────────╯  │",
        "▼           │",
        "╭─────────────────╮  │",
        "│ b           Add │  │",
        "│ in  4  out 4    │  │",
        "╰────────┬────────╯  │",
        "▼           │",
        "╭─────────────────╮  │",
        "│ c           Add │  │",
        "│ in  4  out 4    │  │",
        "╰────────┬────────╯  │",
        "▼           │",
        "╭─────────────────╮  │",
        "│ sum         Add │◄─╯",
        "│ in  4  out 4    │",
        "╰─────────────────╯",
    ]


def test_it_can_be_read_in_ascii() -> None:
    lines = text(RESIDUAL, terminal=PLAIN)
    assert lines[2] == "| in  4  out 4    +--+"
    assert lines[16] == "| sum         Add |<-+"
    assert all(line.isascii() for line in lines)


def test_there_is_no_arrow_where_the_next_box_takes_another() -> None:
    rows = [row("a"), row("left", ["a"]), row("right", ["a"]), row("sum", ["left", "right"])]
    del rows[1]["from"]
    drawn = draw_diagram(rows, 60, terminal=TRUECOLOR)
    arrows = {line for line in range(drawn.rows) if "▼" in drawn.characters[line]}
    assert arrows == {top_of(rows, 60, 1) - 1, top_of(rows, 60, 3) - 1}


def test_inputs_that_are_not_taken_in_a_row_have_no_arrow_between_them() -> None:
    rows = [row("image"), row("label", []), row("both", ["image", "label"])]
    assert [line for line in text(rows) if "▼" in line] == ["▼           │"]
    assert edges(rows, 60) == {("image", "both")}


@pytest.mark.parametrize("selected", ["a", "sum"])
def test_what_the_chosen_layer_takes_and_gives_is_in_its_colour(selected: str) -> None:
    rows = [*RESIDUAL, row("d"), row("end", ["a", "d"])]
    place = [each["name"] for each in rows].index(selected)
    drawn = draw_diagram(rows, 60, terminal=TRUECOLOR, selected=place)
    lane = int(np.flatnonzero((drawn.characters == "╮").any(axis=0))[-1])
    found = {line for line in range(drawn.rows) if drawn.foreground[line, lane] == ACCENT}
    first, last = 2, top_of(rows, 60, 5 if selected == "a" else 3) + 1
    assert found == set(range(first, last + 1)), "as far as it goes, and no farther"
    named = {
        each["name"]
        for index, each in enumerate(rows)
        for line in [top_of(rows, 60, index) + 1]
        if drawn.foreground[line, drawn.characters[line].tolist().index(each["name"][0])] == ACCENT
    }
    assert named == ({"a", "b", "sum", "end"} if selected == "a" else {"a", "c", "sum", "d"})


def test_what_finds_no_room_is_said_in_words() -> None:
    rows = [row(f"layer{n}") for n in range(6)] + [row("all", [f"layer{n}" for n in range(6)])]
    assert any("Add ← layer0, layer1" in line for line in text(rows, 34))
    assert not any("←" in line for line in text(rows, 80))
    assert {len(line) for line in draw_diagram(rows, 34, terminal=TRUECOLOR).text().split("\n")} == {34}


def test_a_box_says_which_shapes_come_in_and_of_many_how_many() -> None:
    rows = [{**row(f"n{n}"), "output_shape": [n + 1]} for n in range(5)]
    for names, told in ((["n0", "n1", "n0"], "in  1 + 2"), (["n0", "n1", "n2", "n3", "n4"], "in  1 + 2 + 3 more")):
        lines = text([*rows, row("all", names)], 100)
        assert lines[-2].startswith(f"│ {told}  "), lines[-2]


def test_a_large_network_is_drawn_at_once() -> None:
    """Each of 200 layers takes the 16 before it."""
    rows = [row(f"n{n}", [f"n{m}" for m in range(max(0, n - 16), n)]) for n in range(200)]
    began = time.process_time()
    draw_diagram(rows, 120, terminal=TRUECOLOR, selected=100)
    assert time.process_time() - began < 10, "as many ways as there are pairs were looked at"


def test_a_choice_with_the_mouse_finds_the_box() -> None:
    for columns in (34, 60, 100):
        drawn = draw_diagram(RESIDUAL, columns, terminal=TRUECOLOR)
        found = [box_at(RESIDUAL, columns, line) for line in range(drawn.rows)]
        assert [found.count(index) for index in range(4)] == [box_rows(RESIDUAL, columns)] * 4


def test_rows_of_which_nothing_true_is_said_are_drawn_still() -> None:
    rows = [row("a", ["zz"]), row("b", ["b"]), row("c", ["a", "a"])]
    assert edges(rows, 60) == {("a", "c")}


@pytest.mark.parametrize("seed", range(25))
def test_every_line_can_be_followed_back_to_where_it_comes_from(seed: int) -> None:
    random_ = random.Random(seed)
    rows: Rows = [row("n0")]
    for n in range(1, random_.randrange(3, 16)):
        before = [each["name"] for each in rows]
        rows.append(row(f"n{n}", random_.sample(before, min(len(before), random_.randrange(1, 4)))))
    expected = {
        (source, each["name"])
        for index, each in enumerate(rows)
        for source in each.get("from", ())
        if source != rows[index - 1]["name"]
    }
    assert edges(rows, 76) == expected


def edges(rows: Rows, columns: int) -> set[tuple[str, str]]:
    """(source, user) of every line beside the boxes, as an eye would follow it."""
    drawn = draw_diagram(rows, columns, terminal=TRUECOLOR)
    found = set()
    for line, column in np.argwhere(drawn.characters == "◄").tolist():
        for start in _starts(drawn, line, column + 1):
            user, source = box_at(rows, columns, line), box_at(rows, columns, start)
            assert user is not None and source is not None
            found.add((rows[source]["name"], rows[user]["name"]))
    return found


def _starts(drawn: Cells, line: int, column: int) -> list[int]:
    """The rows at which lines begin that come to (line, column) from the right."""
    found = []
    while True:
        here = drawn.characters[line, column]
        if here in "╯┴┤┼":
            above = line - 1
            while drawn.characters[above, column] != "╮":
                assert drawn.characters[above, column] in "│┤┼", drawn.text()
                above -= 1
            found.append(above)
        if here not in "─│┴┼":
            return found
        column += 1
