"""What is typed, as events; whatever bytes come, none ends, stalls or resizes the interface."""

from codecs import getincrementaldecoder
from collections.abc import Iterator
from contextlib import suppress

from textual._xterm_parser import XTermParser
from textual.events import Resize
from textual.message import Message


class Keyboard:
    """Decodes and parses input with Textual's parser, which it replaces when something has broken it."""

    def __init__(self) -> None:
        self._decode = getincrementaldecoder("utf-8")(errors="replace").decode
        self._parser = XTermParser()

    def events(self, data: bytes) -> Iterator[Message]:
        """The events of some bytes; none of them for what means nothing."""
        for character in self._decode(data):
            yield from self._parsed(character)

    def late_events(self) -> Iterator[Message]:
        """What was waiting for more, such as the escape key, and gets no more; to be asked now and then."""
        try:
            yield from self._sound(list(self._parser.tick()))
        except Exception:  # noqa: BLE001 (a broken sequence costs itself alone)
            self._parser = XTermParser()

    def close(self) -> None:
        with suppress(Exception):
            list(self._parser.feed(""))

    def _parsed(self, character: str) -> Iterator[Message]:
        try:
            yield from self._sound(list(self._parser.feed(character)))
        except Exception:  # noqa: BLE001 (Textual's parser raises on numbers that are no character, say)
            self._parser = XTermParser()

    @staticmethod
    def _sound(events: list[Message]) -> Iterator[Message]:
        """Without sizes that the terminal claims in its input: the kernel knows the size."""
        return (event for event in events if not isinstance(event, Resize))
