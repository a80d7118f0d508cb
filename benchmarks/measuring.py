"""What every benchmark needs: figures, terminals with gan-tui in them, and runs that end with the measuring."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from pty_terminal import GAN_TUI, Terminal, end_runs

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

    def __str__(self) -> str:
        low, high = min(self.samples), max(self.samples)
        spread = f"n {len(self.samples)}, {_shown(low)} … {_shown(high)}"
        return f"{self.what:<62} {self.goal:>9}  {_shown(median(self.samples)):>7} {self.unit:<5} ({spread})"


def _shown(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


@contextmanager
def own_runs() -> Iterator[Path]:
    """A folder of runs that nobody else sees; whatever still trains in it is ended."""
    before = os.environ.get("GAN_TUI_RUNS")
    with tempfile.TemporaryDirectory(prefix="gan-tui-benchmark-") as folder:
        os.environ["GAN_TUI_RUNS"] = folder
        try:
            yield Path(folder)
        finally:
            end_runs(Path(folder))
            os.environ.pop("GAN_TUI_RUNS")
            if before is not None:
                os.environ["GAN_TUI_RUNS"] = before


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


def characters_on(terminal: Terminal) -> int:
    """How many characters of a screen are not blank."""
    return sum(len(line.replace(" ", "")) for line in terminal.screen.display)


def has_chart(terminal: Terminal) -> bool:
    """Whether a line is drawn in braille: nothing but charts is."""
    return any("\u2801" <= character <= "\u28ff" for character in terminal.text())
