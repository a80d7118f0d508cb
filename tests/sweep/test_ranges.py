"""Ranges of a setting's values: what they stand for in a grid, what is refused, and in which words."""

# ruff: noqa: E501 (a table reads best with a row a line)

import re
from pathlib import Path

import pytest

from gan_tui import presets
from gan_tui.presets.checks import Check, number, sizes, whole
from gan_tui.presets.settings import Setting, or_zero
from gan_tui.sweep import ranges, sweep
from gan_tui.sweep.ranges import Range
from shell import said


def values(name: str, change: str, **settings: object) -> list[object]:
    """Those of a grid over one setting."""
    swept = sweep.made(presets.find(name).with_settings(settings), [change], None, 1)
    return [value for combination in swept.combinations for value in combination.values()]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("learning_rate=0.1..0.5/5", [0.1, 0.2, 0.3, 0.4, 0.5]),
        ("learning_rate=0.001..0.1/4", [0.001, 0.034, 0.067, 0.1]),
        ("learning_rate=log:0.001..0.1/5", [0.001, 0.003162, 0.01, 0.03162, 0.1]),
        ("learning_rate=log:1e-6..1/3", [1e-6, 1e-3, 1.0]),
        ("learning_rate= .001 .. 1. /2", [0.001, 1.0]),
        ("learning_rate=100.1..100.9/3", [100.1, 100.5, 100.9]),
        ("beta_1=0..0.9/4", [0.0, 0.3, 0.6, 0.9]),
        ("beta_1=0,0.5..0.9/3", [0.0, 0.5, 0.7, 0.9]),
        ("batch_size=1..4/4", [1, 2, 3, 4]),
        ("batch_size=log:1..4/3,3", [1, 2, 4, 3]),
        ("epochs=1e2..1e4/3", [100, 5050, 10_000]),
        ("steps=log:10..1000/3", [10, 100, 1000]),
    ],
)
def test_a_range_stands_for_as_many_values_as_it_says(change: str, expected: list[object]) -> None:
    found = values("xor", change)
    assert found == expected and [type(value) for value in found] == [type(value) for value in expected]


def test_a_side_of_images_is_a_whole_number_too() -> None:
    assert values("fashion-cnn", "image_size=16..32/3") == [(16, 16), (24, 24), (32, 32)]


@pytest.mark.parametrize(
    ("default", "check", "expected"),
    [
        (0, or_zero(number(0.001, 100)), [0.5, 1.25, 2.0]), (0.0, number(0, 100), [0.5, 1.25, 2.0]),
        (0, or_zero(whole(1, 100)), None), ((), sizes(2), None),
    ],
)  # fmt: skip
def test_whether_whole_numbers_are_meant_is_asked_of_the_setting(
    default: object, check: Check, expected: list[float] | None
) -> None:
    setting = Setting("clip", "", default, check)
    if expected is None:
        with pytest.raises(ValueError, match=r"not 0\.5"):
            ranges.read(setting, "0.5..2")
        assert ranges.read(setting, "1..3") == (Range(1, 3, whole=True), None)
        return
    found, count = ranges.read(setting, "0.5..2/3")
    assert count == 3 and ranges.values(setting, found, count) == expected


