"""What a person has answered for each of their terminals: which block characters its font has, and whether pictures are
shown in real pixels where it has them."""

from collections.abc import Mapping

from gan_tui.system import config, kept_answers
from gan_tui.system.config_keys import AUTO
from gan_tui.system.terminal import SYMBOLS, Client, multiplexer

_NAME, _OF_PIXELS = "symbols", "pixels"
_ON, _OFF = "on", "off"


def kept(environ: Mapping[str, str], client: Client | None) -> str:
    """The answer for this terminal, one of SYMBOLS, or what config.toml says; empty where there is none."""
    if (named := config.value(_NAME)) != AUTO:
        return str(named)
    answer = kept_answers.kept(_NAME).get(_terminal(environ, client), "")
    return answer if answer in SYMBOLS else ""


def keep(answer: str, environ: Mapping[str, str], client: Client | None) -> None:
    """Remember an answer for this terminal. Raises OSError where that cannot be."""
    kept_answers.change(_NAME, lambda kept: {**kept, _terminal(environ, client): answer})


def pixels_kept(environ: Mapping[str, str], client: Client | None) -> bool:
    """Whether they were not switched off in this terminal."""
    return kept_answers.kept(_OF_PIXELS).get(_terminal(environ, client)) != _OFF


def keep_pixels(shown: bool, environ: Mapping[str, str], client: Client | None) -> None:
    """Remember whether they are shown in this terminal. Raises OSError where that cannot be."""
    kept_answers.change(_OF_PIXELS, lambda kept: {**kept, _terminal(environ, client): _ON if shown else _OFF})


def _terminal(environ: Mapping[str, str], client: Client | None) -> str:
    """What the terminal that is looked at calls itself: another one has another font."""
    if client:
        return client.term
    program = "" if multiplexer(environ) else environ.get("TERM_PROGRAM", "")
    return program or environ.get("TERM", "")
