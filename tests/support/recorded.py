"""Runs written with the product's own writer, as a trainer would have left them."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from gan_tui import presets
from gan_tui.presets import layer_table
from gan_tui.run import lock as run_lock
from gan_tui.run.events import Checkpoint, Epoch, Event, Metrics, Picture, Started, State
from gan_tui.run.folder import RunFolder
from gan_tui.run.manifests import FORMAT, MANIFEST, content_of, folder_name


def recorded_run(
    runs: Path, preset_name: str = "gan", steps: int = 120, state: str = "finished", **settings: object
) -> RunFolder:
    """A run of some steps with metrics, a picture of four tiles, and a last state."""
    preset = presets.find(preset_name).with_settings({"steps": 400, **settings})
    folder = presets.new_run(preset, runs)
    log = folder.writer()
    log.write(State("starting", "Loading TensorFlow"), started(preset), State("training"))
    log.write(metrics(preset.task, 1, steps))
    log.write(picture(folder, 0), picture(folder, steps))
    saved(folder, steps)
    log.write(Checkpoint(steps, f"checkpoints/{steps:09d}", "asked"), State(state, "all steps are done"))
    log.close()
    return folder


def saved(folder: RunFolder, step: int) -> Path:
    """The folder of a checkpoint with nothing in it, which its manifest says, too."""
    checkpoint = folder.checkpoints / folder_name(step)
    checkpoint.mkdir(parents=True)
    (checkpoint / MANIFEST).write_bytes(content_of({"format": FORMAT, "step": step, "sha256": {}}))
    return checkpoint


def started(preset: presets.Preset) -> Started:
    networks = {network.name: layer_table.layer_rows(network) for network in preset.networks}
    dataset = {"name": preset.dataset, "origin": "embedded", "train": 5000, "validation": 0}
    versions = {"keras": "3.15.1"}
    batch, per_epoch = preset.settings["batch_size"], 1 if preset.name == "xor" else 39
    return Started(
        preset.name, preset.title, preset.task, 42, networks, dataset, ["CPU: 2 cores"], versions, 400, per_epoch, batch
    )


def metrics(task: str, first: int, last: int) -> Metrics:
    steps = list(range(first, last + 1))
    falling = [1 / step for step in steps]
    rising = [1 - 1 / step for step in steps]
    if task == "gan":
        return Metrics(steps, {"d_loss": falling, "d_accuracy": rising, "g_loss": rising, "g_accuracy": falling})
    return Metrics(steps, {"loss": falling, "accuracy": rising})


def epoch(number: int, step: int, **values: float) -> Epoch:
    return Epoch(number, step, values)


def tile_numbers(step: int) -> np.ndarray:
    """Four 28 × 28 tiles that differ from each other and from step to step."""
    ramp = np.linspace(0, 255, 28 * 28).reshape(28, 28)
    return np.stack([np.roll(ramp, (step + 5 * n) % 28, axis=1) for n in range(4)]).astype(np.uint8)


def picture(folder: RunFolder, step: int, tag: str = "samples") -> Picture:
    from PIL import Image

    file = folder.sample_file(tag, step)
    file.parent.mkdir(parents=True, exist_ok=True)
    tiles = tile_numbers(step)
    sheet = np.concatenate([np.concatenate(tiles[:2], axis=1), np.concatenate(tiles[2:], axis=1)])
    Image.fromarray(sheet).save(file)
    return Picture(tag, step, str(file.relative_to(folder.path)), "samples", [28, 28], 4, 0.0, 1.0)


def append(folder: RunFolder, *events: Event) -> None:
    """What a trainer writes later."""
    log = folder.writer()
    log.write(*events)
    log.close()


@contextmanager
def held(folder: RunFolder) -> Iterator[None]:
    """The run is alive for viewers: somebody has its lock."""
    lock = run_lock.taken(folder.lock_file)
    assert lock is not None
    run_lock.describe(lock, {"pid": os.getpid(), "socket": "/nowhere", "mode": "train"})
    try:
        yield
    finally:
        fcntl.flock(lock, fcntl.LOCK_UN)
        os.close(lock)
