"""What others cost that show a training in a terminal: the same four metrics at 20 steps a second, at 120 × 40.

They and the writers of their formats live in an environment of their own, benchmarks/peers/.venv; `make bench` makes
it.
"""

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
from measuring import Terminal, characters_on

HERE = Path(__file__).parent / "peers"
PROGRAMS = HERE / ".venv" / "bin"
SECONDS = 15.0
PAINTED = 150


@dataclass(frozen=True)
class Cost:
    """Of watching."""

    kilobytes: float
    """A second, to the terminal."""
    share: float
    """Percent of a core, of all its processes."""
    megabytes: float


PEERS = {
    "W&B LEET": ("wandb", ("wandb", "leet")),
    "terminalboard": ("tensorboard", ("terminalboard",)),
}


def costs() -> dict[str, Cost]:
    """By name; those that are not installed are left out."""
    found = {}
    for name, (kind, command) in PEERS.items():
        if (PROGRAMS / command[0]).exists():
            with suppress(AssertionError, TimeoutError):  # one that does not start here is not in the table
                found[name] = _cost(kind, [str(PROGRAMS / command[0]), *command[1:]])
    return found


def _cost(kind: str, command: list[str]) -> Cost:
    with (
        tempfile.TemporaryDirectory(prefix="gan-tui-benchmark-", ignore_cleanup_errors=True) as folder,
        _fed(kind, folder),
    ):
        place = str(next(Path(folder).glob("wandb/offline-run-*"), folder)) if kind == "wandb" else folder
        with Terminal([*command, place]) as terminal:
            terminal.wait_for(lambda: characters_on(terminal) > PAINTED, 30)
            terminal.pump(6)
            assert terminal.process.poll() is None, f"{command[0]} has ended:\n{terminal.text()}"
            process = psutil.Process(terminal.process.pid)
            everyone = [process, *process.children(recursive=True)]
            began, received, used = time.monotonic(), terminal.bytes_received, _used(everyone)
            terminal.pump(SECONDS)
            seconds = time.monotonic() - began
            return Cost(
                (terminal.bytes_received - received) / seconds / 1000,
                100 * (_used(everyone) - used) / seconds,
                sum(one.memory_info().rss for one in everyone) / 1e6,
            )


def _used(processes: list[psutil.Process]) -> float:
    return sum(sum(process.cpu_times()[:2]) for process in processes)


@contextmanager
def _fed(kind: str, folder: str) -> Iterator[None]:
    words = [str(PROGRAMS / "python"), str(HERE / "feed.py"), kind, folder]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as feeding:
        try:
            time.sleep(10)  # as much is there as there is for ours
            assert feeding.poll() is None, f"nothing is written for {kind}"
            yield
        finally:
            feeding.kill()


def said(measured: dict[str, Cost], what: str, digits: str = ".2g") -> str:
    """A figure of each, in words; without any, how to get them."""
    if not (PROGRAMS / "python").exists():
        return "others: not installed, make bench does"
    return ", ".join(f"{name} {format(getattr(cost, what), digits)}" for name, cost in measured.items())
