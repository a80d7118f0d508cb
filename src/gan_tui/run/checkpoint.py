"""Checkpoints: a folder, complete or absent, of plain arrays and Keras models. Nothing is unpickled.

Order of a save: write and sync every file in a hidden folder, sync the folder, rename it, sync its parent. A
kill or a power cut at any instant leaves either the whole checkpoint or none of it.

Arrays are kept under names of our own (safetensors), with `.keras` files beside them for use elsewhere. Resuming never
loads a `.keras` file: it lacks random states and a pair's optimizers, and loading one has run code before.
"""

import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file
from safetensors.numpy import save as serialize

from gan_tui.errors import TRAINING_FAILED, UserError, told
from gan_tui.run.checkpoint_arrays import Arrays
from gan_tui.run.manifests import FORMAT, MANIFEST, content_of, folder_name, is_step, manifest, sha256_of
from gan_tui.run.replacing import put_in_place
from gan_tui.system.fsync import sync
from gan_tui.system.paths import keep_private

STATE = "state.safetensors"


class Network(Protocol):
    """A model of Keras, which need not be there to read a checkpoint."""

    name: str

    def save(self, file: Path) -> None:
        """Write a `.keras` file."""


Restore = Callable[[int, dict[str, NDArray[Any]]], None]


def save(
    checkpoints: Path,
    step: int,
    why: str,
    arrays: Arrays,
    networks: Iterable[Network],
    more: Mapping[str, object] | None = None,
    documents: Mapping[str, bytes] | None = None,
) -> Path:
    """Write the checkpoint of a step and return its folder; one that is there already is replaced.

    `more` is what else its manifest says, `documents` are files beside its networks. Raises OSError when the disk is
    full or gone; the checkpoints that are there stay as they are.
    """
    _make(checkpoints)
    final = checkpoints / folder_name(step)
    making = checkpoints / f".{folder_name(step)}.making"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(mode=0o700)
    try:
        fill(making, step, why, arrays, networks, more, documents)
        for path in making.iterdir():
            keep_private(path)
            sync(path)
        sync(making)
        put_in_place(making, final)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    return final


def fill(
    folder: Path,
    step: int,
    why: str,
    arrays: Arrays,
    networks: Iterable[Network],
    more: Mapping[str, object] | None = None,
    documents: Mapping[str, bytes] | None = None,
) -> None:
    """Write all that a checkpoint is made of into an empty folder, and leave making it durable to who gives it its
    name."""
    state = serialize({name: np.asarray(array, order="C") for name, array in arrays.items()})
    (folder / STATE).write_bytes(state)
    for network in networks:
        network.save(folder / f"{network.name}.keras")
    for name, content in (documents or {}).items():
        (folder / name).write_bytes(content)
    sums = {path.name: sha256_of(path) for path in sorted(folder.iterdir())}
    says = {"format": FORMAT, "step": step, "why": why, "sha256": sums, **(more or {})}
    (folder / MANIFEST).write_bytes(content_of(says))


def _make(checkpoints: Path) -> None:
    """The folder of all checkpoints, and its name, durable."""
    if not checkpoints.is_dir():
        checkpoints.mkdir(mode=0o700, exist_ok=True)
        sync(checkpoints.parent)


def read(folder: Path, most: int | None = None) -> dict[str, NDArray[Any]]:
    """The arrays of a checkpoint. Raises UserError naming what is missing, was changed, or is larger than `most` bytes,
    and OSError for what is there and cannot be read.

    A checkpoint may come from anybody: what is too large for the run is not even looked through.
    """
    for name, expected in _sums(folder).items():
        path = folder / Path(name).name
        if not path.is_file():
            raise UserError(f"The checkpoint {folder.name} lacks {path.name}.", TRAINING_FAILED)
        if most is not None and path.stat().st_size > most:
            raise UserError(
                f"The checkpoint {folder.name} is not of this run: {path.name} is far too large.", TRAINING_FAILED
            )
        if sha256_of(path) != expected:
            raise UserError(
                f"The checkpoint {folder.name} was changed: {path.name} is not what was saved.",
                TRAINING_FAILED,
            )
    try:
        return load_file(folder / STATE)
    except (SafetensorError, AttributeError, ValueError, TypeError) as error:  # numbers that numpy has not
        raise UserError(f"The checkpoint {folder.name} cannot be read: {error}.", TRAINING_FAILED) from None


