"""Runs that have grown long: how soon their charts are there, what they weigh, and what another scale or size costs."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import psutil
from measuring import COMMAND, Figure, Terminal, has_chart, last_read, own_runs

TIMES = 5
METRICS = ("d_loss", "d_accuracy", "g_loss", "g_accuracy")
WRITE = """
import sys
import numpy as np
from pathlib import Path
from gan_tui import presets
from gan_tui.presets import layer_table
from gan_tui.run.events import Metrics, Started, State
runs, name, steps, a_line = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
preset = presets.find("gan")
log = presets.new_run(preset, runs, name).writer()
networks = {network.name: layer_table.layer_rows(network) for network in preset.networks}
facts = {"name": "mnist", "origin": "embedded", "train": 5000, "validation": 0, "names": []}
log.write(Started("gan", preset.title, "gan", 1, networks, facts, ["CPU"], {}, steps, 39, 128), State("training"))
random = np.random.default_rng(0)
for first in range(1, steps + 1, a_line):
    count = min(a_line, steps + 1 - first)
    values = {metric: random.random(count, dtype=np.float32) for metric in sys.argv[5:]}
    log.add(Metrics(list(range(first, first + count)), values))
    if log.waiting > 1 << 22:
        log.flush()
log.write(State("finished", "all steps are done"))
"""
"""In a process of its own, because a benchmark should not hold what it has written."""


def written(runs: Path, name: str, steps: int, a_line: int) -> Path:
    """A finished run of so many steps with four metrics, so many steps in each line of its log."""
    subprocess.run([sys.executable, "-c", WRITE, str(runs), name, str(steps), str(a_line), *METRICS], check=True)
    return runs / name


def long_logs() -> Iterator[Figure]:
    """From `attach` on long runs to their full charts, memory then, and drawing at another scale or size."""
    with own_runs() as runs:
        hundred = written(runs, "hundred", 100_000, 6)
        yield Figure(
            "`attach` to the full chart of 100,000 steps, four metrics", "≤ 0.7", _opened(hundred, "100,000"), "s",
            "lines of 6 steps, as the GAN writes here",
        )  # fmt: skip
        million = written(runs, "million", 1_000_000, 100)
        yield Figure(
            "`attach` to the full chart of 1,000,000 steps", "≤ 1", _opened(million, "1,000,000"), "s",
            "lines of 100 steps, a fast run",
        )  # fmt: skip
        slow = written(runs, "slow", 1_000_000, 6)
        yield Figure("", "", _opened(slow, "1,000,000"), "s", "lines of 6 steps, as the GAN writes here")
        with _on_show(million, "1,000,000") as terminal:
            terminal.pump(2)
            process = psutil.Process(terminal.process.pid)
            yield Figure("memory of the dashboard with them", "≤ 110", [process.memory_info().rss / 1e6], "MB")
            scales = [_drawn(terminal, process, lambda: terminal.type("l")) for _ in range(1 + 4 * TIMES)][1:]
            yield Figure("another scale (`l`), to all that changes drawn", "≤ 20", [wall for wall, _ in scales], "ms")
            widths = (110 + n % 2 * 10 for n in range(1 + 4 * TIMES))
            sizes = [_drawn(terminal, process, partial(terminal.resize, columns, 40)) for columns in widths][1:]
            yield Figure("another size of the window, to all drawn anew", "≤ 20", [wall for wall, _ in sizes], "ms")
            yield Figure("  processor time of it", "", [used for _, used in sizes], "ms")


@contextmanager
def _on_show(run: Path, steps: str) -> Iterator[Terminal]:
    with Terminal((*COMMAND, "attach", str(run))) as terminal:
        terminal.wait_for(lambda: f"step {steps} of" in terminal.text() and has_chart(terminal), 60)
        yield terminal


def _opened(run: Path, steps: str) -> list[float]:
    waited = []
    for _ in range(TIMES + 1):
        with _on_show(run, steps) as terminal:
            waited.append(terminal.read_at - terminal.started_at)
    return waited[1:]  # the first one has warmed the files


def _drawn(terminal: Terminal, process: psutil.Process, change: Callable[[], None]) -> tuple[float, float]:
    """(milliseconds until the last of a change was on the terminal, milliseconds of processor time)"""
    used, began = sum(process.cpu_times()[:2]), time.monotonic()
    change()
    drawn_at = last_read(terminal, 0.7)
    return 1000 * (drawn_at - began), 1000 * (sum(process.cpu_times()[:2]) - used)
