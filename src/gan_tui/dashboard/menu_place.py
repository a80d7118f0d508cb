"""Where a person is in the menu: what a menu that is made anew, on the way back from a run or at the next start, begins
with (`kept_place` keeps it until then).
"""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gan_tui.dashboard.listed.look import ListLook, first_look
from gan_tui.dashboard.painting import Painting
from gan_tui.presets import Preset


@dataclass
class MenuPlace:
    """What is chosen, what was typed, and what was painted."""

    preset: Preset | None = None
    """The chosen one; None for the first choice, or the one of `preset_name`."""
    run: Path | None = None
    """The folder of the run that is chosen, or was opened last."""
    among_runs: bool = False
    """Whether the run was opened from the list of runs, or that has the keys."""
    logs: Path | None = None
    """A folder of other tools' logs, which are listed instead of the runs."""
    painting: Painting = field(default_factory=Painting)
    """For a run of its own, yet to be started."""
    preset_name: str = ""
    """Of the one that was chosen at an earlier time."""
    before: dict[str, tuple[str, Mapping[str, str]]] = field(default_factory=dict)
    """Preset's name → what it was (`sign_of`), and what was typed for it, at an earlier time."""
    words: list[str] = field(default_factory=list)
    """What is to be said of all that, in sentences."""
    look: ListLook = field(default_factory=first_look)
    """How the list of runs is looked at."""
    _typed: list[tuple[Preset, Mapping[str, str]]] = field(default_factory=list)

    def typed(self, preset: Preset) -> Mapping[str, str]:
        """Setting → what was typed for it, of those that were changed."""
        self._take_up(preset)
        return next((typed for known, typed in self._typed if known == preset), {})

    def remember(self, preset: Preset, typed: Mapping[str, str]) -> None:
        """Keep what was typed for a preset's settings."""
        self.before.pop(preset.name, None)
        self._typed = [(known, words) for known, words in self._typed if known != preset]
        if typed:
            self._typed.append((preset, typed))

    def wanted(self, presets: Sequence[Preset]) -> Preset | None:
        """The one that is to be chosen, of those that there are; what was typed for any that is gone is dropped."""
        names = {preset.name for preset in presets}
        for name in [name for name in self.before if name not in names]:
            del self.before[name]
            self.words.append(f"There is no preset {name} any more; what was typed for it is dropped.")
        return self.preset or next((preset for preset in presets if preset.name == self.preset_name), None)

    def all_typed(self) -> dict[str, tuple[str, Mapping[str, str]]]:
        """As `before`, of this time and of earlier ones."""
        return {**self.before, **{preset.name: (sign_of(preset), typed) for preset, typed in self._typed}}

    def _take_up(self, preset: Preset) -> None:
        """What was typed at an earlier time, for the same preset."""
        sign, typed = self.before.pop(preset.name, ("", {}))
        if not typed:
            return
        if sign == sign_of(preset) and set(typed) <= set(preset.settings):
            self._typed.append((preset, typed))
        else:
            self.words.append(f"{preset.name} has changed; what was typed for it at another time is dropped.")


def sign_of(preset: Preset) -> str:
    """By which it is told whether a preset is what it was."""
    return f"{zlib.crc32(json.dumps(preset.as_document(), sort_keys=True, default=str).encode()):08x}"
