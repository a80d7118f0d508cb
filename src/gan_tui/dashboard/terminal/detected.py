"""The terminal as drawings need to know it."""

from collections.abc import Mapping

from gan_tui.drawing.symbols import Symbols
from gan_tui.drawing.terminal import ColorDepth, Terminal
from gan_tui.system.terminal import Client, abilities


def detect(environ: Mapping[str, str], encoding: str, client: Client | None = None, answer: str = "") -> Terminal:
    """The terminal described by the environment, the locale's encoding and, within tmux, what that is shown on.

    `answer` is which block characters a person has said that it has.
    """
    found = abilities(environ, encoding, client, answer)
    return Terminal(ColorDepth(found.colors), found.glyphs, found.encoding, Symbols.of(found.symbols))
