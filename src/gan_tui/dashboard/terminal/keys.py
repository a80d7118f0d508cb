"""What is typed, as events; whatever bytes come, none ends, stalls or resizes the interface, or is taken for a key."""

import re
import sys
import time
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator
from contextlib import suppress

from textual._xterm_parser import (
    BRACKETED_PASTE_END,
    BRACKETED_PASTE_START,
    SPECIAL_SEQUENCES,
    XTermParser,
    _re_cursor_position,
    _re_mouse_event,
    _re_terminal_mode_response,
)
from textual.constants import ESCAPE_DELAY
from textual.events import Key, Paste, Resize
from textual.keys import Keys
from textual.message import Message

from gan_tui.dashboard.terminal.flow_control import ANSWER
from gan_tui.dashboard.terminal.pixel_answers import IDENTITY, PixelAnswers
from gan_tui.dashboard.terminal.sequences import BACKGROUND, ESC, Sequences

MOST_PATIENCE_SECONDS = 0.5
"""The longest that the rest of a sequence is waited for; the escape key is one that never goes on. Its two halves may
come as far apart as the link is long, but a person waits for the escape key; usually it is ESCAPE_DELAY, which is
$ESCDELAY where that is set, as for all programs, else 0.1 s."""
LATE_SECONDS = 1.0
"""How long the rest of any other sequence is waited for, so that it is not taken for keys; and of one whose escape was
taken for the key: nobody types `[A` so soon."""
MOST_TYPED = 64
"""Letters in one read: more were pasted in a terminal that does not mark what is pasted, and are no keys."""
PASTE_SECONDS = 5.0
"""How long the rest of a paste is waited for, on a link that has stalled."""
LEAVE_PASTE_SECONDS = 0.5
"""How long nothing follows an escape key with which a person gets out of a paste whose end was lost. What comes later
of a paste that had an escape in it, before such a gap, is taken for keys."""
_ESCAPES = (ESC, "\x1b[27u", "\x1b[27;1u")
"""The escape key, also as the Kitty protocol has it."""
_LATE_END = BRACKETED_PASTE_END.removeprefix(ESC)
"""The end of a paste whose escape has come long before the rest."""
_LATE_REST = re.compile(r"\[|O[A-DFHP-S]|\]\d|_G|P[0-9>+!]")
"""What comes behind the escape of a key, of what the mouse does, and of answers."""
_BRACKET = "["
_COLOR = re.compile(r"rgba?:([0-9a-f]{1,4})/([0-9a-f]{1,4})/([0-9a-f]{1,4})", re.IGNORECASE)
_REPORTED = re.compile(r"\x1b\[([0-9]{1,7})(?::[0-9]*)?(?::([0-9]{1,7}))?(?:;([0-9]{0,3})(?:;([0-9:]*))?)?u")
"""A key's number, the one that it has on a Latin layout, modifiers, text (the Kitty protocol)."""
_SHIFT, _CAPS, _LOCKS = 1, 64, 64 | 128
_LAST_OF_ASCII = 127
_KEYPAD = {57409: ".", 57410: "/", 57411: "*", 57412: "-", 57413: "+", 57415: "=", 57416: ","}
"""Keys of the number block by their numbers there: they are what they say, as those of its digits are."""
_KNOWN = (_re_cursor_position, _re_mouse_event, _re_terminal_mode_response)


class BackgroundKnown(Message):
    """The terminal has said, sooner or later, whether its background is light."""

    def __init__(self, is_light: bool) -> None:
        super().__init__()
        self.is_light = is_light


