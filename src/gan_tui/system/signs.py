"""Which of its own signs a terminal takes: a title, progress in its tab, notifications, links. Decided here alone.

Nothing is sent to a terminal that is not known to take it: by what it calls itself in the environment or when it is
asked (xterm's XTVERSION), or by what tmux says of the one outside. Progress (OSC 9;4) is why: terminals that have OSC 9
as iTerm2 began it show "4;1;47" as a notification, one a per cent. GNU screen passes nothing on.

Who takes what, and since when, as far as it was found:

- a title (OSC 2), and to keep the one before it and give that back (CSI 22 t, 23 t): whatever calls itself an xterm.
  Where nothing was kept, an empty title is the terminal's own again.
- progress: ConEmu, which began it, and Windows Terminal 1.6 (their documentation); WezTerm 20250209 (its author, in
  cargo's pull request 14615); Ghostty 1.2 (release notes); iTerm2 3.6.6 (release notes, cargo's 16506); Konsole 26.04
  (anstyle's 348); VTE 0.80, as Ptyxis 48 and GNOME Terminal have it; kitty 0.48 (its source; in 0.36 it was still a
  notification, kitty's issue 8011). Ghostty takes it away when nothing has come for 15 s.
- a notification: OSC 9 as iTerm2 has it, which Ghostty documents, too; OSC 99 as kitty has it; OSC 777 as rxvt-unicode
  began it, in foot, WezTerm, Konsole, Warp, Contour and a VTE with the patch of many distributions; without it, VTE
  passes it over.
- links (OSC 8): the list of "OSC 8 adoption in terminal emulators"; VTE before 0.52.2 crashed on some, and tmux has
  them since 3.4.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from gan_tui.system.terminal import Client, can_place_text, multiplexer

Version = tuple[int, ...]

PROGRESS: Mapping[str, Version] = {
    "conemu": (), "windows terminal": (), "wezterm": (20250209,), "ghostty": (1, 2), "iterm2": (3, 6, 6),
    "konsole": (26, 4), "vte": (8000,), "kitty": (0, 48),
}  # fmt: skip
"""Program → since which version."""
NOTICES: Mapping[str, str] = {
    "kitty": "99", "iterm2": "9", "ghostty": "9", "wezterm": "777", "foot": "777", "rxvt": "777", "vte": "777",
    "konsole": "777", "warp": "777", "contour": "777",
}  # fmt: skip
"""Program → the number of the sequence that it takes for a notification."""
LINKS: Mapping[str, Version] = {
    "kitty": (), "ghostty": (), "iterm2": (3, 1), "wezterm": (), "foot": (), "alacritty": (), "vte": (5202,),
    "windows terminal": (), "konsole": (), "contour": (), "vscode": (), "mintty": (2, 9, 7), "hyper": (),
}  # fmt: skip
_FORGETS = ("ghostty",)
"""Take progress away where nothing has come for a while."""
_KNOWN = ("xterm", "rxvt", "foot", "alacritty", "konsole", "vte", "gnome", "contour", "mintty", "wezterm", "putty")
"""How TERM begins where there is a title; elsewhere there may be nothing at all."""
_TMUX_WITH_LINKS = (3, 4)
_PROGRAMS = {"iterm.app": "iterm2", "warpterminal": "warp", "rxvt-unicode": "rxvt", "urxvt": "rxvt"}
"""What programs call themselves → what they are called here."""
_SAID = re.compile(r"([a-z][a-z0-9_-]*)[ (]+([0-9][0-9.]*)")
"""A program's answer: kitty(0.35.2), iTerm2 3.6.6, WezTerm 20250209-182623-44866cc1."""


@dataclass(frozen=True)
class Signs:
    """Those that a terminal takes."""

    title: bool = False
    progress: bool = False
    forgets_progress: bool = False
    """Whether it must be told again now and then."""
    notice: str = ""
    """The number of the sequence for a notification; empty where there is none."""
    links: bool = False
    through_tmux: bool = False
    """Whether progress and notifications are for the terminal outside, which tmux passes them on to."""


