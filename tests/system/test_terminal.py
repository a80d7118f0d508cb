"""What is known of the terminal, its colours, characters and size, without asking it."""

import fcntl
import os
import pty
import stat
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest

from gan_tui.system import config, kept_symbols, terminal


@pytest.fixture
def window() -> Iterator[int]:
    """A terminal of 100 × 40 cells: its program's side."""
    master, slave = pty.openpty()
    resize(slave, 100, 40)
    yield slave
    os.close(master)
    os.close(slave)


def resize(descriptor: int, columns: int, rows: int) -> None:
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def test_the_kernel_knows_a_windows_size_whatever_a_container_has_exported(
    window: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LINES", "24")
    assert terminal.window(window) == (100, 40)
    resize(window, 61, 19)
    assert terminal.window(window) == (61, 19)


def test_where_the_kernel_knows_none_the_environment_may(window: int, monkeypatch: pytest.MonkeyPatch) -> None:
    resize(window, 0, 0)  # a serial line, or `docker exec -t` at first
    monkeypatch.setenv("COLUMNS", "132")
    monkeypatch.setenv("LINES", "43")
    assert terminal.window(window) == (132, 43)
    monkeypatch.delenv("COLUMNS")
    monkeypatch.delenv("LINES")
    assert terminal.window(window) == (80, 24)


def test_of_what_is_no_terminal_the_environment_says_the_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    read_end, write_end = os.pipe()
    assert terminal.window(write_end)[0] == 50
    os.close(read_end)
    os.close(write_end)


# Colours and characters ----------------------------------------------------------

TRUE = {"COLORTERM": "truecolor"}
TMUX = {"TERM": "tmux-256color", "TMUX": "/tmp/tmux-0/default,1,0", "LANG": "en_US.UTF-8"}


@pytest.mark.parametrize(
    ("environ", "colors"),
    [
        ({"TERM": "xterm-256color", **TRUE}, "truecolor"),
        ({**TMUX, **TRUE}, "truecolor"),  # tmux makes of it what the outer terminal has
        ({"TERM": "screen-256color", "TMUX": "x", **TRUE}, "truecolor"),  # as older ones name themselves
        ({"TERM": "screen.xterm-256color", "STY": "1.pts-0.host", **TRUE}, "256"),  # inherited from outside
        ({"TERM": "screen", "STY": "1.pts-0.host", **TRUE}, "16"),
        ({"TERM": "screen-256color", **TRUE}, "256"),  # over ssh, from within one of the two
        ({"TERM": "screen.xterm-kitty", "STY": "1.pts-0.host"}, "16"),
        ({"TERM": "linux", **TRUE}, "16"),
        ({"TERM": "linux-16color"}, "16"),
        ({"TERM": "screen.linux", "STY": "1.tty1.host"}, "16"),
    ],
)
def test_colours_are_those_of_what_is_looked_at(environ: dict[str, str], colors: str) -> None:
    assert terminal.abilities(environ, "utf-8").colors == colors


@pytest.mark.parametrize(
    ("environ", "client", "obstacle", "encoding"),
    [
        ({"TERM": "xterm"}, None, "", "utf-8"),
        (TMUX, terminal.Client(True, "xterm-256color"), "", "utf-8"),
        (TMUX, terminal.Client(False, "xterm-256color"), "tmux was attached without UTF-8", "ascii"),
        (TMUX, terminal.Client(True, "linux"), "the Linux console's font has none", "latin-1"),
        (TMUX, None, "", "utf-8"),
        ({**TMUX, "LANG": "C"}, None, "tmux was started without UTF-8", "ascii"),
        ({**TMUX, "LANG": "C"}, terminal.Client(True, "xterm"), "", "utf-8"),
        ({**TMUX, "LC_ALL": "C"}, None, "tmux was started without UTF-8", "ascii"),
        ({"TERM": "screen", "STY": "1.pts-0.host"}, None, "GNU screen was started without UTF-8", "ascii"),
        ({"TERM": "screen", "STY": "1.pts-0.host", "LC_CTYPE": "C.utf8"}, None, "", "utf-8"),
        ({"TERM": "tmux-256color"}, None, "", "utf-8"),  # over ssh: nothing is known of that machine's locale
        ({"TERM": "linux-16color"}, None, "the Linux console's font has none", "latin-1"),
        ({"TERM": "screen.linux"}, None, "the Linux console's font has none", "latin-1"),
        ({"TERM": "xterm", "GAN_TUI_ASCII": "1"}, None, "GAN_TUI_ASCII is set", "ascii"),
    ],
)
def test_characters_are_those_that_arrive_where_it_is_looked_at(
    environ: dict[str, str], client: terminal.Client | None, obstacle: str, encoding: str
) -> None:
    can = terminal.abilities(environ, "utf-8", client)
    assert (can.glyphs, can.obstacle, can.encoding) == (not obstacle, obstacle, encoding)


@pytest.mark.parametrize(
    ("wanted", "answer", "symbols"),
    [
        ("", "", "quadrants"),
        ("", "octants", "octants"),
        ("", "quadrants", "quadrants"),
        ("Octants", "", "octants"),
        ("halves", "octants", "halves"),
        ("sextants", "", "quadrants"),
    ],
)
def test_block_characters_are_those_that_a_person_has_named_and_never_guessed(
    wanted: str, answer: str, symbols: str
) -> None:
    environ = {"TERM": "xterm-kitty", "LANG": "C.UTF-8", "GAN_TUI_SYMBOLS": wanted}
    assert terminal.abilities(environ, "utf-8", None, answer).symbols == symbols
    assert terminal.unknown_symbols(environ) == (wanted if wanted == "sextants" else "")


def test_ascii_may_be_named_too_and_an_encoding_that_has_no_blocks_gets_none() -> None:
    for environ, encoding in ({"GAN_TUI_SYMBOLS": "ascii"}, "utf-8"), ({"GAN_TUI_SYMBOLS": "octants"}, "latin-1"):
        assert not terminal.abilities({"TERM": "xterm", **environ}, encoding).glyphs


# What a person has answered ----------------------------------------------------------


def test_an_answer_holds_for_the_terminal_it_was_given_in() -> None:
    kitty, other = {"TERM": "xterm-kitty"}, {"TERM": "xterm-256color", "TERM_PROGRAM": "vscode"}
    kept_symbols.keep("octants", kitty, None)
    kept_symbols.keep("quadrants", other, None)
    assert [kept_symbols.kept(environ, None) for environ in (kitty, other)] == ["octants", "quadrants"]
    assert kept_symbols.kept(TMUX | {"TERM_PROGRAM": "tmux"}, terminal.Client(True, "xterm-kitty")) == "octants"
    assert kept_symbols.kept({"TERM": "xterm-256color"}, None) == ""
    file = Path(os.environ["XDG_CONFIG_HOME"], "gan-tui", "symbols.json")
    assert [stat.S_IMODE(each.stat().st_mode) for each in (file, file.parent)] == [0o600, 0o700]
    assert list(file.parent.iterdir()) == [file]
    (file.parent / "config.toml").write_text('symbols = "halves"\n')
    config.written.cache_clear()
    assert kept_symbols.kept(kitty, None) == "halves", "what is written counts"
    config.written.cache_clear()


@pytest.mark.parametrize("content", ["", "[", "[]", '{"xterm": 3}', '{"xterm": "dots"}', '"octants"', "[" * 60_000])
def test_a_file_of_answers_that_makes_no_sense_is_none_and_is_replaced(content: str) -> None:
    file = Path(os.environ["XDG_CONFIG_HOME"], "gan-tui", "symbols.json")
    file.parent.mkdir(parents=True)
    file.write_text(content)
    assert kept_symbols.kept({"TERM": "xterm"}, None) == ""
    kept_symbols.keep("octants", {"TERM": "xterm"}, None)
    assert kept_symbols.kept({"TERM": "xterm"}, None) == "octants"


def test_a_locale_that_python_gave_itself_is_not_the_users() -> None:
    bare = {name: value for name, value in os.environ.items() if name not in ("LANG", "LC_ALL", "LC_CTYPE")}
    asks = (
        "import os; from gan_tui.system import terminal\n"
        "print(os.environ.get('LC_CTYPE'), terminal.environment().get('LC_CTYPE'))"
    )
    for given, said in ({}, "C.UTF-8 None"), ({"LC_CTYPE": "C.UTF-8"}, "C.UTF-8 C.UTF-8"):
        asked = subprocess.run([sys.executable, "-c", asks], env={**bare, **given}, capture_output=True, text=True)
        assert asked.stdout.strip() == said


@pytest.mark.parametrize(("told", "light"), [("15;0", False), ("0;15", True), ("0;default;15", True), ("", False)])
def test_some_terminals_tell_that_their_background_is_light(told: str, light: bool) -> None:
    assert terminal.seems_light({"COLORFGBG": told}) is light


@pytest.mark.parametrize(
    ("term", "may"),
    [
        ("xterm", True),
        ("screen-256color", True),
        ("linux", False),
        ("screen.linux", False),
        ("vt100", False),
        ("", False),
    ],
)
def test_a_console_that_would_print_the_question_for_its_background_is_not_asked(term: str, may: bool) -> None:
    assert terminal.may_be_asked({"TERM": term}) is may
