"""What the terminal can show: decided here alone, from what is known without asking it, so nothing hangs or leaks.

Within tmux or GNU screen, what a person looks at is another terminal further out, and what the environment says may be
about that one. GNU screen has 256 colours at most, whatever COLORTERM it was started with. tmux takes true colour and
makes of it what the outer terminal has; but where it was attached without UTF-8 it shows `_` for every other character
than ASCII, which nothing inside can see: it is asked itself.

Which block characters the font has, nothing can find out: a person is asked (`kept_symbols.py`).

GAN_TUI_COLORS=truecolor|256|16|none, GAN_TUI_SYMBOLS=octants|quadrants|halves|ascii and GAN_TUI_ASCII=1 overrule
everything else, NO_COLOR the rest.
"""

import fcntl
import os
import shutil
import struct
import sys
import termios
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from gan_tui.system import switches
from gan_tui.system.standard_streams import wants_ascii
from gan_tui.text import can_be_written

COLORS = ("truecolor", "256", "16", "none")
SYMBOLS = ("octants", "quadrants", "halves")
"""The dots that a cell's characters may have, the finest first; a person may ask for `ascii`, too."""
USUAL = "quadrants"
"""What every font has that has block characters."""
SMALLEST = (60, 18)
"""(columns, rows) that the dashboard needs."""
_TRUECOLOR_TERMS = ("-direct", "kitty", "ghostty", "alacritty", "foot", "wezterm", "contour", "iterm")
_COLORLESS_TERMS = ("", "dumb", "unknown", "vt100", "vt102", "vt220")
_GLYPHS_IN_USE = "▚█░●⣿"
_SMALLEST_CELL, _LARGEST_CELL = 2, 256
"""Pixels a side."""
_QUESTION = "#{client_utf8}|#{client_termname}|#{allow-passthrough}|#{version}|#{client_termtype}"
"""What tmux is asked; before 3.3, which has no `allow-passthrough`, it passes everything on."""
_ANSWER_SECONDS = 0.2
"""How long tmux may take to say on what it is shown. It takes 3 ms."""


@dataclass(frozen=True)
class Client:
    """The terminal that tmux is shown on."""

    utf8: bool
    term: str
    passes_on: bool = False
    """Whether tmux passes on to it what is wrapped for it (`allow-passthrough`)."""
    version: str = ""
    """Of tmux."""
    kind: str = ""
    """What it has answered to tmux when that asked what it is, as iTerm2 3.6.6."""


@dataclass(frozen=True)
class Abilities:
    """What can be shown."""

    colors: str
    """How many colours, one of COLORS."""
    glyphs: bool
    """Whether block and braille characters arrive and have glyphs."""
    encoding: str
    """The one whose characters can be shown."""
    symbols: str = USUAL
    """The block characters that pictures are drawn with, one of SYMBOLS."""
    obstacle: str = ""
    """Why there are no block and braille characters."""
    remedy: str = ""
    """The command that helps."""


def abilities(environ: Mapping[str, str], encoding: str, client: Client | None = None, answer: str = "") -> Abilities:
    """What the terminal described by the environment can show of text in an encoding; `client` is what tmux says.

    `answer` is which of SYMBOLS a person has said that it has.
    """
    obstacle, shown, remedy = _obstacle(environ, encoding, client)
    named = wanted_symbols(environ)
    symbols = named if named in SYMBOLS else answer or USUAL
    return Abilities(colors(environ), not obstacle, shown, symbols, obstacle, remedy)


def _obstacle(environ: Mapping[str, str], encoding: str, client: Client | None) -> tuple[str, str, str]:
    """What keeps block and braille characters away, the encoding of what arrives all the same, and what helps."""
    if wants_ascii(environ):
        return "GAN_TUI_ASCII is set", "ascii", "unset GAN_TUI_ASCII"
    if wanted_symbols(environ) == "ascii":
        return "GAN_TUI_SYMBOLS is ascii", "ascii", "unset GAN_TUI_SYMBOLS"
    if not can_be_written(_GLYPHS_IN_USE, encoding):
        return f"the locale's encoding is {encoding}", encoding, "export LC_ALL=C.UTF-8"
    if client is not None and not client.utf8:
        return "tmux was attached without UTF-8", "ascii", "tmux -u attach"
    if "linux" in (_console(environ.get("TERM", "")), _console(client.term if client else "")):
        return "the Linux console's font has none", "latin-1", ""
    if client is None and _is_here(environ) and not _is_utf8(environ):
        return f"{multiplexer(environ)} was started without UTF-8", "ascii", "export LC_ALL=C.UTF-8"
    return "", encoding, ""


def _console(term: str) -> str:
    """`linux` for all names of the kernel's console, also seen through a multiplexer: linux-16color, screen.linux."""
    return "linux" if term.lower().removeprefix("screen.").removeprefix("tmux.").split("-")[0] == "linux" else ""


def multiplexer(environ: Mapping[str, str]) -> str:
    """What stands between us and the terminal that is looked at: tmux, GNU screen, or nothing."""
    term = environ.get("TERM", "").lower()
    if term.startswith("tmux") or (environ.get("TMUX") and not environ.get("STY")):
        return "tmux"
    return "GNU screen" if environ.get("STY") or term.startswith("screen") else ""


def _is_here(environ: Mapping[str, str]) -> bool:
    """Whether the multiplexer was started on this machine, in a locale like ours."""
    return bool(environ.get("STY") or environ.get("TMUX"))


