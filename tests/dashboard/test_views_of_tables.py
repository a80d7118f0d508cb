"""Views of a table: surfaces between axes in the data's own units, answers row by row, numbers beside what is true."""

import dataclasses
from typing import Any

import numpy as np
import pytest

from gan_tui import presets
from gan_tui.dashboard.themes import inks
from gan_tui.dashboard.views.available import Views
from gan_tui.dashboard.views.base import Scene, View
from gan_tui.drawing.cells import DEFAULT, Cells
from gan_tui.drawing.terminal import ColorDepth, Terminal
from gan_tui.run.events import Answers, Picture, Record, Started, from_line, to_line
from gan_tui.run.pictures import Tiles
from gan_tui.run.state import RunState
from recorded import started

TRUECOLOR, PLAIN = Terminal(ColorDepth.TRUECOLOR), Terminal(ColorDepth.MONO, unicode=False)
MARKS = "●•"
INCOME = {"name": "income in k€", "low": 20.0, "high": 60.0}
AGE = {"name": "age", "low": 10.0, "high": 90.0}
TABLE: dict[str, Any] = {"label": "buys", "held_back": True, "columns": ["income in k€", "age"], "axes": [INCOME, AGE]}


def state_of(preset: str, table: dict[str, Any], answers: list[list[float]], **more: Any) -> RunState:
    """A run as a viewer reads it, from lines."""
    begun = started(presets.find(preset))
    dataset = {**begun.dataset, "name": "mine.csv", "names": ["no", "yes"], "table": table, **more}
    events = [dataclasses.replace(begun, dataset=dataset), Answers(7, answers)]
    state = RunState()
    for seq, event in enumerate(events):
        state = state.apply(from_line(to_line(Record(seq, 1.0 + seq, event))))
    return state


def view_named(state: RunState, name: str) -> View:
    return next(view for view in Views().of(state) if view.name == name)


def scene(state: RunState, terminal: Terminal = TRUECOLOR, **tiles: Tiles) -> Scene:
    return Scene(state, {(tag, 7): found for tag, found in tiles.items()}, inks(True), terminal)


def marks(cells: Cells) -> np.ndarray:
    """(row, column) of each mark."""
    return np.argwhere(np.isin(cells.characters, list(MARKS)))


# The surface ------------------------------------------------------------------------------


@pytest.fixture
def surface() -> tuple[RunState, Tiles]:
    """Whoever is older than 50 buys; two people are known."""
    high = np.repeat((np.arange(100) >= 50).astype(float)[:, None], 100, axis=1)
    tiles = Tiles.of_numbers("surface", "surface", np.stack([1 - high, high])[..., None], 0.0, 1.0, fine=True)
    state = state_of(
        "plane", {**TABLE, "truth": [0, 1], "rows": [["25", "30"], ["50", "70"]]}, [[1, 0], [0, 1]],
        points=[[0.125, 0.25, 0], [0.75, 0.75, 1]],
    )  # fmt: skip
    return state.apply(Record(9, 9.0, Picture("surface", 7, "x.png", "surface"))), tiles


def test_a_surface_stands_between_axes_in_the_datas_own_units(surface: tuple[RunState, Tiles]) -> None:
    state, tiles = surface
    cells, note = view_named(state, "surface").draw(scene(state, surface=tiles), 60, 30)
    lines = cells.text().split("\n")
    assert note == "by class" and [line.strip() for line in lines if "age" in line] == ["age"]
    assert lines[-1].rstrip().endswith("income in k€")
    ticks = next(line.split() for line in lines if line.split()[:1] == ["30"])
    assert ticks == ["30", "40", "50"] or ticks[:2] == ["30", "40"]
    rows = {
        int(line.split("┤")[0]): row for row, line in enumerate(lines) if "┤" in line and line.split("┤")[0].strip()
    }
    (first, second) = marks(cells)[2:]  # after those of the legend
    assert abs(first[0] - rows[70]) <= 1 if 70 in rows else rows[80] < first[0] < rows[60]
    assert second[0] > first[0], "who is 30 stands below who is 70"
    border = [row for row in range(1, 29) if cells.background[row, 40] != cells.background[row - 1, 40]]
    at_50 = np.interp(50, sorted(rows), [rows[age] for age in sorted(rows)])
    assert any(abs(row - at_50) <= 1 for row in border)


def test_a_cursor_reads_a_surface_in_the_datas_own_units(surface: tuple[RunState, Tiles]) -> None:
    state, tiles = surface
    view = view_named(state, "surface")
    cells, _ = view.draw(scene(state, surface=tiles), 60, 30)
    (row, column) = marks(cells)[2].tolist()
    assert view.click(column, row) and not view.click(0, 0)
    _, note = view.draw(scene(state, surface=tiles), 60, 30)
    (where, answer) = note.split(" → ")
    x, y = (float(number) for number in where.strip("()").split(", "))
    assert abs(x - 50) < 1.5 and abs(y - 70) < 3 and answer == "yes 1.000  no 0.000"


