"""The commands of a script that was started by hand: it has the run's lock itself, and listens at its socket.

A thread of its own talks to who gives commands, so that they are heard, and refused where they must be, at once; the
script obeys them between two steps.
"""

import os
import queue
import selectors
import threading
import time
from contextlib import suppress

from gan_tui.errors import told
from gan_tui.integrations.scripts.command_source import taken
from gan_tui.run.commands import Command, Reply
from gan_tui.run.control_server import ControlServer
from gan_tui.run.documents import SCRIPT
from gan_tui.run.folder import RunFolder
from gan_tui.run.hold import Hold

TICK_SECONDS = 1.0
"""Between two looks whether the run and its socket are still there."""
_JOIN_SECONDS = 2.0


class OwnSocket:
    """A `CommandSource` of the process that has the run's lock."""

    obeyed_for_it = ()

    def __init__(self, folder: RunFolder) -> None:
        """Takes the lock. Raises UserError where another process has it, OSError where it cannot be taken."""
        self._hold = Hold(folder, SCRIPT)
        self._commands: queue.SimpleQueue[Command] = queue.SimpleQueue()
        self._replies: queue.SimpleQueue[Reply] = queue.SimpleQueue()
        self.waiting = 0
        self.lost = self.deaf = ""
        self._last_words: str | None = None
        self._woken, self._wake = os.pipe()
        os.set_blocking(self._woken, False)
        os.set_blocking(self._wake, False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._woken, selectors.EVENT_READ, self._on_wake)
        self._server = self._listening(folder)
        self._thread = threading.Thread(target=self._serve, name="gan-tui commands", daemon=True)
        self._thread.start()

    def _listening(self, folder: RunFolder) -> ControlServer | None:
        """None where there is no place for a socket: then the run is only watched."""
        try:
            server = ControlServer(folder, self._selector, self._hear)
            self._hold.tell_address(server.address)
        except OSError as error:
            self.deaf = told(error)
            return None
        return server

    def _hear(self, command: Command) -> None:
        self._commands.put(command)
        self.waiting += 1

    def within(self, seconds: float) -> Command | None:
        command = taken(self._commands, seconds)
        if command is not None:
            self.waiting = self._commands.qsize()
        return command

    def answer(self, command: Command, ok: bool, text: str, step: int) -> None:
        self._replies.put(Reply(command.id, ok, text, step))
        self._wake_up()

    def close(self, last_words: str) -> None:
        self._last_words = last_words
        self._wake_up()
        if threading.current_thread() is not self._thread:
            self._thread.join(_JOIN_SECONDS)
        with suppress(OSError):
            os.close(self._hold.lock)

    def let_go(self) -> None:
        for descriptor in (self._hold.lock, self._woken, self._wake):
            with suppress(OSError):
                os.close(descriptor)
        if self._server:
            self._server.let_go()
        self._selector.close()

    def _wake_up(self) -> None:
        with suppress(OSError):  # so many wake-ups wait that one more changes nothing
            os.write(self._wake, b".")

    # In its own thread ------------------------------------------------------------------------------------

    def _on_wake(self) -> None:
        os.read(self._woken, 4096)
        self._pass_on_replies()

    def _pass_on_replies(self) -> None:
        while self._server and not self._replies.empty():
            self._server.answer(self._replies.get())

    def _serve(self) -> None:
        look_due = time.monotonic() + TICK_SECONDS
        while self._last_words is None:
            for key, _ in self._selector.select(TICK_SECONDS):
                key.data()
            if self._server:
                self._server.end_throttling()
            if time.monotonic() >= look_due:
                look_due = time.monotonic() + TICK_SECONDS
                self._look_after_run()
        if self._server:
            self._pass_on_replies()
            self._server.refuse_all(self._last_words, stopped=True)
            self._server.close()
        self._selector.close()
        for descriptor in (self._woken, self._wake):
            os.close(descriptor)

    def _look_after_run(self) -> None:
        self.lost = self.lost or self._hold.lost()
        with suppress(OSError):  # there is no room for a socket now: the next look tries again
            if self._server and not self.lost and self._server.rebind():
                self._hold.tell_address(self._server.address)
