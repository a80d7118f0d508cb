"""A process that trains repeats of a sweep: `python -m gan_tui.training.sweep_worker SWEEP_FOLDER`.

It loads TensorFlow once and trains what it is told, one after the other. Jobs come on standard input, a JSON line each
({"combination", "seed"}), and what became of them goes to what standard output was: {"ready"}, {"epoch"} now and then,
{"result", "spent"} or {"failed"}. When its parent is gone, so is it.
"""

import gc
import os
import select
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import psutil
from numpy.typing import NDArray

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")  # several of these may share one
os.environ["KERAS_BACKEND"] = "tensorflow"
for _optional in ("matplotlib", "pandas", "scipy", "sklearn"):
    sys.modules[_optional] = None  # type: ignore[assignment]  # as in the trainer: slow to load, and never used

import tensorflow as tf  # noqa: E402 (after what it reads from the environment)

from gan_tui.errors import UserError  # noqa: E402
from gan_tui.presets import Preset, plan  # noqa: E402
from gan_tui.sweep.folder import Result, SweepFolder  # noqa: E402
from gan_tui.sweep.sweep import Sweep, Until  # noqa: E402
from gan_tui.training.early_stopping import EarlyStopping  # noqa: E402
from gan_tui.training.fast.compiled import compiled  # noqa: E402
from gan_tui.training.models.examples import Dataset, load_dataset  # noqa: E402
from gan_tui.training.models.steps import Steps  # noqa: E402
from gan_tui.training.models.task import Task  # noqa: E402

CHUNK_SECONDS = 0.05
LARGEST_CHUNK = 5000
LITTLE_WORK = 2_000_000
"""Multiplications in a step for which one thread is enough."""
MOST_LOST = 400_000_000
"""Bytes."""
WORD_SECONDS = 0.5
"""From one word about a training's epoch to the next."""

Rows = NDArray[np.float32]


# A task that can start again ---------------------------------------------------------------------


class SeededSteps(Steps):
    """A task's steps, compiled once for every seed: the order of examples comes from a variable."""

    def __init__(self, steps: Steps, seed: int) -> None:
        vars(self).update(vars(steps))
        with tf.device("CPU:0"):  # where tf.data reads it, too
            self._current_seed = tf.Variable(seed, dtype=tf.int64, trainable=False, name="seed")
        self._run = compiled(self._steps)
        self._batches = self._batches_from(0)

    def restart(self, seed: int) -> None:
        """Go to where a run from that seed begins."""
        self._current_seed.assign(seed)
        self.go_to(0)

    def _shuffled(self, epoch: Any) -> Any:
        return tf.random.experimental.stateless_shuffle(
            tf.range(self._count), seed=tf.stack([self._current_seed, epoch])
        )


class Tasks:
    """The tasks of a sweep, compiled anew only where a repeat differs by more than its seed."""

    def __init__(self, sweep: Sweep) -> None:
        self._sweep = sweep
        self._combination = -1
        self._dataset: Dataset | None = None
        self._compiled: Task | None = None

    def task(self, combination: int, seed: int) -> tuple[Task, SeededSteps]:
        """A task as a run with that seed would begin it.

        Its variables (weights, optimizer slots, random states) are copied from a new task made from that seed, so
        nothing that a compiled one did before is left in it. Data that are parted by the seed need a new one.
        """
        preset = self._sweep.with_values(self._sweep.combinations[combination], seed)
        if combination != self._combination or preset.settings.get("validation_split"):
            self._compiled = self._dataset = None
            gc.collect()  # graphs and models refer to each other in circles
            self._combination = combination
            named = preset.settings.get("data_folder")
            self._dataset = load_dataset(preset, Path(named) if named else None)
        assert self._dataset is not None
        fresh = Task(preset, self._dataset)
        if self._compiled is None:
            self._compiled, self._steps = fresh, SeededSteps(fresh.steps, seed)
        else:
            self._compiled.restore(fresh.arrays())
            self._steps.restart(seed)
        return self._compiled, self._steps


# One training ------------------------------------------------------------------------------------


class Repeat:
    """One training from its first step to what ends it."""

    def __init__(self, task: Task, steps: Steps, until: Until | None, heard: Callable[[int], None]) -> None:
        """`heard` is told the epochs done, again and again."""
        self._task, self._steps, self._until, self._heard = task, steps, until, heard
        self._stopping = EarlyStopping(task)
        self._k = 1
        self._begun = np.zeros((0, len(steps.metrics)), np.float64)
        """Rows of the present epoch."""
        self.step = self.epochs = 0
        self.last: dict[str, float | None] = {}
        self.reached: int | None = None

    def run(self) -> str:
        """Train; returns what ended it: done, reached, early stopping, diverged."""
        while self.step < self._task.steps_total:
            rows = self._chunk()
            finite = np.isfinite(rows).all(axis=1)
            good = len(rows) if finite.all() else int(finite.argmin())
            self._take(rows[:good])
            if self.reached:
                return "reached"
            if good < len(rows):
                return "diverged"
            if self._stopping.reason:
                return "early stopping"
            self._heard(self.epochs)
        return "done"

    def _chunk(self) -> Rows:
        k, per_epoch = min(self._k, self._task.steps_total - self.step), self._steps.per_epoch
        if self._task.validation is not None:
            k = min(k, per_epoch - self.step % per_epoch)
        begin = time.monotonic()
        rows = self._steps.run(k)
        seconds = max(time.monotonic() - begin, 1e-6)
        self._k = min(max(round(k * CHUNK_SECONDS / seconds), 1), 4 * k, LARGEST_CHUNK)
        return rows

    def _take(self, rows: Rows) -> None:
        """Note the epochs that end in some rows, up to the one that reaches what is asked for."""
        self.step += len(rows)
        per_epoch = self._steps.per_epoch
        begun = np.concatenate([self._begun, rows.astype(np.float64)])
        whole = len(begun) // per_epoch
        self._begun = begun[whole * per_epoch :]
        if not whole:
            return
        epochs = begun[: whole * per_epoch].reshape(whole, per_epoch, -1).mean(axis=1)
        values = dict(zip(self._steps.metrics, epochs.T, strict=True))
        if self._task.validation is not None:  # then chunks end where epochs do
            validated = self._validated()
            values |= {name: np.array([value]) for name, value in validated.items()}
            self._stopping.best_so_far(self.epochs + 1, validated)
        hits = _reaching(self._until, values)
        position = int(hits.argmax()) if hits.any() else whole - 1
        self.last = {name: _finite(series[position]) for name, series in values.items()}
        self.epochs += position + 1
        if hits.any():
            self.reached = self.epochs
            self.step = self.epochs * per_epoch

    def _validated(self) -> dict[str, float]:
        validation = self._task.validation
        assert validation is not None
        for start, stop in validation.stretches():
            validation.run(start, stop)
            self._heard(self.epochs)
        return validation.result()


