"""A sweep's name in the shell: shown, deleted, refused with what can be done; and where a run is called so, too."""

import json
import shutil
from pathlib import Path

import pytest

from files import OLD_RUNS, old_run
from gan_tui.cli import run_changes
from gan_tui.sweep.folder import SweepFolder
from shell import said

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def swept(runs: Path) -> Path:
    """A sweep "old", and a run "xor"."""
    old_run("finished", "xor", runs)
    shutil.copytree(OLD_RUNS / "swept" / "sweeps", runs / "sweeps")
    return runs


@pytest.mark.parametrize(
    "words",
    [("rename", "old", "new"), ("note", "old", "good"), ("export", "old", "--csv", "-"), ("compare", "xor", "old"),
     ("status", "old"), ("metrics", "old"), ("stop", "old")],
)  # fmt: skip
def test_what_is_of_runs_alone_says_that_it_is_a_sweep(words: tuple[str, ...], swept: Path, capsys: Capture) -> None:
    code, out, err = said(capsys, *words)
    assert code == 2 and out == "" and err.startswith("gan-tui: old is a sweep")
    assert "gan-tui show sweeps/old" in err and "choose from" not in err


def test_show_tells_what_became_of_a_sweep(swept: Path, capsys: Capture) -> None:
    for word in ("old", "sweeps/old"):
        out = said(capsys, "show", word)[1]
        assert out.startswith("sweep old: xor: ") and "4 of 4 trainings done" in out and "\nBest: " in out
        assert "In all, " in out
    found = json.loads(said(capsys, "show", "old", "--json")[1])
    assert (found["kind"], found["name"], found["step"]) == ("sweep", "old", 4) and found["combinations"]
    code, _, err = said(capsys, "show", "old", "--settings")
    assert code == 2 and "old is a sweep" in err


def test_a_sweep_is_deleted_after_a_yes_and_never_while_it_trains(swept: Path, capsys: Capture) -> None:
    with SweepFolder(swept / "sweeps" / "old").held():
        code, _, err = said(capsys, "delete", "old", "xor", "--yes")
        assert code == 2 and "The sweep old is still running" in err and (swept / "xor").exists()
    assert (
        "--yes deletes without a question" in said(capsys, "delete", "old")[2] and (swept / "sweeps" / "old").exists()
    )
    assert "a sweep with 4 trainings that are done" in run_changes._told(SweepFolder(swept / "sweeps" / "old"))
    code, out, _ = said(capsys, "delete", "old", "--yes")
    assert (code, out) == (0, "Deleted the sweep old.\n") and not [*(swept / "sweeps").iterdir()]


def test_of_a_run_and_a_sweep_of_one_name_it_is_said_which_was_taken(swept: Path, capsys: Capture) -> None:
    (swept / "xor").rename(swept / "old")
    for words in (("status", "old"), ("show", "old"), ("note", "old", "mine")):
        code, _, err = said(capsys, *words)
        assert code == 0 and "old is taken for the run; the sweep of that name is sweeps/old." in err, words
    assert said(capsys, "show", "sweeps/old")[1].startswith("sweep old: ")
    code, out, err = said(capsys, "delete", "old", "--yes")
    assert (code, out) == (0, "Deleted old.\n") and "taken for the run" in err
    assert (swept / "sweeps" / "old").exists() and not (swept / "old").exists()
    assert said(capsys, "delete", "sweeps/old", "--yes")[1] == "Deleted the sweep old.\n"


def test_of_many_runs_some_are_named_where_none_is_meant(runs: Path, capsys: Capture) -> None:
    for number in range(20):
        old_run("finished", "xor", runs).path.rename(runs / f"run-{number}")
    err = said(capsys, "status", "lamp")[2]
    assert err.count("run-") == 12 and "and 8 more (gan-tui runs lists them)" in err
    assert 'did you mean "run-19"?' in said(capsys, "status", "rn-19")[2]


def test_a_column_is_called_as_its_head_says_and_a_wrong_word_is_put_right(swept: Path, capsys: Capture) -> None:
    assert said(capsys, "runs", "--sort", "trained")[0] == 0
    assert "xor" in said(capsys, "runs", "trained<1d", "run=x*")[1]
    assert (
        said(capsys, "runs", "--sort", "lr")[2] == 'gan-tui: There is no column "lr", did you mean "learning_rate"?\n'
    )
    assert 'did you mean "learning_rate"?' in said(capsys, "runs", "lr<0.006")[2]
    err = said(capsys, "runs", "zzz<1")[2]
    assert "choose from name, state, preset, age" in err and "or a setting or metric of a run, such as" in err
    assert len(err) < 300
