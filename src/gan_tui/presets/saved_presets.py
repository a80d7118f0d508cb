"""A saved model as a preset: what it learns follows from what it takes and gives, and from the data.

The preset has all of the network written out, so that its run is whole without the file.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from gan_tui.data import own
from gan_tui.data.own import Form, Found
from gan_tui.errors import UserError
from gan_tui.presets.files import from_document
from gan_tui.presets.layer_table import shape
from gan_tui.presets.networks import Network
from gan_tui.presets.plan import check_memory
from gan_tui.presets.preset import Preset
from gan_tui.presets.saved import SavedModel
from gan_tui.presets.saved.as_text import network_text
from gan_tui.presets.starting_weights import with_weights
from gan_tui.presets.tasks import TASKS
from gan_tui.system.paths import whole_path
from gan_tui.system.preset_files import name_of
from gan_tui.system.shell_words import shell_word
from gan_tui.text import harmless

_HELD_BACK = 0.2
"""The share of the data that is kept for validation unless --set says otherwise."""
_BYTES = 256
"""Pixels as files have them; a network that begins by making them small was trained on these."""
_OVER_CLASSES = ("softmax", "linear", "sigmoid")
"""What a network may end in that tells classes apart; of those that its task does not take, that says why."""
_LEAST_SIDE = 4
"""Of an image whose pixels are a row of numbers."""
_OF_TWO = "binary_crossentropy"
_RANGES = {"tanh": [-1, 1]}
"""What an autoencoder ends in → the range of pixels that it can reach."""


def preset_of(model: SavedModel, place: str | None, label: str | None) -> Preset:
    """The preset that trains a model on the data at a place, or of a name, from the weights that it was saved with.

    Raises UserError where it fits none of the tasks, or not the data.
    """
    if not place or not place.strip():
        raise UserError(
            f"{model.name} says what is trained, not on what: add --data PATH, a folder of images or a table, or "
            "--data mnist."
        )
    named = place if own.is_name(place) else str(whole_path(place))
    task, network = _task(model, own.look(named, label or "")), model.network
    document = {
        "title": model.name,
        "about": f"A network of {model.name}, saved with {model.file.saved_with}, trained on from its weights.",
        "task": task,
        "dataset": _dataset(task),
        "settings": {"data": named, **({"label": label} if label else {}), **_settings(task, network)},
        "networks": {TASKS[task].networks[0]: model.table()},
    }
    try:
        preset = from_document(document, name_of(model.path))
    except ValueError as error:
        raise UserError(f"{model.file.name}: {str(error).rstrip('.')}.") from None
    check_memory(preset, 1)  # before any weights are read
    return with_weights(preset, model.path.name, {preset.networks[0].name: model.weights()})


def text_of(model: SavedModel) -> str:
    """The preset that trains a model on, as a person may change it; which data it learns is said when it is trained."""
    task = _likely_task(model.network)
    return "\n".join(
        [
            "# Change what is to differ, and begin with the weights of the file:",
            f"# gan-tui train THIS.toml --data PATH --from {shell_word(harmless(model.path.name, 200))}",
            f"title = {json.dumps(model.name, ensure_ascii=False)}",
            f'about = "A network that was saved with {model.file.saved_with}."',
            f'task = "{task}"',
            f'dataset = "{_dataset(task)}"',
            "",
            "[settings]",
            'data = ""   # what it learns: a path, or --data PATH',
            *(f"{name} = {json.dumps(value)}" for name, value in _settings(task, model.network).items()),
            "",
            network_text(TASKS[task].networks[0], model.table()),
        ]
    )


def _likely_task(network: Network) -> str:
    """What such a network is for, of which the data are not known."""
    of_table = len(network.input) == 1
    if math.prod(network.output) == math.prod(network.input) and _may_be_image(network):
        return "autoencoder"
    if of_table and network.output == (1,) and network.activation == "linear":
        return "regression"
    return "plane" if of_table else "classifier"


def _may_be_image(network: Network) -> bool:
    """Whether what it gives may be an image: it has no shares of classes, and a row of numbers may be a square."""
    side = math.isqrt(network.input[0])
    is_square = len(network.input) > 1 or (side >= _LEAST_SIDE and side * side == network.input[0])
    return network.activation != "softmax" and is_square


def _task(model: SavedModel, found: Found) -> str:
    """The task that trains such a network on such data. Raises UserError that says which could."""
    network, name = model.network, model.name
    takes, gives = shape(network.input), shape(network.output)
    images, one = found.form is Form.IMAGES, network.output == (1,)
    tells_apart = len(network.output) == 1 and network.activation in _OVER_CLASSES
    if len(network.inputs) > 1:
        raise UserError(
            f"{name} takes {', '.join(network.inputs)}, and gan-tui trains a saved model of one input; a pair of "
            "networks is a preset of its own."
        )
    if images and math.prod(network.output) == math.prod(network.input) > 1:
        return "autoencoder"
    if not images and one and found.with_number().is_number:
        return "regression"
    if tells_apart:
        return "classifier" if images else "plane"
    ends = f" through {network.activation}" if network.activation != "linear" else ""
    raise UserError(
        f"{name} takes {takes} and gives {gives}{ends}: that learns nothing from {found.name}, {found.says}; of "
        "images, gan-tui trains networks that end in softmax over the classes, or in an image like the one they take; "
        "of tables, those that end in softmax, or in one number."
    )


def _dataset(task: str) -> str:
    """The word that the preset has for its data, whose place is taken by a person's own."""
    return "points" if task == "plane" else TASKS[task].datasets[0]


def _settings(task: str, network: Network) -> dict[str, Any]:
    return {"validation_split": _HELD_BACK, **dict(_pixels(task, network)), **dict(_loss(task, network))}


def _loss(task: str, network: Network) -> Iterator[tuple[str, str]]:
    """The loss of one output for two classes, where the task has it: the usual one takes an output a class."""
    if network.output == (1,) and TASKS[task].learns_classes:
        with suppress(ValueError):
            yield "loss", TASKS[task].checked("loss", _OF_TWO)


def _pixels(task: str, network: Network) -> Iterator[tuple[str, Any]]:
    """The range of pixels that the network was made for, as far as it can be told."""
    first = network.rows[0]
    if task == "autoencoder" and network.activation in _RANGES:
        yield "image_range", _RANGES[network.activation]
    elif task in ("classifier", "autoencoder") and first.kind == "Rescaling" and _makes_small(first.arguments):
        yield "image_range", [0, _BYTES - 1]


def _makes_small(arguments: Mapping[str, Any]) -> bool:
    scale = arguments.get("scale", 1)
    return isinstance(scale, int | float) and abs(scale) < 2 / 100
