"""In what two workers differ, in words."""

import json

import pytest

from gan_tui.training.group.unlike import differences, told

ONE = {"batch_size": 4, "learning_rate": 0.1, "optimizer": "sgd", "seed": 1, "momentum": 0.5}


def test_what_differs_is_named_with_both_values() -> None:
    other = {**ONE, "learning_rate": 0.5}
    assert differences(told(ONE, None, 0), told(other, None, 0)) == "learning_rate 0.5, and 0.1 there"


def test_the_first_of_many_are_named_and_the_others_counted() -> None:
    other = {"batch_size": 8, "learning_rate": 0.5, "optimizer": "adam", "seed": 2}
    assert differences(told(ONE, None, 0), told(other, {"classifier": []}, 90)) == (
        "batch_size 8, and 4 there; learning_rate 0.5, and 0.1 there; momentum none, and 0.5 there; 4 more"
    )
    assert differences(told(ONE, None, 0), told(ONE, None, 4000)) == "4,000 steps, and 0 there"
    assert differences(told(ONE, {}, 0), told(ONE, {"a": 1}, 0)) == "other networks"


@pytest.mark.parametrize("words", ["", "[", "[1, 2, 3]", "[[], 0]", '[{"a": {}}, 0, "x"]', "[" * 100_000])
def test_what_is_no_telling_names_nothing_that_could_harm(words: str) -> None:
    assert isinstance(differences(told(ONE, None, 0), words.encode()), str)


def test_all_tell_whole_numbers_and_not_too_much() -> None:
    for count in range(8):
        said = told(ONE | {"title": "x" * count}, None, 0)
        assert len(said) % 4 == 0 and json.loads(said)[0]["title"] == "x" * count
    assert len(told(ONE, {"many": ["layer"] * 100_000}, 0)) < 1000


def test_a_value_is_made_harmless() -> None:
    words = differences(told(ONE, None, 0), told({**ONE, "optimizer": "\x1b[31m" * 99}, None, 0))
    assert "\x1b" not in words and len(words) < 160
