"""What stands between the program and the eye: multiplexers, palettes, light and dark backgrounds, ASCII alone."""

import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from pty_terminal import GAN_TUI, Terminal
from recorded import recorded_run

NO_LOCALE = {"LANG": "", "LC_ALL": "", "LC_CTYPE": ""}


# Light and dark ----------------------------------------------------------


def ground(terminal: Terminal) -> str:
    """The colour behind the screen's lower left corner, rrggbb."""
    terminal.pump()
    return terminal.screen.buffer[terminal.screen.lines - 1][0].bg


def is_light(terminal: Terminal) -> bool:
    color = ground(terminal)
    return len(color) == 6 and min(bytes.fromhex(color)) > 200


def test_the_theme_of_a_dark_terminal_is_dark(menu: Terminal) -> None:
    assert not is_light(menu)


@pytest.mark.slow
def test_the_theme_is_that_of_the_terminals_background() -> None:
    with Terminal(GAN_TUI, 80, 24, background="fdfd/f6f6/e3e3") as terminal:
        terminal.wait_for("q Quit")
        terminal.wait_for(lambda: is_light(terminal))


@pytest.mark.slow
def test_a_late_answer_is_taken_when_it_comes_and_is_no_key() -> None:
    with Terminal(GAN_TUI, 80, 24, background="ffff/ffff/ffff") as terminal:
        terminal.is_silent = True
        terminal.wait_for("q Quit")
        before = terminal.text()
        assert not is_light(terminal), "nothing waits for it"
        terminal.is_silent = False
        terminal.wait_for(lambda: is_light(terminal))
        assert terminal.text() == before


@pytest.mark.slow
def test_a_theme_that_was_chosen_stays_whatever_is_answered_later() -> None:
    with Terminal(GAN_TUI, 80, 24, background="ffff/ffff/ffff") as terminal:
        terminal.is_silent = True
        terminal.wait_for("q Quit")
        terminal.type("tt")
        terminal.pump(0.3)
        terminal.is_silent = False
        terminal.pump(0.5)
        assert not is_light(terminal)


# Octants ----------------------------------------------------------


def test_octants_arrive_and_move_nothing_beside_them(runs: Path) -> None:
    recorded_run(runs)
    with Terminal((*GAN_TUI, "attach"), 120, 30, env={"GAN_TUI_SYMBOLS": "octants"}) as terminal:
        terminal.wait_for("generated")
        terminal.pump(0.5)
        rows = terminal.text().split("\n")
        fine = [row for row in rows if any("\U0001cd00" <= character <= "\U0001cde5" for character in row)]
        assert len(fine) > 10, "rows of tiles"
        assert len({row.rindex("│") for row in fine}) == 1 and all(len(row) <= 120 for row in fine)


# ASCII alone ----------------------------------------------------------


@pytest.mark.slow
def test_nothing_but_ascii_is_sent_where_nothing_else_is_wanted(runs: Path) -> None:
    recorded_run(runs)
    with Terminal((*GAN_TUI, "attach"), 90, 30, env={"GAN_TUI_ASCII": "1"}) as terminal:
        for key, there in (
            ("", "generated"),
            ("\x10", "Search"),
            ("pause", "pause"),
            ("\x1b", "generated"),
            ("?", "Help"),
        ):
            terminal.type(key)
            terminal.wait_for(there)
        assert terminal.output.isascii()


def test_so_it_is_in_plain_text() -> None:
    commands = (("--help",), ("presets",), ("show", "gan"), ("attach", "none"))
    each = (
        "import sys\n"
        "from gan_tui.cli.arguments import main\n"
        f"for words in {commands!r}:\n"
        "    try:\n"
        "        main(words)\n"
        "    except SystemExit:\n"
        "        pass\n"
    )
    with Terminal((sys.executable, "-c", each), 30, 10, env={"GAN_TUI_ASCII": "1"}) as terminal:
        terminal.wait_for_exit()
        for part in (b"usage:", b"plane", b"parameters", b'Thereisnorun"none"'):
            assert part in b"".join(terminal.output.split()), "wherever it is wrapped"
        assert terminal.output.isascii()


