"""Takes the terminal, with the modes that an interface needs, and gives it back as it was found.

Giving it back, the writing thread ends first, and what waits to be painted goes with it. Then one write turns all modes
off and asks a last question, and input is read until that is answered: reports of the mouse and answers that were on
their way would else be typed into the shell.
"""

import os
import signal
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Resize
from textual.geometry import Size

from gan_tui.dashboard.terminal.flow_control import ASK, GOODBYE, FlowControl
from gan_tui.dashboard.terminal.output import TerminalOutput
from gan_tui.dashboard.terminal.rescue import LEAVE, SILENCE, Rescue, say
from gan_tui.system.signals import a_shell_waits, is_in_background
from gan_tui.system.standard_streams import Hush
from gan_tui.system.terminal import window

LEAVE_SECONDS = 2.0
"""How long a terminal that takes nothing may keep a program that wants to end."""
LAST_WORDS_SECONDS = 1.0
"""How long it is given, at least, to take what turns its modes off."""
ANSWER_SECONDS = 2.0
"""How long the terminal's last answer is waited for, at least, unless it is known to answer nothing."""


_PLAIN_KEYS = b"\x1b[?1l\x1b>"
"""Arrows and the number block as usual: a program that was killed may have left them otherwise."""


_FIRST_SCREEN = b"\x1b[0m\x1b[?1049l\x1b[?7h\x1b[?25h"
"""What was on the terminal before that program, which may have had no time to see to it."""


class _Alarm(threading.Event):
    """An event that also wakes who sleeps until a file can be read."""

    def __init__(self) -> None:
        super().__init__()
        self.heard_at, self._rung_at = os.pipe()

    def set(self) -> None:
        super().set()
        os.write(self._rung_at, b"!")


