"""Tables with what a spreadsheet leaves in cells that it could not work out: nothing is known there."""

from pathlib import Path

import pytest

from gan_tui.data import own
from gan_tui.data.own import tables

ERRORS = (
    "#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!", "#NV", "#WERT!", "#BEZUG!", "#ZAHL!", "<NA>",
)  # fmt: skip


def written(folder: Path, rows: list[str], head: str) -> str:
    path = folder / "mine.csv"
    path.write_text("\n".join([head, *rows]) + "\n")
    return str(path)


@pytest.mark.parametrize("error", ERRORS)
def test_an_error_amid_numbers_is_a_number_that_is_missing(error: str, tmp_path: Path) -> None:
    rows = [f"{error if n in (0, 7, 39) else n / 4},{n % 5}.5,{n * 1.25}" for n in range(40)]
    found = own.look(written(tmp_path, rows, "area,rooms,rent"), "")
    assert found.says == "40 rows, 2 numbers, rent from 0 to 48.75"
    assert "missing numbers take the mean of the training part: area (7 %)" in found.notes


@pytest.mark.parametrize("label", ["1.5,{}", "{},1.5"], ids=["last", "first"])
def test_an_error_in_the_label_is_a_row_without_one_and_no_class(label: str, tmp_path: Path) -> None:
    kinds = ["#N/A" if n in (0, 9) else ("big", "small")[n % 2] for n in range(40)]
    path = written(tmp_path, [f"{n},{label.format(kind)}" for n, kind in enumerate(kinds)], "a,b,c")
    found = own.look(path, "c" if label.endswith("{}") else "b")
    assert found.names == ("big", "small") and "2 rows without a label left out" in found.notes
    assert len(tables.rows(Path(path), found.label)) == 38


def test_a_few_that_are_missing_are_not_told_as_none(tmp_path: Path) -> None:
    rows = [f"{'#N/A' if n == 7 else n / 4},{n % 5}.5,{n * 1.25}" for n in range(300)]
    found = own.look(written(tmp_path, rows, "area,rooms,rent"), "")
    assert "missing numbers take the mean of the training part: area (under 1 %)" in found.notes
