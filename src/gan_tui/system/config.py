"""What a person has written into config.toml, in their configuration folder: what gan-tui begins with.

It is theirs: nothing here writes it but `gan-tui config`, which makes it where there is none. What is chosen by a key
on a screen is kept elsewhere (`kept_answers`), and counts where config.toml does not name it.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from gan_tui.errors import UserError, told
from gan_tui.system import untrusted_files
from gan_tui.system.paths import own_folder
from gan_tui.text import harmless, nearest, shown_path

_LARGEST = 262_144
"""Bytes; nobody has so much to say."""


@dataclass(frozen=True)
class Key:
    """One line of the file."""

    name: str
    """With its table before it: signs.title."""
    default: Any
    about: str
    takes: str
    """What it takes, in words."""
    fits: Callable[[Any], bool]


def _switch(name: str, about: str) -> Key:
    return Key(name, True, about, "true or false", lambda value: isinstance(value, bool))


KEYS: tuple[Key, ...] = (
    _switch("signs.title", "the terminal's title says what trains, and how far it has come"),
    _switch("signs.progress", "the terminal's tab or taskbar shows progress, where the terminal can"),
    _switch("signs.notify", "a notification when a run that is on show ends, fails or alerts"),
    _switch("signs.links", "folders and files that are named can be clicked, where the terminal can"),
)
"""All there is to write, in the order in which it is shown."""


def file() -> Path | None:
    """Where it lies, whether it is there or not; None where there is no home."""
    folder = own_folder("config")
    return folder and folder / "config.toml"


def value(name: str) -> Any:
    """What a key is: as written, or its default. Raises UserError, with file and key, where the file is wrong."""
    return written().get(name, _known()[name].default)


@cache
def written() -> Mapping[str, Any]:
    """Key → value, of those that the file names; read once. Raises UserError, with file and key, where it is wrong."""
    path = file()
    if path is None:
        return {}
    try:
        document = tomllib.loads(untrusted_files.read(path, _LARGEST).decode("utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (ValueError, RecursionError) as error:
        raise UserError(f"{shown_path(path)} is no TOML: {harmless(str(error))}.") from None
    except OSError as error:
        raise UserError(f"{shown_path(path)} cannot be read: {told(error)}.") from None
    return {name: _checked(name, each, path) for name, each in _flat(document)}


def _known() -> dict[str, Key]:
    return {key.name: key for key in KEYS}


def _flat(document: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """(key with its table, value), of all lines."""
    lines = list[tuple[str, Any]]()
    for name, found in document.items():
        below = found.items() if isinstance(found, dict) else None
        lines += [(name, found)] if below is None else [(f"{name}.{key}", each) for key, each in below]
    return lines


def _checked(name: str, found: Any, path: Path) -> Any:
    key = _known().get(name)
    if key is None:
        raise UserError(f'{shown_path(path)}: there is no "{harmless(name, 60)}", {nearest(name, list(_known()))}.')
    if not key.fits(found):
        raise UserError(f"{shown_path(path)}: {name} takes {key.takes}, not {harmless(repr(found), 60)}.")
    return found