@pytest.mark.parametrize(("columns", "said"), [(60, "yes 1.000  no 0.000"), (29, "yes 1.000"), (9, "yes 1.000")])
def test_a_cursor_says_whole_answers_the_likeliest_first(
    columns: int, said: str, surface: tuple[RunState, Tiles]
) -> None:
    state, tiles = surface
    view = view_named(state, "surface")
    for _ in range(2):  # the first puts it into the middle, the next a little higher
        view.move(0, -10)
    _, note = view.draw(scene(state, surface=tiles), columns, 30)
    assert note == f"(40, 58) → {said}"


def test_a_surface_names_its_classes_beside_their_colours(surface: tuple[RunState, Tiles]) -> None:
    state, tiles = surface
    cells, _ = view_named(state, "surface").draw(scene(state, surface=tiles), 60, 30)
    legend = cells.text().split("\n")[0]
    assert [word for word in legend.split() if word not in MARKS] == ["no", "yes"]
    inside = np.argwhere(cells.background != DEFAULT)
    inside = inside[inside[:, 0] > 0]
    below, above = inside[inside[:, 0] == inside[:, 0].max()][3], inside[inside[:, 0] == inside[:, 0].min()][3]
    for name, (row, column) in (("no", below), ("yes", above)):
        assert cells.background[0, legend.index(name) - 3] == cells.background[row, column], name


@pytest.mark.parametrize("terminal", [TRUECOLOR, PLAIN], ids=["colours", "ASCII"])
def test_as_many_classes_are_named_as_there_is_room_for(terminal: Terminal) -> None:
    names = [f"kind number {n}" for n in range(12)]
    even = Tiles.of_numbers("surface", "surface", np.full((12, 100, 100, 1), 1 / 12), 0.0, 1.0, fine=True)
    state = state_of("plane", {**TABLE, "truth": [0], "rows": [["25", "30"]]}, [[1] + 11 * [0]], names=names)
    state = state.apply(Record(9, 9.0, Picture("surface", 7, "x.png", "surface")))
    for columns in (24, 60, 240):
        cells, _ = view_named(state, "surface").draw(scene(state, terminal, surface=even), columns, 24)
        legend = cells.text().split("\n")[0]
        assert legend.split()[1].startswith("k")
        assert all(name in legend for name in names) == (columns == 240)


# Answers ------------------------------------------------------------------------------


def test_answers_show_rows_as_the_table_has_them() -> None:
    table = {**TABLE, "axes": [], "truth": [0, 1, 1], "rows": [["25", "红"], ["1.5", "?"], ["200000", "red"]]}
    state = state_of("plane", table, [[0.9, 0.1], [0.2, 0.8], [0.7, 0.3]])
    cells, note = view_named(state, "answers").draw(scene(state), 70, 8)
    lines = [line for line in cells.text().split("\n") if line.strip()]
    assert note == "2 of 3 right, held back"
    assert [line.split()[:3] for line in lines[1:]] == [
        ["25", "红", "no"],
        ["1.5", "?", "yes"],
        ["200000", "red", "yes"],
    ]
    assert [line.rstrip()[-1] for line in lines[1:]] == ["✓", "✓", "✗"]


# Numbers ------------------------------------------------------------------------------

HOURS = [0.0, 6.0, 12.0, 18.0, 24.0]
TRUTH = [10.0, 14.0, 30.0, 22.0, 12.0]
NUMBERS: dict[str, Any] = {
    "label": "temperature in °C", "held_back": False, "columns": ["hour"], "mean": 20.0, "deviation": 8.0,
    "axes": [{"name": "hour", "low": -1.0, "high": 25.0}], "truth": TRUTH, "x": HOURS,
}  # fmt: skip


def values_in(cells: Cells) -> np.ndarray:
    """(row, column) of each value that is marked in the colour of what is true, in the middle of its mark."""
    places = np.argwhere(cells.foreground == inks(True).series[0])
    return np.array([[places[places[:, 1] == column, 0].mean(), column] for column in np.unique(places[:, 1])])


def answered(values: list[float]) -> list[list[float]]:
    """What a network says to answer these numbers."""
    return [[(value - 20) / 8] for value in values]


