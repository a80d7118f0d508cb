"""What a key of another layout is on a Latin one: keys are named after Latin letters, wherever the keyboard has them.

Where the terminal reports a key's place (the Kitty protocol's base layout key) that is used (`keys.py`). Elsewhere a
letter tells the layout. What a letter may mean is tried only where nothing else is done with it: a field takes what is
typed.
"""

import unicodedata
from collections.abc import Iterator
from typing import Any

from textual.screen import Screen

from gan_tui.dashboard import own_keys

_KEYS = "qwertyuiopasdfghjklzxcvbnm"
_LAYOUTS = (
    "йцукенгшщзфывапролдячсмить",  # Russian; Bulgarian and Serbian have others
    "йцукенгшщзфівапролдячсмить",  # Ukrainian
    ";ςερτυθιοπασδφγηξκλζχψωβνμ",  # Greek
    "/'קראטוןםפשדגכעיחלךזסבהנמצ",  # Hebrew
    "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡ",  # Korean, two sets
)
_LETTERS = {
    letter: key for layout in _LAYOUTS for letter, key in zip(layout, _KEYS, strict=True) if not letter.isascii()
} | dict(zip("ㅃㅉㄸㄲㅆㅒㅖ", "QWERTOP", strict=True))
_DIGITS = {**dict(zip("&é\"'(-è_çà", "1234567890", strict=True)), "§": "6", "!": "8"}
"""French and Belgian keyboards have digits with shift alone."""


def keys_instead(key: str, character: str, screen: Screen[Any]) -> Iterator[str]:
    """As `latin_keys`; none for a key of the screen, where it does nothing now: a refused A is no a."""
    return iter(()) if own_keys.doing(screen.BINDINGS, key) else latin_keys(character)


def latin_keys(character: str) -> Iterator[str]:
    """What else a key may be that has typed a character, the likeliest first: й is q; a capital may be the lock's."""
    if digit := _DIGITS.get(character):
        yield digit
    plain = unicodedata.normalize("NFKD", character)[0]  # without its accent, or its width of two cells
    letter = _key_of(character) or _key_of(plain) or plain
    if letter.isascii() and letter.isalnum():
        yield from dict.fromkeys((letter, letter.lower()))


def _key_of(letter: str) -> str:
    return _LETTERS.get(letter) or _LETTERS.get(letter.lower(), "").upper()
