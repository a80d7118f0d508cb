"""A process that trains repeats of a sweep: `python -m gan_tui.training.sweep_worker SWEEP_FOLDER DESCRIPTOR`.

It loads TensorFlow once and trains what it is told, one after the other. Jobs come on standard input, a JSON line each
({"combination", "seed"}), and what became of them goes to the descriptor: {"ready"}, {"epoch"} now and then,
{"result", "spent"} or {"failed"}; with epochs and results, what else a training tells (`sweep_diary`). When its parent
is gone, so is it.
"""

import gc
import os
import select
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

import orjson
import psutil

from gan_tui.training import environment

environment.prepare()

import tensorflow as tf  # noqa: E402 (after what it reads from the environment)

from gan_tui.errors import UserError  # noqa: E402
from gan_tui.presets.plan import planned  # noqa: E402
from gan_tui.run.events import Started  # noqa: E402
from gan_tui.sweep.folder import SweepFolder  # noqa: E402
from gan_tui.sweep.result import Result  # noqa: E402
from gan_tui.sweep.sweep import Combination, Sweep  # noqa: E402
from gan_tui.sweep.trainings import points_of_each  # noqa: E402
from gan_tui.sweep.until import Until  # noqa: E402
from gan_tui.system.answering import own_answers  # noqa: E402
from gan_tui.training import computed_with, trainer  # noqa: E402
from gan_tui.training.failures import in_words  # noqa: E402
from gan_tui.training.sweep_diary import Diary, as_told  # noqa: E402
from gan_tui.training.sweep_repeat import Repeat  # noqa: E402
from gan_tui.training.tasks import Task, task_of  # noqa: E402

LITTLE_WORK = 2_000_000
"""Multiplications in a step for which one thread is enough."""
MOST_LOST = 400_000_000
"""Bytes."""
WORD_SECONDS = 0.5
"""From one word about a training's epoch to the next."""


class Tasks:
    """The tasks of a sweep, compiled anew only where a repeat differs by more than its seed."""

    def __init__(self, sweep: Sweep) -> None:
        self._sweep = sweep
        self._combination = -1
        self._task: Task | None = None
        self._started: Started | None = None

    def diary(self, combination: int, seed: int) -> tuple[Task, Diary]:
        """A task, and the diary of its training, which begins as all of the combination do but for its seed."""
        task = self.task(combination, seed)
        self._started = self._started or trainer.started(task.preset, task, computed_with.devices())
        diary = Diary(task, points_of_each(len(self._sweep.jobs)))
        diary.event(as_told(self._started, task.preset))
        return task, diary

    def task(self, combination: int, seed: int) -> Task:
        """A task as a run with that seed would begin it. Data that are parted by the seed need a new one."""
        preset = self._sweep.with_values(self._sweep.combinations[combination], seed)
        if combination != self._combination or preset.settings.get("validation_split"):
            self._task = self._started = None
            gc.collect()  # graphs and models refer to each other in circles
            self._combination = combination
        if self._task is None:
            self._task = task_of(preset)
        else:
            self._task.restart(preset)
        return self._task


def trained(
    tasks: Tasks, until: Until | None, combination: int, seed: int, heard: Callable[[int, Diary], None]
) -> tuple[Result, Diary]:
    """Train one repeat of a combination; what came of it, and its diary."""
    begin = time.monotonic()
    task, diary = tasks.diary(combination, seed)
    repeat = Repeat(task, until, lambda epochs: heard(epochs, diary), diary)
    ended = repeat.run()
    return repeat.result(ended, time.monotonic() - begin), diary


class Listener(Protocol):
    """Who has jobs, and is told what became of them."""

    def say(self, **words: object) -> None: ...

    def next_job(self) -> Mapping[str, int] | None:
        """The next training; None when there is no more."""

    def hear(self, epochs: int, diary: Diary) -> None:
        """Be told how far a training is, and what is new in its diary; ends the process once nobody listens."""


class Parent:
    """The other end of the pipes, on this machine."""

    def __init__(self) -> None:
        self._jobs, self._words = os.fdopen(os.dup(0), "rb", buffering=0), own_answers()
        self._due = 0.0

    def say(self, **words: object) -> None:
        line = orjson.dumps(words) + b"\n"
        while line:
            line = line[os.write(self._words, line) :]

    def next_job(self) -> dict[str, int] | None:
        """The next training; None when there is no more."""
        line = self._jobs.readline()
        return orjson.loads(line) if line else None

    def hear(self, epochs: int, diary: Diary) -> None:
        """Say now and then how far a training is; end when nobody listens any more."""
        if select.select([self._jobs], [], [], 0)[0]:
            os._exit(0)  # no job comes while one is trained, so this is the end of the pipe
        if time.monotonic() >= self._due:
            self._due = time.monotonic() + WORD_SECONDS
            self.say(epoch=epochs, **diary.news())


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


def use_one_thread(sweep: Sweep) -> bool:
    """Compute in this thread alone where networks are so small that handing work out costs more than it brings.

    Twice as fast for XOR. Numbers stay those of `gan-tui train`: products so small are summed up in one piece
    however many threads there are. Convolutions are not, whatever their size.
    """
    is_little = all(_is_little(sweep, combination) for combination in sweep.combinations)
    if is_little:
        tf.config.threading.set_inter_op_parallelism_threads(1)
        tf.config.threading.set_intra_op_parallelism_threads(1)
    return is_little


def _is_little(sweep: Sweep, combination: Combination) -> bool:
    """Whether a step is as little work as that, by its multiplications, roughly."""
    try:
        preset = sweep.with_values(combination)
        work = planned(preset).batch_size * sum(network.parameters for network in preset.networks)
    except UserError:
        return True  # its data are gone since, say: it is not trained at all, as its own repeats tell
    return preset.rules.same_on_one_thread and work <= LITTLE_WORK


def main() -> None:
    parent = Parent()
    sweep = SweepFolder(Path(sys.argv[1])).sweep()
    use_one_thread(sweep)
    work(parent, sweep)


def work(parent: Listener, sweep: Sweep, **ready: object) -> None:
    """Train what there is to train, one after the other; `ready` is said before."""
    tf.get_logger().setLevel("ERROR")  # a new graph for each combination is what is wanted here
    tasks = Tasks(sweep)
    parent.say(ready=True, **ready)
    memory = Memory()
    while job := parent.next_job():
        try:
            result, diary = trained(tasks, sweep.until, job["combination"], job["seed"], parent.hear)
        except Exception as error:  # noqa: BLE001 (one training that cannot be done must not end the others)
            traceback.print_exc()
            tasks = Tasks(sweep)
            parent.say(failed=in_words(error))
        else:
            parent.say(result=asdict(result), spent=memory.is_spent(), **diary.whole())


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        os._exit(0)  # nobody listens any more
