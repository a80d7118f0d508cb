"""Presets in TOML files: read, checked to the last key, and found by name. No code is ever run from one."""

import dataclasses
import errno
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from gan_tui.errors import UserError, told
from gan_tui.presets import fitting, own_data, start
from gan_tui.presets.networks import only, table_at
from gan_tui.presets.preset import Preset, refuse_written
from gan_tui.presets.tasks import TASKS, TaskRules
from gan_tui.run import names
from gan_tui.run.documents import SCRIPT
from gan_tui.system import untrusted_files
from gan_tui.system.paths import user_path
from gan_tui.system.preset_files import bundled_folder, files, in_folder, name_of, user_folder
from gan_tui.text import harmless, harmless_paragraphs, nearest

__all__ = [
    "LARGEST_FILE", "bundled_folder", "every", "files", "find", "from_document", "place_of", "read", "user_folder",
]  # fmt: skip

LARGEST_FILE = 250_000
"""Bytes; a longer preset is refused unread."""

_KEYS = ("name", "title", "about", "help", "task", "dataset", "data", "settings", "found", "start", "networks")
_NOTHING: Mapping[str, str] = MappingProxyType({})

# Reading and checking --------------------------------------------------------------


def read(
    path: Path, name: str | None = None, follow: bool = True, begun: bool = False, instead: Mapping[str, str] = _NOTHING
) -> Preset:
    """The preset in a file; `follow` says whether it may be a link, `begun` whether it is that of a run.

    `instead` has values for settings that are written in it, whose own are not looked at.

    Raises UserError: a sentence with the file, the key and the nearest right one.
    """
    name = name or path.stem
    try:
        document = untrusted_files.toml(untrusted_files.read(path, LARGEST_FILE, follow).decode("utf-8-sig"))
    except OSError as error:
        if error.errno == errno.EFBIG:
            raise UserError(f"{harmless(str(path))}: {error.strerror}; a preset is a short TOML file.") from None
        raise UserError(f"Cannot read the preset {harmless(str(path))}: {told(error, 'check the path')}.") from None
    except UnicodeDecodeError:
        raise UserError(f"{harmless(str(path))} is not UTF-8 text; save it as UTF-8.") from None
    except ValueError as error:
        raise UserError(f"{harmless(str(path))} is not valid TOML: {harmless(str(error))}.") from None
    if document.get("task") == SCRIPT:
        raise UserError(f"{harmless(str(path))} is of a script's run, and no preset; gan-tui run starts scripts.")
    try:
        return from_document(document, name, path.parent, begun, instead)
    except ValueError as error:
        raise UserError(f"{harmless(str(path))}: {harmless(str(error))}.") from None


def from_document(
    document: Mapping[str, Any], name: str, folder: Path | None = None, begun: bool = False,
    instead: Mapping[str, str] = _NOTHING,
) -> Preset:  # fmt: skip
    """A checked preset; paths in it are relative to `folder`. `begun` and `instead` are as in `read`.

    Raises ValueError with a sentence that begins with the key, UserError when a file of points is no good.
    """
    only(document, _KEYS, "")
    name = document.get("name", name)
    if refusal := names.PRESET.refusal(name):
        raise ValueError(f"name: {refusal}")
    rules = TASKS[_word(document, "task", list(TASKS))]
    dataset = _word(document, "dataset", rules.datasets)
    given = own_data.with_place(document, table_at(document.get("settings", {}), "settings"))
    tables = table_at(document.get("networks", {}), "networks")
    makes = rules.network_settings(dataset)
    try:
        taken = {key: value for key, value in instead.items() if key in given}
        values = rules.complete({**_placed(given, folder, rules), **taken}, dataset)
        if makes and tables:
            values = {key: value for key, value in values.items() if key not in makes}
            refuse_written(given, values)
    except ValueError as error:
        raise ValueError(f"settings: {error}") from None
    if not tables and not makes:
        raise ValueError(f"networks.{rules.networks[0]} is missing; this task trains " + " and ".join(rules.networks))
    values = own_data.of_its_set(values, dataset)
    found = own_data.found_in(document, rules, values, begun)
    fits = fitting.fitted(rules, dataset, values, tables, found)
    preset = Preset(
        name, harmless(_string(document, "title"), 80), harmless_paragraphs(_string(document, "about")),
        rules.name, dataset, values, fits.networks, fits.facts,
        harmless_paragraphs(_string(document, "help")) if "help" in document else "", begun,
        found=found, tables=tables, start=start.from_document(document, folder, begun),
    )  # fmt: skip
    try:
        rules.check_settings(preset)
    except ValueError as error:
        raise ValueError(f"settings: {error}") from None
    if not begun:
        rules.check_trains(preset)
    return preset


