"""What programs ask of a run: how soon it is answered, and what TensorBoard's files cost while they are written."""

import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
from long_logs import written
from measuring import COMMAND, Figure, own_runs, start

TIMES = 5


def queries() -> Iterator[Figure]:
    """`status`, `metrics` and `export` of a run of 1,000,000 steps; what writing along costs a run that trains."""
    with own_runs() as runs:
        run = written(runs, "million", 1_000_000, 100)
        yield from _answered("`status` of 1,000,000 steps, four metrics", "≤ 0.15", TIMES, "status", str(run))
        yield from _answered("`metrics --json` of them", "≤ 3", TIMES, "metrics", str(run), "--json")
        yield from _answered("`metrics --every 1000` of them", "≤ 2", TIMES, "metrics", str(run), "--every", "1000")
        with tempfile.TemporaryDirectory() as board:
            yield from _answered(
                "`export --tensorboard` of them", "≤ 10", 3, "export", str(run), "--tensorboard", board
            )
            live = start("xor", "--steps", "100000000", "--set", f"tensorboard={board}")
            yield Figure(
                "`tensorboard = …`: processor of its writer, `xor` at full speed", "≤ 5", _share_of_writer(live), "%",
                "at the lowest priority; slower runs cost it next to nothing",
            )  # fmt: skip


def _answered(what: str, goal: str, times: int, *words: str) -> Iterator[Figure]:
    """Seconds on the wall, and of processor time."""
    walls, used = [], []
    for _ in range(times + 1):
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        subprocess.run([*COMMAND, *words], check=True, stdout=subprocess.DEVNULL)
        walls.append(time.monotonic() - began)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    yield Figure(what, goal, walls[1:], "s")  # the first one has warmed the files
    yield Figure("  processor time of it, which other work does not change", "", used[1:], "s")


def _share_of_writer(run: Path) -> list[float]:
    writer = None
    while writer is None:
        time.sleep(0.5)
        for process in psutil.process_iter(["cmdline"]):
            words = process.info["cmdline"] or []
            writer = process if "gan_tui.integrations.export.live" in words and str(run) in words else writer
    time.sleep(20)  # TensorFlow has loaded, and the run is at its full speed
    assert os.getpriority(os.PRIO_PROCESS, writer.pid) == 19
    writer.cpu_percent()
    shares = []
    for _ in range(TIMES):
        time.sleep(3)
        shares.append(writer.cpu_percent())
    return shares
