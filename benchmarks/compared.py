"""Runs over each other: how soon the charts of eight long ones are there, and what they cost from then on."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
from long_logs import _drawn, written
from measuring import Figure, Terminal, has_chart, own_runs

RUNS, STEPS, TIMES = 8, 1_000_000, 5
OPEN = """
import sys
from pathlib import Path
from gan_tui.cli import commands
from gan_tui.dashboard import app
from gan_tui.dashboard.navigation import CompareRuns
from gan_tui.run.folder import RunFolder
runs, names, before = Path(sys.argv[1]), sys.argv[2:], app.GanTui.on_mount

def on_mount(self):
    before(self)
    self.post_message(CompareRuns([RunFolder(runs / name) for name in names]))

app.GanTui.on_mount = on_mount
sys.exit(commands.show_dashboard(runs))
"""
"""The menu, which goes to a comparison at once: from the shell there is no way to it but by keys."""


def compared() -> Iterator[Figure]:
    """From the start to the full charts of eight runs of a million steps, their memory, and drawing anew."""
    with own_runs() as runs:
        first = written(runs, "run-1", STEPS, 100)
        for number in range(2, RUNS + 1):
            shutil.copytree(first, runs / f"run-{number}")
        for count, goal in ((2, ""), (RUNS, "≤ 2")):
            waited = [_opened(runs, count) for _ in range(TIMES + 1)][1:]  # the first one has warmed the files
            what = f"comparing {count} runs of {STEPS:,} steps, to the full charts"
            yield Figure(what, goal, waited, "s", "from the start of the program, with its menu")
        for count in (2, RUNS):
            with _on_show(runs, count) as terminal:
                terminal.pump(2)
                process = psutil.Process(terminal.process.pid)
                yield Figure(f"memory of the dashboard with {count}", "", [process.memory_info().rss / 1e6], "MB")
                drawn = [_drawn(terminal, process, lambda: terminal.type("l")) for _ in range(1 + 4 * TIMES)]
                yield Figure("another scale (`l`), to all drawn anew", "≤ 20", [wall for wall, _ in drawn[1:]], "ms")


def _on_show(runs: Path, count: int) -> Terminal:
    names = [f"run-{number}" for number in range(1, count + 1)]
    terminal = Terminal((sys.executable, "-P", "-c", OPEN, str(runs), *names))
    terminal.wait_for(lambda: f"{count} finished" in terminal.text() and has_chart(terminal), 120)
    return terminal


def _opened(runs: Path, count: int) -> float:
    with _on_show(runs, count) as terminal:
        return terminal.read_at - terminal.started_at
