"""A person's own images teach what bundled ones do: the clothes as JPEG files against the same from an array."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from proving import Line, by_epoch, embedded, judge, trained

pytestmark = [pytest.mark.prove, pytest.mark.timeout(3600)]
SEEDS = (1, 2, 3)


def best_accuracy(runs: Path, place: Path, seed: int) -> float:
    options = ("--data", str(place), "--epochs", "5", "--seed", str(seed), "--set", "patience=0")
    folder = trained(runs, "fashion-cnn", *options, seconds=1800, name=f"{place.stem}-{seed}")
    return float(by_epoch(folder, "val_accuracy").max())


def test_clothes_as_jpeg_files(runs: Path, tmp_path: Path, lines: list[Line]) -> None:
    with np.load(embedded("fashion-mnist")) as stored:
        images, labels = (stored[key] for key in sorted(stored.files, key=lambda key: stored[key].ndim, reverse=True))
    order = np.argsort(labels, kind="stable")  # as folders have them
    np.savez(tmp_path / "array.npz", images=images[order], labels=labels[order])
    for number, place in enumerate(order):
        file = tmp_path / "files" / f"class{labels[place]}" / f"{number:05}.jpg"
        file.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(images[place]).save(file, quality=95)
    array, files = (
        np.mean([best_accuracy(runs, tmp_path / place, seed) for seed in SEEDS]) for place in ("array.npz", "files")
    )
    what = "fashion-cnn on the clothes as JPEG files, 5 epochs, three seeds: best validation accuracy"
    goal = "within 0.01 of the array"
    lines.append(Line(what, f"{array:.4f} (array)", goal, f"{files:.4f}", bool(abs(array - files) <= 0.01)))
    judge(lines)
