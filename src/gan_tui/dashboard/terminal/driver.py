"""Textual's driver for Unix terminals, with our own way out (changed cells) and in (any bytes).

A second thread writes, so that a dead link holds nobody up. But Python gives it its turn only after 5 ms of others'
work, and the system moves a pty's bytes when a core is free: so the interface waits until what it sent was taken, 3 ms
at most. A window of another size is there 4 ms sooner, the slowest of 60 keys over 56 kbit/s after 140 ms instead of
200.
"""

import asyncio
import os
import selectors
import signal
import time
from functools import partial
from typing import Any

from textual import events
from textual._compositor import CompositorUpdate
from textual.app import App
from textual.color import Color
from textual.geometry import Size
from textual.message import Message

from gan_tui.dashboard.terminal.flow_control import ASK
from gan_tui.dashboard.terminal.glyphs import Glyphs
from gan_tui.dashboard.terminal.keys import Keyboard
from gan_tui.dashboard.terminal.modes import TerminalModes
from gan_tui.dashboard.terminal.pixel_answers import ASK_NAME, NAME
from gan_tui.dashboard.terminal.pixels import Pixels
from gan_tui.dashboard.terminal.screen_diff import ScreenDiff
from gan_tui.dashboard.terminal.sequences import ESC
from gan_tui.dashboard.terminal.signs import TerminalSigns
from gan_tui.dashboard.terminal.styles import Looks
from gan_tui.drawing.terminal import Terminal
from gan_tui.system.terminal import cell_pixels

HANDOVER_SECONDS = 0.003
"""How long the interface leaves the cores to the writing thread and to the system, which would else wait for it. A link
that takes longer is not waited for."""
EFFECT_SECONDS = 0.5
"""What is drawn within this time of a key is taken for what the key does."""
MOST_WAITING = 250
"""Keys that wait to be carried out; more of them are dropped, as a keyboard does: nobody types so fast."""
NAME_PLACES = "\x1b[=4;2u"
"""With a key also its place on a Latin layout (the Kitty protocol), beside what Textual asks for."""
ASK_BACKGROUND = "\x1b]11;?\x1b\\"
"""Which colour the background has (xterm's OSC 11). It is not waited for: the answer may come at any time, or never."""
SYNC_START, SYNC_END = "\x1b[?2026h", "\x1b[?2026l"


