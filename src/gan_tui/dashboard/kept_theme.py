"""The theme that a person chose for terminals with a dark background, and for those with a light one, kept for the next
time. Where it is the one that goes with the background, there is nothing to keep. What config.toml names, counts.
"""

from collections.abc import Mapping

from gan_tui.dashboard.themes import DARK, LIGHT
from gan_tui.system import config, kept_answers
from gan_tui.system.config_keys import AUTO, THEMES

_NAME = "theme"


def theme_on(light: bool) -> str:
    """The theme for a background: the one that was chosen there, or else the one that goes with it."""
    return written() or kept_on(light) or _fitting(light)


def kept_on(light: bool) -> str:
    """The theme that was chosen for a background; empty where none was, or the one that goes with it."""
    return _chosen().get(_word(light), "")


def written() -> str:
    """The theme that config.toml names, on any background; empty where it names none."""
    named = str(config.value(_NAME))
    return "" if named == AUTO else named


def keep(theme: str, light: bool) -> None:
    """Keep what was chosen. Raises OSError where that cannot be."""

    def with_it(kept: dict[str, str]) -> dict[str, str]:
        others = {on: each for on, each in _known(kept).items() if on != _word(light)}
        return others if theme == _fitting(light) else {**others, _word(light): theme}

    kept_answers.change(_NAME, with_it)


def _fitting(light: bool) -> str:
    return LIGHT.name if light else DARK.name


def _word(light: bool) -> str:
    return "light" if light else "dark"


def _chosen() -> dict[str, str]:
    """Background → theme, of what can be read there."""
    return _known(kept_answers.kept(_NAME))


def _known(found: Mapping[str, str]) -> dict[str, str]:
    known = (*THEMES, *config.written().themes)
    return {on: theme for on in ("dark", "light") if (theme := found.get(on, "")) in known}
