"""The sequences for a terminal's own signs: its title, progress in its tab, a notification, a link.

Each is a control string, which ends with ST; so no word in one may have a control character, nor a byte that is one
where the terminal knows no UTF-8.
"""

from enum import IntEnum

from gan_tui.text import clipped, harmless, plain

OSC, ST = "\x1b]", "\x1b\\"
KEEP_TITLE, GIVE_BACK_TITLE = "\x1b[22;2t", f"{OSC}2;{ST}\x1b[23;2t"
"""xterm's. Empty is the terminal's own, where it keeps none."""
END_LINK = f"{OSC}8;;{ST}"
LONGEST_TITLE, LONGEST_NOTICE = 100, 300
"""Cells."""


class Doing(IntEnum):
    """What progress is of, as OSC 9;4 counts it."""

    NOTHING = 0
    TRAINING = 1
    FAILED = 2
    PAUSED = 4


def title(words: str) -> str:
    """Of the terminal's window, or of its tab."""
    return f"{OSC}2;{words}{ST}"


def progress(doing: Doing, percent: int) -> str:
    """In its tab, or in the taskbar."""
    return f"{OSC}9;4;{doing};{percent}{ST}" if doing else f"{OSC}9;4;0{ST}"


def notice(kind: str, name: str, words: str) -> str:
    """A notification of the program of that name, as a `kind` of terminal takes it (`system/signs.py`)."""
    if kind == "99":  # shown only where the window is not looked at; a newer one takes its place
        head = f"{OSC}99;i={name}:o=unfocused:"
        return f"{head}d=0;{name}{ST}{head}d=1:p=body;{words}{ST}"
    if kind == "777":
        return f"{OSC}777;notify;{name};{words.replace(';', ',')}{ST}"
    return f"{OSC}9;{name}: {words}{ST}"


def link(uri: str) -> str:
    """What is written from now on leads there; nowhere, where that is empty."""
    return f"{OSC}8;;{uri}{ST}"


def spoken(words: str, longest: int, is_utf8: bool = True) -> str:
    """Words as they may stand in one of these."""
    safe = harmless(words, longest)
    return clipped(safe if is_utf8 else plain(safe), longest, "…" if is_utf8 else ".")
