"""Images in colours as somebody may bring them: a red, green or blue square for each class, on black."""

from pathlib import Path

import numpy as np

COLORS = ((220, 40, 40), (40, 200, 60), (60, 80, 230))


def squares(path: Path, counts: tuple[int, ...] = (3, 4, 5), side: int = 16) -> Path:
    """An .npz with so many images of each colour."""
    labels = np.repeat(np.arange(len(counts)), counts)
    images = np.zeros((len(labels), side, side, 3), np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[4:12, 4:12] = COLORS[label]
    names = np.array([f"class {number}" for number in range(len(counts))])
    np.savez(path, images=images, labels=labels.astype(np.int32), class_names=names)
    return path
