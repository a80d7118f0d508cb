"""Each check gives the value in canonical form, or half a sentence that says what it must be."""

import math
from datetime import date
from pathlib import Path

import pytest

from gan_tui.presets import checks


@pytest.mark.parametrize(
    ("check", "given", "canonical"),
    [
        (checks.whole(1, 10), 10, 10),
        (checks.number(0, 1), 1, 1.0),
        (checks.number(0, 1), 0.25, 0.25),
        (checks.choice("adam", "sgd"), "sgd", "sgd"),
        (checks.choices("accuracy", "mae"), ["mae"], ("mae",)),
        (checks.choices("accuracy", "mae"), "mae", ("mae",)),
        (checks.choices("accuracy", "mae"), ["mae", "accuracy", "mae"], ("mae", "accuracy")),
        (checks.flag, True, True),
        (checks.numbers(1, 3, 1, 9), [2, 3], (2, 3)),
        (checks.sizes(2), 3, (3, 3)),
        (checks.sizes(2), [3, 5], (3, 5)),
        (checks.rising_pair, [-1, 1], (-1.0, 1.0)),
        (checks.path, "/data/mnist", "/data/mnist"),
        (checks.path, " ", ""),
    ],
)
def test_a_right_value_comes_back_in_canonical_form(check: checks.Check, given: object, canonical: object) -> None:
    result = check(given)
    assert result == canonical
    assert type(result) is type(canonical)
    if isinstance(canonical, tuple):
        assert check(result) == result, "canonical values are right values too"


@pytest.mark.parametrize(
    ("check", "given", "sentence"),
    [
        (checks.whole(1, 10), 0, "must be a whole number from 1 to 10, not 0"),
        (checks.whole(1, 10), 11, "must be a whole number from 1 to 10, not 11"),
        (checks.whole(1, 10), 2.0, "must be a whole number from 1 to 10, not 2.0"),
        (checks.whole(0, 10), True, "must be a whole number from 0 to 10, not true"),
        (checks.whole(1, 10), "3", 'must be a whole number from 1 to 10, not "3"'),
        (checks.number(0, 1), math.nan, "must be a number from 0 to 1, not nan"),
        (checks.number(0, 1), math.inf, "must be a number from 0 to 1, not inf"),
        (checks.number(0, 1), False, "must be a number from 0 to 1, not false"),
        (checks.choice("adam", "sgd"), "adm", 'cannot be "adm", did you mean "adam"?'),
        (checks.choice("adam", "sgd"), 7, "cannot be 7, choose from adam, sgd"),
        (checks.choices("accuracy", "mae"), 3,
         'must be a list of words from accuracy, mae, such as ["accuracy", "mae"], not 3'),
        (checks.choices("accuracy", "mae"), "acc", 'cannot be "acc", did you mean "accuracy"?'),
        (checks.choices("accuracy"), ["acc"], 'cannot be "acc", did you mean "accuracy"?'),
        (checks.flag, 1, "must be true or false, not 1"),
        (checks.numbers(1, 2, 1, 9), [], "must be a list of 1 to 2 whole numbers, such as [16, 16], not []"),
        (checks.numbers(0, 1, 1, 9, (3,)), ["a", 'b"c'],
         'must be a list of 0 to 1 whole numbers, such as [3], not ["a", "b\\"c"]'),
        (checks.numbers(1, 2, 1, 9), ["a"], 'must be a whole number from 1 to 9, not "a"'),
        (checks.numbers(1, 2, 1, 9), [0], "must be a whole number from 1 to 9, not 0"),
        (checks.sizes(2), [1, 2, 3], "must be a whole number from 1 to 1,000, or 2 of them, not [1, 2, 3]"),
        (checks.rising_pair, [1, 1], "must be a range such as [0, 1], not [1, 1]"),
        (checks.rising_pair, [0, "1"], 'must be a number from -1e+06 to 1e+06, not "1"'),
        (checks.path, "a\0b", 'must be a path, not "a\\u0000b"'),
        (checks.path, date(2026, 11, 27), 'must be a path in quotes, such as "/data/digits", not 2026-11-27'),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_with_what_it_must_be(check: checks.Check, given: object, sentence: str) -> None:
    with pytest.raises(ValueError) as caught:
        check(given)
    assert str(caught.value) == sentence


def test_a_path_is_absolute_because_the_trainer_works_elsewhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/me")
    assert checks.path("data/mnist") == str(tmp_path / "data/mnist")
    assert checks.path("~/mnist") == "/home/me/mnist"
    assert checks.path("~nobody-is-called-that/x") == str(tmp_path / "~nobody-is-called-that/x")


def test_a_refused_value_is_shown_harmless_and_short() -> None:
    with pytest.raises(ValueError) as caught:
        checks.whole(1, 2)("\x1b[31m" * 1000)
    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) < 120
