"""Download a full data set into Keras's cache, where `keras.datasets` and `gan_tui.data.find` both look.

The addresses, the file names and mnist.npz's checksum are those of Keras 3.15's own loaders. Keras checks no
Fashion-MNIST file; we check the IDX file inside each .gz, whose packaging may differ between mirrors.
"""

from __future__ import annotations

import errno
import fcntl
import gzip
import hashlib
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from gan_tui.data import cifar
from gan_tui.data.arrays import CHUNK, Damaged
from gan_tui.data.sources import CIFAR, cached, of_cifar, refuse_unknown
from gan_tui.data.transfer import FAILED, OnBytes, Transfer
from gan_tui.errors import UserError
from gan_tui.system.fsync import sync

BASE_URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
CIFAR_URL = "https://www.cs.toronto.edu/~kriz/"


@dataclass(frozen=True)
class Remote:
    """A file to download: its size in bytes as served, and a checksum."""

    name: str
    size: int
    sha256: str = ""
    """Of it, or of what its .gz holds."""
    md5: str = ""
    """Of it as it is served, where its publisher tells no other."""


SETS = {
    "mnist": (Remote("mnist.npz", 11_490_434, "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"),),
    "fashion-mnist": (
        Remote(
            "train-labels-idx1-ubyte.gz",
            29_515,
            "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        ),
        Remote(
            "train-images-idx3-ubyte.gz",
            26_421_880,
            "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        ),
        Remote(
            "t10k-labels-idx1-ubyte.gz",
            5_148,
            "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
        ),
        Remote(
            "t10k-images-idx3-ubyte.gz",
            4_422_102,
            "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        ),
    ),
    "cifar10": (Remote("cifar-10-binary.tar.gz", 170_052_171, md5="c32a1d4ab5d03f1284b67883e8d87530"),),
    "cifar100": (Remote("cifar-100-binary.tar.gz", 168_513_733, md5="03b5dce01913d631647c71ecec9e9cb8"),),
}
"""What Keras's loaders cache, in the order in which they download it; of CIFAR, whose files there are pickles, the
binary version, which becomes an .npz."""


def fetch(name: str, progress: OnBytes, base_url: str = "") -> Path:
    """Download the full set, unless it is there already; what an earlier try left is taken up where it ended.

    `progress` is told bytes of the whole set. Returns the file, or of fashion-mnist the folder, that it made. Raises
    UserError: no network, a broken connection, a wrong file, a full disk, an unwritable cache, or another download of
    the same file under way.
    """
    refuse_unknown(name, tuple(SETS))
    base_url = base_url or (CIFAR_URL if name in CIFAR else BASE_URL)
    place, done = cached(name), 0
    if name in CIFAR and (kept := of_cifar(name)) and kept.path == place:
        return place
    folder = place.parent if place.suffix == ".npz" else place
    for position, remote in enumerate(SETS[name]):
        later = sum(other.size for other in SETS[name][position + 1 :])
        with _disk_troubles_told(folder):
            done += _fetch_file(remote, folder, base_url, _shifted(progress, done, later))
            if name in CIFAR:
                _without_pickles(name, folder / remote.name, place)
    return place


def _without_pickles(name: str, archive: Path, place: Path) -> None:
    """Make an archive of arrays from the binary version, and remove that."""
    import numpy as np

    try:
        images, labels = cifar.of_archive(name, archive)
    except Damaged as damaged:
        raise UserError(f"{damaged}: remove it, and run the command again.", FAILED) from damaged
    part = place.with_name(f"{place.name}.part")
    with part.open("wb") as file:
        np.savez(file, x_train=images, y_train=labels)
        os.fsync(file.fileno())
    part.replace(place)
    sync(place.parent)
    archive.unlink(missing_ok=True)


def _shifted(progress: OnBytes, before: int, after: int) -> OnBytes:
    """Progress in one file as progress in the set, with so many bytes in the files before and after it."""

    def tell(done: int, total: int | None) -> None:
        progress(before + done, None if total is None else before + total + after)

    return tell


def _fetch_file(remote: Remote, folder: Path, base_url: str, progress: OnBytes) -> int:
    """Download one file and return its size in bytes; a sound one that is there already is only measured."""
    target = folder / remote.name
    if not _is_sound(target, remote):
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f"{remote.name}.part"
        with _locked(part) as file:
            _complete(Transfer(base_url + remote.name, file, progress, 2 * remote.size), part, remote)
            os.fsync(file.fileno())
            part.replace(target)
        sync(folder)
    size = target.stat().st_size
    progress(size, size)
    return size


def _complete(transfer: Transfer, part: Path, remote: Remote) -> None:
    """Bring the partial file to the whole: from its end or, should the pieces not fit, from nothing."""
    pieced = transfer.run()
    if pieced and not _is_sound(part, remote):
        transfer.file.truncate(0)
        transfer.run()
    if not _is_sound(part, remote):
        transfer.file.truncate(0)
        raise UserError(
            f"{transfer.url} is not the {remote.name} it should be (its checksum differs): try again later, "
            f"or put the right file into {part.parent}.",
            FAILED,
        )


def _is_sound(file: Path, remote: Remote) -> bool:
    """Whether the file, or what it holds if it is a .gz, has the checksum it should have."""
    digest, seen = hashlib.sha256() if remote.sha256 else hashlib.md5(usedforsecurity=False), 0
    try:
        with gzip.open(file) if remote.sha256 and remote.name.endswith(".gz") else file.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
                seen += len(chunk)
                if seen > 100 * remote.size:
                    return False  # no image set folds that small
    except (OSError, EOFError, zlib.error):
        return False
    return digest.hexdigest() == (remote.sha256 or remote.md5)


@contextmanager
def _locked(part: Path) -> Iterator[IO[bytes]]:
    """The partial file, for one process at a time; it stays for the next run unless it is empty."""
    with part.open("a+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UserError(f"Another download is writing {part}: wait until it has ended.", FAILED) from error
        try:
            yield file
        finally:
            if file.seek(0, os.SEEK_END) == 0:
                part.unlink(missing_ok=True)


@contextmanager
def _disk_troubles_told(folder: Path) -> Iterator[None]:
    """What can go wrong with the disk, in the user's words. The network's troubles never get here."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            trouble = f"The disk of {folder} is full"
            remedy = "free some space, or set KERAS_HOME to a folder elsewhere"
        else:
            trouble = f"{folder} cannot be written ({error.strerror or error})"
            remedy = "make it writable, or set KERAS_HOME to a folder that is"
        raise UserError(f"{trouble}: {remedy}, and run the command again.", FAILED) from error
