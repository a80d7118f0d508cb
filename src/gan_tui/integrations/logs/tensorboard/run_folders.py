"""Which folders are a run: the one with event files, with those that writers put beside them for the same run.

Keras writes `train` and `validation`; `add_scalars` of PyTorch and tensorboardX a folder for each curve (TAG_CURVE, or
TAG/CURVE), `add_hparams` one called by the time. TensorBoard lists each as a run of its own; who looks at a run wants
its curves together.
"""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from gan_tui.integrations.logs.base import Log
from gan_tui.integrations.logs.tensorboard import crc
from gan_tui.integrations.logs.tensorboard.found import Found, events_in
from gan_tui.integrations.logs.tensorboard.tf_records import HEAD, RecordFile
from gan_tui.system.untrusted_files import opened

Known = TypeVar("Known", None, str)
MOST_FILES = 2_000
"""Of one run."""
MOST_FOLDERS, _DEEPEST = 500, 4
"""That are looked into for what belongs to one run, and how deep they may lie."""
ROLES = {
    "train": "", "training": "", "validation": "val_", "valid": "val_", "val": "val_", "eval": "eval_",
    "evaluation": "eval_", "test": "test_",
}  # fmt: skip
"""Folders of one run → what their metrics are called by."""
_BY_TIME = re.compile(r"\d{9,11}(\.\d+)?")
_NUMBERED = re.compile(r"(\D*)(\d{0,18})")
_PEEKED = 1 << 14


@dataclass(frozen=True)
class Part:
    """A folder whose event files belong to a run."""

    folder: Path
    before: str = ""
    """What its metrics' names begin with."""
    behind: str = ""
    """And what they end with."""

    def named(self, tag: str) -> str:
        """What a tag in it is called in the run."""
        return f"{self.before}{tag}{self.behind}"


def logs_at(path: Path) -> list[Log]:
    """The run that an event file is, or that a folder is. Raises OSError."""
    if not path.is_dir():
        called_so = "tfevents" in path.name or _first_event(path).version.startswith("brain.Event")
        return [Log(path)] if is_event_file(path) and called_so else []
    parts = parts_of(path)
    return [Log(path, tuple(part.folder for part in parts if part.folder != path))] if parts else []


def parts_of(folder: Path) -> list[Part]:
    """The folders of the run that a folder is; none where it is none. Raises OSError."""
    own, children = _looked_into(folder)
    if own:
        return [Part(folder), *_beside(folder, children)]
    with_events = [child for child in children if any(map(is_event_file, _event_files(child)))]
    roles = [child for child in with_events if child.name.lower() in ROLES]
    return [_role(child) for child in roles] if roles and roles == with_events else []


def _beside(run: Path, children: list[Path]) -> list[Part]:
    """The folders below a run that belong to it."""
    found: list[Part] = []
    waiting = children[:MOST_FOLDERS]
    while waiting:
        folder = waiting.pop(0)
        files = sorted(_event_files(folder))
        if files:
            part = _part_beside(folder, str(folder.relative_to(run)), files)
            found += [part] if part else []
        elif len(folder.relative_to(run).parts) < _DEEPEST and len(found) + len(waiting) < MOST_FOLDERS:
            with suppress(OSError):
                waiting += _looked_into(folder)[1][:MOST_FOLDERS]
    return found


def files_of(path: Path) -> list[tuple[Path, Part]]:
    """The event files of a run in the order in which they were begun. Raises OSError."""
    if not path.is_dir():
        return [(path, Part(path.parent))]
    found = [(file, part) for part in parts_of(path) for file in sorted(_event_files(part.folder), key=_as_begun)]
    return found[-MOST_FILES:]


def _as_begun(file: Path) -> list[tuple[str, int]]:
    """Their names tell when, and of one second the how manieth: 9 before 10."""
    return [(words, int(number or 0)) for words, number in _NUMBERED.findall(file.name)]


def _looked_into(folder: Path) -> tuple[bool, list[Path]]:
    """(whether event files lie in a folder, the folders in it)."""
    own, children = False, []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                children.append(folder / entry.name)
            elif not own and _is_called_so(entry):
                own = is_event_file(folder / entry.name)
    return own, sorted(children)


def _event_files(folder: Path) -> Iterable[Path]:
    with suppress(OSError), os.scandir(folder) as entries:
        return [folder / entry.name for entry in entries if _is_called_so(entry)]
    return []


def _is_called_so(entry: os.DirEntry[str]) -> bool:
    """Whether a file in a folder is called as event files are; links are not followed."""
    return "tfevents" in entry.name and entry.is_file(follow_symlinks=False)


def _role(folder: Path) -> Part:
    return Part(folder, before=ROLES[folder.name.lower()])


def _part_beside(folder: Path, relative: str, files: list[Path]) -> Part | None:
    """What a folder with event files is for the run around it; None where it is a run of its own."""
    if relative.lower() in ROLES:
        return _role(folder)
    if _BY_TIME.fullmatch(relative):
        return Part(folder)
    tag = next((first_tag(file) for file in files), "")
    begins = f"{tag}/".replace("/", "_")
    curve = relative[len(begins) :]
    return Part(folder, behind=f"/{curve}") if tag and curve and relative.replace("/", "_").startswith(begins) else None


def is_event_file(path: Path) -> bool:
    """Whether a file holds records, or is called as event files are and holds nothing yet."""
    return path in _event_files_known or _is_event_file(path)


_event_files_known: dict[Path, None] = {}
_tags_known: dict[Path, str] = {}
"""What was found in files: folders are looked at again and again, and what a file begins with stays."""
_MOST_KNOWN = 20_000


def _know(known: dict[Path, Known], path: Path, what: Known) -> None:
    if len(known) >= _MOST_KNOWN:
        known.clear()
    known[path] = what


def _is_event_file(path: Path) -> bool:
    with suppress(OSError), opened(path) as file:
        head = file.read(HEAD)
        sound = len(head) == HEAD and crc.masked(head[:8]) == int.from_bytes(head[8:], "little")
        if sound:
            _know(_event_files_known, path, None)
        return sound or (not head and "tfevents" in path.name)
    return False


def first_tag(path: Path) -> str:
    """The first tag in an event file; empty where there is none at its beginning."""
    if (known := _tags_known.get(path)) is not None:
        return known
    for found in _first_events(path):
        for value in found.values:
            _know(_tags_known, path, value.tag)
            return value.tag
    return ""


def _first_event(path: Path) -> Found:
    return next(_first_events(path), Found())


def _first_events(path: Path) -> Iterator[Found]:
    """The sound events at the beginning of a file."""
    with suppress(OSError):
        block = RecordFile(path).read(_PEEKED)
        for _, found in events_in(block, block.starts) if block else ():
            if found:
                yield found