# Multiplexers ----------------------------------------------------------


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[tuple[str, ...]]:
    """A tmux of our own."""
    if not shutil.which("tmux"):
        pytest.skip("no tmux here; install tmux")
    command = ("tmux", "-f", "/dev/null", "-S", str(tmp_path / "tmux"))
    yield command
    subprocess.run((*command, "kill-server"), capture_output=True)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("flags", "env", "corner"),
    [
        ((), NO_LOCALE, "+"),
        (("-u",), NO_LOCALE, "╭"),
        ((), {**NO_LOCALE, "LANG": "C.UTF-8"}, "╭"),
    ],
    ids=["without UTF-8", "tmux -u", "UTF-8"],
)
def test_in_tmux_no_character_is_lost(
    flags: tuple[str, ...], env: Mapping[str, str], corner: str, tmux: tuple[str, ...]
) -> None:
    """Without UTF-8 it shows every other character than ASCII as `_`."""
    with Terminal((*tmux, *flags, "new-session", " ".join(GAN_TUI)), 100, 60, env=env) as terminal:
        terminal.wait_for("q Quit")
        assert terminal.text()[0] == corner and "_" not in terminal.text()
        terminal.type("q")
        terminal.wait_for_exit()


# Sixteen colours ----------------------------------------------------------

_NAMES = ("black", "red", "green", "brown", "blue", "magenta", "cyan", "white")
PALETTES = {
    "xterm": "e5e5e5 000000  000000 cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd e5e5e5 "
    "7f7f7f ff0000 00ff00 ffff00 5c5cff ff00ff 00ffff ffffff",
    "VGA": "aaaaaa 000000  000000 aa0000 00aa00 aa5500 0000aa aa00aa 00aaaa aaaaaa "
    "555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff",
    "Solarized dark": "839496 002b36  073642 dc322f 859900 b58900 268bd2 d33682 2aa198 eee8d5 "
    "002b36 cb4b16 586e75 657b83 839496 6c71c4 93a1a1 fdf6e3",
    "Solarized light": "657b83 fdf6e3  073642 dc322f 859900 b58900 268bd2 d33682 2aa198 eee8d5 "
    "002b36 cb4b16 586e75 657b83 839496 6c71c4 93a1a1 fdf6e3",
}
"""Ink and paper, then the sixteen: rrggbb."""
LEGIBLE = 1.8
"""WCAG's contrast, from 1 (the same colour) to 21: Solarized's own text has 4, its comments 2.8."""


def luminance(color: str) -> float:
    levels = [channel / 255 for channel in bytes.fromhex(color)]
    linear = [level / 12.92 if level <= 0.04 else ((level + 0.055) / 1.055) ** 2.4 for level in levels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(ink: str, paper: str) -> float:
    darker, lighter = sorted((luminance(ink), luminance(paper)))
    return (lighter + 0.05) / (darker + 0.05)


class Palette:
    """What a user's sixteen colours look like."""

    def __init__(self, name: str) -> None:
        self.ink, self.paper, *self._sixteen = PALETTES[name].split()

    def of(self, cell: object) -> tuple[str, str]:
        """Ink and paper of a cell; where bold is bright, as many terminals have it."""
        inks = [self._color(cell.fg, self.ink, bright) for bright in (False, bool(cell.bold))]
        paper = self._color(cell.bg, self.paper)
        ink = min(inks, key=lambda one: contrast(one, paper))
        return (paper, ink) if cell.reverse else (ink, paper)

    def _color(self, name: str, own: str, bold: bool = False) -> str:
        if name == "default":
            return own
        number = _NAMES.index(name.removeprefix("bright")) + 8 * (name.startswith("bright") or bold)
        return self._sixteen[number]


def hidden(terminal: Terminal, palette: Palette) -> str:
    """What can't be read of a screen's words: letters and digits whose ink is nearly that of the paper."""
    terminal.pump()
    lines = (terminal.screen.buffer[row] for row in range(terminal.screen.lines))
    cells = (line[column] for line in lines for column in range(terminal.screen.columns))
    return "".join(cell.data for cell in cells if cell.data.isalnum() and contrast(*palette.of(cell)) < LEGIBLE)


@pytest.mark.slow
@pytest.mark.parametrize("background", ["0000/0000/0000", "fdfd/f6f6/e3e3"], ids=["dark", "light"])
def test_of_sixteen_colours_no_word_vanishes_in_any_palette(background: str, runs: Path) -> None:
    recorded_run(runs)
    with Terminal(GAN_TUI, 120, 40, term="xterm", truecolor=False, background=background) as terminal:
        for key, there in (("", "1,486,352"), ("\t\r", "finished  step 120"), ("2", "generator"), ("?", "space")):
            terminal.type(key)
            terminal.wait_for(there)
            terminal.pump(0.2)
            for name in PALETTES:
                if ("light" in name) == (background[0] == "f") or name.startswith("Solarized"):
                    assert hidden(terminal, Palette(name)) == "", name
