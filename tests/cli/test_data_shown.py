"""`gan-tui data show`: what a person learns of their data before they train on them."""

import re
from pathlib import Path

import numpy as np
import orjson
import pytest
from PIL import Image

from gan_tui import presets
from gan_tui.cli import data_shown
from gan_tui.data import own
from gan_tui.data.own.counted import ColumnReport
from gan_tui.data.own.found import Form, Found
from gan_tui.data.own.report import Report
from gan_tui.presets.preparing import prepared
from photos import photo
from shapes_of_colour import squares
from shell import said


def test_it_says_what_lies_there_and_how_many_there_are_of_each_class(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GAN_TUI_ASCII", "1")
    code, out, err = said(capsys, "data", "show", str(squares(tmp_path / "squares.npz", (1, 1, 2))))
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "squares.npz: 4 colour images, 16 × 16, in 3 classes",
        "",
        "size        16 × 16",
        "color       red, green, blue",
        "levels      0 to 230, 28 in the mean, of 0 to 255",
        "validation  none set apart; validation_split takes a share of each class",
        "",
        "class    examples   share",
        "class 0         1  25.0 %  ============",
        "class 1         1  25.0 %  ============",
        "class 2         2  50.0 %  ========================",
    ]


def test_as_json_it_has_the_same_for_scripts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = squares(tmp_path / "squares.npz", (1, 1, 2))
    code, out, err = said(capsys, "data", "show", str(place), "--json")
    assert (code, err) == (0, "")
    assert orjson.loads(out) == {
        "path": str(place), "name": "squares.npz", "says": "4 colour images, 16 × 16, in 3 classes", "form": "images",
        "count": 4, "held_back": 0, "sides": [16, 16], "channels": 3, "taken_as": [16, 16, 3],
        "levels": {"low": 0, "high": 230, "mean": 27.92}, "label": None,
        "classes": [
            {"name": "class 0", "count": 1, "share": 0.25}, {"name": "class 1", "count": 1, "share": 0.25},
            {"name": "class 2", "count": 2, "share": 0.5},
        ],
        "columns": [], "notes": [],
    }  # fmt: skip


def test_it_says_in_which_form_images_are_trained_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of many images a few headers tell it, and not all of them once they are read: so it is where they are trained."""
    root = tmp_path / "pictures"
    for number in range(220):
        odd = number in (56, 120)
        size, mode = ((24, 24), "RGB") if odd else ((16, 16), "L")
        photo(root / ("cat" if number < 110 else "dog") / f"{number:03}.png", number, size, mode)
    _, out, _ = said(capsys, "data", "show", str(root))
    facts = dict(re.findall(r"^(\w[\w ]*?)  +(.+)$", out, re.MULTILINE))
    assert (facts["size"], facts["color"]) == ("of several sizes", "red, green, blue")
    assert facts["taken as"] == "16 × 16, grey, unless image_size or color says another"
    trained = prepared(presets.find("shapes").with_settings({"data": str(root)}))
    assert trained.facts.shape == (16, 16, 1)
    assert own.report(own.look(str(root))).examples[0].shape[1:] == trained.facts.shape


def test_names_of_folders_stay_as_they_are_in_what_was_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("train/red", "train/blue", "train/pear", "test"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("red", "blue"):
        Image.new("RGB", (8, 8), name).save(tmp_path / "train" / name / "one.png")
    code, out, _ = said(capsys, "data", "show", str(tmp_path))
    assert code == 0
    assert "\nThe folder pear in train holds no image, and is no class.\n" in out


REFUSED = [
    ("", "data show needs the path of your data."),
    ("/nowhere/at/all", "There is nothing at /nowhere/at/all: check the path."),
    ("/dev/null", "/dev/null holds no data that gan-tui reads: name a folder with a folder of images for each class, "
     "an .npz, .npy or IDX file of images, or a CSV file."),
]  # fmt: skip


@pytest.mark.parametrize(("place", "sentence"), REFUSED)
def test_what_is_no_data_gets_one_sentence(place: str, sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    for more in ((), ("--json",)):
        assert said(capsys, "data", "show", place, *more) == (2, "", f"gan-tui: {sentence}\n")


def test_examples_are_drawn_by_class_in_their_colours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = own.report(own.look(str(squares(tmp_path / "squares.npz"))))
    for colors, red in (("truecolor", "48;2;220;40;40"), ("256", "48;5;160"), ("16", "101")):
        monkeypatch.setenv("GAN_TUI_COLORS", colors)
        lines = list(data_shown.pictures(report, 60))
        assert [line for line in lines if line.startswith("class")] == ["class 0", "class 1", "class 2"]
        of_red = lines[lines.index("class 0") : lines.index("class 1")]
        assert any(re.search(rf"[\[;]{red}m", line) for line in of_red), colors
    monkeypatch.setenv("GAN_TUI_COLORS", "none")
    assert not any("\x1b" in line for line in data_shown.pictures(report, 60))


def test_no_line_of_pictures_is_wider_than_the_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAN_TUI_COLORS", "none")
    report = own.report(own.look(str(squares(tmp_path / "squares.npz", (40, 1)))))
    for columns in (20, 33, 80):
        assert max(map(len, data_shown.pictures(report, columns))) <= columns


def test_a_table_has_its_columns_with_their_histograms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAN_TUI_ASCII", "0")
    monkeypatch.setenv("GAN_TUI_COLORS", "truecolor")
    found = Found(Path("/iris.csv"), "iris.csv", Form.TABLE, 4, ("a", "b"), label="kind", notes=("row 3 is empty",))
    columns = (ColumnReport("length", "numbers", "4.3 to 7.9", 0.25, (1, 2, 4)),)
    assert data_shown.text(Report(found, (), columns), 80).splitlines() == [
        "iris.csv: 4 examples",
        "",
        "label       kind",
        "validation  none set apart; validation_split takes a share of each class",
        "",
        "column  kind     values      missing",
        "length  numbers  4.3 to 7.9   25.0 %  ▂▄█",
        "",
        "Row 3 is empty.",
    ]


def test_examples_come_from_all_over_a_class(tmp_path: Path) -> None:
    images = np.repeat(np.arange(100, dtype=np.uint8), 16).reshape(100, 4, 4)
    np.savez(tmp_path / "steps.npz", images=images, labels=np.arange(100) % 2)
    odd = own.report(own.look(str(tmp_path / "steps.npz"))).examples[1]
    assert odd.shape == (12, 4, 4, 1)
    assert odd[0, 0, 0, 0] == 1 and odd[-1, 0, 0, 0] > 85
