"""Presets made small, and tasks made of them: what the tests of training share."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from gan_tui import presets
from gan_tui.presets import Layer, Preset
from gan_tui.run import checkpoint
from gan_tui.run.commands import Command, Reply
from gan_tui.run.events import Resumed
from gan_tui.run.folder import RunFolder
from gan_tui.run.recorder import Recorder
from gan_tui.training.loop import Loop
from gan_tui.training.steering import Steering
from gan_tui.training.tasks import Task, task_of
from product import state_of

Arrays = dict[str, np.ndarray]


def preset_with(name: str, **settings: object) -> Preset:
    return presets.find(name).with_settings(settings)


def small_cnn(folder: Path, **settings: object) -> Preset:
    """The CNN with a few filters, dropout and validation, on the images of a folder."""
    document = presets.find("fashion-cnn").as_document()
    layers = document["networks"]["classifier"]["layers"]
    layers[0]["filters"], layers[2]["filters"], layers[5]["units"] = 4, 6, 16
    document["settings"] |= {"batch_size": 16, "data_folder": str(folder), **settings}
    return presets.from_document(document, "small-cnn")


def small_gan(folder: Path, **settings: object) -> Preset:
    """A pair with every kind of layer that has a state of its own: dropout and batch normalization."""
    document = presets.find("dcgan-small").as_document()
    generator, discriminator = (document["networks"][name]["layers"] for name in ("generator", "discriminator"))
    generator[0]["units"], generator[3]["target_shape"] = 7 * 7 * 4, [7, 7, 4]
    for layer in [*generator, *discriminator]:
        if layer.get("filters", 1) > 1:
            layer["filters"] = 4
    document["settings"] |= {"batch_size": 16, "data_folder": str(folder), **settings}
    return presets.from_document(document, "small-gan")


def small_resnet(folder: Path, **settings: Any) -> Preset:
    """`resnet-small` with two of its blocks and an eighth of its filters."""
    document = presets.find("resnet-small").as_document()
    layers = document["networks"]["classifier"]["layers"]
    second = next(place for place, layer in enumerate(layers, start=1) if layer["name"] == "block_2")
    document["networks"]["classifier"]["layers"] = [*layers[:second], *layers[-2:]]
    for layer in layers:
        layer |= {"filters": layer["filters"] // 8} if "filters" in layer else {}
    document["settings"] |= {"batch_size": 16, "data_folder": str(folder), "patience": 0, **settings}
    return presets.from_document(document, "small-resnet")


def without_dropout(preset: Preset) -> Preset:
    """The same preset, every dropout at 0."""

    def dry(layer: Layer) -> Layer:
        return replace(layer, arguments={**layer.arguments, "rate": 0.0}) if layer.kind == "Dropout" else layer

    networks = [replace(n, layers=tuple(map(dry, n.layers))) for n in preset.networks]
    return Preset(**{**{field: getattr(preset, field) for field in FIELDS}, "networks": tuple(networks)})


FIELDS = ("name", "title", "about", "task", "dataset", "settings", "networks", "facts")


def in_chunks(task: Task, steps: int, k: int) -> np.ndarray:
    """(steps, metrics): trained k steps a call."""
    rows = [task.steps.run(min(k, steps - start)) for start in range(0, steps, k)]
    return np.concatenate(rows)


def positions_seen(task: Task, steps: int) -> list[list[int]]:
    """The examples of the next steps' batches by their places, without training on them."""
    seen = []
    for _ in range(steps):
        seen.append(task.steps._next_positions(task.steps._feed).numpy().tolist())
        task.steps.done.assign_add(1)
    return seen


def assert_same_arrays(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Bit for bit."""
    assert list(one) == list(other)
    for name, array in one.items():
        assert np.asarray(array).tobytes() == np.asarray(other[name]).tobytes(), name


# The loop, driven --------------------------------------------------------------------------------------------


class Scripted:
    """Commands that come when a script says so: it is asked each time the loop listens."""

    def __init__(self, script: "Script") -> None:
        self._script, self.answers, self.loop = script, list[Reply](), None

    def next(self) -> Command | None:
        return self._script(self.loop)

    def within(self, seconds: float) -> Command | None:
        """What comes while the run is paused, or waits for room; time passes at once."""
        return self._script(self.loop)

    def answer(self, command: Command, ok: bool, text: str, step: int) -> None:
        self.answers.append(Reply(command.id, ok, text, step))


Script = Callable[[Any], Command | None]


def silent(loop: Loop) -> None:
    return None


def in_turn(*commands: Command | None) -> Script:
    """A script of commands, each once the ones before are answered; None lets the loop go on that once."""
    left, asked = list(commands), list[Command]()

    def script(loop: Loop) -> Command | None:
        if not left or len(loop.commands.pipe.answers) < len(asked):
            return None
        command = left.pop(0)
        asked.extend([command] if command else [])
        return command

    return script


def stop_at(step: int) -> Script:
    """Steps one by one to a step, then stops there."""

    def script(loop: Loop) -> Command | None:
        if loop.step >= step:
            return Command("stop")
        return None if loop.commands.granted else Command("step", id=loop.step)

    return script


def attempt(folder: RunFolder, preset: Preset, script: Script = silent) -> tuple[Task, list[Reply]]:
    """One attempt at a run, as the trainer process makes it: from the newest sound checkpoint, if there is one."""
    recorder, task, pipe = Recorder(folder), task_of(preset), Scripted(script)
    loop = pipe.loop = Loop(task, recorder, pipe, Steering(task, recorder))
    resumes = bool(checkpoint.complete_folders(folder.checkpoints))
    loop.resume()
    if resumes:
        recorder.event(Resumed(loop.step))
    recorder.show(task.snapshots)
    loop.run()
    recorder.log.close()
    return task, pipe.answers


def newest_readable(checkpoints: Path) -> tuple[int | None, Arrays, list[str]]:
    """(step, arrays, why newer ones were passed over) of the newest sound checkpoint."""
    found: Arrays = {}
    step, passed_over = checkpoint.restore_newest(checkpoints, lambda _, arrays: found.update(arrays))
    return step, found, passed_over


def last_checkpoint(folder: RunFolder) -> dict[str, np.ndarray]:
    return checkpoint.read(folder.path / state_of(folder).checkpoints[-1].folder)
