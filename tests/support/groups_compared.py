"""Groups compared with one process, for tests."""

from pathlib import Path
from typing import Any

import numpy as np

from gan_tui import presets
from gan_tui.presets import Preset
from groups import Arrays, apart, in_chunks, result
from training_tasks import assert_same_arrays, task_of

ALIKE = 1e-6
"""How far numbers may be apart after ten steps. A unit that crosses its kink, or an answer its boundary, for rounding
alone, makes them differ by more: seeds are chosen with which none does."""
ALIKE_OF = {"float16": 1e-3, "wgan": 1e-4}
"""Of numbers that are rounded a thousand times as coarsely; and of squared slopes, of which Adam makes as much as of
others where they come to nothing but rounding."""


def pair(folder: Path, **settings: Any) -> Preset:
    """A pair of few weights, with the normalizations that change by themselves in its discriminator."""
    document = presets.find("gan").as_document()
    ends_in = "linear" if settings.get("loss") else "sigmoid"
    normalized = {"layer": "SpectralNormalization", "wraps": {"layer": "Dense", "units": 6}}
    document["networks"] = {
        "generator": {"input": [5], "layers": [{"layer": "Dense", "units": 784, "activation": "tanh"}]},
        "discriminator": {
            "input": [784],
            "layers": [
                normalized, {"layer": "BatchNormalization", "momentum": 0.9}, {"layer": "Dropout", "rate": 0.2},
                {"layer": "Dense", "units": 1, "activation": ends_in},
            ],
        },
    }  # fmt: skip
    document["settings"] |= {"batch_size": 12, "data_folder": str(folder), **settings}
    return presets.from_document(document, "pair")


def assert_as_one(folder: Path, given: list[dict[str, Any]], workers: int) -> None:
    """Every case came to what one process comes to, and all workers to the same bits."""
    found = {}
    for each in given:
        task = task_of(presets.from_document(each["preset"], each["name"]))
        rows = np.concatenate(list(in_chunks(task, each)))
        first = result(folder, each["name"])
        found[each["name"]] = apart({"rows": rows, **task.arrays()}, first)
        for worker in range(1, workers):
            assert_same_arrays(*(without_rows(r) for r in (first, result(folder, each["name"], worker))))
    assert all(difference <= ALIKE_OF.get(name, ALIKE) for name, (difference, _) in found.items()), found


def without_rows(arrays: Arrays) -> Arrays:
    return {name: array for name, array in arrays.items() if name != "rows"}
