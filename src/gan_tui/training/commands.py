"""The trainer's ear and mouth: commands come in on a pipe, answers go back once they have taken effect."""

import os
import queue
import signal
import threading
from typing import BinaryIO

from gan_tui.events import LONGEST_COMMAND, Answer, Command

STOP = Command("stop")


class Commands:
    """Commands in the order they came. The end of the pipe, SIGTERM and SIGINT count as `stop`."""

    def __init__(self, pipe: BinaryIO, answers: int) -> None:
        """`answers` is the file descriptor that answers are written to."""
        self._waiting: queue.SimpleQueue[Command] = queue.SimpleQueue()
        self._pipe, self._answers = pipe, answers
        threading.Thread(target=self._listen, name="commands", daemon=True).start()

    def obey_signals(self) -> None:
        """Turn signals into `stop`: a handler only notes it, the loop saves between two steps."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._waiting.put(STOP))

    def next(self, wait: bool) -> Command | None:
        """The next command; without one, None, or, if asked to wait, whenever one comes."""
        while True:
            try:  # in short waits, because a signal's handler runs only between them
                return self._waiting.get(block=wait, timeout=0.2)
            except queue.Empty:
                if not wait:
                    return None

    def within(self, seconds: float) -> Command | None:
        """The next command, or None when so many seconds bring none."""
        try:
            return self._waiting.get(timeout=seconds)
        except queue.Empty:
            return None

    def answer(self, command: Command, ok: bool, text: str, step: int) -> None:
        """Tell the sender what became of a command."""
        try:
            os.write(self._answers, Answer(command.id, ok, text, step).to_line())
        except OSError:
            return  # nobody is left to hear it

    def _listen(self) -> None:
        while line := self._pipe.readline(2 * LONGEST_COMMAND):
            try:
                self._waiting.put(Command.from_line(line))
            except ValueError:
                continue  # the supervisor has refused what is no command
        self._waiting.put(STOP)
