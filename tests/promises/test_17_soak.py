"""Promise 17: a run at full speed, watched and followed: memory flat, handles constant, in every process."""

import statistics
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from gan_tui.run.folder import RunFolder
from gan_tui.run.summaries import summary_of
from product import done, wait_for, wait_until_it_trains
from pty_terminal import GAN_TUI, Terminal, processes_of, trainer_of

GROWTH = 1.02
"""Memory at the end, relative to that after the warm-up, at most."""
GROSS_GROWTH = 1.35
"""The same where the time is too short for caches to have filled."""
BYTES_A_POINT = 4
"""What a dashboard keeps of each step and metric: its history is on the screen."""
SECONDS_A_SAMPLE = 0.5


@dataclass(frozen=True)
class Sample:
    """What a process uses."""

    memory: int
    """Bytes that are its own."""
    handles: int
    """Open files and sockets."""
    threads: int


def look(process: psutil.Process) -> Sample:
    with process.oneshot():
        return Sample(process.memory_full_info().uss, process.num_fds(), process.num_threads())


def soaked(folder: RunFolder, follower: int, seconds: float) -> tuple[dict[str, list[Sample]], list[int]]:
    """Samples of each process, and the step at each, while somebody watches the run for so long."""
    with Terminal([*GAN_TUI, "attach", folder.name]) as terminal:
        terminal.wait_for("▶ training")
        trainer = trainer_of(folder.path)
        (supervisor,) = (process for process in processes_of(folder.path.parent) if process != trainer)
        dashboard = psutil.Process(terminal.process.pid)
        processes = {
            "trainer": trainer, "supervisor": supervisor, "dashboard": dashboard, "text": psutil.Process(follower),
        }  # fmt: skip
        samples: dict[str, list[Sample]] = {name: [] for name in processes}
        steps: list[int] = []
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            terminal.pump(SECONDS_A_SAMPLE)
            terminal.output.clear()
            for name, process in processes.items():
                samples[name].append(look(process))
            steps.append(summary_of(folder).step)
        assert "training" in terminal.text()
    return samples, steps


def early_and_late(values: list[float], of: Callable[[list[float]], float]) -> tuple[float, float]:
    """What is usual after the warm-up, which is a fifth of the time, and at the end."""
    part = max(1, len(values) // 5)
    return of(values[part : 2 * part]), of(values[-part:])


@pytest.mark.prove
@pytest.mark.promise(17)
@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    ("preset", "metrics", "few"),
    [("xor", 2, 8), ("gan", 6, 6)],
)
def test_a_run_that_is_watched_leaks_nothing(
    runs: Path,
    trials: Callable[[int, int], int],
    proved: Callable[[str], None],
    preset: str,
    metrics: int,
    few: int,
) -> None:
    seconds = trials(few, 600)
    at_length = seconds > few
    command = (*GAN_TUI, "train", preset, "--steps", "100000000", "--plain")
    folder = RunFolder(runs / f"{preset}-1")
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as follower:
        wait_for(folder.is_held)
        wait_until_it_trains(folder, 50)
        samples, steps = soaked(folder, follower.pid, seconds)
        done("stop", folder.name)
    said, wrong = [], []
    for name, found in samples.items():
        history = [BYTES_A_POINT * metrics * step if name == "dashboard" else 0 for step in steps]
        own = [sample.memory - kept for sample, kept in zip(found, history, strict=True)]
        early, late = early_and_late(
            own, min if name == "dashboard" else statistics.median
        )  # drawing takes room for a moment
        handles = early_and_late([float(sample.handles) for sample in found], statistics.median_low)
        threads = early_and_late([float(sample.threads) for sample in found], statistics.median_low)
        said.append(f"{name} {early / 1e6:.1f} → {late / 1e6:.1f} MB, {handles[0]:.0f} → {handles[1]:.0f} handles")
        if late > early * (GROWTH if at_length else GROSS_GROWTH) or handles[1] > handles[0] or threads[1] > threads[0]:
            wrong.append(f"{said[-1]}, {threads[0]:.0f} → {threads[1]:.0f} threads")
    proved(f"{preset} {seconds} s, {steps[-1]:,} steps: {'; '.join(said)}")
    assert not wrong, (wrong, [(step, {n: s[i] for n, s in samples.items()}) for i, step in enumerate(steps)][::10])
