"""What a person's own images cost: to be read once, to be found ready, and to be left on the disk.

python benchmarks/own_data.py [reading] [again] [colour] [from_disk] [--images N] [--side N]
"""

import argparse
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
from measuring import COMMAND, Figure, own_folder, own_runs
from PIL import Image

from gan_tui import data
from gan_tui.data import own
from gan_tui.data.own import Wish, cache
from training import TURNS, Baseline, against, in_turns, training

REPEATS = 3
COLOURED = 10_000
"""Images of the row `colour`."""
IMAGES, SIDE = 50_000, 64
"""Of what is read from the disk."""


def reading() -> Iterator[Figure]:
    """The clothes as JPEG files of 28 × 28, quality 95, read for the first time."""
    with own_folder("XDG_CACHE_HOME"), _clothes() as root:
        speeds = []
        for _ in range(REPEATS):
            cache.clear()
            began = time.monotonic()
            count = len(own.image_rows(own.look(str(root)), Wish(28, 28, 1)).images)
            speeds.append(count / (time.monotonic() - began))
    yield Figure("JPEG files of 28 × 28 read for the first time", "≥ 2000", speeds, "files/s")


def again() -> Iterator[Figure]:
    """A CNN on images in folders, once they were read, against the same from the array: its start, and its speed."""
    with own_folder("XDG_CACHE_HOME"), _clothes() as root:
        on_files = ("--data", str(root))
        _start_seconds(*on_files)  # reads them, and warms all the rest
        turns = [(_start_seconds(*on_files), _start_seconds()) for _ in range(TURNS)]
        later = [one - other for one, other in turns]
        yield Figure("`fashion-cnn` on JPEG files, a step of it later than from the array", "≤ 0.3", later, "s")
        options = ("--epochs", "100000", "--set", "patience=100000")
        with training("fashion-cnn", *options, *on_files) as ours, training("fashion-cnn", *options) as theirs:
            speeds = [(ours.speed(5), theirs.speed(5)) for _ in range(TURNS)]
        files, array = (list(column) for column in zip(*speeds, strict=True))
        yield against("`fashion-cnn` on JPEG files, steps a second", "≥ 0.98", "the same from the array", files, array)


def colour() -> Iterator[Figure]:
    """A CNN on colour images of 32 × 32, an array of one's own, against `fit` with tf.data on the same."""
    with tempfile.TemporaryDirectory(prefix="gan-tui-benchmark-") as folder:
        random, path = np.random.default_rng(0), Path(folder, "colour.npz")
        labels = random.integers(0, 10, COLOURED).astype(np.int32)
        np.savez(path, images=random.integers(0, 256, (COLOURED, 32, 32, 3), np.uint8), labels=labels)
        options = ("--epochs", "100000", "--set", "patience=100000", "--data", str(path))
        with training("fashion-cnn", *options) as ours, Baseline("fit_colour.py", str(path)) as fit:
            speeds = in_turns(ours, [fit], 5)
    yield against("a CNN on colour images of 32 × 32, steps a second", "≥ 1.3", "`fit` with tf.data", *speeds)


def from_disk(images: int = IMAGES, side: int = SIDE) -> Iterator[Figure]:
    """A CNN on many colour images that stay on the disk, against the same from memory."""
    with own_folder("XDG_CACHE_HOME"), _drawn(images, side) as root:
        own.image_rows(own.look(str(root)), Wish(side, side, 3))
        with Baseline("chunks.py", "file", str(root)) as kept, Baseline("chunks.py", "memory", str(root)) as held:
            turns = [(kept.speed(4), held.speed(4)) for _ in range(TURNS)]
    speeds = [list(column) for column in zip(*turns, strict=True)]
    what = f"{images:,} images of {side} × {side} from the disk, steps a second"
    yield against(what, "≥ 0.9", "images in memory", *speeds)


def _start_seconds(*options: str) -> float:
    """From the command to the end of a run of one step."""
    began = time.monotonic()
    with own_runs():
        command = (*COMMAND, "train", "fashion-cnn", *options, "--steps", "1", "--plain")
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return time.monotonic() - began


@contextmanager
def _clothes() -> Iterator[Path]:
    """The embedded clothes as JPEG files, a folder for each class."""
    stored = data.load(data.find("fashion-mnist"))
    with tempfile.TemporaryDirectory(prefix="gan-tui-benchmark-") as folder:
        for number, (image, label) in enumerate(zip(stored.images, stored.labels, strict=True)):
            _save(Image.fromarray(image), Path(folder, f"class{label}", f"{number}.jpg"))
        yield Path(folder)


@contextmanager
def _drawn(images: int, side: int) -> Iterator[Path]:
    """Blots of colour, in ten classes."""
    random = np.random.default_rng(0)
    with tempfile.TemporaryDirectory(prefix="gan-tui-benchmark-") as folder:
        for number in range(images):
            blots = Image.fromarray(random.integers(0, 256, (4, 4, 3), np.uint8)).resize((side, side))
            _save(blots, Path(folder, f"class{number % 10}", f"{number}.jpg"))
        yield Path(folder)


def _save(image: Image.Image, path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    image.save(path, quality=95)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure what a person's own images cost.")
    parser.add_argument("rows", nargs="*", metavar="ROW")
    parser.add_argument("--images", type=int, default=IMAGES, help="how many are read from the disk")
    parser.add_argument("--side", type=int, default=SIDE, help="of those, in pixels")
    given = parser.parse_args()
    rows: Mapping[str, Callable[[], Iterator[Figure]]] = {
        "reading": reading, "again": again, "colour": colour, "from_disk": partial(from_disk, given.images, given.side)
    }  # fmt: skip
    if unknown := [name for name in given.rows if name not in rows]:
        parser.error(f"there is no row {', '.join(unknown)}; choose from {', '.join(rows)}")
    for name in given.rows or rows:
        for figure in rows[name]():
            print(figure, flush=True)


if __name__ == "__main__":
    main()
