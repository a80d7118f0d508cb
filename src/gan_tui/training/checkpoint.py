"""Checkpoints: a folder, complete or absent, of plain arrays and Keras models. Nothing is unpickled.

Order of a save: write and sync every file in a hidden folder, sync the folder, rename it, sync its parent. A
kill or a power cut at any instant leaves either the whole checkpoint or none of it.
"""

import hashlib
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np
import orjson
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file
from safetensors.numpy import save as serialize

from gan_tui.errors import TRAINING_FAILED, UserError

FORMAT = 1
STATE = "state.safetensors"
MANIFEST = "manifest.json"

Arrays = Mapping[str, NDArray[Any]]


def folder_name(step: int) -> str:
    return f"{step:09d}"


def save(checkpoints: Path, step: int, why: str, arrays: Arrays, networks: Iterable[keras.Model]) -> Path:
    """Write the checkpoint of a step and return its folder; one that is there already is replaced.

    Raises OSError when the disk is full or gone; the checkpoints that are there stay as they are.
    """
    checkpoints.mkdir(mode=0o700, exist_ok=True)
    final = checkpoints / folder_name(step)
    making = checkpoints / f".{folder_name(step)}.making"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(mode=0o700)
    try:
        state = serialize({name: np.asarray(array, order="C") for name, array in arrays.items()})
        (making / STATE).write_bytes(state)
        for network in networks:
            network.save(making / f"{network.name}.keras")
        files = sorted(path for path in making.iterdir())
        sums = {path.name: _sha256(path) for path in files}
        manifest = {"format": FORMAT, "step": step, "why": why, "sha256": sums}
        (making / MANIFEST).write_bytes(orjson.dumps(manifest, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        for path in (*files, making / MANIFEST):
            path.chmod(0o600)
            _sync(path)
        _sync(making)
        _put_in_place(making, final)
        _sync(checkpoints)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    return final


def _put_in_place(making: Path, final: Path) -> None:
    if final.exists():
        old = final.with_name(f".{final.name}.old")
        shutil.rmtree(old, ignore_errors=True)
        final.rename(old)
        making.rename(final)
        shutil.rmtree(old, ignore_errors=True)
    else:
        making.rename(final)


def read(folder: Path) -> dict[str, NDArray[Any]]:
    """The arrays of a checkpoint. Raises UserError naming what is missing or was changed."""
    try:
        manifest = orjson.loads((folder / MANIFEST).read_bytes())
        sums = dict(manifest["sha256"])
        known = manifest["format"] == FORMAT and STATE in sums
    except (OSError, ValueError, KeyError, TypeError):
        known, sums = False, {}
    if not known:
        raise UserError(f"The checkpoint {folder.name} has no manifest that can be read.", TRAINING_FAILED)
    for name, expected in sums.items():
        path = folder / Path(name).name
        if not path.is_file():
            raise UserError(f"The checkpoint {folder.name} lacks {path.name}.", TRAINING_FAILED)
        if _sha256(path) != expected:
            raise UserError(
                f"The checkpoint {folder.name} was changed: {path.name} is not what was saved.",
                TRAINING_FAILED,
            )
    try:
        return load_file(folder / STATE)
    except (SafetensorError, OSError) as error:
        raise UserError(f"The checkpoint {folder.name} cannot be read: {error}.", TRAINING_FAILED) from None


def complete_folders(checkpoints: Path) -> list[Path]:
    """The checkpoints there are, the newest step first; half-made ones are hidden and do not count."""
    try:
        folders = [path for path in checkpoints.iterdir() if path.is_dir() and path.name.isdigit()]
    except FileNotFoundError:
        return []
    folders += [_put_back(path) for path in checkpoints.glob(".*.old") if not _replaced(path).exists()]
    return sorted(folders, key=lambda path: int(path.name), reverse=True)


def _replaced(old: Path) -> Path:
    """Where the checkpoint was that a save has moved aside."""
    return old.with_name(old.name[1:].removesuffix(".old"))


def _put_back(old: Path) -> Path:
    """Undo the replacing of a checkpoint that was killed half-way."""
    return old.rename(_replaced(old))


def newest_readable(checkpoints: Path) -> tuple[int, dict[str, NDArray[Any]], list[str]]:
    """(step, arrays, why newer ones were passed over) of the newest sound one; (0, {}, …) without one."""
    passed_over: list[str] = []
    for folder in complete_folders(checkpoints):
        try:
            return int(folder.name), read(folder), passed_over
        except UserError as error:
            passed_over.append(str(error))
    return 0, {}, passed_over


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


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
        return str(orjson.loads((folder / MANIFEST).read_bytes())["why"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""
