"""How soon a run obeys: from the command to the trainer's answer, and from the key to the screen."""

import random
import time
from collections.abc import Iterator
from statistics import median

from measuring import Figure, attached, own_runs, start

from gan_tui.run.commands import Command
from gan_tui.run.folder import RunFolder
from gan_tui.supervision import control_client

TIMES = 12
BETWEEN_SECONDS = 0.5
"""On average."""
PAUSED, TRAINING = "‖ paused  step", "▶ training  step"
"""On the status line; a chart's own words tell of pauses that were."""
RUNS = {
    "xor": ("--epochs", "2000000"),  # many steps a call
    "fashion-cnn": ("--epochs", "1000", "--set", "patience=1000"),
    "gan": ("--epochs", "1000"),
}


def pause() -> Iterator[Figure]:
    """From a pause asked for to the answer, and from the space bar to "paused" on the screen."""
    chance = random.Random(0)
    for preset, options in RUNS.items():
        with own_runs():
            run = start(preset, *options)
            answers, keys = [], []
            with attached(run) as terminal:
                terminal.pump(3)  # the first chunks find their length
                for _ in range(TIMES):
                    terminal.pump(BETWEEN_SECONDS * (0.5 + chance.random()))
                    answers.append(_answered(RunFolder(run), "pause"))
                    terminal.wait_for(PAUSED)
                    _answered(RunFolder(run), "resume")
                    terminal.wait_for(TRAINING)
                for _ in range(TIMES):
                    terminal.pump(BETWEEN_SECONDS * (0.5 + chance.random()))
                    pressed = time.monotonic()
                    terminal.type(" ")
                    keys.append(terminal.wait_for(PAUSED) - pressed)
                    terminal.type(" ")
                    terminal.wait_for(TRAINING)
        yield _worst(f"pause, from the command to the answer, `{preset}`", "≤ 150", answers)
        yield _worst(f'pause, from the key to "paused" on the screen, `{preset}`', "", keys)


def _worst(what: str, goal: str, seconds: list[float]) -> Figure:
    said = f"median {1000 * median(seconds):.0f}"
    return Figure(f"{what}, worst of {len(seconds)}", goal, [1000 * max(seconds)], "ms", said)


def _answered(run: RunFolder, command: str) -> float:
    """Seconds until the trainer has answered."""
    asked = time.monotonic()
    answer = control_client.ask(run, Command(command))
    assert answer.ok, answer.text
    return time.monotonic() - asked
