"""Paths completed as they are typed: what a folder holds that begins so, of a listing that is bounded."""

import os
from collections.abc import Collection
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from gan_tui.errors import UserError
from gan_tui.system.paths import user_path

MOST_ENTRIES = 10_000
"""Of a folder, as many as are looked at."""


@dataclass(frozen=True)
class Completion:
    """What was typed, gone on with as far as there is one way to."""

    text: str
    choices: tuple[str, ...] = ()
    """The names that begin so, folders with a slash at their end; the only one where there is no choice."""


def completed(text: str, suffixes: Collection[str] = ()) -> Completion:
    """Goes on with a path to a folder, or to a file with one of the suffixes (any, where none is named).

    What is hidden is offered only to who begins it with a dot. A disk that does not answer holds this up.
    """
    before, slash, start = text.rpartition("/")
    folder = before + slash
    if folder == "" and start.startswith("~") and _is_folder(start):
        return Completion(text + "/", (text + "/",))
    names = sorted(_names(folder, start, suffixes))
    if not names:
        return Completion(text)
    return Completion(folder + _common(names), tuple(names))


def _names(folder: str, start: str, suffixes: Collection[str]) -> list[str]:
    found = []
    try:
        with os.scandir(user_path(folder or ".")) as entries:
            for entry in islice(entries, MOST_ENTRIES):
                name = entry.name
                if not name.startswith(start) or (name.startswith(".") and not start) or not name.isprintable():
                    continue
                if _leads_on(entry):
                    found.append(f"{name}/")
                elif not suffixes or name.lower().endswith(tuple(suffixes)):
                    found.append(name)
    except (OSError, UserError):
        return []
    return found


def _leads_on(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_folder(text: str) -> bool:
    try:
        return user_path(text).is_dir() and user_path(text) != Path(text)
    except (OSError, UserError):
        return False


def _common(names: list[str]) -> str:
    """What all sorted names begin with: the first and the last have it."""
    first, last = names[0], names[-1]
    return first[: next((n for n, pair in enumerate(zip(first, last, strict=False)) if len(set(pair)) > 1), len(first))]