class Keyboard:
    """Decodes and parses input with Textual's parser, which it replaces when something has broken it."""

    def __init__(self, way: Callable[[], float] = lambda: 0.0) -> None:
        """`way` tells the seconds there and back to the terminal."""
        self._way = way
        self._decode = getincrementaldecoder("utf-8")(errors="replace").decode
        self._sequences, self._parser = Sequences(), XTermParser()
        self._pasting = False
        self._escaped_at: float | None = None
        """When an escape came in the midst of a paste, unless something has followed."""
        self._heard_at = 0.0
        self._gave_up_at: float | None = None
        """When an escape was taken for the key, unless something has followed."""
        self._is_late = False
        """Whether what waits has begun with such an escape."""
        self.on_answer: Callable[[], object] = lambda: None
        """Called when the terminal has answered that it is there."""
        self.on_goodbye: Callable[[], object] = lambda: None
        """Called when it has answered what is asked last."""
        self.on_pixels: Callable[[str], object] = lambda answer: None
        """Called with what it answers about pixels."""

    def events(self, data: bytes, busy: bool = False) -> Iterator[Message]:
        """The events of some bytes; none of them for what means nothing, nor for letters that come while `busy`."""
        pieces = list(self._sequences.feed(self._with_its_escape(self._decode(data))))
        if any(piece != ANSWER for piece in pieces) or not pieces:
            self._heard_at = time.monotonic()  # answers come all the time: a paste must not go on for as long
        for piece in pieces:
            if piece == ANSWER:
                self.on_answer()
            elif PixelAnswers.is_one(piece):
                self.on_pixels(piece)
                if IDENTITY.fullmatch(piece):
                    self.on_goodbye()
            elif piece.startswith(ESC + BACKGROUND):
                yield from _background(piece)
            else:
                yield from self._of_piece(piece, busy)

    def _with_its_escape(self, text: str) -> str:
        """What was typed, with the escape before it that was taken for the key."""
        if text:
            gave_up_at, self._gave_up_at = self._gave_up_at, None
            is_soon = gave_up_at is not None and time.monotonic() - gave_up_at < LATE_SECONDS
            self._is_late = is_soon and bool(_LATE_REST.match(text))
        return ESC + text if text and self._is_late else text

    def _of_piece(self, piece: str, busy: bool) -> Iterator[Message]:
        if self._escaped_at is not None and piece.startswith(_LATE_END):
            yield from self._end_paste()
            piece = piece.removeprefix(_LATE_END)
        self._escaped_at = None
        if piece in (BRACKETED_PASTE_START, BRACKETED_PASTE_END):
            self._pasting = piece == BRACKETED_PASTE_START
            yield from self._parsed(piece)
        elif not piece.startswith(ESC):
            if self._pasting:
                yield from self._parsed(piece)
            elif not busy:
                yield from self._parsed(piece) if len(piece) <= MOST_TYPED else [Paste(piece)]
        elif self._pasting:  # of what is pasted, only text arrives
            self._escaped_at = time.monotonic() if piece in _ESCAPES else None
        elif piece == ESC:
            yield Key("escape", ESC)
        else:
            yield from self._keys(piece[1:], alt=True) if len(piece) == 2 else self._of_sequence(piece)

    @property
    def waits(self) -> bool:
        """Whether `late_events` should be asked soon."""
        return self._sequences.waits or self._pasting

    def late_events(self) -> Iterator[Message]:
        """What was waiting for more, such as the escape key, and gets no more; to be asked now and then."""
        now = time.monotonic()
        silent = now - self._heard_at
        patience = max(ESCAPE_DELAY, min(self._way(), MOST_PATIENCE_SECONDS))
        if not self._sequences.waits_for_a_key:
            patience = LATE_SECONDS
        given_up = self._sequences.give_up() if self._sequences.waits and silent >= patience else ""
        if given_up == ESC and self._pasting:
            self._escaped_at = self._heard_at
        elif given_up == ESC:
            self._gave_up_at = now
            yield Key("escape", ESC)
        elif given_up == ESC + _BRACKET and self._is_late:  # typed after the escape key, then
            yield from self._parsed(_BRACKET)
        left = self._escaped_at is not None and now - self._escaped_at >= LEAVE_PASTE_SECONDS
        if left or silent >= PASTE_SECONDS:
            yield from self._end_paste()

    def _end_paste(self) -> Iterator[Message]:
        if self._pasting:
            self._pasting = False
            yield from self._parsed(BRACKETED_PASTE_END)

    def _of_sequence(self, sequence: str) -> Iterator[Message]:
        """Its events, if Textual knows it: any other it would take for its letters."""
        if sequence in SPECIAL_SEQUENCES or any(known.match(sequence) for known in _KNOWN):
            yield from self._parsed(sequence)
        elif found := _REPORTED.fullmatch(sequence):
            yield from self._of_report(*found.groups(""))
        else:
            yield from self._keys(sequence)

    def _of_report(self, code: str, base: str, modifiers: str, text: str) -> Iterator[Message]:
        """A key as the Kitty protocol reports it. Of another layout's, the place tells which Latin one it is; and a
        capital without the shift key is the caps lock's.
        """
        bits = int(modifiers or 1) - 1
        if said := _KEYPAD.get(int(code)):
            code = text if text.isdecimal() and 32 < int(text) < _LAST_OF_ASCII else str(ord(said))
            text = "" if bits & ~(_SHIFT | _LOCKS) else code
        is_other = int(code) > _LAST_OF_ASCII and 0 < int(base or 0) < _LAST_OF_ASCII
        key = chr(int(base)) if is_other else chr(int(code)) if bits & _CAPS and int(code) < _LAST_OF_ASCII else ""
        if not key.isalpha():
            yield from self._keys(f"\x1b[{code};{modifiers};{text}u" if text else f"\x1b[{code};{modifiers or 1}u")
            return
        typed = "" if bits & ~(_SHIFT | _LOCKS) else str(ord(key.upper() if bits & _SHIFT else key))
        own = int(text) if text.isdecimal() else int(code) if typed else 0
        for found in self._keys(f"\x1b[{ord(key)};{(bits & ~_LOCKS) + 1};{typed}u"):
            if isinstance(found, Key):
                yield Key(found.key, chr(own) if 0 < own <= sys.maxunicode else None)

    def _keys(self, sequence: str, alt: bool = False) -> Iterator[Message]:
        with suppress(Exception):  # Textual's parser raises on numbers that are no character, say
            found = self._parser._sequence_to_key_events(sequence, alt)
            sound = (key for key in found if key.key != Keys.Ignore and key.key.isprintable())
            yield from (Key("alt+backspace", None) if alt and key.key == "backspace" else key for key in sound)

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


def _background(answer: str) -> Iterator[Message]:
    """What a terminal's answer says of its background, a colour as X writes it: `rgb:RRRR/GGGG/BBBB`."""
    if found := _COLOR.search(answer):
        red, green, blue = (int(channel, 16) / (16 ** len(channel) - 1) for channel in found.groups())
        yield BackgroundKnown(is_light=0.3 * red + 0.59 * green + 0.11 * blue > 0.5)