def test_right_numbers_lie_on_the_line_where_they_are_right() -> None:
    state = state_of("regression", NUMBERS, answered(TRUTH))
    assert [view.name for view in Views().of(state)] == ["predictions"]
    cells, note = view_named(state, "predictions").draw(scene(state), 60, 24)
    assert note == "off by 0"
    text = cells.text()
    assert "predicted temperature in °C" in text and text.rstrip().endswith("true temperature in °C")
    found = values_in(cells)
    assert len(found) == 5
    right = dict(zip(sorted(TRUTH), sorted(found[:, 1]), strict=True))
    down = dict(zip(sorted(TRUTH), sorted(found[:, 0], reverse=True), strict=True))
    across = np.interp(22, [10, 30], [right[10.0], right[30.0]])
    assert abs(right[22.0] - across) <= 1, "marks are where their values are"
    assert abs(down[22.0] - np.interp(22, [10, 30], [down[10.0], down[30.0]])) <= 1


def test_a_wrong_number_lies_off_the_line_and_in_its_own_units() -> None:
    state = state_of("regression", NUMBERS, answered([10, 14, 20, 22, 12]))
    cells, note = view_named(state, "predictions").draw(scene(state), 60, 24)
    assert note == "off by 2"
    found = values_in(cells)
    hottest, middle = found[found[:, 1].argmax()], found[np.argsort(found[:, 1])[-2]]
    assert hottest[0] > middle[0], "what is 30 was taken for 20, less than what is 22"


def test_a_single_input_is_looked_at_along_it() -> None:
    state = state_of("regression", NUMBERS, answered([20] * 5))
    view = view_named(state, "predictions")
    assert view.keys(state) == "v over hour" and view.switch()
    assert view.keys(state) == "v against the truth"
    cells, _ = view.draw(scene(state), 60, 24)
    text = cells.text()
    assert "temperature in °C" in text and text.rstrip().endswith("hour")
    found = values_in(cells)
    found = found[np.argsort(found[:, 1])]
    assert len(found) == 5 and found[:, 0].argmin() == 2, "noon is the hottest"
    two = state_of("regression", {**NUMBERS, "axes": [], "x": None}, answered(TRUTH))
    assert view_named(two, "predictions").keys(two) == ""


@pytest.mark.parametrize("terminal", [TRUECOLOR, PLAIN], ids=["colours", "ASCII"])
@pytest.mark.parametrize("size", [(1, 1), (5, 2), (23, 8), (24, 9), (38, 18), (200, 60), (24, 60), (200, 9)])
def test_views_fill_any_size(size: tuple[int, int], terminal: Terminal, surface: tuple[RunState, Tiles]) -> None:
    state, tiles = surface
    numbers = state_of("regression", NUMBERS, answered([7e6, -7e6, 20, 22, 12]))
    for shown, names in ((state, ("surface", "answers")), (numbers, ("predictions",))):
        for name in names:
            cells, _ = view_named(shown, name).draw(scene(shown, terminal, surface=tiles), *size)
            assert (cells.columns, cells.rows) == size
            assert terminal.unicode or cells.text().isascii()
            assert terminal.unicode or (cells.foreground == DEFAULT).all()


UNTRUE = (
    {"truth": "many"}, {"axes": [{"name": "x"}]}, {"rows": [[1]]}, {"mean": "much"}, {"x": [1e301]}, {"held_back": 1},
    {"columns": ["c"] * 500},
)  # fmt: skip


@pytest.mark.parametrize("untrue", UNTRUE, ids=str)
def test_a_table_of_another_shape_is_refused(untrue: dict[str, Any]) -> None:
    begun = started(presets.find("regression"))
    dataset = {**begun.dataset, "table": {**NUMBERS, **untrue}}
    line = to_line(Record(1, 1.0, dataclasses.replace(begun, dataset=dataset)))
    with pytest.raises(ValueError, match="dataset has the wrong shape"):
        from_line(line)
    assert isinstance(from_line(to_line(Record(1, 1.0, begun))).event, Started)


def test_a_foreign_table_that_does_not_go_with_its_answers_is_no_error() -> None:
    short = state_of("regression", {**NUMBERS, "truth": []}, answered(TRUTH))
    assert view_named(short, "predictions").draw(scene(short), 60, 24)[1] == "no answers for these rows"
    bare = {key: value for key, value in NUMBERS.items() if key != "deviation"}
    half = state_of("regression", bare, answered(TRUTH))
    for view in Views().of(half):
        view.draw(scene(half), 60, 24)
    none = state_of("plane", {**TABLE, "truth": [0], "rows": None}, [[1, 0]])
    assert view_named(none, "answers").draw(scene(none), 60, 24)[1] == "no answers for these points"
    far = state_of("plane", {**TABLE, "truth": [7], "rows": [["1"]]}, [[1, 0]])
    assert view_named(far, "answers").draw(scene(far), 60, 24)[1] == "no answers for these points"
