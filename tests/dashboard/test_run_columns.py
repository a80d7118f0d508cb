"""Which columns of the list of runs there is room for, and where they stand."""

from itertools import pairwise

import pytest

from gan_tui.dashboard.listed.columns import BETWEEN, COLUMNS, SIGNS, places, widths_of
from gan_tui.drawing.terminal import Terminal

ROW = {
    "sign": ("✓", "dim"), "name": ("fashion-cnn-with-a-long-name", "text"), "state": ("finished", "dim"),
    "preset": ("fashion-cnn", "dim"), "age": ("26 h", "dim"), "duration": ("2 min 05 s", "dim"),
    "step": ("100 %", "text"),
    "newest": ("0.9312", "text"), "best": ("0.9410", "text"), "metric": ("val_accuracy", "dim"),
    "curve": ("▁▂▃▄▅▆▇█▇█", "accent"), "changed": ("learning_rate=0.001 batch_size=64", "text"),
}  # fmt: skip
WIDTHS = widths_of([ROW], {})


def names(columns: int, kept: str = "") -> list[str]:
    return [place.column.name for place in places(WIDTHS, columns, kept)]


@pytest.mark.parametrize("columns", [78, 118])
def test_a_training_of_a_sweep_is_called_by_all_that_differs(columns: int) -> None:
    name = "batch_size=32 learning_rate=0.001 seed=42"
    others = {key: cell for key, cell in ROW.items() if key not in ("preset", "age", "step", "best", "changed")}
    found = places(widths_of([{**others, "name": (name, "text")}], {}), columns)
    shown = found[0].text(name, Terminal()).rstrip()
    assert shown.startswith("batch_size=32 learning_rate=0.0") and shown.endswith("=42")
    assert {"newest", "curve"} <= {place.column.name for place in found}


def test_all_columns_are_there_where_there_is_room() -> None:
    assert names(180) == [column.name for column in COLUMNS]


def test_columns_lie_beside_each_other_and_within_the_line() -> None:
    for columns in range(30, 200):
        found = places(WIDTHS, columns)
        assert found[0].start == SIGNS and found[0].column.name == "name", columns
        assert all(one.start + one.columns + BETWEEN == other.start for one, other in pairwise(found)), columns
        assert found[-1].start + found[-1].columns <= max(columns, 20), columns


def test_little_room_keeps_what_a_run_came_to() -> None:
    assert {"name", "age", "step", "newest", "best", "metric", "curve"} <= set(names(78))
    assert {"changed", "preset"} <= set(names(118))


@pytest.mark.parametrize("column", [column.name for column in COLUMNS])
def test_what_is_sorted_by_stays(column: str) -> None:
    assert column in names(78, column)


def test_a_column_never_becomes_narrower_while_it_is_looked_at() -> None:
    wide = widths_of([{"newest": ("1.230e-05", "text")}], {})
    assert widths_of([{"newest": ("1.0", "text")}], wide)["newest"] == wide["newest"] == 9


def test_a_name_that_is_cut_keeps_its_end_and_its_width() -> None:
    place = next(one for one in places(WIDTHS, 78) if one.column.name == "name")
    text = place.text("gan-with-a-long-name-12", Terminal())
    assert text.endswith("me-12") and len(text) == place.columns
