"""The settings of a run in words: each with its value, and with what its preset has where that is another."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from gan_tui.errors import UserError
from gan_tui.presets.changed import are_apart
from gan_tui.presets.files import find
from gan_tui.presets.of_runs import of_run
from gan_tui.presets.preset import Preset
from gan_tui.presets.settings import value_words
from gan_tui.run import documents
from gan_tui.run.folder import RunFolder
from gan_tui.text import harmless

MOST_SETTINGS = 500
_LONGEST = 300
"""Characters of a value."""


@dataclass(frozen=True)
class RunSetting:
    """A setting of a run, in words."""

    name: str
    value: str
    usual: str | None = None
    """What the preset has; None where that is the same, or there is none."""
    is_default: bool = False
    """Whether it is what it would be if nobody had said anything."""


def settings_of(folder: RunFolder) -> list[RunSetting]:
    """Those of a run, those that differ from its preset's first; of a script's run, what that has told."""
    document = documents.written(folder.preset_file)
    if document.get("task") != documents.SCRIPT:
        with suppress(UserError):
            return _of_preset(of_run(folder))
    told = document.get("settings") or document.get("config")
    named = [*documents.flat(told)][:MOST_SETTINGS] if isinstance(told, dict) else []
    return [RunSetting(harmless(name, 80), _words(value)) for name, value in named]


def _of_preset(preset: Preset) -> list[RunSetting]:
    known = preset.rules.settings_for(preset.dataset)
    defaults = {name: known[name].default for name in preset.settings}
    usual = _usual(preset) or defaults
    told = [
        RunSetting(
            name,
            value_words(value),
            value_words(usual[name]) if name in usual and are_apart(value, usual[name]) else None,
            not are_apart(value, defaults[name]),
        )
        for name, value in preset.settings.items()
    ]
    return sorted(told, key=lambda setting: (setting.usual is None, setting.is_default))


def _usual(preset: Preset) -> Mapping[str, Any] | None:
    """What the preset of that name has; None where there is none any more."""
    with suppress(UserError):
        found = find(preset.name)
        return found.settings if found.task == preset.task else None
    return None


def _words(value: Any) -> str:
    return harmless(value if isinstance(value, str) else json.dumps(value, default=str), _LONGEST)
