"""Promise 6: viewers never slow the training.

Steps a second with and without viewers are noise on a busy machine, so what viewers cost is measured (`make bench`).
Asserted is why it is little: nobody waits for a viewer. Here are more of the worst kind than anybody has; no report of
steps comes later than 5 s after the one before, and most of the speed is left.
"""

import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest
from processes import ENDLESS, started

from gan_tui.run.commands import Command
from gan_tui.run.events import Metrics
from gan_tui.run.folder import RunFolder
from gan_tui.supervision import control_client
from product import step, wait_for, wait_until_it_trains
from pty_terminal import GAN_TUI, Terminal

pytestmark = [pytest.mark.promise(6), pytest.mark.slow, pytest.mark.timeout(600)]

SLOWED = 0.5
"""Viewers that cost more of the speed than noise could are found here, those that cost less in `make bench`."""

Trials = Callable[[int, int], int]
Proved = Callable[[str], None]


@pytest.mark.prove
def test_viewers_that_stop_or_never_read_hold_up_no_step(runs: Path, trials: Trials, proved: Proved) -> None:
    seconds, pairs = trials(2, 8), trials(1, 5)
    folder = started("xor", "--steps", ENDLESS)
    wait_until_it_trains(folder)
    time.sleep(1)
    ratios = []
    for _ in range(pairs):
        alone = speed(folder, seconds)
        with worst_viewers(folder):
            assert control_client.ask(folder, Command("save"), timeout=20).ok, "whoever does read is answered"
            ratios.append(speed(folder, seconds) / alone)
    assert median(ratios) > SLOWED, f"slowed by viewers: {ratios}"
    longest = longest_pause(folder)
    assert longest < 5, "a step waited for somebody"
    proved(
        f"20 clients that never read, a stopped dashboard, one that nobody reads, {pairs} × {seconds} s: speed "
        f"{median(ratios):.2f} of that without, longest wait {longest:.2f} s"
    )


@contextmanager
def worst_viewers(folder: RunFolder) -> Iterator[None]:
    with ExitStack() as stack:
        terminal = stack.enter_context(Terminal((*GAN_TUI, "attach", str(folder.path))))
        terminal.wait_for("q Quit")
        terminal.process.send_signal(signal.SIGSTOP)
        unread = stack.enter_context(Terminal((*GAN_TUI, "attach", str(folder.path))))
        unread.wait_for("q Quit", 20)  # from now on nobody takes what it draws
        for _ in range(20):
            client = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
            client.connect(str(folder.socket_path()))
            client.sendall(Command("resume").to_line() * 60)
        yield
        terminal.process.send_signal(signal.SIGCONT)


def speed(folder: RunFolder, seconds: float) -> float:
    """Steps a second, for so long."""
    first, began = step(folder), time.monotonic()
    wait_for(lambda: step(folder) > first)
    time.sleep(seconds)
    return (step(folder) - first) / (time.monotonic() - began)


def longest_pause(folder: RunFolder) -> float:
    """Seconds between two reports of metrics, at most."""
    times, reader = [], folder.reader()
    while records := reader.read():
        times += [record.time for record in records if isinstance(record.event, Metrics)]
    return max(later - earlier for earlier, later in pairwise(times))
