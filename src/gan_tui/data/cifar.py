"""CIFAR's training images: from the archive of its binary version, and from the files that Keras keeps.

Those of Keras are pickles. They are not unpickled: `pickletools` lists what is in them, and the one long string and the
numbers of the labels are picked out. The test images are never read.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gan_tui.data.arrays import Damaged
from gan_tui.data.class_names import OF_SETS
from gan_tui.data.layout import is_file
from gan_tui.system import untrusted_files

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

COUNT, SIDE, CHANNELS = 50_000, 32, 3
PIXELS = CHANNELS * SIDE * SIDE
LONGEST = 200_000_000
"""Bytes of one file: CIFAR-100's have 155 million."""


@dataclass(frozen=True)
class Version:
    """How one of the sets lies in files."""

    archive: str
    """Of the binary version, as it is published."""
    members: tuple[str, ...]
    before: int
    """Bytes before the pixels of each image; the last of them is its class."""
    folders: tuple[str, ...]
    """Where Keras keeps the pickles, its newer place first."""
    pickles: tuple[str, ...]
    labels: str
    """The key of the labels in them."""


_FIVE = range(1, 6)
VERSIONS = {
    "cifar10": Version(
        "cifar-10-binary.tar.gz", tuple(f"cifar-10-batches-bin/data_batch_{n}.bin" for n in _FIVE), 1,
        ("cifar-10-batches-py-target/cifar-10-batches-py", "cifar-10-batches-py"),
        tuple(f"data_batch_{n}" for n in _FIVE), "labels",
    ),
    "cifar100": Version(
        "cifar-100-binary.tar.gz", ("cifar-100-binary/train.bin",), 2,
        ("cifar-100-python-target/cifar-100-python", "cifar-100-python"), ("train",), "fine_labels",
    ),
}  # fmt: skip
_KEYS = {"labels", "fine_labels", "coarse_labels", "data", "filenames", "batch_label"}
_WHOLE = {"BININT", "BININT1", "BININT2", "INT", "LONG", "LONG1"}
_TRUTH = {"NEWTRUE", "NEWFALSE", "INT"}

Images = tuple["NDArray[np.uint8]", "NDArray[np.uint8]"]
"""(count, 32, 32, 3) pixels and (count,) classes."""


def of_archive(name: str, archive: Path) -> Images:
    """The training images of a binary version. Raises Damaged where the archive is not that."""
    import numpy as np

    version, parts = VERSIONS[name], []
    for content in _members(archive, version.members):
        rows = np.frombuffer(content, np.uint8)
        if not rows.size or rows.size % (version.before + PIXELS):
            raise Damaged(archive, "holds images of another length than CIFAR's")
        parts.append(rows.reshape(-1, version.before + PIXELS))
    rows = np.concatenate(parts)
    return _sound(name, archive, rows[:, version.before :], rows[:, version.before - 1])


def kept_by_keras(name: str, caches: Path) -> Path | None:
    """The folder of pickles that Keras made of the set, where it is whole."""
    version = VERSIONS[name]
    folders = (caches / folder for folder in version.folders)
    return next((folder for folder in folders if all(is_file(folder / file) for file in version.pickles)), None)


def of_pickles(name: str, folder: Path) -> Images:
    """The training images in a folder of pickles. Raises Damaged where those are not CIFAR's."""
    import numpy as np

    version, pixels, labels = VERSIONS[name], [], []
    for file in (folder / each for each in version.pickles):
        data, classes = _picked(file, version.labels)
        pixels.append(data)
        labels.append(np.array(classes))
    return _sound(name, folder, np.concatenate(pixels), np.concatenate(labels))


def _sound(name: str, path: Path, rows: NDArray[np.uint8], labels: NDArray[Any]) -> Images:
    import numpy as np

    if (wrong := labels[(labels < 0) | (labels >= len(OF_SETS[name]))]).size:
        raise Damaged(path, f"holds the label {wrong[0]} where labels run from 0 to {len(OF_SETS[name]) - 1}")
    images = rows.reshape(-1, CHANNELS, SIDE, SIDE).transpose(0, 2, 3, 1)
    return np.ascontiguousarray(images), labels.astype(np.uint8)


def _members(archive: Path, names: tuple[str, ...]) -> Iterator[bytes]:
    """The contents of some members, in the order of their names."""
    import tarfile

    found: dict[str, bytes] = {}
    try:
        with tarfile.open(archive, "r:gz") as packed:
            for member in packed:
                if member.name in names and member.isreg() and member.size <= LONGEST:
                    stream = packed.extractfile(member)
                    found[member.name] = stream.read() if stream else b""
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        raise Damaged(archive, f"is damaged ({str(error).rstrip('.') or 'it ends too early'})") from error
    for name in names:
        if name not in found:
            raise Damaged(archive, f"lacks {name}")
        yield found[name]


def _picked(file: Path, key: str) -> tuple[NDArray[np.uint8], list[int]]:
    """(count, 3072) pixels and the labels in a pickle that is read, not run."""
    import numpy as np

    try:
        data, labels, fortran = _found(untrusted_files.read(file, LONGEST), key)
    except OSError as error:
        raise Damaged(file, f"cannot be read ({error.strerror or error})") from error
    except Exception as error:  # listing a spoilt pickle fails in many ways
        raise Damaged(file, "is damaged (it cannot be listed)") from error
    if not labels or len(data) != PIXELS * len(labels):
        raise Damaged(file, f"holds {len(data):,} bytes of pixels for {len(labels):,} labels, unlike CIFAR's")
    shape = (len(labels), PIXELS)
    return np.frombuffer(data, np.uint8).reshape(shape, order="F" if fortran else "C"), labels


def _found(content: bytes, key: str) -> tuple[bytes, list[int], bool]:
    """The longest string of `data`, the numbers of `key`, and whether the former's first index varies fastest."""
    import pickletools

    data, labels, fortran, under = b"", list[int](), False, ""
    for code, value, _ in pickletools.genops(content):
        if isinstance(value, bytes | str) and code.stack_after and "GLOBAL" not in code.name:
            word = value if isinstance(value, str) else value.decode("latin-1")
            if word in _KEYS:
                under = word
            elif under == "data" and len(value) > max(len(data), PIXELS - 1):
                data = value if isinstance(value, bytes) else value.encode("latin-1")
        elif under == "data" and code.name in _TRUTH and not data:
            fortran = code.name == "NEWTRUE" or value is True
        elif under == key and code.name in _WHOLE and type(value) is int:
            labels.append(value)
    return data, labels, fortran
