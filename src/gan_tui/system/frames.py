"""Words between two programs through a pipe into which others print, too: what a shell says at a login, say.

Each is a line of JSON behind a mark that nobody else prints; whatever has none is noise, and kept apart.
"""

from typing import Any

import orjson

MARK = b"\x1egan-tui\x1e"
MOST = 1 << 26
"""Bytes of a line."""


def framed(words: dict[str, Any]) -> bytes:
    """A line of its own, also behind what ends in the midst of one."""
    return b"\n" + MARK + orjson.dumps(words) + b"\n"


class Frames:
    """What comes out of such a pipe, taken apart."""

    def __init__(self, most: int = MOST) -> None:
        self._most, self._unread = most, b""

    def read(self, data: bytes) -> tuple[list[dict[str, Any]], bytes]:
        """(the words that are whole by now, noise)"""
        *lines, self._unread = (self._unread + data).split(b"\n")
        if len(self._unread) > self._most:
            lines, self._unread = [*lines, self._unread], b""
        words, noise = [], b""
        for line in lines:
            before, mark, frame = line.rpartition(MARK)
            found = _object(frame) if mark else None
            if found is not None:
                words.append(found)
            noise += before if found is not None else line + b"\n" if line.strip() else b""
        return words, noise


def _object(frame: bytes) -> dict[str, Any] | None:
    try:
        found = orjson.loads(frame)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
