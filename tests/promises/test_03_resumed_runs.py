"""Promise 3: killed at random steps and resumed, a run ends as the run that never stopped: every array and number."""

import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil
import pytest
from safetensors.numpy import load_file

from gan_tui.run.events import Checkpoint, Epoch, Resumed
from gan_tui.run.folder import RunFolder
from product import done, events_of, state_of, step, wait_for
from pty_terminal import processes_of

pytestmark = [pytest.mark.promise(3), pytest.mark.slow, pytest.mark.timeout(1800)]

RUNS = {
    "xor": (60_000, ("autosave_minutes=0.005",)),
    "fashion-cnn": (420, ("autosave_minutes=0.02", "validation_split=0.5", "patience=5")),
    "gan": (150, ("autosave_minutes=0.02",)),
}
"""Preset → (steps, what else is set): a checkpoint comes often, an epoch of the CNN ends within the steps."""


def start(preset: str, name: str, steps: int) -> RunFolder:
    changes = RUNS[preset][1]
    options = [word for change in changes for word in ("--set", change)]
    return RunFolder(Path(done("train", preset, "--detach", "--steps", str(steps), "--name", name, *options)))


def kill(folder: RunFolder) -> str:
    """Kill trainer and supervisor, or the trainer alone, in this instant; what died, in words."""
    victims = processes_of(folder.path)
    if random.random() < 0.5:
        victims = [victim for victim in victims if "gan_tui.training.trainer" in victim.cmdline()]
    for victim in victims:
        os.kill(victim.pid, signal.SIGKILL)
    psutil.wait_procs(victims, timeout=10)
    wait_for(lambda: not folder.is_held())
    return f"{len(victims)} processes at step {step(folder)}"


def killed_and_resumed(folder: RunFolder, steps: int, kills: int) -> list[str]:
    """Kill it at random steps, resume it each time, and let it come to its end."""
    deaths = []
    for place in sorted(random.sample(range(steps // 20, steps * 9 // 10), kills)):
        while step(folder) < place:
            assert folder.is_held(), folder.trainer_log.read_text()[-2000:]
            time.sleep(0.002)
        deaths.append(kill(folder))
        done("resume", str(folder.path))
    return deaths


def at_the_end(folder: RunFolder) -> dict[str, np.ndarray]:
    """The arrays of the last checkpoint."""
    wait_for(lambda: not folder.is_held(), 600)
    state = state_of(folder)
    assert state.state == "finished", (state.state, state.reason)
    return load_file(folder.path / state.checkpoints[-1].folder / "state.safetensors")


def epochs_of(folder: RunFolder) -> dict[int, Epoch]:
    return {event.epoch: event for event in events_of(folder, Epoch)}


@pytest.mark.parametrize("preset", ["xor", "fashion-cnn", "gan"])
def test_a_run_killed_at_random_steps(
    preset: str, runs: Path, at_length: bool, trials: Callable[[int, int], int], proved: Callable[[str], None]
) -> None:  # fmt: skip
    if preset != "xor" and not at_length:
        pytest.skip("make promises does it; tests/training resumes all of them in one process")
    steps = trials(6_000, RUNS[preset][0])
    whole, parts = start(preset, "whole", steps), start(preset, "parts", steps)
    deaths = killed_and_resumed(parts, steps, trials(1, 6))
    one, other = at_the_end(whole), at_the_end(parts)
    assert set(one) == set(other)
    different = [
        name for name in one if one[name].tobytes() != other[name].tobytes() or one[name].dtype != other[name].dtype
    ]
    assert not different
    never, often = state_of(whole), state_of(parts)
    assert set(never.series) == set(often.series)
    for name, series in never.series.items():
        assert often.series[name].steps.tolist() == series.steps.tolist(), name
        assert often.series[name].values.tobytes() == series.values.tobytes(), name
    assert epochs_of(whole) == epochs_of(parts)
    resumed = [event.from_step for event in events_of(parts, Resumed)]
    assert 0 < len(resumed) <= len(deaths)  # some of them died again before they had come so far
    assert trials(1, 6) == 1 or any(resumed), "some of them found a checkpoint"
    assert events_of(parts, Checkpoint)
    values = sum(len(series.values) for series in never.series.values())
    proved(
        f"{preset}: {len(deaths)} kills ({'; '.join(deaths)}), resumed from {resumed}: "
        f"{len(one)} arrays and {values:,} values the same"
    )
