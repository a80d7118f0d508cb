"""The terminal as drawings need to know it."""

from collections.abc import Mapping

from gan_tui.drawing.terminal import ColorDepth, Terminal
from gan_tui.system import terminal


def detect(environ: Mapping[str, str], encoding: str) -> Terminal:
    """The terminal described by the environment and the locale's encoding."""
    return Terminal(ColorDepth(terminal.colors(environ)), terminal.has_glyphs(environ, encoding))
