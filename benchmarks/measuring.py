"""What every benchmark needs: figures, terminals with gan-tui in them, and runs that end with the measuring."""

import os
import select
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "support"))

from pty_terminal import GAN_TUI, REPLIES, Terminal, end_runs

ASK = b"\x1b[5n"

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # warm files are compiled ones: the first start writes them
_SCRIPT = Path(sys.executable).with_name("gan-tui")
COMMAND = (str(_SCRIPT),) if _SCRIPT.exists() else GAN_TUI
"""What a person types."""


@dataclass(frozen=True)
class Figure:
    """One line of the table."""

    what: str
    goal: str
    samples: Sequence[float]
    unit: str
    beside: str = ""
    """What it is measured against, in the same run."""

    def __str__(self) -> str:
        ours = f"{_shown(median(self.samples)):>7} {self.unit}"
        line = f"{self.what:<62} {self.goal:>7}  {ours:<13} ({self._spread()}) {self.beside}"
        return line.replace("`", "")

    def row(self) -> str:
        """A row of docs/speed.md's table."""
        ours = f"{_shown(median(self.samples))} {self.unit}".strip()
        return f"| {self.what} | {self.goal} | {ours} ({self._spread()}) | {self.beside} |"

    def _spread(self) -> str:
        return f"n {len(self.samples)}, {_shown(min(self.samples))} … {_shown(max(self.samples))}"


def _shown(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


@contextmanager
def own_folder(variable: str) -> Iterator[Path]:
    """A folder that nobody else sees, and that the environment names meanwhile."""
    before = os.environ.get(variable)
    with tempfile.TemporaryDirectory(prefix="gan-tui-benchmark-") as folder:
        os.environ[variable] = folder
        try:
            yield Path(folder)
        finally:
            os.environ.pop(variable)
            if before is not None:
                os.environ[variable] = before


@contextmanager
def own_runs() -> Iterator[Path]:
    """A folder of runs that nobody else sees; whatever still trains in it is ended."""
    with own_folder("GAN_TUI_RUNS") as folder:
        try:
            yield folder
        finally:
            end_runs(folder)


def start(preset: str, *options: str) -> Path:
    """Start a run in the background; its folder."""
    command = (*COMMAND, "train", preset, *options, "--detach")
    return Path(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip())


@contextmanager
def attached(run: Path) -> Iterator[Terminal]:
    """A dashboard on a run that is training, 120 × 40, its charts and its picture on show."""
    with Terminal((*COMMAND, "attach", str(run))) as terminal:
        terminal.wait_for("steps/s", 120)
        yield terminal


@contextmanager
def drained(run: Path) -> Iterator[Terminal]:
    """A dashboard on a run in a terminal that costs nothing: what it shows is read and forgotten."""
    with Terminal((*COMMAND, "attach", str(run))) as terminal:
        over = threading.Event()
        reading = threading.Thread(target=_drain, args=(terminal, over))
        reading.start()
        try:
            yield terminal
        finally:
            over.set()
            reading.join()


def _drain(terminal: Terminal, over: threading.Event) -> None:
    """Take in what a program writes, and answer that the terminal is there."""
    while not over.is_set():
        if select.select([terminal.descriptor], [], [], 0.2)[0] and ASK in os.read(terminal.descriptor, 1 << 16):
            os.write(terminal.descriptor, REPLIES[ASK])


def last_read(terminal: Terminal, seconds: float) -> float:
    """When the last byte of what is written within so long was read, in the seconds of time.monotonic.

    What is read is forgotten: this terminal draws in Python, more slowly than any that people use.
    """
    at, deadline = time.monotonic(), time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        if select.select([terminal.descriptor], [], [], left)[0]:
            data, at = os.read(terminal.descriptor, 1 << 16), time.monotonic()
            if ASK in data:
                os.write(terminal.descriptor, REPLIES[ASK])
    return at


def characters_on(terminal: Terminal) -> int:
    """How many characters of a screen are not blank."""
    return sum(len(line.replace(" ", "")) for line in terminal.screen.display)


def has_chart(terminal: Terminal) -> bool:
    """Whether a line is drawn in braille, or a point that no line leads to yet: nothing but charts is."""
    return any("\u2801" <= character <= "\u28ff" or character == "•" for character in terminal.text())
