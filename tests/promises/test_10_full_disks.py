"""Promise 10: a full disk neither kills a run nor corrupts what is there, and the screen says so."""

import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gan_tui.run.commands import Command
from gan_tui.run.events import Checkpoint, Metrics, Record
from gan_tui.run.folder import RunFolder
from gan_tui.supervision import control_client
from product import START_SECONDS, done, gan_tui, state_of, wait_for, wait_until_it_trains
from pty_terminal import GAN_TUI, Terminal, end_runs, trainer_of

pytestmark = [pytest.mark.promise(10), pytest.mark.slow, pytest.mark.timeout(600)]

Proved = Callable[[str], None]
FULL = "The disk is full: metrics are kept in memory"


class SmallDisk:
    """A file system of some megabytes that holds the runs."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._filler = folder, folder / "filler"

    def fill(self) -> float:
        """Leave no room at all; returns when."""
        with self._filler.open("ab", buffering=0) as filler:
            for size in (1 << 16, 4096):
                try:
                    while True:
                        filler.write(bytes(size))
                except OSError:
                    continue
        return time.monotonic()

    def free(self) -> None:
        self._filler.unlink()


@pytest.fixture
def disk(runs: Path) -> Iterator[SmallDisk]:
    if os.geteuid() != 0:
        pytest.skip("mounting a small tmpfs needs root; run it as root, in a container, say")
    runs.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "none", str(runs)], capture_output=True, text=True
    )
    if mounted.returncode:
        pytest.skip(f"a tmpfs cannot be mounted here: {mounted.stderr.strip()}")
    try:
        yield SmallDisk(runs)
    finally:
        end_runs(runs)
        subprocess.run(["umount", "-l", str(runs)], check=True)


def records_of(folder: RunFolder) -> list[Record]:
    """Every record of a log, which must be sound, in order, without a gap."""
    reader, records = folder.reader(), list[Record]()
    while new := reader.read():
        records += new
    assert reader.damaged == 0
    assert [record.seq for record in records] == list(range(len(records)))
    return records


def kept(folder: RunFolder) -> list[str]:
    return sorted(path.name for path in folder.checkpoints.iterdir() if not path.name.startswith("."))


def steps_of(records: list[Record]) -> list[int]:
    return [step for record in records if isinstance(record.event, Metrics) for step in record.event.steps]


def step_now(folder: RunFolder) -> int:
    """Asked through the socket, since no event can say it."""
    step = control_client.ask(folder, Command("pause"), 20).step
    assert control_client.ask(folder, Command("resume"), 20).ok
    return step


def test_a_run_trains_through_a_full_disk(disk: SmallDisk, tmp_path: Path, proved: Proved) -> None:
    with (tmp_path / "plain.txt").open("w") as plain:
        command = [*GAN_TUI, "train", "xor", "--plain", "--steps", "100000000", "--set", "autosave_minutes=0.02"]
        follower = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=plain, stderr=subprocess.STDOUT)
        folder = RunFolder(disk.folder / "xor-1")
        wait_for(folder.events_file.exists, START_SECONDS)
        wait_until_it_trains(folder, 1000)
        trainer = trainer_of(folder.path)
        with Terminal([*GAN_TUI, "attach", "xor-1"], 160, 40) as terminal:
            terminal.wait_for("q Quit")
            terminal.wait_for("steps/s")
            since = disk.fill()
            said = terminal.wait_for(FULL, 10) - since
            first = step_now(folder)
            terminal.pump(2)
            second = step_now(folder)
            refused = control_client.ask(folder, Command("save"), 20)
            assert trainer.is_running() and second > first
            assert not refused.ok and "No space left on device; free some space" in refused.text
            on_disk = steps_of(records_of(folder))
            assert on_disk[-1] < first, "the disk is really full"
            disk.free()
            terminal.wait_for(lambda: FULL not in terminal.text())
        saved = control_client.ask(folder, Command("save"), START_SECONDS)
        assert saved.ok, saved.text
        done("stop", "xor-1")
        assert follower.wait(60) == 0
    records, state = records_of(folder), state_of(folder)
    assert steps_of(records) == list(range(1, state.step + 1)), "every step is there once"
    assert (state.state, state.checkpoints[-1].step) == ("stopped", state.step)
    assert any(record.event.kind == "save" for record in records if hasattr(record.event, "kind"))
    told = {record.event.folder for record in records if isinstance(record.event, Checkpoint)}
    assert {f"checkpoints/{name}" for name in kept(folder)} <= told
    assert folder.trouble() == ""
    words = (tmp_path / "plain.txt").read_text()
    assert f"WARNING: {FULL}" in words
    assert said < 2.0, f"the screen said so {said:.1f} s later"
    proved(
        f"said {said:.1f} s later; {second - on_disk[-1]:,} steps kept in memory, all {state.step:,} there in the end"
    )


@pytest.fixture
def lengthy(at_length: bool) -> None:
    if not at_length:
        pytest.skip("make promises does it")


def test_a_run_that_ends_on_a_full_disk_waits_for_room(lengthy: None, disk: SmallDisk, proved: Proved) -> None:
    folder = RunFolder(Path(done("train", "xor", "--detach", "--steps", "20000")))
    wait_until_it_trains(folder, 100)
    disk.fill()
    trainer = trainer_of(folder.path)
    wait_for(lambda: "last checkpoint is waiting" in folder.trouble(), START_SECONDS)
    time.sleep(3)
    assert trainer.is_running() and folder.is_alive() and steps_of(records_of(folder))[-1] < 20_000
    disk.free()
    wait_for(lambda: not folder.is_held())
    state = state_of(folder)
    assert (state.state, state.step, state.checkpoints[-1].step) == ("finished", 20_000, 20_000)
    assert steps_of(records_of(folder)) == list(range(1, 20_001))
    proved("full at the end: waited, then 20,000 of 20,000 steps and the last checkpoint")


def test_a_run_that_is_told_twice_to_stop_ends_without_its_checkpoint(
    lengthy: None, disk: SmallDisk, proved: Proved
) -> None:
    folder = RunFolder(Path(done("train", "xor", "--detach", "--steps", "100000000")))
    wait_until_it_trains(folder, 100)
    done("save", "xor-1")
    saved = state_of(folder).checkpoints[-1].step
    disk.fill()
    first = subprocess.Popen([*GAN_TUI, "stop", "xor-1"], stderr=subprocess.PIPE, text=True)
    wait_for(lambda: "last checkpoint is waiting" in folder.trouble())
    assert first.poll() is None
    assert "waiting: disk full" in done("runs")
    resumed = gan_tui("resume", "xor-1")
    assert resumed.returncode == 1 and "No space left on device; free some space" in resumed.stderr
    second = control_client.ask(folder, Command("stop"), 30)
    assert not second.ok and "No space left on device" in second.text
    late, ended = first.communicate(timeout=60)[1].splitlines()
    assert re.match(r"xor-1 has not answered for \d s: .*No space left on device; free some space", late)
    assert "No space left on device" in ended
    wait_for(lambda: not folder.is_held())
    assert kept(folder) == [f"{saved:09d}"]
    records_of(folder)
    disk.free()
    done("resume", "xor-1")
    wait_until_it_trains(folder, saved)
    done("stop", "xor-1")
    assert steps_of(records_of(folder))
    state = state_of(folder)
    assert state.series["loss"].steps.tolist() == list(range(1, state.step + 1))
    proved("told twice: ended, with the checkpoint before it and all that was saved; resumed without a gap")


def test_a_trainer_killed_while_the_disk_is_full_is_explained(lengthy: None, disk: SmallDisk, proved: Proved) -> None:
    folder = RunFolder(Path(done("train", "xor", "--detach", "--steps", "100000000")))
    wait_until_it_trains(folder, 100)
    saved = Path(done("save", "xor-1"))
    with Terminal([*GAN_TUI, "attach", "xor-1"], 160, 40) as terminal:
        terminal.wait_for("q Quit")
        disk.fill()
        terminal.wait_for(FULL)
        since = time.monotonic()
        trainer_of(folder.path).kill()
        said = terminal.wait_for(lambda: "The trainer was killed (SIGKILL)" in terminal.words(), 10) - since
        way_on = f"Press r to resume from step {int(saved.name):,}"
        terminal.wait_for(lambda: way_on in terminal.words())
        refused = gan_tui("resume", "xor-1").returncode  # unless there was just room enough to say that it starts
        terminal.pump(1)
        assert not refused or "The trainer was killed (SIGKILL)" in terminal.words(), "it is still known why it ended"
        end_runs(folder.path.parent)
    records_of(folder)
    disk.free()
    done("resume", "xor-1")
    wait_until_it_trains(folder, int(saved.name))
    done("stop", "xor-1")
    state = state_of(folder)
    assert state.series["loss"].steps.tolist() == list(range(1, state.step + 1)) and folder.trouble() == ""
    assert said < 2.0, f"the screen said so {said:.1f} s later"
    proved(f"killed on a full disk: explained {said:.1f} s later, resumed without a gap")
