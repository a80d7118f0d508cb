"""Runs found again in the shell: listed, ordered, chosen, renamed, noted, deleted."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from gan_tui.run import notes
from gan_tui.run.folder import RunFolder
from pty_terminal import Terminal
from recorded import held, recorded_run
from shell import said

OLD = Path(__file__).parents[1] / "fixtures" / "old_runs"


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """Where this test's runs lie: three of them."""
    folder = tmp_path / "runs"
    recorded_run(folder, "xor", 100, learning_rate=0.5)
    recorded_run(folder, "xor", 10, "stopped")
    recorded_run(folder, "gan", 50)
    return folder


def _names(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    code, out, err = said(capsys, "runs", *words, "--json")
    assert code == 0, err
    return [row["name"] for row in json.loads(out)]


def test_the_list_tells_what_runs_have_come_to(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    notes.write(RunFolder(runs / "xor-1"), "the first that learnt")
    code, out, err = said(capsys, "runs")
    head, *rows = out.rstrip().split("\n")
    assert (code, err) == (0, "")
    assert head.split() == ["run", "preset", "state", "step", "best", "newest", "age", "trained", "changed", "note"]
    (first,) = [row for row in rows if row.startswith("xor-1 ")]
    assert "0.9900 accuracy" in first and "learning_rate=0.5" in first and first.endswith("the first that learnt")


def test_the_list_for_programs_has_what_it_had_and_more(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    notes.write(RunFolder(runs / "xor-1"), "mine")
    rows = {row["name"]: row for row in json.loads(said(capsys, "runs", "--json")[1])}
    row, pair = rows["xor-1"], rows["gan-1"]
    assert {"name", "folder", "preset", "state", "alive", "step", "steps_total", "data", "examples"} <= row.keys()
    assert (row["kind"], row["judged_by"], row["best_step"]) == ("run", "accuracy", 100)
    assert row["best"] == pytest.approx(0.99)
    assert (row["changed_settings"], row["note"]) == ({"learning_rate": "0.5", "steps": "400"}, "mine")
    assert len(row["curve"]) == 32 and row["values"].keys() == {"loss", "accuracy"} and row["seconds"] >= 0
    assert (pair["judged_by"], pair["best"], pair["best_step"]) == ("d_accuracy", None, None)


def test_words_stand_on_either_side_of_options(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _names(capsys, "xor", "--sort", "best", "state=stopped") == ["xor-2"]
    assert _names(capsys, "--reverse", "xor", "--sort=best", "learning_rate=0.5") == ["xor-1"]
    assert said(capsys, "runs", "xor", "--srot", "best")[2] == (
        'gan-tui: runs has no option "--srot", did you mean "--sort"? See gan-tui runs --help.\n'
    )
    assert said(capsys, "runs", "--sort")[2] == "gan-tui: --sort needs a value; see gan-tui runs --help.\n"


def test_runs_are_chosen_by_words_and_conditions_and_put_in_order(
    runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _names(capsys, "xor", "--sort", "best") == ["xor-1", "xor-2"]
    assert _names(capsys, "xor", "--sort", "best", "--reverse") == ["xor-2", "xor-1"]
    assert _names(capsys, "preset=xor", "learning_rate<0.1", "state=stopped") == ["xor-2"]
    assert _names(capsys, "--sort", "step") == ["xor-1", "gan-1", "xor-2"]
    assert said(capsys, "runs", "state=failed")[1] == "No run meets all of that; gan-tui runs lists every one.\n"
    code, out, err = said(capsys, "runs", "--sort", "bset")
    assert (code, out) == (2, "") and err == 'gan-tui: There is no column "bset", did you mean "best"?\n'
    code, out, err = said(capsys, "runs", "age<often")
    assert (code, err) == (2, 'gan-tui: age takes a time, such as 90s, 30min, 2h, 3d or 2w, not "often".\n')


def test_a_narrow_terminal_gets_the_columns_that_say_most(runs: Path) -> None:
    from gan_tui.cli import run_rows
    from gan_tui.cli.run_lists import read
    from gan_tui.presets.changed import KnownChanges
    from gan_tui.run.listing import Listing
    from gan_tui.run.summaries import summaries

    rows = read(Listing(lambda: summaries(runs), KnownChanges()))
    for columns in (200, 80, 60, 40):
        text = run_rows.table(rows, columns)
        assert max(map(len, text.split("\n"))) <= columns and text.startswith("run")
    assert "best" in run_rows.table(rows, 80) and "state" in run_rows.table(rows, 60)


def test_sweeps_stand_below_the_runs(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(OLD / "swept" / "sweeps", runs / "sweeps")
    out = said(capsys, "runs")[1]
    assert "\n\nsweep  preset  state" in out and "old    xor     finished   4 of 4  1.0000 accuracy with" in out
    row = json.loads(said(capsys, "runs", "--json")[1])[-1]
    assert [row[key] for key in ("kind", "name", "state", "step", "steps_total")] == ["sweep", "old", "finished", 4, 4]
    assert row["best"] == 1.0 and row["best_settings"]["seed"] == 42
    assert _names(capsys, "old") == ["old"] and "old" in _names(capsys, "preset=xor", "state=finished")
    assert "old" not in _names(capsys, "preset=gan") and "old" not in _names(capsys, "learning_rate<0.1")


@pytest.mark.parametrize("state", ["finished", "stopped"])
def test_runs_of_before_are_listed_with_what_they_came_to(
    state: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(OLD / state, tmp_path / "runs", copy_function=shutil.copy2)
    rows = {row["name"]: row for row in json.loads(said(capsys, "runs", "--json")[1])}
    assert {name: row["judged_by"] for name, row in rows.items()} == {
        "flag": "accuracy", "pair": "d_accuracy", "shapes": "val_accuracy", "tape": "val_accuracy", "xor": "accuracy",
    }  # fmt: skip
    assert all(row["curve"] and row["seconds"] > 0 for row in rows.values())


def test_show_tells_of_a_run_what_the_list_tells(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    notes.write(RunFolder(runs / "xor-1"), "the first that learnt")
    out = said(capsys, "show", "xor-1")[1]
    rows = [" ".join(line.split()) for line in out.split("\n")]
    assert {"best 0.9900 accuracy at step 100", "changed learning_rate=0.5 steps=400"} <= {*rows}
    assert "noted the first that learnt" in rows
    found = json.loads(said(capsys, "show", "xor-1", "--json")[1])
    assert found["results"]["best_step"] == 100 and found["results"]["note"] == "the first that learnt"
    assert "results" not in json.loads(said(capsys, "show", "xor", "--json")[1])


# Names, notes, deletion ---------------------------------------------------------------------------


def test_a_run_gets_another_name(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(capsys, "rename", "xor-1", "learnt")
    assert (code, out, err) == (0, f"{runs / 'learnt'}\n", "")
    assert not (runs / "xor-1").exists() and "learnt" in _names(capsys)


def test_a_run_that_trains_gets_another_name_and_goes_on(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = RunFolder(runs / "xor-1").held()
    with held(folder):
        assert said(capsys, "rename", "xor-1", "learnt")[0] == 0
        assert folder.name == "learnt" and folder.is_alive()


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        ("xor-2", 'A run is called "xor-2" already in {runs}; choose another.'),
        ("other", 'Something that is no run is called "other" already in {runs}; choose another.'),
        ("xor-1", "xor-1 is called so already."),
        ("sweeps", 'The folder "sweeps" is where sweeps are kept; choose another name.'),
        ("", '"" is not a valid run name: it is empty.'),
    ],
)
def test_a_name_that_cannot_be_given_is_refused_and_nothing_changes(
    new: str, sentence: str, runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (runs / "other").mkdir()
    before = sorted(path.name for path in runs.iterdir())
    code, out, err = said(capsys, "rename", "xor-1", new)
    assert (code, out, err) == (2, "", f"gan-tui: {sentence.format(runs=runs)}\n")
    assert sorted(path.name for path in runs.iterdir()) == before


def test_a_link_is_not_renamed(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (runs / "link").symlink_to(runs / "xor-1")
    code, _, err = said(capsys, "rename", "link", "other")
    assert code == 2 and "link is a link to" in err and (runs / "link").is_symlink()


def test_a_note_is_written_printed_and_taken_away(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "note", "xor-1") == (
        0, "", 'Nothing is noted of xor-1; gan-tui note xor-1 "…" notes something.\n'
    )  # fmt: skip
    assert said(capsys, "note", "xor-1", "the", "first") == (0, "", "")
    assert said(capsys, "note", "xor-1") == (0, "the first\n", "")
    assert _names(capsys, "first") == ["xor-1"]
    said(capsys, "note", "xor-1", "")
    assert not (runs / "xor-1" / notes.NAME).exists()


def test_runs_are_deleted_after_a_yes(
    runs: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, err = said(capsys, "delete", "xor-1")
    assert (code, out) == (2, "") and (runs / "xor-1").exists()
    assert err == "gan-tui: delete asks first, and there is no terminal to ask on; --yes deletes without a question.\n"
    code, out, err = said(capsys, "delete", "xor-1", "gan-1", "xor-1", "--yes")
    assert (code, out, err) == (0, "Deleted xor-1.\nDeleted gan-1.\n", "")
    assert [path.name for path in runs.iterdir()] == ["xor-2"]


def test_a_run_that_is_alive_or_missing_keeps_all_from_being_deleted(
    runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with held(RunFolder(runs / "xor-2")):
        code, out, err = said(capsys, "delete", "xor-1", "xor-2", "--yes")
    assert (code, out) == (2, "") and err.startswith("gan-tui: xor-2 is still running; gan-tui stop ")
    assert said(capsys, "delete", "xor-1", "xor-9", "--yes")[0] == 2
    assert len(list(runs.iterdir())) == 3


@pytest.mark.slow
@pytest.mark.parametrize(("answer", "is_left"), [("n", True), ("", True), ("y", False)])
def test_on_a_terminal_it_asks_with_what_is_lost(answer: str, is_left: bool, runs: Path) -> None:
    (runs / "xor-1" / "own.ipynb").write_text("{}")
    command = [sys.executable, "-m", "gan_tui", "delete", "xor-1", "--runs-dir", str(runs)]
    with Terminal(command, 200, 24) as terminal:
        terminal.wait_for("Delete the run xor-1 for good? This cannot be undone. [y/N]")
        assert "xor-1 (finished; what else lies in its folder goes, too: own.ipynb)" in terminal.words()
        terminal.type(f"{answer}\r")
        terminal.wait_for("Nothing was deleted." if is_left else "Deleted xor-1.")
    assert (runs / "xor-1").exists() == is_left
