"""Asks a run something without making the interface wait: an answer may take as long as TensorFlow takes to load."""

import queue
import threading
from collections import deque
from collections.abc import Callable
from enum import Enum, auto
from typing import IO

from gan_tui.errors import UserError
from gan_tui.run.commands import Command, Reply
from gan_tui.run.folder import INSPECT, RunFolder
from gan_tui.supervision import launching
from gan_tui.supervision.control_client import Asked

OnReply = Callable[[Command, Reply], object]
MOST_UNANSWERED = 8
"""Questions that are under way at once: a key held down asks thirty a second, each over a connection of its own, and a
run lets in no more than some."""


class _News(Enum):
    """What the sending thread is told beside commands."""

    ANSWERED = auto()
    """A question is."""
    CLOSED = auto()


class RunRequests:
    """What a screen asks of a run: sent in order by one thread, so that what was asked last is what lasts.

    Where too many questions are unanswered, further ones wait, and them alone: a run is stopped and paused past them.
    A question (`set`) to a run that is not training opens its last checkpoint first, to be looked at, until `close`.
    The threads are daemons of our own, not workers of the interface: leaving must never wait for an answer.
    """

    def __init__(self, folder: RunFolder, on_reply: OnReply, opens: bool = True) -> None:
        """`on_reply` is told what became of each command, in a thread; `opens` a run that is not training, to ask."""
        self._folder, self._on_reply, self._opens = folder, on_reply, opens
        self._news: queue.SimpleQueue[Command | _News] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._opened: IO[bytes] | None = None
        """While it is open, the run is open for viewing."""
        self._begun = self._closed = False

    def ask(self, command: Command) -> None:
        """Send a command after those before it, but past questions that wait for their turn."""
        if not self._begun:
            self._begun = True
            threading.Thread(target=self._send_all, name=f"ask {self._folder.name}", daemon=True).start()
        self._news.put(command)

    def close(self) -> None:
        """Nobody asks any more; what was asked is still sent, and what was opened for viewing ends."""
        self._news.put(_News.CLOSED)
        with self._lock:
            self._closed = True
            self._let_go()

    def _send_all(self) -> None:
        questions, room, is_closed = deque[Command](), MOST_UNANSWERED, False
        while questions or not is_closed:
            match self._news.get():
                case _News.ANSWERED:
                    room += 1
                case _News.CLOSED:
                    is_closed = True
                case Command(name="set") as question:
                    questions.append(question)
                case command:
                    self._send(command)
            if questions and room:
                room -= 1
                self._send(questions.popleft())

    def _send(self, command: Command) -> None:
        try:
            if self._opens and command.name == "set" and not self._folder.is_held():
                self._open()
            asked = Asked(self._folder, command)
        except UserError as error:
            self._told(command, Reply(0, False, str(error)))
        else:
            wait = threading.Thread(target=self._wait, args=(command, asked), name=f"ask {command.name}", daemon=True)
            wait.start()

    def _wait(self, command: Command, asked: Asked) -> None:
        try:
            reply = asked.reply()
        except UserError as error:
            reply = Reply(0, False, str(error))
        self._told(command, reply)

    def _told(self, command: Command, reply: Reply) -> None:
        if command.name == "set":
            self._news.put(_News.ANSWERED)
        self._on_reply(command, reply)

    def _open(self) -> None:
        """Open the run for viewing, unless the screen has been left; if it is left meanwhile, let go of it at once."""
        if self._closed:
            return
        opened = launching.launch(self._folder, INSPECT)
        with self._lock:
            self._let_go()
            self._opened = opened
            if self._closed:
                self._let_go()

    def _let_go(self) -> None:
        if self._opened:
            self._opened.close()
        self._opened = None
