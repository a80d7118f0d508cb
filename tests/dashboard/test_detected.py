"""What the environment says of the terminal."""

import pytest

from gan_tui.dashboard.terminal.detected import detect
from gan_tui.drawing.terminal import ColorDepth, Terminal


@pytest.mark.parametrize(
    ("environ", "colors"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, ColorDepth.TRUECOLOR),
        ({"TERM": "xterm-kitty"}, ColorDepth.TRUECOLOR),
        ({"TERM": "screen-256color"}, ColorDepth.COLORS_256),
        ({"TERM": "xterm"}, ColorDepth.COLORS_16),
        ({"TERM": "dumb", "COLORTERM": "truecolor"}, ColorDepth.MONO),
        ({}, ColorDepth.MONO),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, ColorDepth.MONO),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, ColorDepth.COLORS_256),
        ({"TERM": "dumb", "NO_COLOR": "1", "GAN_TUI_COLORS": "256"}, ColorDepth.COLORS_256),
        ({"TERM": "xterm-kitty", "GAN_TUI_COLORS": "none"}, ColorDepth.MONO),
        ({"TERM": "xterm-kitty", "GAN_TUI_COLORS": "many"}, ColorDepth.TRUECOLOR),
    ],
)
def test_colors_come_from_the_environment(environ: dict[str, str], colors: ColorDepth) -> None:
    assert detect(environ, "utf-8").colors is colors


@pytest.mark.parametrize(
    ("environ", "encoding", "unicode"),
    [
        ({"TERM": "xterm"}, "UTF-8", True),
        ({"TERM": "xterm"}, "latin-1", False),
        ({"TERM": "xterm"}, "ANSI_X3.4-1968", False),
        ({"TERM": "xterm"}, "no-such-encoding", False),
        ({"TERM": "linux"}, "utf-8", False),
        ({"TERM": "xterm", "GAN_TUI_ASCII": "1"}, "utf-8", False),
        ({"TERM": "xterm", "GAN_TUI_ASCII": "0"}, "utf-8", True),
    ],
)
def test_blocks_need_an_encoding_and_a_font(environ: dict[str, str], encoding: str, unicode: bool) -> None:
    assert detect(environ, encoding).unicode is unicode


def test_a_terminal_is_full_of_colors_unless_told_otherwise() -> None:
    assert Terminal() == Terminal(ColorDepth.TRUECOLOR, unicode=True)
