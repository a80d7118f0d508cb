"""What watching costs while a GAN trains, at 120 × 40: bytes to the terminal, and the dashboard's processor time."""

import time
from collections.abc import Iterator

import psutil
from measuring import Figure, Terminal, attached, own_runs, start

SECONDS = 20.0
TIMES = 3


def watching() -> Iterator[Figure]:
    """Bytes a second to the terminal and processor time of the dashboard."""
    with own_runs():
        run = start("gan", "--epochs", "1000")
        with attached(run) as terminal:
            terminal.pump(10)
            yield from _cost(terminal, "with a picture", ("10", "6"))
            terminal.type("2")
            terminal.wait_for("parameters")
            yield from _cost(terminal, "charts only", ("1.5", "4"))
            terminal.type(" ")
            terminal.wait_for("‖ paused")
            terminal.pump(2)
            yield from _cost(terminal, "paused", ("0.05", ""))


def _cost(terminal: Terminal, what: str, goals: tuple[str, str]) -> Iterator[Figure]:
    process = psutil.Process(terminal.process.pid)
    kilobytes, shares = [], []
    for _ in range(TIMES):
        began, received, used = time.monotonic(), terminal.bytes_received, sum(process.cpu_times()[:2])
        terminal.pump(SECONDS)
        seconds = time.monotonic() - began
        kilobytes.append((terminal.bytes_received - received) / seconds / 1000)
        shares.append((sum(process.cpu_times()[:2]) - used) / seconds * 100)
    yield Figure(f"watching a GAN, {what}: to the terminal", goals[0], kilobytes, "kB/s")
    yield Figure(f"watching a GAN, {what}: of a processor core", goals[1], shares, "%")
