"""How fast presets train under an open dashboard, in turns with the plain script that they replace."""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Self

from measuring import Figure, drained, own_runs, start
from operations import of_step

from gan_tui import presets
from gan_tui.run.commands import Command
from gan_tui.run.event_log import read_tail
from gan_tui.run.events import Metrics
from gan_tui.run.folder import RunFolder
from gan_tui.supervision import control_client

BASELINES = Path(__file__).parent / "baselines"
TURNS = 5


class Baseline:
    """A script that trains for a while when it is asked to, and says how fast."""

    def __init__(self, script: str, *arguments: str) -> None:
        command = (sys.executable, str(BASELINES / script), *arguments)
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def __enter__(self) -> Self:
        self._heard()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()

    def speed(self, seconds: float) -> float:
        """Steps a second, over so long at least."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{seconds}\n")
        self._process.stdin.flush()
        return float(self._heard())

    def _heard(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the baseline has ended"
        return line


class Training:
    """A real run with a dashboard on it and all settings as they are, which trains only while it is measured."""

    def __init__(self, folder: Path) -> None:
        self._run = RunFolder(folder)
        while not self._trains():
            time.sleep(0.1)
        time.sleep(2)  # the first chunks find their length
        self._ask("pause")

    def _trains(self) -> bool:
        return any(isinstance(record.event, Metrics) for record in read_tail(self._run.events_file, (Metrics,)))

    def _ask(self, command: str) -> None:
        answer = control_client.ask(self._run, Command(command), 60)
        assert answer.ok, answer.text

    def speed(self, seconds: float) -> float:
        """Steps a second over so long, by the trainer's own clock."""
        _, before = self.last_step()
        self._ask("resume")
        time.sleep(0.5)
        while self.last_step()[1] == before:  # what a step took that began before the pause is not to count
            time.sleep(0.02)
        first_time, first_step = self.last_step()
        time.sleep(seconds)
        last_time, last_step = self.last_step()
        self._ask("pause")
        return (last_step - first_step) / (last_time - first_time)

    def paused_after(self) -> float:
        """Seconds from the command to the answer, after a moment of training."""
        self._ask("resume")
        time.sleep(0.3)
        asked = time.monotonic()
        self._ask("pause")
        return time.monotonic() - asked

    def train_until(self, step: int) -> None:
        """Train without being measured."""
        self._ask("resume")
        while self.last_step()[1] < step:
            time.sleep(1)
        self._ask("pause")

    def last_step(self) -> tuple[float, int]:
        for record in reversed(read_tail(self._run.events_file, (Metrics,))):
            if isinstance(record.event, Metrics):
                return record.time, int(record.event.steps[-1])
        raise ValueError("the run has no metrics")


@contextmanager
def training(preset: str, *options: str) -> Iterator[Training]:
    with own_runs():
        run = start(preset, *options)
        with drained(run):
            yield Training(run)


def in_turns(ours: Training, others: Sequence[Baseline], seconds: float) -> list[list[float]]:
    """Steps a second of ours, then of each other, turn by turn."""
    turns = [[ours.speed(seconds), *(other.speed(seconds) for other in others)] for _ in range(TURNS)]
    return [list(column) for column in zip(*turns, strict=True)]


def against(what: str, goal: str, other: str, ours: list[float], theirs: list[float]) -> Figure:
    """How many times as fast, turn by turn."""
    ratios = [one / two for one, two in zip(ours, theirs, strict=True)]
    return Figure(what, goal, ratios, "x", f"{_median(ours)} against {_median(theirs)} steps/s of {other}")


