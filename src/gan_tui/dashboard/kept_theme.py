"""The theme that a person chose for terminals with a dark background, and for those with a light one, kept for the next
time. Where it is the one that goes with the background, there is nothing to keep.
"""

import json
import os
from contextlib import suppress
from pathlib import Path

from gan_tui.dashboard.themes import DARK, LIGHT
from gan_tui.system import untrusted_files
from gan_tui.system.paths import own_folder

_LONGEST = 500
"""Bytes of the file."""


def theme_on(light: bool) -> str:
    """The theme for a background: the one that was chosen there, or else the one that goes with it."""
    return _chosen().get(_word(light), _fitting(light))


def keep(theme: str, light: bool) -> None:
    """Keep what was chosen, where there is a place for it."""
    chosen = {**_chosen(), _word(light): theme}
    if theme == _fitting(light):
        del chosen[_word(light)]
    file = _file()
    if file is None or chosen == _chosen():
        return
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        new = file.with_name(f".{file.name}.{os.getpid()}")
        new.write_text(json.dumps(chosen))
        new.replace(file)


def _fitting(light: bool) -> str:
    return LIGHT.name if light else DARK.name


def _word(light: bool) -> str:
    return "light" if light else "dark"


def _file() -> Path | None:
    folder = own_folder("config")
    return folder / "theme.json" if folder else None


def _chosen() -> dict[str, str]:
    """Background → theme, of what can be read there."""
    file, found = _file(), None
    with suppress(OSError, ValueError):
        found = json.loads(untrusted_files.read(file, _LONGEST)) if file else None
    if not isinstance(found, dict):
        return {}
    return {on: theme for on in ("dark", "light") if (theme := found.get(on)) in (DARK.name, LIGHT.name)}
