"""What is typed, as events; whatever bytes come, none ends, stalls or resizes the interface."""

from codecs import getincrementaldecoder
from collections.abc import Iterator
from contextlib import suppress

from textual._xterm_parser import XTermParser
from textual.events import Resize
from textual.message import Message

_PASTE_BEGINS, _PASTE_ENDS = "\x1b[200~", "\x1b[201~"


class Keyboard:
    """Decodes and parses input with Textual's parser, which it replaces when something has broken it."""

    def __init__(self) -> None:
        self._decode = getincrementaldecoder("utf-8")(errors="replace").decode
        self._parser = XTermParser()
        self._pasting = False

    def events(self, data: bytes, busy: bool = False) -> Iterator[Message]:
        """The events of some bytes; none of them for what means nothing, nor for letters that come while `busy`."""
        text = self._decode(data)
        if "\x1b" not in text:
            if self._pasting or not busy:
                yield from self._parsed(text)
            return
        for character in text:
            yield from self._parsed(character)
        begun, ended = text.rfind(_PASTE_BEGINS), text.rfind(_PASTE_ENDS)
        self._pasting = begun > ended if begun != ended else self._pasting

    def late_events(self) -> Iterator[Message]:
        """What was waiting for more, such as the escape key, and gets no more; to be asked now and then."""
        try:
            yield from self._sound(list(self._parser.tick()))
        except Exception:  # noqa: BLE001 (a broken sequence costs itself alone)
            self._parser = XTermParser()

    def close(self) -> None:
        with suppress(Exception):
            list(self._parser.feed(""))

    def _parsed(self, text: str) -> Iterator[Message]:
        try:
            yield from self._sound(list(self._parser.feed(text) if text else ()))
        except Exception:  # noqa: BLE001 (Textual's parser raises on numbers that are no character, say)
            self._parser = XTermParser()

    @staticmethod
    def _sound(events: list[Message]) -> Iterator[Message]:
        """Without sizes that the terminal claims in its input: the kernel knows the size."""
        return (event for event in events if not isinstance(event, Resize))
