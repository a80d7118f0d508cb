"""gan-tui compare: what differs between runs, as a table that fits the terminal, and as JSON."""

import json
import re
from pathlib import Path

import pytest

from files import old_run
from gan_tui.cli import comparing
from gan_tui.run.events import Metrics
from gan_tui.text import width
from logs import written
from recorded import recorded_run
from script_runs import script_run
from shell import said

Capture = pytest.CaptureFixture[str]


def test_what_differs_is_a_table_and_what_is_equal_is_left_out(runs: Path, capsys: Capture) -> None:
    recorded_run(runs, "xor", 50, learning_rate=0.25)
    recorded_run(runs, "xor", 100, learning_rate=0.5)
    code, out, err = said(capsys, "compare", "xor-1", "xor-2")
    assert (code, err) == (0, "")
    assert [line.split() for line in out.splitlines()[:7]] == [
        ["xor-1", "xor-2"], ["settings"], ["learning_rate", "0.25", "0.5"], ["results"],
        ["accuracy", "0.9800", "0.9900"], ["best", "accuracy", "0.9800", "0.9900"], ["at", "step", "50", "100"],
    ]  # fmt: skip
    assert "batch_size" not in out


def test_seeds_of_the_same_settings_have_their_mean_and_spread(runs: Path, capsys: Capture) -> None:
    for seed, steps in ((1, 50), (2, 100), (3, 150)):
        recorded_run(runs, "xor", steps, seed=seed)
    out = said(capsys, "compare", "xor-1", "xor-2", "xor-3")[1]
    assert "3 seeds of the same settings: xor-1 (1), xor-2 (2), xor-3 (3)" in out
    assert re.search(r"^  accuracy +0\.9878 ± 0\.0069 +0\.9800 … 0\.9933$", out, re.M)


@pytest.mark.parametrize("columns", [80, 120])
def test_the_table_fits_the_terminal(
    columns: int, runs: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Runs are its columns, or, where these are too many, its rows; nothing is lost."""
    for n in range(12):
        recorded_run(runs, "fashion-cnn", 10 + n, learning_rate=0.001 * (n + 1))
    recorded_run(runs)
    monkeypatch.setattr(comparing.terminal, "columns_of_output", lambda: columns)
    out = said(capsys, "compare", *(f"fashion-cnn-{n}" for n in range(1, 13)), "gan-1")[1]
    assert max(map(width, out.splitlines())) <= columns
    assert out.splitlines()[0].startswith("run ")
    assert all(word in out for word in ("learning_rate", "classifier", "d_loss", "absent"))


def test_json_has_all_of_it(runs: Path, capsys: Capture) -> None:
    recorded_run(runs, "xor", 50, seed=1)
    recorded_run(runs, "xor", 100, seed=2)
    told = json.loads(said(capsys, "compare", "xor-1", "xor-2", "--json")[1])
    assert list(told) == ["runs", "differing", "judged_by", "seeds"]
    one = told["runs"][0]
    assert (one["run"], one["state"], one["alive"], one["step"]) == ("xor-1", "finished", False, 50)
    assert one["settings"]["seed"] == 1 and one["metrics"]["loss"]["best_step"] == 50
    assert (told["differing"], told["judged_by"]) == (["seed"], "accuracy")
    (group,) = told["seeds"]
    assert (group["runs"], group["seeds"]) == (["xor-1", "xor-2"], [1, 2])
    assert group["metrics"]["accuracy"]["newest"]["mean"] == pytest.approx(0.985)


def test_scripts_and_logs_are_compared_with_presets(runs: Path, tmp_path: Path, capsys: Capture) -> None:
    recorded_run(runs, "xor", 50)
    script_run(runs, Metrics([1, 2], {"loss": [0.5, 0.25]}), name="mine")
    log = written("tensorboardx", tmp_path)
    code, out, err = said(capsys, "compare", "xor-1", "mine", str(log.path))
    assert (code, err) == (0, "") and "absent" in out
    assert said(capsys, "compare", str(log.path), "mine", "--json")[0] == 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "gan-tui compare needs two runs at least, such as gan-tui compare gan-1 gan-2."),
        (("xor",), "gan-tui compare needs two runs at least, such as gan-tui compare gan-1 gan-2."),
        (("xor", "pair", "xor"), "xor is named twice; name each run once."),
        (("xor", "pear"), 'There is no run "pear" in'),
        (("xor",) * 65, "gan-tui compare takes at most 64 runs, not 65; name fewer."),
    ],
)
def test_what_cannot_be_compared_is_refused_in_a_sentence(
    words: tuple[str, ...], sentence: str, runs: Path, capsys: Capture
) -> None:
    old_run("finished", "xor", runs)
    old_run("finished", "pair", runs)
    code, out, err = said(capsys, "compare", *words)
    assert (code, out) == (2, "") and err.startswith(f"gan-tui: {sentence}") and err.count("\n") == 1


def test_runs_that_are_alike_say_so(runs: Path, capsys: Capture) -> None:
    old_run("finished", "xor", runs)
    other = runs / "other"
    old_run("finished", "xor", runs / "below").path.rename(other)
    assert said(capsys, "compare", "xor", "other")[1] == "No setting differs.\n"