def _median(values: list[float]) -> str:
    value = sorted(values)[len(values) // 2]
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def xor() -> Iterator[Figure]:
    """XOR against `model.fit`, 500 epochs a turn."""
    with training("xor", "--epochs", "10000000") as ours, Baseline("fit.py", "xor") as fit:
        speeds = in_turns(ours, [fit], 2)
    yield against("`xor`, epochs a second", "≥ 100", "`fit`", *speeds)


def fashion() -> Iterator[Figure]:
    """A CNN at batch 32, validation included, against `model.fit`, alone and with the TensorBoard callback."""
    options = ("--epochs", "100000", "--set", "patience=100000")
    with training("fashion-cnn", *options) as ours, Baseline("fit.py", "fashion-cnn") as fit:
        if find_spec("tensorboard"):
            with Baseline("fit.py", "tensorboard") as board:
                speeds = in_turns(ours, [fit, board], 5)
        else:
            speeds = in_turns(ours, [fit], 5)
    for goal_of, theirs in zip(("`fit`", "`fit` with TensorBoard"), speeds[1:], strict=False):
        yield against(f"`fashion-cnn`, steps a second, against {goal_of}", "≥ 1.5", goal_of, speeds[0], theirs)


def resnet() -> Iterator[Figure]:
    """A small residual network at batch 32, validation included, against `model.fit`."""
    options = ("--epochs", "100000", "--set", "patience=100000")
    with training("resnet-small", *options) as ours, Baseline("fit.py", "resnet-small") as fit:
        speeds = in_turns(ours, [fit], 5)
    yield against("`resnet-small`, steps a second, against `fit`", "≥ 1.0", "`fit`", *speeds)


def from_file() -> Iterator[Figure]:
    """A CNN on images that stay in their file, as too many for the memory do, against the same from memory."""
    with Baseline("chunks.py", "file") as kept, Baseline("chunks.py", "memory") as held:
        turns = [(kept.speed(4), held.speed(4)) for _ in range(TURNS)]
    speeds = [list(column) for column in zip(*turns, strict=True)]
    yield against("`fashion-cnn`, steps a second, images read from their file", "≥ 0.98", "images in memory", *speeds)


def gan() -> Iterator[Figure]:
    """A GAN against the article's loop, and against what the machine's cores can do at most."""
    yield from _pair("gan", 5, Baseline("article_gan.py"), "the article's loop", "≥ 2.5")


def dcgan() -> Iterator[Figure]:
    """DCGANs against their step, by Keras, as one bare compiled function, and against what the cores can do at most."""
    for preset, seconds in (("dcgan-small", 4), ("dcgan", 7)):
        yield from _pair(preset, seconds, Baseline("bare_step.py", preset), "the bare step", "≥ 0.98")


def pairs() -> Iterator[Figure]:
    """Pairs that are told a class, and with a gradient penalty, against their step as one bare compiled function."""
    for preset in ("cgan", "wgan-gp"):
        yield from _pair(preset, 4, Baseline("bare_step.py", preset), "the bare step", "≥ 0.98")


def _pair(preset: str, seconds: float, baseline: Baseline, other: str, goal: str) -> Iterator[Figure]:
    with training(preset, "--epochs", "100000") as ours, baseline, Baseline("bare_step.py", "matmul") as matmul:
        turns = [(ours.speed(seconds), baseline.speed(seconds), matmul.speed(1)) for _ in range(TURNS)]
    speeds, theirs, most = (list(column) for column in zip(*turns, strict=True))
    yield against(f"`{preset}`, steps a second", goal, other, speeds, theirs)
    if preset in ("gan", "dcgan"):
        operations = of_step(presets.find(preset))
        shares = [100 * speed * operations / 1e9 / rate for speed, rate in zip(speeds, most, strict=True)]
        said = f"{operations / 1e9:.1f} G operations a step, {_median(most)} G a second in a large product"
        yield Figure(f"`{preset}`, of the cores' rate of float32 products", "", shares, "%", said)


LONG = 1_000_000


def long_run() -> Iterator[Figure]:
    """Whether a step costs more the longer a run is: XOR at step 1,000,000, in turns with a run that has just begun."""
    options = ("--epochs", "10000000", "--set", "autosave_minutes=1")
    with training("xor", *options) as old:
        old.train_until(LONG)
        with training("xor", *options) as young:
            turns = [(old.speed(3), young.speed(3)) for _ in range(TURNS)]
    ratios = [100 * after / before for after, before in turns]
    speeds = " against ".join(_median([turn[which] for turn in turns]) for which in (0, 1))
    yield Figure("`xor`, speed after 1,000,000 steps, of that at first", "≥ 98", ratios, "%", f"{speeds} steps/s")
