"""gan-tui as the first process of a container: the end of it ends all that it has started."""

import shutil
import signal
import subprocess
import sys
import time

import psutil
import pytest

CONTAINER = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child"]
COMMAND = """
import subprocess, sys, time
from gan_tui.cli import first_process
from gan_tui.cli.arguments import main
subprocess.Popen(["sh", "-c", sys.argv[1]])
time.sleep(0.2)
sys.exit(main(["runs"]) if sys.argv[2] == "runs" else first_process.stay(int(sys.argv[2])))
"""
SAVES = "trap 'sleep 0.2; echo saved; exit' TERM; echo begun; while :; do sleep 0.02; done"
"""A training that goes on until it is asked to stop."""


def inside(trains: str, ends: str) -> "subprocess.Popen[str]":
    """A container whose first process starts what trains, and is done with its own work."""
    if shutil.which("unshare") is None or subprocess.run([*CONTAINER, "true"], capture_output=True).returncode:
        pytest.skip("a container cannot be made here; run as root, with unshare")
    return subprocess.Popen(
        [*CONTAINER, sys.executable, "-c", COMMAND, trains, ends],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_it_stays_until_what_it_has_started_has_ended() -> None:
    container = inside("read go; sleep 0.1; echo finished", "runs")
    assert container.stdout is not None
    assert container.stdout.readline().startswith("No runs yet")
    assert container.communicate("go\n", timeout=20)[0] == "finished\n"
    assert container.returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_to_stop_it_is_to_save_and_stop_that(number: signal.Signals) -> None:
    """`docker stop` sends it SIGTERM, which the kernel keeps from a first process without a handler."""
    container = inside(SAVES, "runs")
    assert container.stdout is not None
    lines = [container.stdout.readline() for _ in range(2)]
    assert "begun\n" in lines
    time.sleep(0.1)
    (first,) = psutil.Process(container.pid).children()
    first.send_signal(number)
    assert container.communicate(timeout=20)[0] == "saved\n"
    assert container.returncode == 130


def test_a_dashboard_that_a_signal_has_ended_takes_what_trains_along() -> None:
    container = inside(SAVES, str(128 + signal.SIGTERM))
    assert container.communicate(timeout=20)[0].endswith("saved\n")
    assert container.returncode == 128 + signal.SIGTERM
