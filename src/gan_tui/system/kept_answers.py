"""What a person has answered or chosen, kept for the next time: small files of words in their configuration folder."""

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from gan_tui.errors import told
from gan_tui.system import untrusted_files, whole_files
from gan_tui.system.paths import own_folder
from gan_tui.text import shown_path

_LARGEST = 1 << 20
"""Bytes; nobody has so much to say."""


def kept(name: str) -> dict[str, str]:
    """The words in a file; none where it is missing, or somebody has made another one of it."""
    with suppress(OSError, ValueError, RecursionError):
        file = _file(name)
        found = json.loads(untrusted_files.read(file, _LARGEST)) if file else {}
        if isinstance(found, dict):
            return {about: answer for about, answer in found.items() if isinstance(answer, str)}
    return {}


def keep(name: str, answers: Mapping[str, str]) -> None:
    """Write the words into a file, which nobody else may read. Raises OSError where that cannot be."""
    file = _file(name)
    if file is None:
        raise FileNotFoundError("there is no home folder")
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    whole_files.put(file, (json.dumps(answers, indent=2) + "\n").encode())


def not_kept(what: str, error: OSError) -> str:
    """A sentence about what a person has chosen, which `keep` could not keep."""
    folder = own_folder("config")
    where = f" in {shown_path(folder)}" if folder else ""
    how = told(error, "check that folder and its disk" if folder else "set HOME")
    return f"{what} holds for this time only: it could not be kept{where} ({how})."


def _file(name: str) -> Path | None:
    folder = own_folder("config")
    return folder and folder / f"{name}.json"
