"""Which of its own signs a terminal takes: what it is not known to take, it is not sent."""

from collections.abc import Mapping

import pytest

from gan_tui.system.signs import Signs, signs
from gan_tui.system.terminal import Client

XTERM = {"TERM": "xterm-256color"}
TMUX = {"TERM": "tmux-256color", "TMUX": "/tmp/tmux-0/default,1,0", "TERM_PROGRAM": "tmux"}


def what(found: Signs) -> str:
    """In words: title progress 777 links."""
    names = [("title", found.title), ("progress", found.progress), (found.notice, found.notice), ("links", found.links)]
    return " ".join(name for name, there in names if there)


@pytest.mark.parametrize(
    ("environ", "answer", "takes"),
    [
        ({}, "", "title"),
        ({}, "XTerm(390)", "title"),
        ({}, "what is this?", "title"),
        ({"TERM": "linux", "VTE_VERSION": "8000", "TERM_PROGRAM": "ghostty"}, "", ""),
        ({"TERM": "vt220"}, "", ""),
        ({"TERM": "dumb"}, "kitty(0.48.2)", ""),
        ({"TERM": "screen-256color", "STY": "1.pts"}, "", ""),
        ({"TERM": "xterm-kitty"}, "", "title 99 links"),
        ({"TERM": "xterm-kitty"}, "kitty(0.35.2)", "title 99 links"),
        ({"TERM": "xterm-kitty"}, "kitty(0.48.2)", "title progress 99 links"),
        ({"KITTY_WINDOW_ID": "1"}, "", "title 99 links"),
        ({"TERM": "alacritty", "KITTY_WINDOW_ID": "1"}, "", "title links"),
        ({"TERM_PROGRAM": "iTerm.app", "TERM_PROGRAM_VERSION": "3.5.0"}, "", "title 9 links"),
        ({"TERM_PROGRAM": "iTerm.app", "TERM_PROGRAM_VERSION": "3.6.6"}, "", "title progress 9 links"),
        ({"LC_TERMINAL": "iTerm2", "LC_TERMINAL_VERSION": "3.6.10"}, "", "title progress 9 links"),
        ({}, "iTerm2 3.6.6", "title progress 9 links"),
        ({}, "iTerm2 3.5.11", "title 9 links"),
        ({}, "ghostty 1.2.0", "title progress 9 links"),
        ({}, "ghostty 1.1.3", "title 9 links"),
        ({"TERM": "xterm-ghostty"}, "", "title 9 links"),
        ({"TERM": "xterm-ghostty", "TERM_PROGRAM": "ghostty", "TERM_PROGRAM_VERSION": "1.2.3"}, "",
         "title progress 9 links"),
        ({}, "WezTerm 20240203-110809-5046fc22", "title 777 links"),
        ({}, "WezTerm 20250209-182623-44866cc1", "title progress 777 links"),
        ({"TERM": "foot"}, "foot(1.16.2)", "title 777 links"),
        ({"TERM": "rxvt-unicode-256color"}, "", "title 777"),
        ({"VTE_VERSION": "4601"}, "", "title 777"),
        ({"VTE_VERSION": "7600"}, "", "title 777 links"),
        ({}, "VTE(8000)", "title progress 777 links"),
        ({"KONSOLE_VERSION": "230804"}, "", "title 777 links"),
        ({"KONSOLE_VERSION": "260401"}, "", "title progress 777 links"),
        ({}, "Konsole 26.04.0", "title progress 777 links"),
        ({"WT_SESSION": "b2"}, "", "title progress links"),
        ({"ConEmuANSI": "ON"}, "", "title progress"),
        ({"TERM_PROGRAM": "vscode", "TERM_PROGRAM_VERSION": "1.100.0"}, "", "title links"),
        ({"TERM_PROGRAM": "Apple_Terminal", "TERM_PROGRAM_VERSION": "455"}, "", "title"),
        ({"VTE_VERSION": "7600"}, "XTerm(390)", "title"),
    ],
)  # fmt: skip
def test_a_terminal_is_known_by_what_it_says(environ: Mapping[str, str], answer: str, takes: str) -> None:
    assert what(signs(XTERM | environ, None, answer)) == takes


@pytest.mark.parametrize(
    ("client", "takes"),
    [
        (None, "title"),
        (Client(True, "xterm-kitty", True, "3.3a", "kitty(0.48.2)"), "title progress 99"),
        (Client(True, "xterm-kitty", True, "3.3a", ""), "title 99"),
        (Client(True, "xterm-kitty", False, "3.4", "kitty(0.48.2)"), "title links"),
        (Client(True, "xterm-256color", True, "3.5a", "iTerm2 3.5.0"), "title 9 links"),
        (Client(True, "xterm-256color", True, "next-3.6", ""), "title links"),
    ],
)
def test_within_tmux_it_is_the_terminal_outside_that_counts(client: Client | None, takes: str) -> None:
    found = signs(TMUX | {"KITTY_WINDOW_ID": "1", "VTE_VERSION": "8000"}, client, "tmux 3.4")
    assert what(found) == takes
    assert found.through_tmux == (client is not None and client.passes_on)
