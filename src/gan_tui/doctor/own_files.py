"""Whether what gan-tui keeps for its user is theirs: run once with sudo, it leaves files of root's in their home."""

import os
import pwd
from contextlib import suppress
from pathlib import Path
from typing import Literal

from gan_tui.doctor.findings import Finding
from gan_tui.doctor.surroundings import nearest_folder
from gan_tui.system.paths import own_folder
from gan_tui.system.shell_words import shell_word
from gan_tui.text import shown_path

_LOST: dict[Literal["config", "cache"], tuple[str, str]] = {
    "config": ("choices", "what you choose cannot be kept"),
    "cache": ("what was read", "what was read once is read anew, and images of your own cannot be"),
}


def closed() -> list[Finding]:
    """Those of a user's own folders that they may not use; none where all is well."""
    found = []
    for kind, (name, lost) in _LOST.items():
        folder = own_folder(kind)
        if folder is not None and (place := _closed(folder)):
            text = f"{shown_path(place)} {_whose(place)}; {lost}"
            remedy = f'sudo chown -R "$USER" {shell_word(_all_of(place, folder))}'
            found.append(Finding(name, text, "attention", remedy))
    return found


def _closed(folder: Path) -> Path | None:
    """The folder, what it would be made in, or what lies in it, where that may not be read and written."""
    there = nearest_folder(folder)
    inside = []
    with suppress(OSError):
        inside = sorted(folder.iterdir())
    for path in (there, *inside):
        need = os.R_OK | os.W_OK | (os.X_OK if path.is_dir() else 0)
        if path.exists() and not os.access(path, need):
            return path
    return None


def _all_of(place: Path, folder: Path) -> Path:
    return folder if place.is_relative_to(folder) else place


def _whose(place: Path) -> str:
    try:
        owner = place.stat().st_uid
    except OSError:
        return "cannot be looked at"
    if owner == os.getuid():
        return "may not be read and written"
    try:
        return f"belongs to {pwd.getpwuid(owner).pw_name}"
    except KeyError:
        return f"belongs to user {owner}"
