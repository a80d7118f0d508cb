"""The list of runs over the whole screen, with 500 of them: how soon it is drawn, and what it costs while idle."""

import asyncio
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from measuring import COMMAND, Figure, Terminal, own_folder, own_runs

RUNS, KINDS = 500, ("xor", "flag", "shapes", "tape", "pair")
OLD = Path(__file__).parent.parent / "tests" / "fixtures" / "old_runs" / "finished"
IDLE_SECONDS, TIMES = 10.0, 5


def run_table() -> Iterator[Figure]:
    """500 runs on the screen: a redraw, another choice, another order, and bytes and processor time while idle."""
    with own_runs() as runs, own_folder("XDG_CACHE_HOME"):
        for number in range(RUNS):
            kind = KINDS[number % len(KINDS)]
            shutil.copytree(
                OLD / kind, runs / f"{kind}-{number}", ignore=shutil.ignore_patterns("checkpoints", "samples")
            )
        drawn = asyncio.run(_drawn(runs))
        yield Figure("list of 500 runs: drawn anew", "≤ 20", drawn["redraw"], "ms")
        yield Figure("  another run chosen", "≤ 20", drawn["choice"], "ms")
        yield Figure("  in another order", "≤ 20", drawn["order"], "ms")
        yield Figure("  longest wait of the interface while they are read", "", drawn["stalls"], "ms")
        yield from _idle()


async def _drawn(runs: Path) -> dict[str, list[float]]:
    """Milliseconds."""
    os.environ.setdefault("GAN_TUI_PREPARE", "0")
    from gan_tui.dashboard.app import GanTui
    from gan_tui.dashboard.screens.runs import RunsScreen

    app = GanTui(runs)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        pilot.app.screen.action_list()
        stalls, until = [], time.monotonic() + 600
        screen = None
        while time.monotonic() < until:
            began = time.perf_counter()
            await asyncio.sleep(0.01)
            stalls.append(1000 * (time.perf_counter() - began - 0.01))
            screen = app.screen
            if (
                isinstance(screen, RunsScreen)
                and screen.is_attached
                and len(screen.listed) == RUNS
                and not screen.unread
            ):
                break
        assert isinstance(screen, RunsScreen)
        table = screen.table
        choice = [_timed(lambda: table.action_move(1)) for _ in range(60)]
        redraw = [_timed(table.repaint) for _ in range(20)]
        order = [_timed(screen.action_sort) for _ in range(10)]
        return {"redraw": redraw, "choice": choice, "order": order, "stalls": [max(stalls)]}


def _timed(act: object) -> float:
    began = time.perf_counter()
    act()  # type: ignore[operator]
    return 1000 * (time.perf_counter() - began)


def _idle() -> Iterator[Figure]:
    import psutil

    with Terminal(COMMAND) as terminal:
        terminal.wait_for("Presets", 60)
        terminal.type("l")
        terminal.wait_for(f"{RUNS} runs", 60)
        terminal.pump(6)
        process = psutil.Process(terminal.process.pid)
        sent, used = [], []
        for _ in range(TIMES):
            before, busy = terminal.bytes_received, sum(process.cpu_times()[:2])
            terminal.pump(IDLE_SECONDS / TIMES)
            sent.append((terminal.bytes_received - before) / (IDLE_SECONDS / TIMES))
            used.append(100 * (sum(process.cpu_times()[:2]) - busy) / (IDLE_SECONDS / TIMES))
    yield Figure("  bytes to the terminal while nothing happens", "0", sent, "B/s")
    yield Figure("  processor time meanwhile", "", used, "%", "500 runs are looked at each 2 s")
