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
_ONLY_READ = "config.toml"
"""What a person has written, and gan-tui never does: many keep it where nobody may."""


def closed() -> list[Finding]:
    """Those of a user's own folders that they may not use; none where all is well."""
    found = []
    for kind, (name, lost) in _LOST.items():
        folder = own_folder(kind)
        if folder is not None and (place := _closed(folder)):
            text = f"{shown_path(place)} {_whose(place)}; {lost}"
            found.append(Finding(name, text, "attention", _remedy(place, folder, kind)))
    return found


def _closed(folder: Path) -> Path | None:
    """The folder, what it would be made in, or what lies in it, where that may not be read and written."""
    there = nearest_folder(folder)
    inside = []
    with suppress(OSError):
        inside = sorted(folder.iterdir())
    for path in (there, *inside):
        need = os.R_OK | (os.W_OK | os.X_OK if path.is_dir() else 0 if path.name == _ONLY_READ else os.W_OK)
        if path.exists() and not os.access(path, need):
            return path
    return None


def _remedy(place: Path, folder: Path, kind: str) -> str:
    """What gives it back. What the folder would be made in may be others' too: nothing is taken away from them."""
    if not place.is_relative_to(folder):
        return f"set XDG_{kind.upper()}_HOME to a folder that you may write"
    with suppress(OSError):
        if place.stat().st_uid == os.getuid():
            return f"chmod u+rwX {shell_word(place)}"
    return f'sudo chown -R "$USER" {shell_word(folder)}'


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