def _placed(given: Mapping[str, Any], folder: Path | None, rules: TaskRules) -> Mapping[str, Any]:
    """Settings with the paths of files and folders put into the folder, unless they are absolute."""
    if folder is None:
        return given
    known = rules.settings_for()
    named = {name: value for name, value in given.items() if name in known and known[name].is_path(value, folder)}
    return {**given, **{name: str(folder / user_path(value)) for name, value in named.items()}}


def _string(document: Mapping[str, Any], key: str, words: Sequence[str] = ("…",)) -> str:
    value = document.get(key)
    if not isinstance(value, str) or not value.strip():
        *others, last = (f'"{word}"' for word in words)
        choice = f"{', '.join(others)} or {last}" if others else last
        raise ValueError(f"{key} is missing; add {key} = {choice} to the file")
    return value


def _word(document: Mapping[str, Any], key: str, words: Sequence[str]) -> str:
    value = _string(document, key, words)
    if value not in words:
        raise ValueError(f'{key} cannot be "{harmless(value, 60)}", {nearest(value, words)}')
    return value


# Finding --------------------------------------------------------------


def _folder_problems() -> list[str]:
    """A sentence for each of the user's own presets whose name is another's, or if they cannot be listed.

    A folder that was never made is fine.
    """
    own = user_folder()
    try:
        next(own.iterdir() if own else iter(()), None)  # to list TOML files alone would not say what is wrong
        return list(_hidden(own)) if own else []
    except OSError as error:
        named = bool(os.environ.get("GAN_TUI_PRESETS"))
        if named or not isinstance(error, FileNotFoundError):
            usual = "set GAN_TUI_PRESETS to a folder of TOML files" if named else "make it a readable folder"
            return [f"Cannot list the presets in {harmless(str(own))}: {told(error, usual)}."]
        return []


def _hidden(folder: Path) -> Iterator[str]:
    listed = in_folder(folder)
    for path in sorted(folder.glob("*.toml")):
        name = name_of(path)
        if (other := listed[name]) != path:
            yield f"{harmless(str(path))} is not listed: {harmless(str(other))} is called {name}, too; rename one."


def find(name_or_path: str, instead: Mapping[str, str] = _NOTHING) -> Preset:
    """The preset of that name, or in that TOML file; `instead` is as in `read`.

    Raises UserError with the nearest names.
    """
    if name_or_path.endswith(".toml") or "/" in name_or_path:
        path = user_path(name_or_path)
        return read(path, name_of(path), instead=instead)
    known = files()
    if not name_or_path.isascii() and (typed := name_of(Path(f"{name_or_path}.toml"))) in known:
        name_or_path = typed
    if name_or_path not in known:
        words = (
            f'There is no preset "{harmless(name_or_path, 60)}", {nearest(name_or_path, known)} '
            "(gan-tui presets lists them; a path to a TOML file works too)."
        )
        raise UserError(" ".join([words, *_folder_problems()]))
    return _at_hand(name_or_path, known[name_or_path], instead)


def place_of(name_or_path: str) -> Path:
    """The file of a preset that `find` has found."""
    is_path = name_or_path.endswith(".toml") or "/" in name_or_path
    known = {} if is_path else files()
    return known.get(name_or_path) or known.get(name_of(Path(f"{name_or_path}.toml"))) or user_path(name_or_path)


def _at_hand(name: str, path: Path, instead: Mapping[str, str] = _NOTHING) -> Preset:
    """The preset that is found by that name, whatever is written in it: a copy of a run's has another one there."""
    return dataclasses.replace(read(path, name, instead=instead), name=name)


def every() -> tuple[list[Preset], list[str]]:
    """All presets that can be read, grouped by task as in the menu, and a sentence for what cannot."""
    presets, problems = [], _folder_problems()
    for name, path in files().items():
        try:
            presets.append(_at_hand(name, path))
        except UserError as error:
            problems.append(str(error))
    order = list(TASKS)
    return sorted(
        presets, key=lambda preset: (order.index(preset.task), sum(n.parameters for n in preset.networks))
    ), problems
