"""A sweep that is attached to from a shell: found by its name or folder, and followed as text."""

import shutil
from pathlib import Path

import pytest

from files import OLD_RUNS, old_run
from gan_tui.cli import sweep_shown
from gan_tui.sweep.sweep import Job
from recorded_sweeps import RecordedSweep, done
from shell import said

Capture = pytest.CaptureFixture[str]


def test_a_sweep_is_found_by_its_name_and_by_its_folder_unless_a_run_is_called_so(runs: Path) -> None:
    found = RecordedSweep(runs)
    for word in (found.folder.name, str(found.folder.path)):
        named = sweep_shown.named(word, runs)
        assert named is not None and named.path == found.folder.path
    assert sweep_shown.named("nothing", runs) is None and sweep_shown.named(None, runs) is None
    old_run("finished", "xor", runs)
    (runs / "xor").rename(runs / found.folder.name)
    assert sweep_shown.named(found.folder.name, runs) is None


def test_followed_as_text_it_has_a_line_a_training_and_then_the_table(runs: Path, capsys: Capture) -> None:
    found = RecordedSweep(runs)
    found.train(Job(0, 42))
    found.train(Job(1, 43), done(Job(1, 43), reached=120, epochs=120, steps=120, ended="reached"))
    found.fail(Job(2, 42), "its process was killed (SIGKILL)", "ssh box1")
    code, out, err = said(capsys, "attach", found.folder.name, "--plain")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "batch_size=2 seed=43: reached after 120 epochs, accuracy 0.7500"
    assert lines[1] == "batch_size=1 seed=42: done after 300 epochs, accuracy 0.7500"
    assert lines[2] == "batch_size=4 seed=42: failed (ssh box1): its process was killed (SIGKILL)"
    assert any(line.startswith("batch_size  repeats") for line in lines)
    assert "2 of 6 trainings done, 1 failed" in lines[-1] and "gan-tui sweep --resume xor-1" in lines[-1]


def test_a_sweep_of_an_earlier_version_is_followed_too(runs: Path, capsys: Capture) -> None:
    shutil.copytree(OLD_RUNS / "swept" / "sweeps", runs / "sweeps")
    code, out, _ = said(capsys, "attach", "old", "--plain")
    assert code == 0 and "4 of 4 trainings done" in out


def test_a_training_is_attached_to_by_its_folder(runs: Path, capsys: Capture) -> None:
    found = RecordedSweep(runs)
    found.train(Job(0, 42))
    code, out, _ = said(capsys, "attach", str(found.folder.path / "trainings" / "1-seed-42"), "--plain")
    assert code == 0 and "300 of 300" in out
    code, _, err = said(capsys, "resume", str(found.folder.path / "trainings" / "1-seed-42"))
    assert code != 0 and "is a training of the sweep xor-1" in err
