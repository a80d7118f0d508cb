"""`gan-tui data show --augment`: what training may see of images, before they are trained on."""

import sys
from pathlib import Path

import orjson
import pytest

from gan_tui import presets
from gan_tui.cli import augmented_shown
from gan_tui.data import own
from gan_tui.errors import UserError
from gan_tui.supervision import augmenting
from shapes_of_colour import squares
from shell import said

SWAPS = """
import base64, json, os, sys
asked = json.load(sys.stdin)
count, height, width, channels = asked["shape"]
data, size = base64.b64decode(asked["images"]), height * width * channels
images = [data[n * size : (n + 1) * size] for n in range(count)]
swapped = b"".join(image + asked["times"] * (image[::-1]) for image in images)
os.fdopen(int(sys.argv[1]), "w").write(json.dumps({"images": base64.b64encode(swapped).decode()}))
"""
"""A process that draws each image back to front: red becomes blue."""


@pytest.mark.parametrize("text", ["flop", "rotate 2", "zoom nan", "flip 1", "flip, flip", "3", '["shift", 4]', "flip,"])
def test_what_a_preset_refuses_is_refused_in_the_same_words(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    rules = presets.find("fashion-cnn").rules
    with pytest.raises(ValueError) as problem:
        rules.from_text("augment", text)
    sentence = str(UserError(f"{problem.value}."))
    assert said(capsys, "data", "show", "/nowhere", "--augment", text) == (2, "", f"gan-tui: {sentence}\n")


@pytest.mark.parametrize("text", ["", "[]"])
def test_without_a_word_it_says_which_there_are(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(capsys, "data", "show", "/nowhere", "--augment", text)
    assert (code, out) == (2, "")
    assert err == (
        "gan-tui: --augment needs some of flip, rotate, zoom, shift, contrast, such as --augment 'flip, rotate 0.1'.\n"
    )


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return squares(tmp_path / "squares.npz")


def test_scripts_get_the_words_as_a_preset_has_them(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, without, _ = said(capsys, "data", "show", str(place), "--json")
    code, out, err = said(capsys, "data", "show", str(place), "--json", "--augment", "flip,rotate")
    assert (code, err) == (0, "")
    assert orjson.loads(out) == {**orjson.loads(without), "augment": ["flip", "rotate 0.1"]}


def test_in_a_file_there_are_no_pictures_and_nothing_is_drawn(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(augmenting, "DRAW", ("/nowhere/python",))
    code, out, err = said(capsys, "data", "show", str(place), "--augment", "flip")
    assert (code, err) == (0, "")
    assert out.endswith("\n\nAugmented examples are drawn on a terminal alone.\n")


def test_of_a_table_there_is_nothing_to_augment(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "flats.csv").write_text("area,rent\n" + "".join(f"{n},{9 * n + n % 4}\n" for n in range(30, 70)))
    code, out, err = said(capsys, "data", "show", str(tmp_path / "flats.csv"), "--augment", "flip")
    assert (code, err) == (0, "")
    assert out.endswith("\n\nThere is nothing to augment in a table: only images are changed at random.\n")


def test_examples_of_each_class_stand_before_what_is_made_of_them(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAN_TUI_COLORS", "truecolor")
    monkeypatch.setattr(augmenting, "DRAW", (sys.executable, "-c", SWAPS))
    report = own.report(own.look(str(place)))
    lines = list(augmented_shown.lines(report, ("flip", "zoom 0.1"), 160, drawn=True))
    assert lines[:3] == ["", "augmented", "Each as it is, then as training may see it: flip, zoom 0.1."]
    rows = "\n".join(lines[3:]).split("\n\n")
    assert len(rows) == 4, "one of each class, and a second of the first"
    for row, (here, there) in zip(rows, [(RED, BLUE), (GREEN, NEERG), (VIOLET, TELOIV), (RED, BLUE)], strict=True):
        assert row.index(here) < row.index(there)
        assert {line.count(there) for line in row.splitlines()} == {0, 7}


RED, BLUE = "220;40;40", "40;40;220"
GREEN, NEERG = "40;200;60", "60;200;40"
VIOLET, TELOIV = "60;80;230", "230;80;60"


def test_what_keeps_them_from_being_drawn_is_one_sentence(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(augmenting, "DRAW", (sys.executable, "-c", "import sys; sys.exit('No module named keras')"))
    with pytest.raises(UserError, match=r"^Augmented examples cannot be shown: No module named keras\.$"):
        list(augmented_shown.lines(own.report(own.look(str(place))), ("flip",), 80, drawn=True))
