"""A run that is alive and does not go on is said to stand still, with what is in its way."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gan_tui.run import lock as run_lock
from gan_tui.run import standstill
from gan_tui.run.folder import RunFolder
from gan_tui.run.hold import Hold
from gan_tui.run.summaries import summary_of
from gan_tui.system import processes
from product import wait_for
from recorded import recorded_run

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@pytest.fixture
def folder(runs: Path) -> RunFolder:
    return recorded_run(runs, state="training")


@pytest.fixture
def hold(folder: RunFolder) -> Iterator[Hold]:
    hold = Hold(folder, "train")
    yield hold
    os.close(hold.lock)


@pytest.fixture
def trainer() -> Iterator[subprocess.Popen[bytes]]:
    """Another process in a trainer's place."""
    process = subprocess.Popen(["sleep", "60"])
    yield process
    process.kill()
    process.wait()


def stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, process.pid, os.WSTOPPED)


@on_linux
def test_a_trainer_that_a_signal_has_stopped_is_frozen_until_it_goes_on(
    folder: RunFolder, hold: Hold, trainer: subprocess.Popen[bytes]
) -> None:
    hold.tell_trainer(trainer.pid)
    assert (summary_of(folder).shown, folder.standing().shown("training"), folder.trouble()) == (
        "training", "training", ""
    )  # fmt: skip
    stop(trainer)
    folder.tell_trouble("The disk is full.")
    assert (summary_of(folder).shown, folder.standing().shown("paused")) == ("frozen", "frozen")
    assert folder.trouble() == (
        f"Its trainer is frozen (SIGSTOP), so nothing is trained; kill -CONT {trainer.pid} lets it go on. "
        "The disk is full."
    )
    assert summary_of(folder).state == "training", "as the log has it, for scripts"
    trainer.send_signal(signal.SIGCONT)
    wait_for(lambda: summary_of(folder).shown == "training")
    assert folder.trouble() == "The disk is full."


@on_linux
def test_a_number_that_is_used_again_by_another_process_is_not_the_trainer(
    folder: RunFolder, hold: Hold, trainer: subprocess.Popen[bytes]
) -> None:
    before = processes.started_at(trainer.pid) - 1
    run_lock.describe(hold.lock, {"mode": "train", "trainer": [trainer.pid, before]})
    stop(trainer)
    assert (folder.standing().shown("training"), folder.trouble()) == ("training", "")


@on_linux
def test_a_frozen_supervisor_leaves_the_run_training_and_is_said(
    folder: RunFolder, trainer: subprocess.Popen[bytes]
) -> None:
    code = f"""import os, signal, sys; from pathlib import Path
from gan_tui.run.folder import RunFolder; from gan_tui.run.hold import Hold
Hold(RunFolder(Path({str(folder.path)!r})), "train").tell_trainer({trainer.pid})
os.kill(os.getpid(), signal.SIGSTOP)"""
    supervisor = subprocess.Popen([sys.executable, "-c", code])
    os.waitid(os.P_PID, supervisor.pid, os.WSTOPPED)
    try:
        assert folder.standing().shown("training") == "training"
        assert folder.trouble() == (
            "Its supervisor is frozen (SIGSTOP), so nothing that is asked of it is done; "
            f"kill -CONT {supervisor.pid} lets it go on."
        )
        stop(trainer)
        assert f"Its trainer and supervisor are frozen (SIGSTOP), so nothing is trained; kill -CONT {trainer.pid} " in (
            folder.trouble()
        )
    finally:
        supervisor.kill()
        supervisor.wait()
    assert (folder.standing().shown("training"), folder.trouble()) == ("interrupted", "")


def test_what_the_trainer_says_that_it_waits_for_is_its_state(folder: RunFolder, hold: Hold) -> None:
    folder.tell_trouble("The disk is full.", "disk full")
    assert summary_of(folder).shown == folder.standing().shown("saving") == "waiting: disk full"
    assert folder.standing().shown("finished") == "finished", "which it has said itself"
    folder.tell_trouble("The disk is full.")
    assert summary_of(folder).shown == "training"


@pytest.mark.parametrize("odd", [7, ["x"], {}, "\x1b[31m" + "y" * 100, [1, 2, 3], [True, 1], [-5, 10**30]])
def test_odd_facts_freeze_and_break_nothing(folder: RunFolder, hold: Hold, odd: object) -> None:
    facts: dict[str, object] = {"trainer": odd, "supervisor": odd, "waits": odd}
    assert standstill.frozen(facts) == ""
    assert standstill.state(facts) in ("", f"waiting: [31m{'y' * 19}…")
