"""How soon the charts of a long run answer whoever looks at them."""

import time
from collections.abc import Iterator
from types import MappingProxyType

import numpy as np
from measuring import Figure

from gan_tui.dashboard.charts.board import Board
from gan_tui.dashboard.charts.look import Look
from gan_tui.dashboard.themes import inks
from gan_tui.drawing.terminal import Terminal
from gan_tui.run.series import Series
from gan_tui.run.state import RunState

STEPS = 1_000_000
METRICS = ("d_loss", "g_loss", "d_accuracy", "g_accuracy")
COLUMNS, ROWS = 66, 36
"""Of the charts in a terminal of 120 × 40."""


def looking() -> Iterator[Figure]:
    """Zoom, pan and cursor on 1,000,000 steps of four metrics."""
    state, board = _state(), Board()

    def milliseconds(look: Look) -> float:
        began = time.perf_counter()
        board.draw(state, look, COLUMNS, ROWS, growing=False, ink=inks(True), terminal=Terminal())
        return 1000 * (time.perf_counter() - began)

    milliseconds(Look())
    places = np.linspace(0, STEPS, 9)[1:-1]
    zoomed = [milliseconds(Look().zoomed(2**power, STEPS, place)) for power in (1, 2, 4, 8) for place in places]
    yield Figure("charts of 1,000,000 steps: zoom", "≤ 20", zoomed, "ms")
    half = Look().zoomed(2, STEPS, 0.0)
    panned = [milliseconds(half.panned(share, STEPS)) for share in np.linspace(0.05, 0.95, 15)]
    yield Figure("  pan by parts of half of them", "≤ 20", panned, "ms")
    moved = [milliseconds(Look().at(int(place) + n, STEPS)) for place in places for n in range(5)]
    yield Figure("  the cursor by a step", "≤ 20", moved, "ms")


def _state() -> RunState:
    random, steps = np.random.default_rng(0), np.arange(1, STEPS + 1)
    falling = np.exp(-steps / 3e5)
    series = {name: Series.empty().extended(steps, falling + random.normal(0, 0.05, STEPS)) for name in METRICS}
    return RunState(series=MappingProxyType(series), step=STEPS)
