"""All there is to write into config.toml: each key with its default, what it does, and what it takes."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from gan_tui.system.terminal import SYMBOLS

AUTO = "auto"
THEMES = ("gan-dark", "gan-light", "contrast-dark", "contrast-light", "solarized-dark", "solarized-light")
"""Those that are bundled, in the order in which a key goes through them."""
PANES = ("picture", "layers", "log")
UNITS = ("step", "epoch", "time")
MOST_SMOOTHING = 0.99


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


def _switch(name: str, about: str, default: bool = True) -> Key:
    return Key(name, default, about, "true or false", lambda value: isinstance(value, bool))


def _word(name: str, default: str, about: str, words: Sequence[str]) -> Key:
    return Key(name, default, about, " or ".join(words), lambda value: value in words)


def _is_smoothing(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= MOST_SMOOTHING


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 60


KEYS: tuple[Key, ...] = (
    Key(
        "theme", AUTO, "the colours; auto: those that go with the terminal's background, or that t has chosen for it",
        f"{AUTO}, {', '.join(THEMES)}, or the name of a theme below [themes]", _is_name,
    ),
    _word("symbols", AUTO, "the characters that pictures are drawn with; auto: as S was answered", (AUTO, *SYMBOLS)),
    Key("smoothing", 0.9, "how much of the past stays in each point of a curve", f"0 to {MOST_SMOOTHING}",
        _is_smoothing),
    _word("pane", PANES[0], "what stands beside the charts of a run", PANES),
    _switch("wide", "that pane has the whole width", False),
    Key("sort", "", "the column by which the list of runs is sorted; \"\": the newest first", "the name of a column",
        lambda value: value == "" or _is_name(value)),
    _word("charts.unit", UNITS[0], "what the x axis counts", UNITS),
    _switch("charts.log", "the y axis is logarithmic", False),
    _switch("signs.title", "the terminal's title says what trains, and how far it has come"),
    _switch("signs.progress", "the terminal's tab or taskbar shows progress, where the terminal can"),
    _switch("signs.notify", "a notification when a run that is on show ends, fails or alerts"),
    _switch("signs.bell", "the bell rings with it, also where the terminal has no notifications", False),
    _switch("signs.links", "folders and files that are named can be clicked, where the terminal can"),
)  # fmt: skip
"""All but the tables of keys and themes, in the order in which it is shown."""
KNOWN = {key.name: key for key in KEYS}

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
LEAST_SERIES, MOST_SERIES = 4, 8


def _is_color(value: Any) -> bool:
    return isinstance(value, str) and bool(_COLOR.fullmatch(value))


def _are_colors(value: Any) -> bool:
    return isinstance(value, list) and LEAST_SERIES <= len(value) <= MOST_SERIES and all(map(_is_color, value))


def _are_keys(value: Any) -> bool:
    words = value if isinstance(value, list) else [value]
    return 0 < len(words) <= 8 and all(isinstance(word, str) and 0 < len(word) <= 40 for word in words)


def _color(name: str, about: str) -> Key:
    return Key(name, "", about, 'a colour, as "#7aa2f7"', _is_color)


OF_A_THEME: tuple[Key, ...] = (
    Key("dark", True, "whether it is one of light letters on a dark ground", "true or false",
        lambda value: isinstance(value, bool)),
    _color("background", "the ground"),
    _color("surface", "the ground of lists and bars"),
    _color("panel", "the ground of fields"),
    _color("border", "frames"),
    _color("text", "words"),
    _color("dim", "words that are less important"),
    _color("accent", "what is stressed, and the frame of what has the keys"),
    _color("good", "what went well"),
    _color("warning", "what may not"),
    _color("bad", "what failed"),
    _color("chosen", "the ground of what is chosen"),
    Key("series", (), "curves: training or discriminator, validation or generator, and more",
        f"{LEAST_SERIES} to {MOST_SERIES} colours in a list", _are_colors),
)  # fmt: skip
"""What [themes.NAME] takes; what it leaves out is as in gan-dark or gan-light."""
COLORS = {key.name: key for key in OF_A_THEME}

AN_ACTION = Key("", "", "", 'a key, as "f5", or several in a list', _are_keys)
"""What each line of [keys] takes; which actions there are, the screens know."""


def of_a_theme(name: str) -> bool:
    """Whether a theme may be called that."""
    return bool(re.fullmatch(r"[A-Za-z0-9_-]{1,40}", name)) and name not in (*THEMES, AUTO)
