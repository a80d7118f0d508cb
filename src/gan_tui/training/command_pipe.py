"""The trainer's end of the pipes: commands come in on one, answers go back on another once they have taken effect."""

import _thread
import os
import queue
import signal
import threading
import time
from typing import BinaryIO

from gan_tui.run.commands import LONGEST_COMMAND, Command, Reply
from gan_tui.system import signals

ORPHANED = Command("stop", setting="orphaned")
"""A stop because there is nobody any more who could give commands."""


class StoppedEarly(BaseException):
    """Asked to stop before training began: there is nothing to save yet.

    No Exception, because nothing that a start does may take it for a failure of its own.
    """


class CommandPipe:
    """Commands in the order they came. The end of the pipe, and signals that end, count as `stop`."""

    def __init__(self, pipe: BinaryIO, answers: int) -> None:
        """`answers` is the file descriptor that answers are written to."""
        self._waiting: queue.SimpleQueue[Command] = queue.SimpleQueue()
        self._pipe, self._answers = pipe, answers
        self._begun = True
        self._stopped = False
        self.failure: Exception | None = None
        """What another thread has met, for whoever asks for commands."""
        self.stopped_early = False
        """Whether StoppedEarly was raised: what an interrupted start raises afterwards is no failure."""
        threading.Thread(target=self._listen, name="commands", daemon=True).start()

    def obey_signals(self) -> None:
        """Turn signals into `stop`: a handler only notes it, the loop saves between two steps.

        Until `begin`, there is no loop: a signal or a `stop` raises StoppedEarly in the main thread.
        """
        self._begun = False
        for number in signals.STOPPING:
            signal.signal(number, self._on_signal)
        signals.taken_again()  # the supervisor held them back
        if self._stopped:
            self._stop_early()

    def begin(self) -> None:
        """From now on the loop asks for the commands, those that came before included."""
        self._begun = True

    def _on_signal(self, number: int, _: object) -> None:
        self._put(Command("stop", setting=signal.Signals(number).name))
        self._stop_early()

    def _stop_early(self) -> None:
        if not self._begun:
            self._begun = True  # once is enough: what the end of the process does must not be interrupted, too
            self.stopped_early = True
            raise StoppedEarly

    def _put(self, command: Command) -> None:
        self._stopped = self._stopped or command.name == "stop"
        self._waiting.put(command)

    @property
    def is_asked_to_stop(self) -> bool:
        """Whether a `stop` has come, though whoever is to obey it may be busy elsewhere."""
        return self._stopped

    def refuse_all(self, text: str) -> None:
        """Reply whatever came before a `stop` that was obeyed at once, and that `stop`."""
        while (command := self.next()) is not None:
            self.answer(command, command.name == "stop", text, 0)

    def next(self) -> Command | None:
        """The next command, if there is one."""
        return self.within(0)

    def within(self, seconds: float) -> Command | None:
        """The next command, or None when so many seconds bring none. Raises `failure`."""
        deadline = time.monotonic() + seconds
        while True:
            if self.failure:
                raise self.failure
            left = max(0.0, deadline - time.monotonic())
            try:  # in short waits, because a signal's handler runs only between them
                return self._waiting.get(timeout=min(left, 0.2))
            except queue.Empty:
                if not left:
                    return None

    def answer(self, command: Command, ok: bool, text: str, step: int) -> None:
        """Tell the sender what became of a command."""
        try:
            os.write(self._answers, Reply(command.id, ok, text, step).to_line())
        except OSError:
            return  # nobody is left to hear it

    def _listen(self) -> None:
        while line := self._pipe.readline(2 * LONGEST_COMMAND):
            try:
                self._hear(Command.from_line(line))
            except ValueError:
                continue  # the supervisor has refused what is no command
        self._hear(ORPHANED)

    def _hear(self, command: Command) -> None:
        self._put(command)
        if command.name == "stop" and not self._begun:
            _thread.interrupt_main(signal.SIGTERM)
