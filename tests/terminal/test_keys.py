"""Keys of any keyboard, typed into the program: other scripts, the caps lock, reports by place, the Linux console."""

import re

import pytest

from pty_terminal import Terminal

SETTINGS = ("\u0443", "ε", "ק", "ㄷ", "\uff45", "\x1b[1091::101;1;1091u", "\x1b[101;65;69u")
"""What stands where the key e is, or says e otherwise: Russian, Greek, Hebrew, Korean, Japanese in full width, and as
terminals report it by place or with its locks."""
ABOUT = ("H", "\u0420")
"""What the key h types with the caps lock, on a Latin and a Russian layout; E is a key of its own."""
WORDS = "Keys are Latin letters"


def leads_there_and_back(typed: str, there: str, menu: Terminal) -> None:
    menu.type(typed)
    menu.wait_for(there)
    menu.type("\x1b")
    menu.wait_for("e Settings")
    assert WORDS not in menu.text()


@pytest.mark.slow
@pytest.mark.parametrize("typed", SETTINGS, ids=ascii)
def test_a_key_is_the_same_in_every_layout(typed: str, menu: Terminal) -> None:
    leads_there_and_back(typed, "esc Back", menu)


@pytest.mark.parametrize("typed", ABOUT, ids=ascii)
def test_the_caps_lock_changes_no_key(typed: str, menu: Terminal) -> None:
    leads_there_and_back(typed, "esc Close", menu)


def test_function_keys_of_the_linux_console_type_nothing(menu: Terminal) -> None:
    menu.type("e")
    menu.wait_for("esc Back")
    menu.type("\x1b[[A\x1b[[B\x1b[[E7")
    menu.wait_for(lambda: re.search(r"epochs +7 ", menu.text()))


@pytest.mark.slow
@pytest.mark.parametrize("pause", [0.12, 0.8])
def test_what_the_mouse_does_and_what_is_answered_presses_no_key_however_late_its_end_comes(
    pause: float, menu: Terminal
) -> None:
    for first, second in (
        ("\x1b[M", " !e"),
        ("\x1b", "[M !e"),
        ("\x1b[", "<0;101;69;101M"),
        ("\x1b]11;rgb", ":1e/1e/1e\x07"),
    ):
        menu.pump(0.5)  # no answer of the terminal's is on its way, which would lie amid the report
        menu.type(first)
        menu.pump(pause)
        menu.type(second)
        menu.pump(0.2)
        assert "esc Back" not in menu.text() and "e Settings" in menu.text(), (first, second)