def _sums(folder: Path) -> dict[str, str]:
    """The checksum of each file, as its manifest has them.

    Raises UserError where that is not what was saved, OSError where it cannot be read.
    """
    try:
        says, sound = manifest(folder)
        sums, step = dict(says["sha256"]), says["step"]
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        raise UserError(f"The checkpoint {folder.name} has no readable manifest.", TRAINING_FAILED) from None
    if not sound or STATE not in sums:
        raise UserError(f"The checkpoint {folder.name} was changed: {MANIFEST} is not what was saved.", TRAINING_FAILED)
    if step != int(folder.name):
        raise UserError(f"The checkpoint {folder.name} was renamed: it was saved at step {step}.", TRAINING_FAILED)
    return sums


def complete_folders(checkpoints: Path) -> list[Path]:
    """The checkpoints there are, the newest step first; half-made ones are hidden and do not count."""
    try:
        there = list(checkpoints.iterdir())
    except FileNotFoundError:
        return []
    folders = [path for path in there if is_step(path.name) and path.is_dir() and not path.is_symlink()]
    aside = [path for path in there if path.suffix == ".old" and is_step(_replaced(path).name)]
    folders += [_put_back(path) for path in aside if not _replaced(path).exists()]
    return sorted(folders, key=lambda path: int(path.name), reverse=True)


def _replaced(old: Path) -> Path:
    """Where the checkpoint was that a save has moved aside."""
    return old.with_name(old.name[1:].removesuffix(".old"))


def _put_back(old: Path) -> Path:
    """Undo the replacing of a checkpoint that was killed half-way."""
    return old.rename(_replaced(old))


def restore_newest(checkpoints: Path, restore: Restore, most: int | None = None) -> tuple[int | None, list[str]]:
    """(step, why newer ones were passed over) of the newest that is sound and fits; (None, []) where there is none.

    `restore` takes the step and the arrays, and refuses them with a UserError; no file may have over `most` bytes.
    Raises UserError when there are checkpoints and none can be used: beginning again would end with less than there
    was. And where one is another user's: what is trained on from the one before would come to replace it.
    """
    passed_over: dict[str, str] = {}
    for folder in complete_folders(checkpoints):
        try:
            _fit(restore, folder, read(folder, most))
        except UserError as error:
            passed_over[folder.name] = str(error)
        except PermissionError as error:
            raise UserError(
                f"The checkpoint {folder.name} cannot be read: {told(error)} and have it made yours, or move it away "
                "to go on without it.",
                TRAINING_FAILED,
            ) from None
        except OSError as error:
            passed_over[folder.name] = f"The checkpoint {folder.name} cannot be read: {told(error)}."
        else:
            return int(folder.name), list(passed_over.values())
    if not passed_over:
        return None, []
    (newest, why), others = next(iter(passed_over.items())), list(passed_over)[1:]
    raise UserError(
        f"None of the checkpoints {', '.join((newest, *others))} can be used: {why.rstrip('.')}; restore what is "
        f"missing or changed, or move the folder {checkpoints.name} away to train from the first step.",
        TRAINING_FAILED,
    )


def _fit(restore: Restore, folder: Path, arrays: dict[str, NDArray[Any]]) -> None:
    """Raises UserError with the name of a checkpoint that `restore` refuses."""
    try:
        restore(int(folder.name), arrays)
    except (UserError, ValueError, TypeError, OverflowError) as error:
        raise UserError(f"The checkpoint {folder.name} does not fit. {error}", TRAINING_FAILED) from None


def remove(folder: Path) -> None:
    """Delete a checkpoint that is no longer kept: hidden first, so that a half-deleted one is never read."""
    hidden = folder.with_name(f".{folder.name}.gone")
    try:
        folder.rename(hidden)
    except OSError:
        return  # somebody deleted it already
    shutil.rmtree(hidden, ignore_errors=True)


def clean(checkpoints: Path) -> None:
    """Remove what killed processes left half-made or half-deleted."""
    complete_folders(checkpoints)  # puts back what was being replaced
    for pattern in (".*.making", ".*.gone", ".*.old"):
        for left in checkpoints.glob(pattern):
            shutil.rmtree(left, ignore_errors=True)


def reason(folder: Path) -> str:
    """Why a checkpoint was saved; empty where that cannot be read."""
    try:
        return str(manifest(folder)[0]["why"])
    except (OSError, ValueError, KeyError):
        return ""
