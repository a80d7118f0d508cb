"""How long a person waits: for the menu, for a run's dashboard, for the first point on the chart."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import psutil
from measuring import COMMAND, Figure, Terminal, characters_on, has_chart, own_runs, start

from gan_tui.supervision.warm_start import is_wanted

REPEATS = 11
PAINTED = 150
"""Characters on the screen that are not blank: fewer may be a frame without its contents."""


def first_paint() -> Iterator[Figure]:
    """From the command to the menu, and to the chart of a finished run."""
    with own_runs():
        yield from _paints("first paint of the menu", "≤ 0.5", *COMMAND)
        run = start("xor")
        with Terminal((*COMMAND, "attach", str(run))) as terminal:
            terminal.wait_for("✓ finished", 120)
        yield from _paints("first chart of attach, on a finished run of 1,000 steps", "≤ 0.7", *COMMAND, "attach")


def _paints(what: str, goal: str, *command: str) -> Iterator[Figure]:
    waited, worked = [], []
    for _ in range(REPEATS + 1):
        with Terminal(command) as terminal:
            ready = partial(has_chart if "attach" in command else _painted, terminal)
            waited.append(terminal.wait_for(ready) - terminal.started_at)
            worked.append(sum(psutil.Process(terminal.process.pid).cpu_times()[:2]))
    yield Figure(what, goal, waited[1:], "s")  # the first one has warmed the files
    yield Figure("  processor time of it, which other work does not change", "", worked[1:], "s")


def _painted(terminal: Terminal) -> bool:
    return characters_on(terminal) > PAINTED


def first_point() -> Iterator[Figure]:
    """From enter in the menu to the first point on the chart: at once, and once TensorFlow has loaded meanwhile."""
    with prepared(False):
        _, *cold = [_first_point(0) for _ in range(1 + TIMES)]  # the first one has warmed the files
    yield Figure(f"enter in the menu to the first point of the chart, `{PRESET}`", "≤ 5", cold, "s")
    with prepared(True):
        if not is_wanted():
            return  # there is too little memory for it
        warm = [_first_point(CHOOSING_SECONDS) for _ in range(TIMES)]
    yield Figure(f"  when the menu has been open for {CHOOSING_SECONDS:g} s", "≤ 1.5", warm, "s")


PRESET = "gan"
"""What the menu has chosen at first."""
TIMES = 5
CHOOSING_SECONDS = 5.0


@contextmanager
def prepared(wanted: bool) -> Iterator[None]:
    """Whether the menu lets TensorFlow load while a person chooses: without it, every start is as cold as the first."""
    before = os.environ.get("GAN_TUI_PREPARE", "1")
    os.environ["GAN_TUI_PREPARE"] = "1" if wanted else "0"
    try:
        yield
    finally:
        os.environ["GAN_TUI_PREPARE"] = before


def _first_point(chooses: float) -> float:
    with own_runs(), Terminal(COMMAND) as terminal:
        terminal.wait_for(lambda: f"─ {PRESET}: " in terminal.text())
        terminal.pump(chooses)
        pressed = time.monotonic()
        terminal.type("\r")
        return terminal.wait_for(lambda: has_chart(terminal), 120) - pressed
