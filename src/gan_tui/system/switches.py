"""What a person switches on and off, or names, in the environment: which words are understood, in one place."""

from collections.abc import Mapping

from gan_tui.errors import UserError
from gan_tui.text import harmless

ASCII, DEBUG, PREPARE = "GAN_TUI_ASCII", "GAN_TUI_DEBUG", "GAN_TUI_PREPARE"
ON, OFF = ("1", "true", "yes", "on"), ("", "0", "false", "no", "off")


def word(environ: Mapping[str, str], name: str) -> str:
    """What a variable says, without the blanks around it; empty where there is none."""
    return environ.get(name, "").strip()


def is_on(environ: Mapping[str, str], name: str, usual: bool = False) -> bool:
    """Whether it is switched on; `usual` where nothing is said, and where the word is none of ours."""
    said = word(environ, name).lower()
    if name not in environ or said not in ON + OFF:
        return usual
    return said in ON


def check(environ: Mapping[str, str]) -> None:
    """Raises UserError where a switch has a word that says neither."""
    for name in (ASCII, DEBUG, PREPARE):
        said = word(environ, name)
        if said.lower() not in ON + OFF:
            possible = "1, true, yes or on, or 0, false, no or off"
            raise UserError(f'{name} must be {possible}, not "{harmless(said, 40)}".')
