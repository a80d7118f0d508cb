"""What a person has written into config.toml, in their configuration folder: what gan-tui begins with.

It is theirs: nothing here writes it but `gan-tui config`, which makes it where there is none. What is chosen by a key
on a screen is kept elsewhere (`kept_answers`), and counts where config.toml does not name it. What is wrong in it keeps
nothing from starting: `problems` says it, and what it is about is as by default.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from gan_tui.errors import told
from gan_tui.system import untrusted_files
from gan_tui.system.config_keys import AN_ACTION, AUTO, COLORS, KEYS, KNOWN, THEMES, Key, of_a_theme
from gan_tui.system.paths import own_folder
from gan_tui.text import harmless, nearest, shown_path

__all__ = ["KEYS", "Written", "file", "is_written", "problems", "value", "written"]

_LARGEST = 262_144
"""Bytes; nobody has so much to say."""
_KEYS, _THEMES = "keys", "themes"


@dataclass
class Written:
    """What the file says, of what is right in it."""

    values: dict[str, Any] = field(default_factory=dict)
    """Key, with its table before it → value."""
    keys: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Action → the keys that are to do it."""
    themes: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Theme of a person's own → what it says, by the names of `OF_A_THEME`."""
    problems: list[str] = field(default_factory=list)
    """What is wrong, each in a sentence with file, key, and what would be right."""


def file() -> Path | None:
    """Where it lies, whether it is there or not; None where there is no home."""
    folder = own_folder("config")
    return folder and folder / "config.toml"


def value(name: str) -> Any:
    """What a key is: as written, or its default."""
    return written().values.get(name, KNOWN[name].default)


def is_written(name: str) -> bool:
    """Whether the file names a key, rightly."""
    return name in written().values


def problems() -> list[str]:
    """What is wrong in the file, each in a sentence."""
    return list(written().problems)


@cache
def written() -> Written:
    """What the file says; read once."""
    path, found = file(), Written()
    if path is None:
        return found
    try:
        document = untrusted_files.toml(untrusted_files.read(path, _LARGEST).decode("utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError):
        return found
    except ValueError as error:
        found.problems.append(f"{shown_path(path)} is no TOML: {harmless(str(error))}.")
        return found
    except OSError as error:
        found.problems.append(f"{shown_path(path)} cannot be read: {told(error)}.")
        return found
    _Reading(found, path).read(document)
    return found


class _Reading:
    """Takes over what is right, and says what is not."""

    def __init__(self, found: Written, path: Path) -> None:
        self._found, self._path = found, path

    def read(self, document: Mapping[str, Any]) -> None:
        """All of the document."""
        for name, each in document.items():
            if name == _KEYS and isinstance(each, dict):
                self._read_keys(each)
            elif name == _THEMES and isinstance(each, dict):
                self._read_themes(each)
            else:
                self._read_values(name, each)
        self._look_for_theme()

    def _read_values(self, name: str, each: Any) -> None:
        lines = [(f"{name}.{key}", below) for key, below in each.items()] if isinstance(each, dict) else [(name, each)]
        for key, below in lines:
            if self._is_right(key, below, KNOWN.get(key), [*KNOWN, _KEYS, _THEMES]):
                self._found.values[key] = below

    def _read_keys(self, table: Mapping[str, Any]) -> None:
        for action, words in table.items():
            if self._is_right(f"{_KEYS}.{action}", words, AN_ACTION, []):
                self._found.keys[action] = tuple(words) if isinstance(words, list) else (words,)

    def _read_themes(self, table: Mapping[str, Any]) -> None:
        for theme, says in table.items():
            named = f"{_THEMES}.{theme}"
            if not isinstance(says, dict):
                self._say(f"{harmless(named, 60)} is a table: [{harmless(named, 60)}]")
            elif not of_a_theme(theme):
                self._say(f"a theme cannot be called {harmless(named, 60)}; use other letters, digits, - and _")
            else:
                right = {
                    key: each
                    for key, each in says.items()
                    if self._is_right(f"{named}.{key}", each, COLORS.get(key), [f"{named}.{name}" for name in COLORS])
                }
                self._found.themes[theme] = right

    def _look_for_theme(self) -> None:
        """One that is not there is none."""
        named, known = self._found.values.get("theme", AUTO), [AUTO, *THEMES, *self._found.themes]
        if named not in known:
            del self._found.values["theme"]
            self._say(f'there is no theme "{harmless(named, 60)}", {nearest(named, known)}')

    def _is_right(self, name: str, each: Any, key: Key | None, known: list[str]) -> bool:
        shown = harmless(name, 60)
        if key is None:
            self._say(f'there is no "{shown}", {nearest(name, known)}')
        elif not key.fits(each):
            self._say(f"{shown} takes {key.takes}, not {harmless(repr(each), 60)}")
        return key is not None and key.fits(each)

    def _say(self, words: str) -> None:
        self._found.problems.append(f"{shown_path(self._path)}: {words}{'' if words.endswith('?') else '.'}")
