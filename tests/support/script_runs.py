"""Runs as scripts make them, and logs as others write them: written with the product's own writer.

python tests/support/script_runs.py RUNS [NAME ...]      writes those of `EXAMPLES`, to be looked at
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from gan_tui.run import catalog, pictures
from gan_tui.run.commands import COMMANDS
from gan_tui.run.documents import SCRIPT
from gan_tui.run.events import Event, Metrics, Picture, Started, State, Text, Weights
from gan_tui.run.folder import RunFolder
from gan_tui.run.pictures import Tiles
from recorded_views import described

COMMAND = ["python", "train.py", "--lr", "0.1"]
CONFIG = {"batch size": 64, "learning rate": 3e-4, "layers": [64, 64], "name": "night"}
DOCUMENT = {
    "name": "train", "title": "A night's training", "about": "", "task": SCRIPT, "command": COMMAND,
    "folder": "/home/ada/nets", "config": CONFIG,
}  # fmt: skip
STARTED = Started(
    "train", "A night's training", SCRIPT, 0, {}, {"name": "", "origin": SCRIPT, "train": 0, "validation": 0},
    [], {}, 0, 1, 0, commands=list(COMMANDS), settable=["learning_rate"],
)  # fmt: skip


def script_run(
    runs: Path, *events: Event, state: str = "finished", name: str | None = None,
    document: Mapping[str, Any] | None = None, **started: Any,
) -> RunFolder:  # fmt: skip
    """A run that a script made: `started` are fields of its event, `document` of its preset.toml."""
    folder = catalog.create({**DOCUMENT, **(document or {})}, "train", runs, name)
    log = folder.writer()
    log.write(replace(STARTED, **started), State("training"), *events)
    if state != "training":
        log.write(State(state, "all steps are done" if state == "finished" else ""))
    log.close()
    return folder


def add(folder: RunFolder, *events: Event) -> None:
    log = folder.writer()
    log.write(*events)
    log.close()


def curves(names: Sequence[str], steps: Sequence[int], **scales: float) -> Metrics:
    """Falling values under names; a name may have another scale than 1."""
    random, count = np.random.default_rng(0), np.arange(len(steps))
    values = {
        name: (scales.get(name, 1.0) * (np.exp(-count / 40) + 0.05 * random.random(len(steps)))).tolist()
        for name in names
    }
    return Metrics(list(steps), values)


def picture(folder: RunFolder, tag: str, step: int, numbers: np.ndarray, **rest: Any) -> Picture:
    """Write (count, height, width, channels) numbers of 0…1 as a picture of a tag."""
    tiles = Tiles.of_numbers(tag, rest.pop("kind", "samples"), numbers, 0.0, 1.0, **rest)
    return pictures.write(tiles, step, folder.sample_file(tag, step), folder.root)


def row(name: str, shape: Sequence[int], parameters: int = 0, kind: str = "Dense", **more: Any) -> dict[str, Any]:
    """A layer of a table as `Started.networks` has it."""
    whole = {"name": name, "kind": kind, "layer": f"{kind} {shape[-1]}", "output_shape": list(shape)}
    return {**whole, "parameters": parameters, "trainable": parameters, "arguments": {}, **more}


def deep(layers: int) -> dict[str, Any]:
    """A network of as many layers as EfficientNetB7 has, say, named as those are."""
    kinds = ("Conv2D", "BatchNormalization", "Activation", "DepthwiseConv2D", "Multiply", "Add")
    rows = [
        row(f"block{n // 12}a_{kinds[n % 6].lower()}_{n}", (14, 14, 64 + n % 640), 1000 * (n % 2), kinds[n % 6])
        for n in range(layers)
    ]
    return {"efficientnet": rows}


def weights(step: int, *names: str, spread: float = 0.1) -> Weights:
    """What arrays under these names are like."""
    random = np.random.default_rng(step)
    return Weights(step, {name: described(spread * random.standard_normal((32, 16))) for name in names})


# To be looked at ----------------------------------------------------------


def _usual(runs: Path) -> None:
    names = ["train/loss", "train/accuracy", "val/loss", "val/accuracy", "lr", "gpu/mem MB"]
    folder = script_run(runs, curves(names, range(1, 401), **{"gpu/mem MB": 20_000.0, "lr": 1e-3}), name="usual")
    random = np.random.default_rng(1)
    add(folder, picture(folder, "val-images", 400, random.random((9, 32, 32, 3))))
    add(folder, picture(folder, "panorama", 400, np.tile(np.linspace(0, 1, 320), (1, 40, 1))[..., None]))
    add(folder, weights(0, "conv1/kernel", "head"), weights(400, "conv1/kernel", "head", spread=0.3))
    add(folder, Text("note", 400, "The first epoch.\nAll is well."), Text("sample", 400, "Once upon a time " * 30))


def _many(runs: Path) -> None:
    names = [f"layer{n // 4}/{('loss', 'grad norm', 'ratio', 'rate')[n % 4]}" for n in range(60)]
    script_run(runs, curves(names, range(1, 301)), name="many", networks=deep(813))


def _flat(runs: Path) -> None:
    script_run(runs, curves([f"metric {n}" for n in range(256)], range(1, 101)), name="flat", steps_total=400)


EXAMPLES: dict[str, Callable[[Path], object]] = {"usual": _usual, "many": _many, "flat": _flat}

if __name__ == "__main__":
    for wanted in sys.argv[2:] or EXAMPLES:
        EXAMPLES[wanted](Path(sys.argv[1]))