def signs(environ: Mapping[str, str], client: Client | None = None, name: str = "") -> Signs:
    """What the terminal takes that the environment describes; `client` is what tmux says, `name` what it has answered
    to the question what it is, where it has."""
    between = multiplexer(environ)
    if between == "GNU screen" or not can_place_text(environ):
        return Signs()
    if between == "tmux":
        return _within_tmux(client)
    if not environ.get("TERM", "").lower().startswith(_KNOWN):
        return Signs()
    program, version = _named(name) or _in_environment(environ)
    return replace(_of(program, version), title=True)


def _within_tmux(client: Client | None) -> Signs:
    """tmux takes titles and links itself; of the rest it passes on what is wrapped, where it may."""
    if client is None:
        return Signs(title=True)
    links = _numbers(client.version) >= _TMUX_WITH_LINKS
    if not client.passes_on:
        return Signs(title=True, links=links)
    program, version = _named(client.kind) or (_of_term(client.term), ())
    return replace(_of(program, version), title=True, links=links, through_tmux=True)


def _of(program: str, version: Version) -> Signs:
    return Signs(
        progress=_is_new_enough(PROGRESS, program, version), forgets_progress=program in _FORGETS,
        notice=NOTICES.get(program, ""), links=_is_new_enough(LINKS, program, version),
    )  # fmt: skip


def _is_new_enough(table: Mapping[str, Version], program: str, version: Version) -> bool:
    """Whether it is in a table, and not older than it must be; of an unknown age it may be older."""
    return program in table and version >= table[program]


def _named(said: str) -> tuple[str, Version] | None:
    """A program and its version, as it says; None where it says nothing that is understood."""
    found = _SAID.match(said.strip().lower())
    return (_PROGRAMS.get(found[1], found[1]), _numbers(found[2])) if found else None


def _in_environment(environ: Mapping[str, str]) -> tuple[str, Version]:
    """A program and its version, as far as the environment tells. It may have come from another terminal that this one
    was started in, so what TERM says comes first."""
    if program := _of_term(environ.get("TERM", "")):
        own = environ.get("TERM_PROGRAM", "").lower() == program
        return program, _numbers(environ.get("TERM_PROGRAM_VERSION", "")) if own else ()
    for named, aged in (("TERM_PROGRAM", "TERM_PROGRAM_VERSION"), ("LC_TERMINAL", "LC_TERMINAL_VERSION")):
        if (said := environ.get(named, "").lower()) and said != "tmux":
            return _PROGRAMS.get(said, said), _numbers(environ.get(aged, ""))
    if environ.get("WT_SESSION"):
        return "windows terminal", ()
    if environ.get("ConEmuANSI", "").upper() == "ON":
        return "conemu", ()
    if found := _numbers(environ.get("KONSOLE_VERSION", "")):  # 260401
        return "konsole", (found[0] // 10_000, found[0] // 100 % 100)
    if found := _numbers(environ.get("VTE_VERSION", "")):  # 8000 is 0.80
        return "vte", found
    return ("kitty", ()) if environ.get("KITTY_WINDOW_ID") else ("", ())


def _of_term(term: str) -> str:
    """The program that a name in TERM tells; empty for names that many have."""
    words = term.lower().split("-")
    if words[0] == "xterm":
        return words[1] if len(words) > 1 and words[1] in ("kitty", "ghostty") else ""
    return words[0] if words[0] in ("foot", "alacritty", "rxvt", "contour", "wezterm", "mintty", "konsole") else ""


def _numbers(version: str) -> Version:
    """The numbers that a version begins with: "3.4a" is 3 and 4."""
    found = re.match(r"[^0-9]*([0-9]{1,9}(?:\.[0-9]{1,9})*)", version)
    return tuple(map(int, found[1].split("."))) if found else ()
