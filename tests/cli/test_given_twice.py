"""An option with one value that is given two: neither is dropped without a word."""

import pytest

from shell import said


@pytest.mark.parametrize(
    "line",
    [
        "train xor --seed 3 --seed=5",
        "train xor --steps 3 --steps 5",
        "train xor --name x --name y",
        "train regression --data a.csv --data b.csv",
        "train regression --data a.csv --label a --label b",
        "sweep xor --set batch_size=1,2 --until accuracy=1 --until loss=0.1",
        "run --name x --name y train.py",
        "wait night --until loss<=1 --until accuracy>=1",
        "export night --csv a.csv --csv b.csv",
        "runs --sort name xor --sort age",
        "runs --add a --add b",
        "metrics night --every 3 --every 5",
    ],
)
def test_two_values_of_one_option_are_refused(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = line.split()
    option = next(word.partition("=")[0] for word in words if words.count(word) > 1 or word == "--seed")
    code, out, err = said(capsys, *words)
    assert code == 2 and not out
    assert err.startswith(f"gan-tui: {option} is given twice, as ") and err.endswith(f"gan-tui {words[0]} --help.\n")


def test_the_same_value_twice_is_one_and_a_script_s_options_are_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "runs", "--sort", "name", "--sort", "name")[0] == 0
    assert said(capsys, "runs", "--sort", "age")[0] == said(capsys, "runs", "--sort", "name")[0] == 0
    code, _, err = said(capsys, "run", "--name", "x", "gone.py", "--name", "y", "--name", "z")
    assert code == 2 and "gone.py" in err and "twice" not in err
