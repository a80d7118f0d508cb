"""Keys of any keyboard, typed into the program: other scripts, the caps lock, reports by place, the Linux console."""

import re

import pytest

from pty_terminal import Terminal

SETTINGS = ("\u0443", "\u0423", "ε", "ק", "ㄷ", "E", "\uff45", "\x1b[1091::101;1;1091u", "\x1b[101;65;69u")
"""What stands where the key e is, or says e otherwise: Russian, with caps lock, Greek, Hebrew, Korean, the caps lock
alone, Japanese in full width, and as terminals report it by place or with its locks."""
WORDS = "Keys are Latin letters"


@pytest.mark.parametrize("typed", SETTINGS, ids=ascii)
def test_a_key_is_the_same_in_every_layout(typed: str, menu: Terminal) -> None:
    menu.type(typed)
    menu.wait_for("esc Back", 3)
    menu.type("\x1b")
    menu.wait_for("e Settings", 3)
    assert WORDS not in menu.text()


def test_function_keys_of_the_linux_console_type_nothing(menu: Terminal) -> None:
    menu.type("e")
    menu.wait_for("esc Back", 3)
    menu.type("\x1b[[A\x1b[[B\x1b[[E7")
    menu.wait_for(lambda: re.search(r"epochs +7 ", menu.text()), 3)
