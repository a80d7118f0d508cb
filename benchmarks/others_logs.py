"""Other tools' logs: how soon they are on the screen, beside TensorBoard's own loader, and how soon what is added."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from measuring import COMMAND, Figure, Terminal, has_chart, own_runs

from event_files import long_file, scalars, version

TIMES = 3
TAGS = ("d_loss", "d_accuracy", "g_loss", "g_accuracy")
STEPS, PART = 1_000_000, 50_000
NAME = "events.out.tfevents.1700000000.host.1.0.v2"
READ = """
import sys, time
from pathlib import Path
from gan_tui.integrations.logs import formats
from gan_tui.run.state import RunState
reader, state = formats.opened(Path(sys.argv[1])).reader(), RunState()
began = time.process_time()
while records := reader.read():
    state = state.apply_all(records)
used = time.process_time() - began
assert sum(series.length for series in state.series.values()) == int(sys.argv[2])
print(used)
"""
LOAD = """
import sys, time
from pathlib import Path
from tensorboard.backend.event_processing.event_file_loader import EventFileLoader
file = next(Path(sys.argv[1]).iterdir())
began, count = time.process_time(), 0
for event in EventFileLoader(str(file)).Load():
    count += len(event.summary.value)
used = time.process_time() - began
assert count == int(sys.argv[2])
print(used)
"""


def _used(program: str, folder: Path, steps: int) -> float:
    """Seconds of processor time that reading a log took in a process of its own, once all is loaded."""
    words = [sys.executable, "-c", program, str(folder), str(len(TAGS) * steps)]
    quiet = subprocess.DEVNULL
    return float(subprocess.run(words, check=True, stdout=subprocess.PIPE, stderr=quiet, text=True).stdout)


def _log(folder: Path, steps: int, v2: bool = True) -> Path:
    folder.mkdir()
    long_file(folder / NAME, TAGS, steps, v2)
    return folder


def logs() -> Iterator[Figure]:
    """Other tools' logs, read, opened, listed, and followed, with TensorBoard's own loader beside them."""
    with TemporaryDirectory(prefix="gan-tui-benchmark-") as place, own_runs():
        root = Path(place)
        million, old, part = _log(root / "v2", STEPS), _log(root / "v1", STEPS, v2=False), _log(root / "part", PART)
        used = [_used(READ, million, STEPS) for _ in range(TIMES)]
        yield Figure("event files of 1,000,000 steps × 4 tags, version 2: processor time", "≤ 2.5", used, "s")
        used = [_used(READ, old, STEPS) for _ in range(TIMES)]
        yield Figure("  of version 1", "≤ 2.5", used, "s")
        pairs = [(_used(LOAD, part, PART), _used(READ, part, PART)) for _ in range(TIMES)]
        times = [theirs / ours for theirs, ours in pairs]
        said = f"{PART:,} steps: TensorBoard's loader {pairs[0][0]:.2f} s, ours {pairs[0][1]:.2f} s"
        yield Figure("  as many times as fast as TensorBoard's own loader", "≥ 10", times, "", said)
        yield Figure("`attach` to the first chart of them", "≤ 1.5", [_first_chart(million) for _ in range(TIMES)], "s")
        yield Figure("a new point, to the screen", "≤ 1", list(_new_points(root / "growing")), "s")
        yield Figure("200 runs, listed", "≤ 1", [_listed(root / "many") for _ in range(TIMES)], "s")


def _first_chart(log: Path) -> float:
    with Terminal((*COMMAND, "attach", str(log))) as terminal:
        terminal.wait_for(lambda: has_chart(terminal), 60)
        return terminal.read_at - terminal.started_at


def _new_points(folder: Path) -> Iterator[float]:
    folder.mkdir()
    file = folder / NAME
    file.write_bytes(version() + scalars("loss", [(1, 1.0)]))
    with Terminal((*COMMAND, "attach", str(folder))) as terminal:
        terminal.wait_for("1.00", 60)
        for value in range(2, 2 + 2 * TIMES):
            time.sleep(0.7)
            began = time.monotonic()
            with file.open("ab") as more:
                more.write(scalars("loss", [(value, float(value))]))
            terminal.wait_for(f"{value}.00", 60)
            yield terminal.read_at - began


def _listed(folder: Path) -> float:
    if not folder.exists():
        for number in range(200):
            run = folder / f"run-{number}"
            run.mkdir(parents=True)
            (run / NAME).write_bytes(version() + scalars("loss", [(step, 1.0) for step in range(300)]))
    began = time.monotonic()
    subprocess.run((*COMMAND, "tb", str(folder), "--plain"), check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began
