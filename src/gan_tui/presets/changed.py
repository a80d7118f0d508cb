"""What of a run differs from the preset that it came from, as far as both are known."""

from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from gan_tui.errors import UserError
from gan_tui.presets.files import files, read
from gan_tui.presets.networks import listed
from gan_tui.presets.settings import value_words
from gan_tui.run import documents
from gan_tui.run.listing import Setup
from gan_tui.run.summaries import RunSummary
from gan_tui.system.file_versions import NONE, Version, version_of
from gan_tui.system.kept_findings import KeptFindings
from gan_tui.text import harmless

_FORM = 1
_LAST = ("steps", "epochs", "seed")
"""What is changed most often, and says least of what was tried."""
_MOST = 128
"""Settings of a run that are told."""


class KnownChanges:
    """As `KnownSetups`: what is known is kept for the next program."""

    def __init__(self) -> None:
        self._kept = KeptFindings("changed", _FORM)
        self._known: dict[Path, tuple[tuple[int, ...], Setup]] = {}
        self._documents: dict[str, tuple[Version, Mapping[str, Any]]] = {}
        self._versions: dict[str, Version] = {}
        self._files: Mapping[str, Path] = {}

    def of(self, run: RunSummary) -> Setup | None:
        if run.is_log:
            return Setup()
        path, version = run.folder.path, self._version(run)
        known = self._known.get(path)
        if known is not None and known[0] == version:
            return known[1]
        with suppress(ValueError, TypeError, KeyError, AttributeError):
            found = self._kept.of(path, version)
            setup = Setup(_flat(found["settings"]), _words(found["changed"]))
            self._known[path] = version, setup
            return setup
        return None

    def read(self, run: RunSummary) -> Setup:
        document = documents.written(run.folder.preset_file)
        settings = document.get("config" if document.get("task") == documents.SCRIPT else "settings")
        setup = Setup(_flat(settings), _words(self._changed(run.preset, document)))
        version = self._version(run)
        self._known[run.folder.path] = version, setup
        self._kept.add(run.folder.path, version, {"settings": setup.settings, "changed": setup.changed})
        return setup

    def keep(self) -> None:
        self._kept.keep()

    def begin(self) -> None:
        """Presets may have been changed since the last look."""
        self._files, self._versions = files(), {}

    def _version(self, run: RunSummary) -> tuple[int, ...]:
        """Of the run's preset, and of that which it came from."""
        name = run.preset
        if name not in self._versions:
            self._versions[name] = version_of(self._files[name]) if name in self._files else NONE
        return *run.written, *self._versions[name]

    def _changed(self, name: str, document: Mapping[str, Any]) -> dict[str, str]:
        version = self._versions.get(name, NONE)
        if name not in self._documents or self._documents[name][0] != version:
            self._documents[name] = version, _document(name, self._files.get(name))
        return changed(document, self._documents[name][1])


def changed_of(run: RunSummary) -> Mapping[str, str]:
    """What differs in one run, → its value in words."""
    known = KnownChanges()
    known.begin()
    return known.read(run).changed


def _document(name: str, file: Path | None) -> Mapping[str, Any]:
    """A preset that is at hand, as a run of it would have it written; nothing where it cannot be read."""
    with suppress(UserError, OSError):
        if file is not None:
            return read(file, name).as_document()
    return {}


def changed(document: Mapping[str, Any], preset: Mapping[str, Any]) -> dict[str, str]:
    """Setting → its value in words, of those that differ from a preset's: how it learns, then how long, then its seed.

    Both documents have all settings written out; of settings that only one of them has (an earlier version's had
    fewer) nothing can be told.
    """
    ours, theirs = document.get("settings"), preset.get("settings")
    if not (isinstance(ours, dict) and isinstance(theirs, dict)) or document.get("task") != preset.get("task"):
        return {}
    both = [name for name in ours if name in theirs and ours[name] != f"{name}.csv"]  # the run's own copy of a file
    other = {name: value_words(ours[name]) for name in both if are_apart(ours[name], theirs[name])}
    if document.get("dataset") != preset.get("dataset"):
        other = {"dataset": harmless(str(document.get("dataset")), 60), **other}
    if "data" not in other and _differ(document.get("networks"), preset.get("networks")):
        other["networks"] = "changed"
    return {name: other[name] for name in sorted(other, key=lambda name: name in _LAST)}


def are_apart(ours: Any, theirs: Any) -> bool:
    """Whether two values of a setting are not the same: a file has lists where a preset has tuples."""
    return bool(listed(ours) != listed(theirs))


def _differ(ours: object, theirs: object) -> bool:
    """Whether networks do, as far as both say it: versions write more of a layer than those before."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return any(_differ(ours[key], theirs[key]) for key in ours.keys() & theirs.keys())
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) != len(theirs) or any(map(_differ, ours, theirs))
    return ours is not None and theirs is not None and ours != theirs


def _flat(settings: object, above: str = "") -> dict[str, Any]:
    """Setting → a number, yes or no, or words; tables' names before those of what is in them."""
    found: dict[str, Any] = {}
    for name, value in settings.items() if isinstance(settings, dict) else ():
        if isinstance(value, dict):
            found |= _flat(value, f"{above}{name}.")
        else:
            told = value if isinstance(value, bool | int | float) else _words_of(value)
            found[_name(f"{above}{name}")] = told
    return dict(list(found.items())[:_MOST])


@lru_cache(maxsize=4096)
def _name(text: str) -> str:
    """Harmless; a list has the same names again and again."""
    return harmless(text, 80)


def _words_of(value: object) -> str:
    return _name(value) if isinstance(value, str) else harmless(value_words(value), 80)


def _words(changed: Mapping[str, str]) -> dict[str, str]:
    return {_name(name): harmless(value, 60) for name, value in list(changed.items())[:_MOST]}