class TerminalDriver(TerminalModes):
    """Sends the cells that differ from what the terminal shows, and only when it has taken what was sent before."""

    terminal = Terminal()
    """What the terminal can show; set by the app before the driver is made."""
    may_be_asked = False
    """Whether it knows the question for the colour of its background."""

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._output.on_empty = lambda: self._soon(self._sent)
        self._output.on_gone = lambda: self._soon(self._leave)
        self._looks = Looks(self.terminal.colors)
        self._diff = ScreenDiff(self._looks, Glyphs(self.terminal))
        self.pixels = Pixels(self._diff, self._soon, self._send, app.show_in_pixels)  # type: ignore[attr-defined]
        self.signs = TerminalSigns(self._send, lambda seconds, call: self._loop.call_later(seconds, call))
        self._sending = False
        self._patience: asyncio.TimerHandle | None = None
        self._presses, self._pressed_at = 0, 0.0
        if self.signs.takes.links:
            self._diff.take_links()
        self.follow_theme()

    # Out ----------------------------------------------------------

    def show(self, update: CompositorUpdate, size: Size) -> bool:
        """Make the terminal show what the interface has drawn, as soon as it takes it.

        Returns False where that is a part of a window of another size than before: it needs the whole.
        """
        asked_for = time.monotonic() - self._pressed_at < EFFECT_SECONDS
        if not self._diff.want(update, size.width, size.height, self._presses if asked_for else 0):
            return False
        self._send()
        return True

    def show_again(self) -> None:
        """Send everything: something else has drawn on the terminal."""
        self._diff.forget()
        self.pixels.send_again()
        self._send()

    def follow_theme(self) -> None:
        """The app's background may have another colour."""
        self._looks.paper_is(Color.parse(self._app.current_theme.background or "black").rich_color)

    def _send(self) -> None:
        if self._sending or self._writer_thread is None:
            return  # what has changed meanwhile is sent in one, when the terminal has taken this
        if sequence := self.signs.due() + (self._diff.difference(self._flow.piece) or self.pixels.due()):
            self._sending = True
            if self._flow.answers:
                self._flow.sent(len(sequence))
                sequence += ASK
            at_once = self._app._sync_available  # whether the terminal shows what lies between two marks at once
            self._output.taken.clear()
            self.write(f"{SYNC_START}{sequence}{SYNC_END}" if at_once else sequence)
            self._output.taken.wait(HANDOVER_SECONDS)

    def _sent(self) -> None:
        """The way to the terminal has taken what was sent."""
        if self._flow.waits:
            self._be_patient()
        else:
            self._go_on()

    def _be_patient(self) -> None:
        if self._patience:
            self._patience.cancel()
        self._patience = self._loop.call_later(self._flow.patience, self._go_on_if_lost)

    def _answered(self) -> None:
        """The terminal has shown what was sent, now or longer ago."""
        waited = self._flow.waits
        self._flow.answered()
        self.consider_pixels()
        if waited and not self._flow.waits:
            self._go_on()

    def _go_on_if_lost(self) -> None:
        if self._flow.is_lost():
            self._go_on()
        elif self._flow.waits:  # longer than was thought when it was sent
            self._be_patient()

    def _go_on(self) -> None:
        self._sending = False
        self._send()

    def start_application_mode(self) -> None:
        self._sending = False
        super().start_application_mode()
        self.write(NAME_PLACES + self.signs.begin())
        if self.may_be_asked:
            self.write(ASK_BACKGROUND)
        if questions := self.pixels.questions():
            self._identities += 1
            self.write(questions)
        elif self.signs.may_be_asked:
            self.write(ASK_NAME)

    def consider_pixels(self) -> None:
        """Images may be shown in pixels from now on, or not any more."""
        self.pixels.consider(self._flow, cell_pixels(self._output.fileno()))

    @property
    def shown_size(self) -> tuple[int, int]:
        return self._diff.size

    @property
    def is_behind(self) -> bool:
        """Whether the terminal does not show yet all that it should."""
        return self._diff.is_behind

    def _leave(self) -> None:
        """The terminal has vanished: there is nobody to show anything to."""
        self._app.exit(return_code=128 + signal.SIGHUP)

    # In ----------------------------------------------------------

    def run_input_thread(self) -> None:
        """Read what is typed until the interface ends or the terminal has vanished."""
        keyboard = Keyboard(lambda: self._flow.way)
        keyboard.on_answer = lambda: self._soon(self._answered)
        keyboard.on_goodbye = self._identified
        keyboard.on_pixels = lambda answer: self._soon(partial(self._told, answer))
        with selectors.PollSelector() as selector:  # Textual's takes no descriptor beyond 1,023
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(self._alarm.heard_at, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                ready = {key.fd for key, _ in selector.select(0.02 if keyboard.waits else None)}
                if self._alarm.heard_at in ready:
                    os.read(self._alarm.heard_at, 1)
                elif ready:
                    data = self._read()
                    if not data:
                        self._fell_silent.set()
                        self._soon(self._leave)
                        return
                    for event in keyboard.events(data, self._is_busy()):
                        self.process_message(event)
                for event in keyboard.late_events():
                    self.process_message(event)
        keyboard.close()

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, 4096)
        except OSError:
            return b""

    def _is_busy(self) -> bool:
        """Whether so much waits to be carried out that no person can have typed it."""
        waiting = len(self._app.typed_ahead)  # type: ignore[attr-defined]
        return bool(waiting + self._app._message_queue.qsize() >= MOST_WAITING)

    def _told(self, answer: str) -> None:
        """The terminal has said something of itself."""
        self.pixels.take(answer)
        if answer.startswith(f"{ESC}{NAME}"):
            self.signs.called(answer.removeprefix(f"{ESC}{NAME}"))
            if self.signs.takes.links and self._diff.take_links():
                self._send()

    def process_message(self, message: Message) -> None:
        self.signs.heard(message)
        if not (isinstance(message, events.Key | events.MouseEvent) and self._is_busy()):
            super().process_message(message)
            if isinstance(message, events.Key | events.MouseDown | events.MouseScrollDown | events.MouseScrollUp):
                self._soon(self._pressed)

    def _pressed(self) -> None:
        """What is drawn next is likely to be what a key does."""
        self._presses, self._pressed_at = self._presses + 1, time.monotonic()