class TerminalModes(LinuxDriver):
    """Textual's driver for Unix terminals, with our own way in and out of its modes."""

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size or window())
        assert sys.__stdout__ is not None
        self._output = TerminalOutput(sys.__stdout__.fileno(), sys.__stdout__.encoding or "ascii")
        self._file = self._output  # type: ignore[assignment]  # where Textual's writing thread writes
        self._flow, self._hush = FlowControl(), Hush()
        self._fell_silent = threading.Event()
        """Whether the terminal has answered, behind all else that it may have sent, that it is being left."""
        self._goes_on = False
        """Whether what a stop has left is being set right."""
        self._identities = 0
        """Answers that are due to the question that is asked last: it is asked at the start, too."""
        self.exit_event = self._alarm = _Alarm()

    def show_again(self) -> None:
        """Send everything: something else has drawn on the terminal."""
        raise NotImplementedError

    @property
    def shown_size(self) -> tuple[int, int]:
        """(columns, rows) of what was sent."""
        raise NotImplementedError

    # Taken ----------------------------------------------------------

    def start_application_mode(self) -> None:
        """Take the terminal, or leave it as it was found where that fails."""
        if self._writer_thread is not None:  # stopped and continued while it was being taken
            return
        self._flow = FlowControl()  # also after a stop by the shell: it may be another terminal's window
        self._output.ended, Rescue.taken, self._identities = False, True, 0
        try:
            super().start_application_mode()  # type: ignore[no-untyped-call]
        except BaseException:  # no thread may be left to a process, say
            self.stop_application_mode()
            raise
        self._hush.begin()
        self._flow.asked()
        self.write(ASK)
        self._soon(self.show_again)  # also after a stop by the shell
        signal.signal(signal.SIGWINCH, self._window_changed)

    @property
    def can_suspend(self) -> bool:
        """Whether there is a shell to go back to."""
        return a_shell_waits()

    def _sigtstp_application(self, *_: object) -> None:
        """Go back to the shell, with what has started us: a script, say. It would wait for us, and the shell for it."""
        if self.can_suspend:
            self.stop_application_mode()
            before = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
            os.kill(0, signal.SIGTSTP)  # our process group, as at Ctrl-Z in any other program
            signal.signal(signal.SIGTSTP, before)

    def _sigcont_application(self, *_: object) -> None:
        """Go on. A stop that we were not told of has left the shell a terminal that was not given back: begin anew,
        once the terminal is ours. In the background that would stop us in its midst, and fg begin a second time there.
        """
        if self._auto_restart and not self._goes_on:
            self._goes_on = True
            try:
                self._wait_in_background()
                self._flow.answers = False  # as the shell has it, input comes by the line: no answer does
                self.stop_application_mode()
                self.start_application_mode()
            finally:
                self._goes_on = False

    def _wait_in_background(self) -> None:
        """Stand still until the shell brings us to the foreground, as whoever reads from its terminal does."""
        while self.can_suspend and is_in_background(self.fileno):
            before = signal.signal(signal.SIGTTIN, signal.SIG_DFL)
            os.kill(0, signal.SIGTTIN)
            signal.signal(signal.SIGTTIN, before)

    @contextmanager
    def lent(self) -> Iterator[None]:
        """The terminal is another program's, and is taken again whole, however that leaves it and whatever its window
        has become meanwhile.
        """
        interrupted = signal.getsignal(signal.SIGINT)
        with self.no_automatic_restart():
            self.stop_application_mode()
            before = self.attrs_before
            signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C is meant for that program
            try:
                yield
            finally:
                signal.signal(signal.SIGINT, interrupted)
                say(self._output.fileno(), SILENCE + _PLAIN_KEYS, LEAVE_SECONDS)
                if before is not None:
                    with suppress(termios.error):
                        termios.tcsetattr(self.fileno, termios.TCSAFLUSH, before)
                if self._app._exit:
                    say(self._output.fileno(), _FIRST_SCREEN, LEAVE_SECONDS)
                else:
                    self.start_application_mode()

    def _get_terminal_size(self) -> tuple[int, int]:
        return window(self._output.fileno())

    def _window_changed(self, *_: object) -> None:
        """News of the window's size. Where that is what it was, the terminal may still have lost what it showed: it was
        another for a moment, or another terminal has taken its place.
        """
        size = Size(*self._get_terminal_size())
        self.send_message(Resize(size, size))
        if size == self.shown_size:
            self._soon(self.show_again)

    def _query_in_band_window_resize(self) -> None:
        """Not asked for: the kernel says when the size has changed, and input must not."""

    def _run_input_thread(self) -> None:
        """What fails there is said as what fails elsewhere; Textual would show a traceback."""
        try:
            self.run_input_thread()
        except Exception as error:  # noqa: BLE001 (as Textual's own)
            self._soon(partial(self._app._handle_exception, error))

    def write(self, data: str) -> None:
        if self._writer_thread is not None and not self._output.gone:
            super().write(data)

    def _soon(self, call: Callable[[], object]) -> None:
        """Have the interface's thread do something."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(call)

    # Given back ----------------------------------------------------------

    def stop_application_mode(self) -> None:
        """Give the terminal back: what waits to be painted is not, and nothing is from now on."""
        if self._writer_thread is None:
            return
        self._fell_silent.clear()
        deadline = time.monotonic() + LEAVE_SECONDS
        if self._end_writing():
            ask = GOODBYE.encode() if self._is_heard else b""
            self._identities += bool(ask)
            words = SILENCE + Rescue.farewell() + ask + LEAVE
            if not say(self._output.fileno(), words, max(deadline - time.monotonic(), LAST_WORDS_SECONDS)):
                self._flow.answers = False  # to what it has not been asked
        Rescue.taken = False
        self._hush.end()
        self._end_input()
        if self.attrs_before is not None:
            with suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)

    @property
    def _is_heard(self) -> bool:
        """Whether the terminal answers, and is read: by a thread that may have failed."""
        return self._flow.answers and self._key_thread is not None and self._key_thread.is_alive()

    def _identified(self) -> None:
        """The terminal has said what it is: at the start, or that it has heard all."""
        self._identities -= 1
        if self._identities <= 0:
            self._fell_silent.set()

    def _end_writing(self) -> bool:
        """End the writing thread; a terminal that takes nothing any more is not waited for. Whether there was one."""
        thread, self._writer_thread = self._writer_thread, None
        self._output.ended = True
        if thread is None or not thread.is_alive():
            return False
        thread._queue.put(None)
        thread.join(LEAVE_SECONDS)
        return True

    def _end_input(self) -> None:
        """Take no more keys. What the terminal sent before it fell silent must not reach the shell as if typed."""
        signal.signal(signal.SIGWINCH, signal.SIG_DFL)
        if self._key_thread is not None and self._key_thread.is_alive():
            if self._flow.answers:
                self._fell_silent.wait(max(self._flow.patience, ANSWER_SECONDS))
            self.exit_event.set()
            self._key_thread.join()
            self.exit_event.clear()
        with suppress(termios.error):
            termios.tcflush(self.fileno, termios.TCIFLUSH)

    def disable_input(self) -> None:
        """Done with the rest, as the terminal is given back."""

    def close(self) -> None:
        """Nothing is open any more."""