def _is_utf8(environ: Mapping[str, str]) -> bool:
    """Whether the locale is one of UTF-8, as multiplexers look at it."""
    named = next((value for name in ("LC_ALL", "LC_CTYPE", "LANG") if (value := environ.get(name))), "")
    return "utf8" in named.lower().replace("-", "")


def environment() -> dict[str, str]:
    """The environment as it was given: where the locale is none, Python gives itself another LC_CTYPE (PEP 538)."""
    environ = dict(os.environ)
    with suppress(OSError):
        if b"LC_CTYPE=" not in Path("/proc/self/environ").read_bytes():
            environ.pop("LC_CTYPE", None)
    return environ


def tmux_client(environ: Mapping[str, str]) -> Client | None:
    """What tmux is shown on; None without tmux, and where it does not say."""
    if multiplexer(environ) != "tmux" or not environ.get("TMUX"):
        return None
    import subprocess

    question = ("tmux", "display-message", "-p", _QUESTION)
    with suppress(OSError, subprocess.SubprocessError, UnicodeDecodeError, ValueError):
        asked = subprocess.run(question, stdin=subprocess.DEVNULL, capture_output=True, timeout=_ANSWER_SECONDS)
        utf8, term, passes, version, kind = asked.stdout.decode().strip().split("|", 4)
        if utf8 in ("0", "1"):
            return Client(utf8 == "1", term, passes not in ("0", "off"), version, kind)
    return None


def wanted_symbols(environ: Mapping[str, str]) -> str:
    """What GAN_TUI_SYMBOLS says, in small letters."""
    return switches.word(environ, "GAN_TUI_SYMBOLS").lower()


def unknown_symbols(environ: Mapping[str, str]) -> str:
    """What GAN_TUI_SYMBOLS says, where there is nothing of that name; empty where all is well."""
    return "" if wanted_symbols(environ) in ("", "ascii", *SYMBOLS) else switches.word(environ, "GAN_TUI_SYMBOLS")


# Colours ----------------------------------------------------------


def unknown_colors(environ: Mapping[str, str]) -> str:
    """What GAN_TUI_COLORS says, where that is nothing that can be drawn in; empty where all is well."""
    wanted = switches.word(environ, "GAN_TUI_COLORS")
    return "" if wanted.lower() in ("", *COLORS) else wanted


def colors(environ: Mapping[str, str]) -> str:
    """How many colours there are, one of COLORS."""
    wanted = switches.word(environ, "GAN_TUI_COLORS").lower()
    if wanted in COLORS:
        return wanted
    term = environ.get("TERM", "").lower()
    if environ.get("NO_COLOR") or term in _COLORLESS_TERMS:
        return "none"
    if _console(term):
        return "16"
    told = environ.get("COLORTERM", "").lower() in ("truecolor", "24bit")
    if multiplexer(environ) != "GNU screen" and (told or any(name in term for name in _TRUECOLOR_TERMS)):
        return "truecolor"
    return "256" if "256color" in term else "16"


def may_be_asked(environ: Mapping[str, str]) -> bool:
    """Whether the terminal can be asked for the colour of its background, and prints nothing if it knows none.

    Old Linux consoles print the question; theirs is black.
    """
    term = environ.get("TERM", "").lower()
    return can_place_text(environ) and not _console(term) and not term.startswith("vt")


def may_show_pixels(environ: Mapping[str, str], colors: str) -> bool:
    """Whether the terminal may be asked whether it shows pixels: images are told by colours, and words may forbid them.

    GNU screen passes nothing on.
    """
    free = may_be_asked(environ) and not wanted_symbols(environ) and multiplexer(environ) != "GNU screen"
    return free and colors in ("truecolor", "256")


def seems_light(environ: Mapping[str, str]) -> bool:
    """Whether the background is light as far as the environment tells: some terminals set COLORFGBG to `0;15`."""
    return environ.get("COLORFGBG", "").rpartition(";")[2] in ("7", "15")


# Places ----------------------------------------------------------


def can_place_text(environ: Mapping[str, str]) -> bool:
    """Whether text can be put anywhere on the screen; a dumb terminal only adds lines."""
    return environ.get("TERM", "").lower() not in ("", "dumb", "unknown")


def fits(columns: int, rows: int) -> bool:
    """Whether a window is large enough for the dashboard."""
    return columns >= SMALLEST[0] and rows >= SMALLEST[1]


def window(descriptor: int = 1) -> tuple[int, int]:
    """(columns, rows) of the window that a descriptor leads to, as the kernel knows it.

    COLUMNS and LINES, which containers export once and for all, count only where it does not: on a serial line, say.
    """
    try:
        columns, rows = os.get_terminal_size(descriptor)
    except OSError:
        columns = rows = 0
    if not (columns and rows):
        columns, rows = shutil.get_terminal_size()
    return columns, rows


def cell_pixels(descriptor: int) -> tuple[int, int] | None:
    """How many pixels a cell is wide and high, as the kernel knows it; None where it does not."""
    try:
        rows, columns, wide, high = struct.unpack("4H", fcntl.ioctl(descriptor, termios.TIOCGWINSZ, bytes(8)))
    except OSError:
        return None
    return sound_cell(wide // columns, high // rows) if min(rows, columns) else None


def sound_cell(wide: int, high: int) -> tuple[int, int] | None:
    """A cell's size in pixels, where it can be one: images are made as large as cells are said to be."""
    return (wide, high) if min(wide, high) >= _SMALLEST_CELL and max(wide, high) <= _LARGEST_CELL else None


def columns_of_output() -> int | None:
    """Of the terminal that is printed on; None where it is none: what is in a file is not made to fit a window."""
    return window(sys.stdout.fileno())[0] if sys.stdout.isatty() else None
