"""What it costs a script to be watched: to import gan-tui, and to log the numbers of a step."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from measuring import Figure, own_runs

PEER_PYTHON = Path(__file__).parent / "peers" / ".venv" / "bin" / "python"
CALLS = Path(__file__).parent / "peers" / "calls.py"
REPEATS = 11


def scripts() -> Iterator[Figure]:
    """A script's first line, and its log call; others' beside it."""
    with own_runs():
        imported = [1e3 * _timed(_IMPORT) for _ in range(REPEATS + 1)]
        yield Figure(
            "`import gan_tui`, processor time", "≤ 20", imported[1:], "ms"
        )  # the first one has written compiled files
        yield Figure("  the first `gan_tui.Run()`, once numpy is there", "", _times(_BEGUN, 1e3), "ms")
        others = {name: _calls(str(PEER_PYTHON), name) for name in ("tensorboardX", "wandb")}
        beside = ", ".join(f"{name} {median(found):.0f} µs" for name, found in others.items() if found)
        yield Figure(
            "`run.log` of two numbers, processor time of its thread",
            "≤ 4",
            _calls(sys.executable, "gan_tui"),
            "µs",
            beside,
        )


_IMPORT = "import time; begun = time.process_time(); import gan_tui; print(time.process_time() - begun)"
_BEGUN = (
    "import time, numpy, gan_tui; begun = time.process_time(); run = gan_tui.Run('bench'); "
    "print(time.process_time() - begun); run.close()"
)


def _times(code: str, scale: float) -> list[float]:
    """The first time does not count: it has written compiled files."""
    return [scale * _timed(code) for _ in range(REPEATS + 1)][1:]


def _timed(code: str) -> float:
    """What a process of its own has measured."""
    return float(subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.PIPE).stdout)


def _calls(python: str, which: str) -> list[float]:
    """µs a call, some times; nothing where it is not installed."""
    if not Path(python).exists():
        return []
    ended = subprocess.run([python, str(CALLS), which], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return [float(line) for line in ended.stdout.split()] if ended.returncode == 0 else []
