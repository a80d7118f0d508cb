"""A terminal that goes away takes its dashboard with it; however one ends, the terminal is left as it was found."""

import os
import random
import signal
import sys
import termios
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from pty_terminal import GAN_TUI, SANE, Terminal, modes_left_on
from recorded import recorded_run

pytestmark = [pytest.mark.promise(13), pytest.mark.slow]

IGNORING_HANGUPS = ("sh", "-c", 'trap "" HUP; exec "$@"', "sh")
UNDER_A_SHELL = ("sh", "-c", '"$@"; true', "sh")
FAILS_ON_A_KEY = (
    sys.executable, "-c",
    "from gan_tui.dashboard.screens.menu import MenuScreen\n"
    "MenuScreen.action_help = lambda self: 1 / 0\n"
    "from gan_tui.cli.arguments import main\n"
    "raise SystemExit(main())",
)  # fmt: skip


def ends_within(process: psutil.Process, seconds: float) -> float:
    """How long it took, in seconds. Fails when the process is still there."""
    begin = time.monotonic()
    with suppress(psutil.NoSuchProcess):
        while process.status() != psutil.STATUS_ZOMBIE:
            assert time.monotonic() - begin < seconds, "it is still there"
            time.sleep(0.02)
    return time.monotonic() - begin


def dashboards_under(process: psutil.Process) -> list[psutil.Process]:
    family = [process, *process.children(recursive=True)]
    return [one for one in family if "gan_tui" in " ".join(one.cmdline()) and "sh" not in one.name()]


@pytest.mark.parametrize("before", [(), IGNORING_HANGUPS, UNDER_A_SHELL], ids=["plain", "nohup", "in a shell"])
def test_a_terminal_that_vanishes(
    before: Sequence[str], runs: Path, trials: Callable[[int, int], int], proved: Callable[[str], None]
) -> None:
    recorded_run(runs)
    longest, count = 0.0, trials(2, 20)
    for trial in range(count):
        with Terminal((*before, *GAN_TUI, *(("attach",) if trial % 2 else ()))) as terminal:
            terminal.wait_for("q Quit")
            dashboards = dashboards_under(psutil.Process(terminal.process.pid))
            assert dashboards
            terminal.hang_up()
            longest = max(longest, *(ends_within(one, 5) for one in dashboards))
    proved(f"{count} terminals closed: their dashboards gone within {longest:.1f} s")


@pytest.mark.parametrize("how", ["SIGTERM", "SIGHUP", "SIGQUIT", "q", "a failure"])
def test_the_terminal_is_left_as_it_was(how: str, runs: Path, proved: Callable[[str], None]) -> None:
    with Terminal(FAILS_ON_A_KEY if how == "a failure" else GAN_TUI) as terminal:
        own = os.dup(terminal.descriptor)  # stays when the program has gone
        before = termios.tcgetattr(own)
        terminal.wait_for("q Quit")
        terminal.pump(0.3)
        assert termios.tcgetattr(own) != before
        if how.startswith("SIG"):
            os.kill(terminal.process.pid, signal.Signals[how])
        else:
            terminal.type("q" if how == "q" else "?")
        code = terminal.wait_for_exit()
        assert code == {"q": 0, "a failure": 1}.get(how) or code == 128 + signal.Signals[how]
        assert modes_left_on(terminal.output) == SANE
        assert termios.tcgetattr(own) == before
        os.close(own)
        if how == "a failure":
            said = terminal.output.rpartition(b"\x1b[?1049l")[2].decode()
            assert "gan-tui: the dashboard failed (ZeroDivisionError: division by zero); training continues" in said
            assert "Traceback" not in said
    proved(how)


def test_a_signal_at_any_instant_gives_the_terminal_back(
    runs: Path, trials: Callable[[int, int], int], proved: Callable[[str], None]
) -> None:
    many, chance, entered = trials(9, 150), random.Random(13), 0
    for nth in range(many):
        number = (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)[nth % 3]
        with Terminal(GAN_TUI) as terminal:
            own = os.dup(terminal.descriptor)
            before = termios.tcgetattr(own)
            if nth % 2:
                terminal.wait_for(lambda terminal=terminal: b"\x1b[?1049h" in terminal.output)  # while it takes over
                terminal.pump(chance.random() * 0.1)
            else:
                terminal.pump(chance.random())
            os.kill(terminal.process.pid, number)
            assert terminal.wait_for_exit(5) in (128 + number, -number)
            entered += b"\x1b[?1049h" in terminal.output
            assert modes_left_on(terminal.output) == SANE
            assert termios.tcgetattr(own) == before
            os.close(own)
    proved(f"{many} signals from the first instant on, {entered} once the terminal was taken: given back each time")


def test_ctrl_z_and_fg(runs: Path, trials: Callable[[int, int], int], proved: Callable[[str], None]) -> None:
    recorded_run(runs)
    count = trials(1, 10)
    with Terminal(("bash", "--norc", "--noprofile", "-i"), env={"PS1": "ready> "}) as terminal:
        terminal.wait_for("ready>")
        terminal.type(" ".join((*GAN_TUI, "attach")) + "\r")
        for _ in range(count):
            terminal.wait_for("q Quit")
            terminal.pump(0.3)
            terminal.type("\x1a")
            terminal.wait_for("Stopped")
            assert modes_left_on(terminal.output) - {2004} == SANE  # bash itself marks what is pasted
            terminal.type("echo shell-$((40 + 2))\r")
            terminal.wait_for("shell-42")
            terminal.type("fg\r")
            terminal.wait_for("accuracy")  # all of it is drawn again
            terminal.pump(0.3)
            assert "shell-42" not in terminal.text()
        terminal.type("q")
        terminal.wait_for(lambda: terminal.output.rstrip().endswith(b"ready>"))
    proved(f"{count} times out and back")


def test_a_terminal_that_takes_nothing_cannot_hold_the_program(runs: Path, proved: Callable[[str], None]) -> None:
    recorded_run(runs)
    with Terminal((*GAN_TUI, "attach")) as terminal:
        terminal.wait_for("q Quit")
        for _ in range(60):  # nobody reads: the terminal is full after a few
            os.write(terminal.descriptor, b"\x0c")
            time.sleep(0.02)
        os.kill(terminal.process.pid, signal.SIGTERM)
        seconds = ends_within(psutil.Process(terminal.process.pid), 10)  # 3 but for a busy machine
    proved(f"ended {seconds:.1f} s after SIGTERM")
