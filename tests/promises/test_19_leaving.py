"""Once the terminal is given back it is the shell's: nothing is painted on it, and nothing is typed into it."""

import os
import random
import re
import signal
import termios
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gan_tui.run.events import State
from pty_terminal import GAN_TUI, SANE, Link, Terminal, modes_left_on
from recorded import append, held, metrics, picture, recorded_run

pytestmark = [pytest.mark.promise(19), pytest.mark.slow, pytest.mark.timeout(1800)]

LINKS = (Link(1_000_000, 0.15), Link(100_000, 0.3), Link(20_000, 0.1), Link(7_000, 0.15))
PARTING_WORDS = b"gan-1 continues in the background: gan-tui attach gan-1 reopens it, gan-tui stop gan-1 ends it.\r\n"
KEYS = ("2", "l", "m2", "l2")
SHELL = ("bash", "--norc", "--noprofile", "-i")


@contextmanager
def live(runs: Path) -> Iterator[None]:
    """A run that goes on: new metrics and pictures, as fast as a dashboard draws them."""
    folder, over = recorded_run(runs, steps=50, state="training"), threading.Event()

    def train() -> None:
        step = 50
        while not over.wait(0.05):
            append(folder, metrics("gan", step + 1, step + 5), picture(folder, step + 5))
            step += 5

    trainer = threading.Thread(target=train)
    with held(folder):
        trainer.start()
        try:
            yield
        finally:
            over.set()
            trainer.join()
            append(folder, State("finished", "all steps are done"))


def after_it_was_left(terminal: Terminal) -> bytes:
    """What was written after the second screen was left, but for modes."""
    before, left, after = bytes(terminal.output).rpartition(b"\x1b[?1049l")
    assert left and modes_left_on(before + left + after) - {2004} == SANE
    return re.sub(rb"\x1b\[(\?[0-9]+[hl]|0?m|<u)", b"", after)


def test_quits_over_a_slow_link(runs: Path, trials: Callable[[int, int], int], proved: Callable[[str], None]) -> None:
    many, chance = trials(1, 100), random.Random(19)
    with live(runs):
        for nth in range(many):
            with Terminal((*GAN_TUI, "attach"), 100, 30, link=LINKS[nth % len(LINKS)]) as terminal:
                own = os.dup(terminal.descriptor)  # stays when the program has gone
                before = termios.tcgetattr(own)
                terminal.wait_for("q Quit")
                terminal.pump(chance.random())
                terminal.type("\x1b[<35;20;9M" + chance.choice(KEYS))  # the mouse moves, and a key changes much
                terminal.pump(0.15 * chance.random())
                terminal.type("q")
                assert terminal.wait_for_exit() == 0
                assert after_it_was_left(terminal) == PARTING_WORDS
                assert termios.tcgetattr(own) == before
                os.close(own)
    proved(f"{many} quits of a run that goes on: not a byte was painted after the terminal was given back")


@pytest.mark.parametrize("key", ["q", "\x1a"], ids=["q", "Ctrl-Z"])
def test_leaving_at_once_before_the_terminal_has_answered_anything(key: str, proved: Callable[[str], None]) -> None:
    with Terminal(SHELL, 80, 24, env={"PS1": "ready> "}, link=Link(50_000, 0.8)) as terminal:
        terminal.wait_for("ready>")
        terminal.type(" ".join(GAN_TUI) + "\r")
        terminal.wait_for(lambda: b"\x1b[?1049h" in terminal.output)
        terminal.type(key)
        terminal.wait_for(lambda: b"\x1b[?1049l" in terminal.output)
        terminal.pump(2.5)
        assert terminal.output.endswith(b"ready> ") and terminal.typed_ahead() == 0
    proved("at once, 0.8 s before the first answer")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_signals_over_a_slow_link(
    number: signal.Signals, runs: Path, trials: Callable[[int, int], int], proved: Callable[[str], None]
) -> None:
    many, chance = trials(1, 15), random.Random(19)
    with live(runs):
        for nth in range(many):
            with Terminal((*GAN_TUI, "attach"), 100, 30, link=LINKS[nth % len(LINKS)]) as terminal:
                terminal.wait_for("q Quit")
                terminal.pump(chance.random())
                os.kill(terminal.process.pid, number)
                assert terminal.wait_for_exit(15) == 128 + number
                assert after_it_was_left(terminal) == b""
    proved(f"{many} signals: not a byte")


def test_a_shell_is_left_in_peace_while_the_dashboard_is_stopped(
    runs: Path, trials: Callable[[int, int], int], proved: Callable[[str], None]
) -> None:
    many, chance = trials(1, 15), random.Random(19)
    with live(runs), Terminal(SHELL, 100, 30, env={"PS1": "ready> "}, link=LINKS[1]) as terminal:
        terminal.wait_for("ready>")
        terminal.type(" ".join((*GAN_TUI, "attach")) + "\r")
        for _ in range(many):
            terminal.wait_for("q Quit")
            terminal.pump(chance.random())
            terminal.type("\x1a")
            terminal.wait_for(lambda: b"Stopped" in terminal.output.rpartition(b"\x1b[?1049l")[2])
            terminal.wait_for(lambda: terminal.output.endswith(b"ready> "))
            terminal.pump(0.5)
            lines = after_it_was_left(terminal).replace(b"\x1b[?2004h", b"").decode().splitlines()
            assert [line for line in lines if line.strip()][1:] == ["ready> "], lines
            terminal.type("fg\r")
            terminal.wait_for(lambda: 1049 in modes_left_on(terminal.output))
        terminal.wait_for("q Quit")
        terminal.type("q")
        terminal.wait_for(lambda: terminal.output.rstrip().endswith(b"ready>"))
        time.sleep(0.3)
        assert terminal.typed_ahead() == 0
    proved(f"{many} times out and back: the shell's screen has the shell's words alone, and its line is empty")
