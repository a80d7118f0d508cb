"""What the dashboard's process weighs, and that TensorFlow is not in it."""

import re
from collections.abc import Iterator
from pathlib import Path

import psutil
from measuring import COMMAND, Figure, Terminal, attached, own_runs, start

SECONDS = 5.0
"""After the first paint."""
REPEATS = 3
_TENSORFLOW = re.compile(r"libtensorflow|/tensorflow/|/keras/")


def memory() -> Iterator[Figure]:
    """Resident memory of the dashboard, and whether TensorFlow is loaded in it."""
    with own_runs():
        on_menu = [_on_menu() for _ in range(REPEATS)]
        run = start("gan", "--epochs", "1000")
        on_run = [_on_run(run) for _ in range(REPEATS)]
    yield Figure("memory of the dashboard, on the menu", "≤ 75", [megabytes for megabytes, _ in on_menu], "MB")
    yield Figure("memory of the dashboard, on a GAN that trains", "≤ 75", [megabytes for megabytes, _ in on_run], "MB")
    yield Figure("TensorFlow in the dashboard's process (0 no, 1 yes)", "0", [seen for _, seen in on_menu + on_run], "")


def _on_menu() -> tuple[float, bool]:
    with Terminal(COMMAND) as terminal:
        terminal.wait_for("q Quit")
        return _weighed(terminal)


def _on_run(run: Path) -> tuple[float, bool]:
    with attached(run) as terminal:
        return _weighed(terminal)


def _weighed(terminal: Terminal) -> tuple[float, bool]:
    terminal.pump(SECONDS)
    process = psutil.Process(terminal.process.pid)
    maps = Path(f"/proc/{process.pid}/maps").read_text()
    return process.memory_info().rss / 1e6, bool(_TENSORFLOW.search(maps))
