"""Paths that are completed as they are typed."""

from pathlib import Path

import pytest

from files import tree
from gan_tui.system import path_completion
from gan_tui.system.path_completion import completed

DATA = (".npz", ".csv")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    tree(tmp_path, {"photos/cats/1.png": "", "photos/dogs/1.png": "", "photos/.cache/x": "", "points.csv": "",
                    "Points.CSV": "", "paper.pdf": "", "new line/a\nb/x": ""})  # fmt: skip
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    ("typed", "text", "choices"),
    [
        ("ph", "photos/", ("photos/",)),
        ("photos/", "photos/", ("cats/", "dogs/")),
        ("photos/c", "photos/cats/", ("cats/",)),
        ("photos/.", "photos/.cache/", (".cache/",)),
        ("p", "p", ("photos/", "points.csv")),
        ("pa", "pa", ()),
        ("Po", "Points.CSV", ("Points.CSV",)),
        ("none/", "none/", ()),
        ("", "", ("Points.CSV", "new line/", "photos/", "points.csv")),
        ("~", "~/", ("~/",)),
        ("~/po", "~/points.csv", ("points.csv",)),
        ("~nobody-of-that-name", "~nobody-of-that-name", ()),
        ("new line/", "new line/", ()),
    ],
)
def test_a_path_goes_on_as_far_as_there_is_one_way(typed: str, text: str, choices: tuple[str, ...], here: Path) -> None:
    found = completed(typed, DATA)
    assert (found.text, found.choices) == (text, choices)
    whole = completed(f"{here}/{typed}", DATA) if not typed.startswith("~") else None
    assert whole is None or (whole.text, whole.choices) == (f"{here}/{text}", choices)


def test_of_a_huge_folder_only_so_much_is_looked_at(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(path_completion, "MOST_ENTRIES", 2)
    assert len(completed("").choices) <= 2
