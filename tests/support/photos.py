"""Images in folders, as a person may have them."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
from PIL import Image


def photo(path: Path, seed: int = 0, size: tuple[int, int] = (8, 6), mode: str = "RGB", **how: object) -> Path:
    """An image of noise, (width, height), in the format that its name ends with."""
    path.parent.mkdir(parents=True, exist_ok=True)
    width, height = size
    noise = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    Image.fromarray(noise).convert(mode).save(path, **how)
    return path


def photos(root: Path, classes: Mapping[str, int], sizes: Iterable[tuple[int, int]] = ((8, 6),)) -> Path:
    """A folder for each class, so many images in each, all of them different, one size after the other."""
    every = list(sizes)
    seed = sum(root.as_posix().encode()) * 1000
    for name, count in classes.items():
        (root / name).mkdir(parents=True, exist_ok=True)
        for number in range(count):
            seed += 1
            photo(root / name / f"{number}.png", seed, every[seed % len(every)])
    return root
