"""What a line comes to that was printed for a terminal: bars write over themselves, and colours are signs between."""

import re

_SEQUENCE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # colours, the cursor, what is erased
    r"|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\|\Z)"  # titles, and what else has a text
    r"|\x1b[ -/]*[0-Z\\^-~]"
)
_STATES = 8
"""Of a bar, that are looked at: the last may only erase."""
_UP = re.compile(r"(?:\r|\x1b\[[0-9;?]*[mKhl])*\x1b\[(\d{0,4})[AF]")


def came_to(line: str) -> str:
    """One line as a terminal shows it at last; of what a bar has written, the newest."""
    if line.isprintable():
        return line
    if line.count("\r") > _STATES:
        line = "\r".join(line.rsplit("\r", _STATES)[1:])  # of a bar of hours
    shown = _SEQUENCE.sub("", line).rstrip("\r").rpartition("\r")[2]
    return _without_what_was_taken_back(shown) if "\b" in shown else shown


def all_came_to(lines: list[str]) -> list[str]:
    """Several lines: where the cursor goes up, those that it goes back to are written over."""
    shown = list[str]()
    for line in lines:
        if "\x1b" in line and (up := _UP.match(line)):
            del shown[len(shown) - min(int(up[1] or 1), len(shown)) :]
        shown.append(came_to(line))
    return shown


def _without_what_was_taken_back(line: str) -> str:
    """Each backspace goes a place to the left, and what comes then writes over what stands there."""
    shown, at = list[str](), 0
    for character in line:
        if character == "\b":
            at = max(0, at - 1)
        else:
            shown[at : at + 1] = character
            at += 1
    return "".join(shown)