def _reaching(until: Until | None, values: dict[str, NDArray[np.float64]]) -> NDArray[np.bool_]:
    """Which epochs reach it, compared as the 32-bit numbers that metrics are: a mean of 0.9 reaches 0.9."""
    if until is None or until.metric not in values:
        return np.zeros(1, bool)
    series, value = values[until.metric].astype(np.float32), np.float32(until.value)
    return np.asarray(series <= value if until.falling else series >= value)


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


# The process -------------------------------------------------------------------------------------


class Parent:
    """The other end of the pipes."""

    def __init__(self) -> None:
        self._jobs, self._words = os.fdopen(os.dup(0), "rb", buffering=0), os.dup(1)
        os.dup2(2, 1)  # whatever libraries print goes to the log
        self._due = 0.0

    def say(self, **words: object) -> None:
        line = orjson.dumps(words) + b"\n"
        while line:
            line = line[os.write(self._words, line) :]

    def next_job(self) -> dict[str, int] | None:
        """The next training; None when there is no more."""
        line = self._jobs.readline()
        return orjson.loads(line) if line else None

    def hear(self, epochs: int) -> None:
        """Say now and then how far a training is; end when nobody listens any more."""
        if select.select([self._jobs], [], [], 0)[0]:
            os._exit(0)  # no job comes while one is trained, so this is the end of the pipe
        if time.monotonic() >= self._due:
            self._due = time.monotonic() + WORD_SECONDS
            self.say(epoch=epochs)


class Memory:
    """Watches what TensorFlow never gives back: 6 MB for every graph of a step as small as XOR's."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._at_first = 0

    def is_spent(self) -> bool:
        """Whether another process had better go on, asked after each training."""
        now: int = self._process.memory_info().rss
        self._at_first = self._at_first or now
        return now - self._at_first > MOST_LOST


def trained(tasks: Tasks, until: Until | None, combination: int, seed: int, heard: Callable[[int], None]) -> Result:
    """Train one repeat of a combination."""
    begin = time.monotonic()
    task, steps = tasks.task(combination, seed)
    repeat = Repeat(task, steps, until, heard)
    ended = repeat.run()
    seconds = round(time.monotonic() - begin, 3)
    return Result(seed, repeat.reached, repeat.epochs, repeat.step, ended, repeat.last, seconds)


def _use_one_thread(sweep: Sweep) -> None:
    """Compute in this thread alone where networks are so small that handing work out costs more than it brings.

    Twice as fast for XOR. Numbers stay those of `gan-tui train`: products so small are summed up in one piece
    however many threads there are. Convolutions are not, whatever their size.
    """
    each = [sweep.with_values(combination) for combination in sweep.combinations]
    if all(preset.task == "plane" and _work(preset) <= LITTLE_WORK for preset in each):
        tf.config.threading.set_inter_op_parallelism_threads(1)
        tf.config.threading.set_intra_op_parallelism_threads(1)


def _work(preset: Preset) -> int:
    """Multiplications in a step, roughly."""
    return plan.planned(preset).batch_size * sum(network.parameters for network in preset.networks)


def _in_words(error: Exception) -> str:
    if isinstance(error, UserError):
        return str(error)
    if isinstance(error, MemoryError | tf.errors.ResourceExhaustedError):
        return "there is not enough memory; try a smaller batch_size"
    return f"{type(error).__name__}: {(str(error).strip().splitlines() or [''])[0]}"


def main() -> None:
    parent = Parent()
    tf.get_logger().setLevel("ERROR")  # a new graph for each combination is what is wanted here
    sweep = SweepFolder(Path(sys.argv[1])).sweep()
    _use_one_thread(sweep)
    tasks = Tasks(sweep)
    parent.say(ready=True)
    memory = Memory()
    while job := parent.next_job():
        try:
            result = trained(tasks, sweep.until, job["combination"], job["seed"], parent.hear)
        except Exception as error:  # noqa: BLE001 (one training that cannot be done must not end the others)
            traceback.print_exc()
            tasks = Tasks(sweep)
            parent.say(failed=_in_words(error))
        else:
            parent.say(result=asdict(result), spent=memory.is_spent())


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        os._exit(0)  # nobody listens any more
