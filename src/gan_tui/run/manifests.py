"""What a checkpoint says of itself: its manifest, a small JSON file with a checksum of all that it says."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from gan_tui.errors import UserError
from gan_tui.system.untrusted_files import read

MANIFEST = "manifest.json"
LONGEST = 1 << 20
"""Bytes."""
MOST_NAMED = 5
"""Steps in a sentence."""
FORMAT = 2
"""From 2 on, a manifest has a checksum of itself, too."""


def content_of(says: Mapping[str, object]) -> bytes:
    """The file's bytes."""
    says = {**says, "seal": _seal(says)}
    return _written(says)


def manifest(checkpoint: Path) -> tuple[dict[str, Any], bool]:
    """What it says, and whether that is what was saved. Raises OSError and ValueError where it cannot be read."""
    content = read(checkpoint / MANIFEST, LONGEST, follow=False)
    says = orjson.loads(content)
    if not isinstance(says, dict):
        raise ValueError("not an object")
    sound, seal = content == _written(says), says.pop("seal", None)
    if seal or says.get("format") != 1:
        sound = sound and says.get("format") == FORMAT and seal == _seal(says)
    return says, sound


def newest(checkpoints: Path, step: int | None = None) -> dict[str, Any]:
    """What the newest checkpoint says whose manifest is sound, or the one of a step; {} without one."""
    for each in reversed(steps(checkpoints)) if step is None else [step]:
        try:
            says, sound = manifest(checkpoints / folder_name(each))
        except (OSError, ValueError):
            continue  # whoever restores it says what is wrong with it
        if sound:
            return says
    return {}


def steps(checkpoints: Path) -> list[int]:
    """Those at which there is a checkpoint, in order."""
    try:
        return sorted(int(path.name) for path in checkpoints.iterdir() if is_step(path.name))
    except OSError:
        return []


def refuse_missing(checkpoints: Path, step: int, run: str) -> None:
    """Raises UserError where there is none at a step of a run."""
    there = steps(checkpoints)
    if step not in there:
        has = ", ".join(f"{each:,}" for each in there[-MOST_NAMED:]) or "none at all"
        raise UserError(f"{run} has no checkpoint at step {step:,}; it has {has}.")


def goes_on_from(checkpoints: Path) -> int | None:
    """The step from which a run would be resumed, as far as is seen without reading all of its checkpoints.

    0 without any, and None where there are some and none can be used.
    """
    there = _there(checkpoints)
    sound = (step for step, path in there.items() if _seems_whole(path, step))
    return max(sound, default=None if there else 0)


def newest_whole(checkpoints: Path) -> Path | None:
    """The folder of the newest checkpoint, as far likewise; None where there is none that can be used."""
    there = _there(checkpoints)
    return next((there[step] for step in sorted(there, reverse=True) if _seems_whole(there[step], step)), None)


def _there(checkpoints: Path) -> dict[int, Path]:
    try:
        return {step: path for path in checkpoints.iterdir() if (step := _step_of(path)) is not None}
    except OSError:
        return {}


def _step_of(path: Path) -> int | None:
    """Of a checkpoint, or of one that a save has moved aside and not replaced."""
    name = path.name
    if name.startswith(".") and name.endswith(".old"):
        name = name[1:].removesuffix(".old")
        if path.with_name(name).exists():
            return None
    return int(name) if is_step(name) and path.is_dir() and not path.is_symlink() else None


def _seems_whole(checkpoint: Path, step: int) -> bool:
    try:
        says, sound = manifest(checkpoint)
        files = dict(says["sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        return False
    inside = not any(Path(name).is_absolute() or ".." in Path(name).parts for name in files)
    return sound and inside and says.get("step") == step and all((checkpoint / name).is_file() for name in files)


def folder_name(step: int) -> str:
    return f"{step:09d}"


def is_step(name: str) -> bool:
    return name.isascii() and name.isdigit()


def _written(says: Mapping[str, object]) -> bytes:
    return orjson.dumps(says, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _seal(says: Mapping[str, object]) -> str:
    """The checksum of all else that a manifest says."""
    return hashlib.sha256(orjson.dumps(says, option=orjson.OPT_SORT_KEYS)).hexdigest()


def sha256_of(file: Path) -> str:
    """The checksum of a file of a checkpoint, as its manifest has it. Raises OSError."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
