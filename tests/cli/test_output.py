"""Where the output of a command goes: nowhere, onto a full disk, to somebody who has read enough."""

import subprocess
import sys
from pathlib import Path

import pytest

from gan_tui.run.folder import RunFolder
from product import wait_for
from pty_terminal import GAN_TUI

pytestmark = pytest.mark.slow  # programs of their own

COMMANDS = ("runs", "presets", "presets --json", "show dcgan", "--help", "train --help")


def shell(line: str, seconds: float = 120) -> "subprocess.CompletedProcess[str]":
    command = f"{' '.join(GAN_TUI)} {line}"
    return subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=seconds)


@pytest.mark.parametrize("closed", ["<&-", ">&-", "<&- >&-"])
def test_streams_that_a_shell_has_closed_are_no_error(closed: str) -> None:
    ended = shell(f"presets {closed}")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert bool(ended.stdout) is (closed == "<&-")


def test_with_standard_error_closed_the_exit_code_tells() -> None:
    assert shell("presets 2>&-").returncode == 0
    assert shell("prests 2>&-").returncode == 2


def test_without_an_input_there_is_no_terminal() -> None:
    ended = shell("<&-")
    assert (ended.returncode, ended.stderr.startswith("gan-tui: The menu needs a terminal; ")) == (2, True)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="it needs /dev/full")
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("python", ["", "-u"])
def test_output_that_cannot_be_written_is_said_in_a_sentence(command: str, python: str) -> None:
    if python and command != "runs":
        pytest.skip("one is enough to see that it does not wait in a buffer")
    line = f"{sys.executable} {python} -m gan_tui {command} >/dev/full"
    ended = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=60)
    said = "gan-tui: The output cannot be written: No space left on device; free some space.\n"
    assert (ended.returncode, ended.stderr) == (1, said)


@pytest.mark.usefixtures("no_training_is_left")
def test_whoever_has_read_enough_is_told_that_the_training_goes_on(runs: Path) -> None:
    ended = shell("train xor --steps 100000000 | head -2")
    assert ended.stderr == (
        "gan-tui: Nobody reads the output any more. xor-1 trains on in the background; gan-tui stop xor-1 ends it.\n"
    )
    assert len(ended.stdout.splitlines()) == 2
    folder = RunFolder(runs / "xor-1")
    assert folder.is_alive()
    assert shell("stop xor-1").returncode == 0
    wait_for(lambda: not folder.is_held(), 10)
