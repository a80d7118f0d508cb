"""Promise 20: what is not seen to be alive here is not called dead, and is trained here only after a clear word."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from processes import ENDLESS, started, wait_until_it_is_gone

from files import old_run
from gan_tui.run import lock as run_lock
from gan_tui.run.events import State
from gan_tui.run.folder import RunFolder
from gan_tui.run.holder import Holder
from product import done, gan_tui, state, wait_until_it_trains
from pty_terminal import GAN_TUI, processes_of

pytestmark = [pytest.mark.promise(20), pytest.mark.timeout(600)]

Proved = Callable[[str], None]
ABOUT = "it was alive on node7, and whether it still is cannot be seen from here"
COMMANDS = ("pause", "save", "stop", "resume")


@pytest.mark.prove
@pytest.mark.slow
def test_a_run_of_another_machine_is_neither_called_dead_nor_trained_twice(runs: Path, proved: Proved) -> None:
    folder = old_run("stopped", "xor", runs)
    folder.writer().write(State("training"))
    lock = run_lock.taken(folder.lock_file)
    assert lock is not None
    facts = Holder.facts(run_lock.number(folder.lock_file), folder.path)
    run_lock.describe(lock, {"pid": 1, "mode": "train", **facts, "host": "node7", "machine": "ab", "boot": "cd"})
    os.close(lock)  # as where a file system passes no locks on
    before = folder.events_file.read_bytes()
    assert "elsewhere" in done("runs")
    followed = gan_tui("attach", "xor", "--plain")
    assert followed.returncode == 1 and f": {ABOUT}.\ngan-tui resume --here xor" in followed.stdout
    assert "Failed" not in followed.stdout and "killed" not in followed.stdout
    for command in COMMANDS:
        refused = gan_tui(command, "xor")
        assert (
            refused.returncode and "alive on node7, and whether it still is cannot be seen from here" in refused.stderr
        )
        assert refused.stderr.count("\n") == 1
    assert folder.events_file.read_bytes() == before and not processes_of(runs)
    proved(f"a run of another machine: {', '.join(COMMANDS)} say so, and nothing was started")


@pytest.mark.prove
@pytest.mark.slow
def test_runs_that_are_copied_or_held_in_another_container_are_said_to_be_so(runs: Path, proved: Proved) -> None:
    folder = started("xor", "--steps", ENDLESS)
    wait_until_it_trains(folder)
    done("pause", "xor-1")  # so that it takes no time from what follows
    subprocess.run(["cp", "-a", str(folder.path), str(runs / "copy")], check=True)
    assert {line.split()[0]: line.split()[2] for line in done("runs").splitlines()[1:]} == {
        "xor-1": "paused",
        "copy": "copied",
    }
    refused = gan_tui("resume", "copy")
    assert (
        refused.returncode and f"this is a copy of the run that was in {folder.path} on this machine" in refused.stderr
    )
    done("resume", "copy", "--here")
    assert RunFolder(runs / "copy").is_alive() and folder.is_alive()
    assert "stopped" in done("stop", "copy")
    assert state(folder) == "paused" and folder.is_alive(), "the run that was copied is left alone"
    proved("a copy made by cp -a while it trained: recognised, and trained only when asked to be")

    inside = ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs none /tmp/gan-tui-0 && exec "$@"', "sh"]
    if shutil.which("unshare") is None or subprocess.run([*inside, "true"], capture_output=True).returncode:
        pytest.skip("a container cannot be made here; run as root, with unshare")
    said = subprocess.run([*inside, *GAN_TUI, "stop", "xor-1"], capture_output=True, text=True)
    assert said.returncode and "is alive in another container or service of this machine" in said.stderr, said
    assert "lost its supervisor" not in said.stderr
    listed = subprocess.run([*inside, *GAN_TUI, "runs"], capture_output=True, text=True).stdout
    assert ["xor-1", "xor", "paused"] in [line.split()[:3] for line in listed.splitlines()]
    done("stop", "xor-1")
    wait_until_it_is_gone(folder)
    proved("held in another container: said to be alive there, and out of reach")