def test_what_a_setting_takes_as_a_word_is_no_range(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in").mkdir()
    monkeypatch.chdir(tmp_path / "in")
    for name in ("1..2", "a..b.csv"):
        (tmp_path / name).write_text("x,y,class\n0,0,0\n1,1,1\n0,1,1\n")
    found = values("plane", "points=../1..2,../a..b.csv")
    assert [Path(str(each)).resolve() for each in found] == [tmp_path / "1..2", tmp_path / "a..b.csv"]


def test_a_range_is_written_as_it_is_read() -> None:
    assert [str(each) for each in (Range(1e-5, 0.1, log=True), Range(1, 4, whole=True), Range(0.0, 0.5))] == [
        "log:1e-05..0.1", "1..4", "0..0.5",
    ]  # fmt: skip


def test_a_range_through_zero_has_zero() -> None:
    assert [str(value) for value in Range(-0.1, 0.2).spread(4)] == ["-0.1", "0.0", "0.1", "0.2"]
    assert [str(value) for value in Range(-0.1, 0.7).spread(9)][:3] == ["-0.1", "0.0", "0.1"]


def test_every_number_in_a_range_is_as_likely_as_its_scale_says() -> None:
    tenths = [share / 1000 for share in range(1000)]
    powers = [Range(1e-4, 1.0, log=True).drawn(share) for share in tenths]
    assert [sum(low <= value < low * 10 for value in powers) for low in (1e-4, 1e-3, 1e-2, 1e-1)] == pytest.approx([250] * 4, abs=1)  # fmt: skip
    wholes = [Range(1, 4, whole=True).drawn(share) for share in tenths]
    assert [wholes.count(value) for value in (1, 2, 3, 4)] == [250] * 4
    assert all(len(f"{value:.12g}".lstrip("0.").replace(".", "")) <= 4 for value in powers if value < 1), "four digits"


FORM = r"write LOW\.\.HIGH or log:LOW\.\.HIGH, and /5 behind it for five values"
WRONG: list[tuple[tuple[str, ...], str]] = [
    (("learning_rate=0.1..0.001/3",), r"xor: learning_rate: 0\.1\.\.0\.001 is the wrong way round; write 0\.001\.\.0\.1\."),
    (("learning_rate=log:0.1..0.001/3",), r"xor: learning_rate: log:0\.1\.\.0\.001 is the wrong way round; write log:0\.001\.\.0\.1\."),
    (("learning_rate=0.1..0.1/3",), r"xor: learning_rate: 0\.1\.\.0\.1 has a single value; write 0\.1\."),
    (("beta_1=log:0..0.9/3",), r"xor: beta_1: log:0\.\.0\.9 has no logarithms, as 0 is not above 0; begin above 0, or leave out log:\."),
    (("learning_rate=log:-1..1/3",), r"xor: learning_rate must be a number from 1e-12 to 1000, not -1\.0\."),
    (("learning_rate=0.1..2000/3",), r"xor: learning_rate must be a number from 1e-12 to 1000, not 2000\.0\."),
    (("learning_rate=0.1..1e999/3",), r"xor: learning_rate must be a number from 1e-12 to 1000, not inf\."),
    (("learning_rate=0.1..nan/3",), r"xor: learning_rate must be a number from 1e-12 to 1000, not nan\."),
    (("learning_rate=low..1/3",), rf'xor: learning_rate: "low\.\.1/3" is not a range: "low" is not a number; {FORM}\.'),
    (("learning_rate=0.1../3",), rf'xor: learning_rate: "0\.1\.\./3" is not a range; {FORM}\.'),
    (("learning_rate=0.1...0.3/3",), rf'xor: learning_rate: "0\.1\.\.\.0\.3/3" is not a range; {FORM}\.'),
    (("learning_rate=ln:0.1..0.3/3",), rf'xor: learning_rate: "ln:0\.1\.\.0\.3/3" is not a range; {FORM}\.'),
    (("learning_rate=0.1..0.3/many",), r'xor: learning_rate: 0\.1\.\.0\.3 must have from 2 to 10,000 values, not "many"\.'),
    (("learning_rate=0.1..0.3/1",), r'xor: learning_rate: 0\.1\.\.0\.3 must have from 2 to 10,000 values, not "1"\.'),
    (("learning_rate=0.1..0.3/100000",), r'xor: learning_rate: 0\.1\.\.0\.3 must have from 2 to 10,000 values, not "100000"\.'),
    (("learning_rate=0.1..0.3",), r"xor: learning_rate: 0\.1\.\.0\.3 needs its number of values: learning_rate=0\.1\.\.0\.3/5; or --search random --trials 20\."),
    (("batch_size=1..4",), r"xor: batch_size: 1\.\.4 needs its number of values: batch_size=1\.\.4/4; or --search random --trials 20\."),
    (("batch_size=1..4/5",), r"xor: batch_size: 1\.\.4/5 would have whole numbers twice; write 1\.\.4/4\."),
    (("batch_size=log:1..900000/10000",), r"xor: batch_size: log:1\.\.900000/10000 would have whole numbers twice; write log:1\.\.900000/\d\d\."),
    (("batch_size=1.5..4/3",), r"xor: batch_size must be a whole number from 1 to 1,000,000, or 0, not 1\.5\."),
    (("optimizer=adam..sgd",), r"xor: optimizer takes no LOW\.\.HIGH; list its values: --set optimizer=V1,V2\."),
    (("learning_rate=loguniform(0.1,0.3)",), rf'xor: learning_rate must be a number from 1e-12 to 1000, not "loguniform\(0\.1"; for a range {FORM}\.'),
    (("learning_rate=0.1:0.3",), rf'xor: learning_rate must be a number from 1e-12 to 1000, not "0\.1:0\.3"; for a range {FORM}\.'),
    (("learning_rate=0.1…0.3",), rf'xor: learning_rate must be a number from 1e-12 to 1000, not "0\.1…0\.3"; for a range {FORM}\.'),
    (("learning_rate=0.1,0.1..0.3/3",), r"--set learning_rate has 0\.1 twice; list each value once\."),
    (("learning_rate=0.1..0.3/200", "beta_1=0..0.9/200"), r"That makes 40,000 combinations, more than 10,000; use fewer values, or draw some of them: --search random --trials 100\."),
    (("batch_size=2..8/4",), r"batch_size 6 is more than the 4 training examples of xor; choose a smaller one\."),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "sentence"), WRONG, ids=[" ".join(row[0]) for row in WRONG])
def test_a_wrong_range_is_answered_in_one_sentence(
    changes: tuple[str, ...], sentence: str, runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = said(capsys, "sweep", "xor", *(word for change in changes for word in ("--set", change)))
    assert re.fullmatch(f"gan-tui: {sentence}\n", err), err
    assert (code, out) == (2, "")
    assert not runs.exists(), "nothing half-written"


@pytest.mark.parametrize(("name", "change"), [("plane", "hidden=[1..4]"), ("fashion-cnn", "restore_best=true..false")])
def test_lists_and_flags_take_no_range(name: str, change: str, capsys: pytest.CaptureFixture[str]) -> None:
    setting = change.partition("=")[0]
    code, _, err = said(capsys, "sweep", name, "--set", change)
    assert (code, err) == (
        2,
        f"gan-tui: {name}: {setting} takes no LOW..HIGH; list its values: --set {setting}=V1,V2.\n",
    )
