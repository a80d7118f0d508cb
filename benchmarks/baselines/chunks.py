"""The chunked steps of `fashion-cnn`, with examples from memory or read from their file as they are needed.

python chunks.py memory        or        python chunks.py file
"""

import sys
import tempfile
from pathlib import Path

import numpy as np
from windows import measure

from gan_tui import data, presets
from gan_tui.data.rows import StoredRows
from gan_tui.system import machine
from gan_tui.training.tasks import TASKS

CHUNK = 20


def main(source: str) -> None:
    preset = presets.find("fashion-cnn")
    with tempfile.TemporaryDirectory() as folder:
        found = data.load(data.find(preset.dataset))
        np.savez(Path(folder, f"{preset.dataset}.npz"), x_train=found.images, y_train=found.labels)
        if source == "file":
            machine.free_memory = lambda: found.images.nbytes  # as if there were no more than the images take
        task = TASKS[preset.task](preset, TASKS[preset.task].load(preset, Path(folder)))
    assert isinstance(task.dataset.train.x, StoredRows) == (source == "file")

    def train() -> int:
        return len(task.steps.run(CHUNK))

    train()
    measure(train)


if __name__ == "__main__":
    main(sys.argv[1])
