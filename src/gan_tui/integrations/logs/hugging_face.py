"""Hugging Face's `trainer_state.json`, which its Trainer writes with each checkpoint: all that was logged until then.

A folder of checkpoints is one log: the newest of them holds what those before do.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gan_tui.integrations.logs.base import Format, Log
from gan_tui.integrations.logs.json_document import DocumentReader
from gan_tui.integrations.logs.text_files import head
from gan_tui.system.untrusted_files import is_linked

NAME = "Hugging Face"
FILE = "trainer_state.json"
_HISTORY = "log_history"
_CHECKPOINT = re.compile(r"checkpoint-(\d{1,15})")
_STEP = re.compile(rb'"global_step":\s*(\d{1,15})')
_HEAD = 1 << 14
"""Bytes, in which all stands but the history itself."""
_TOGETHER = 60.0
"""Seconds: files that were copied have times of no meaning, an earlier training's are older."""
MOST_STEPS = 1 << 50


class TrainerStateReader(DocumentReader):
    """Reads a document, or the newest one of a folder of checkpoints."""

    tool = NAME

    def _file(self) -> Path:
        return newest(self.path) if self.path.is_dir() else self.path

    def _take(self, rows: list[dict[str, Any]], document: Any) -> None:
        history = document.get(_HISTORY) if isinstance(document, dict) else None
        if isinstance(history, list):
            super()._take([row for row in history if isinstance(row, dict)], document)
            self._teller.expect(*_length(document))


def _length(document: Mapping[str, Any]) -> tuple[int, int]:
    """(steps, steps of an epoch), as far as they are known."""
    steps, epochs = document.get("max_steps"), document.get("num_train_epochs")
    if not isinstance(steps, int) or not 0 < steps < MOST_STEPS:
        return 0, 1
    if not isinstance(epochs, int | float) or not 0 < epochs <= steps:
        return steps, 1
    return steps, round(steps / epochs)


def states_in(folder: Path) -> list[Path]:
    """The documents of a folder and its checkpoints; links are not followed."""
    found = [
        (int(match[1]), child / FILE) for child in folder.iterdir() if (match := _CHECKPOINT.fullmatch(child.name))
    ]
    files = [*(file for _, file in sorted(found)), folder / FILE]
    return [file for file in files if file.is_file() and not is_linked(file, folder)]


def newest(folder: Path) -> Path:
    """The document of those written last that has come furthest. Raises OSError where there is none."""
    found = [(file.stat().st_mtime, file) for file in states_in(folder)]
    if not found:
        raise FileNotFoundError(2, f"there is no {FILE} any more", str(folder))
    last = max(found)[0]
    return max((file for written, file in found if written > last - _TOGETHER), key=_last_step)


def is_state(path: Path) -> bool:
    begin = head(path, _HEAD)
    return begin.lstrip()[:1] == b"{" and f'"{_HISTORY}"'.encode() in begin


def logs_at(path: Path) -> list[Log]:
    """A document; of a folder the newest one, and the checkpoints belong to it."""
    if not path.is_dir():
        return [Log(path)] if is_state(path) else []
    states = [file for file in states_in(path) if is_state(file)]
    if not states:
        return []
    parts = tuple(file.parent for file in states if file.parent != path)
    return [Log(path if parts else states[0], parts)]


def size_and_change(path: Path) -> tuple[int, float]:
    found = (newest(path) if path.is_dir() else path).stat()
    return found.st_size, found.st_mtime


def last_step(path: Path) -> int:
    """Of the newest document. Raises OSError."""
    return _last_step(newest(path) if path.is_dir() else path)


def _last_step(file: Path) -> int:
    found = _STEP.search(head(file, _HEAD))
    return int(found[1]) if found else 0


FORMAT = Format(NAME, logs_at, TrainerStateReader, size_and_change, last_step)
