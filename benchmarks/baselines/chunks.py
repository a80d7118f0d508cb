"""The chunked steps of `fashion-cnn`, with examples from memory or read from their file as they are needed.

python chunks.py memory|file [FOLDER]

FOLDER holds a folder of images for each class, and must have been read before; without it they are those of the preset.
"""

import sys
import tempfile
from pathlib import Path

import numpy as np
from windows import measure

from gan_tui import data, presets
from gan_tui.data.rows import StoredRows
from gan_tui.presets import Preset
from gan_tui.system import machine
from gan_tui.training.tasks import TASKS, Task, task_of

CHUNK = 20


def main(source: str, own: str = "") -> None:
    preset = presets.find("fashion-cnn")
    task = _on_own(preset.with_settings({"data": own}), source) if own else _on_its_own(preset, source)
    assert isinstance(task.dataset.train.x, StoredRows) == (source == "file")

    def train() -> int:
        return len(task.steps.run(CHUNK))

    train()
    measure(train)


def _on_own(preset: Preset, source: str) -> Task:
    if source == "file":
        machine.free_memory = lambda: 0
    return task_of(preset)


def _on_its_own(preset: Preset, source: str) -> Task:
    with tempfile.TemporaryDirectory() as folder:
        found = data.load(data.find(preset.dataset))
        np.savez(Path(folder, f"{preset.dataset}.npz"), x_train=found.images, y_train=found.labels)
        if source == "file":
            machine.free_memory = lambda: found.images.nbytes  # as if there were no more than the images take
        return TASKS[preset.task](preset, TASKS[preset.task].load(preset, Path(folder)))


if __name__ == "__main__":
    main(*sys.argv[1:])
