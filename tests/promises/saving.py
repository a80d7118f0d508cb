"""Saves checkpoints back to back and is killed: `python saving.py RUN_FOLDER TRIALS SEED` prints what was found.

Keras is imported once; every trial is a fork of that process, which has not computed anything yet.
"""

import os
import random
import signal
import sys
import time
from itertools import count
from pathlib import Path

os.environ |= {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}

import keras
import numpy as np
import orjson

from gan_tui.run import checkpoint
from gan_tui.run.events import Checkpoint
from gan_tui.run.folder import RunFolder
from gan_tui.run.recorder import Recorder
from gan_tui.training.checkpoint_policy import Autosave, CheckpointPolicy

REASONS = (("autosave",), ("autosave", "best"), ("best", "asked"), ("autosave", "best", "asked"), ("asked", "asked"))


def save_for_ever(folder: RunFolder, first: int, ready: int, seed: int) -> None:
    """Each step for one reason or several; the arrays say which step they are of."""
    generator = random.Random(seed)
    network = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)], name="classifier")
    step = first
    filler = np.zeros(generator.choice((1, 10_000, 500_000)), np.float32)
    policy = CheckpointPolicy(
        Recorder(folder), [network], lambda: {"step": np.array([step]), "filler": filler}, Autosave(minutes=0)
    )
    for step in count(first + 1):
        for why in generator.choice(REASONS):
            policy.save(step, why)
            os.write(ready, b"%d\n" % step)


def trial(folder: RunFolder, first: int, seed: int) -> dict[str, object]:
    """Kill one that saves, and look what is there."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        save_for_ever(folder, first, writing, seed)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = [int(pipe.readline())]  # the first is saved
        time.sleep(random.Random(seed).uniform(0, 0.15))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        said += map(int, pipe.read().split())
    reader, logged = folder.reader(), []
    while records := reader.read():
        logged += [record.event for record in records if isinstance(record.event, Checkpoint)]
    left = sorted(path.suffix for path in folder.checkpoints.iterdir() if path.name.startswith("."))
    found: dict[str, np.ndarray] = {}
    step, passed_over = checkpoint.restore_newest(folder.checkpoints, lambda _, arrays: found.update(arrays))
    whole = bool(found) and int(found["step"][0]) == step
    kept = [path.name for path in checkpoint.complete_folders(folder.checkpoints)]
    asked = {event.folder.split("/")[1] for event in logged if event.why == "asked"}
    return {
        "reported": max(said[-1], logged[-1].step), "newest": step, "whole": whole, "passed_over": passed_over,
        "damaged": reader.damaged, "lost": sorted(asked - set(kept)), "left": left,
    }  # fmt: skip


def main() -> None:
    folder, trials, seed = RunFolder(Path(sys.argv[1])), int(sys.argv[2]), int(sys.argv[3])
    first = 0
    for number in range(trials):
        found = trial(folder, first, seed + number)
        print(orjson.dumps(found).decode(), flush=True)
        first = max(first, int(str(found["reported"]))) + 1
        for path in checkpoint.complete_folders(folder.checkpoints)[6:]:
            checkpoint.remove(path)  # those that were asked for would become hundreds
        folder.events_file.unlink()  # which tells of them


if __name__ == "__main__":
    main()
