"""Where a person is in the menu: what a menu that is made anew, on the way back from a run, begins with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gan_tui.dashboard.painting import Painting
from gan_tui.presets import Preset


@dataclass
class MenuPlace:
    """What is chosen, what was typed, and what was painted."""

    preset: Preset | None = None
    """The chosen one; None for the first choice."""
    run: Path | None = None
    """The folder of the run that is chosen, or was opened last."""
    among_runs: bool = False
    """Whether the run was opened from the list of runs."""
    logs: Path | None = None
    """A folder of other tools' logs, which are listed instead of the runs."""
    painting: Painting = field(default_factory=Painting)
    """For a run of its own, yet to be started."""
    _typed: list[tuple[Preset, Mapping[str, str]]] = field(default_factory=list)

    def typed(self, preset: Preset) -> Mapping[str, str]:
        """Setting → what was typed for it, of those that were changed."""
        return next((typed for known, typed in self._typed if known == preset), {})

    def remember(self, preset: Preset, typed: Mapping[str, str]) -> None:
        """Keep what was typed for a preset's settings."""
        self._typed = [(known, words) for known, words in self._typed if known != preset]
        if typed:
            self._typed.append((preset, typed))
