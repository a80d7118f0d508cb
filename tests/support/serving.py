"""A run that is held and answers commands, without a trainer."""

import fcntl
import os
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable

import orjson

from gan_tui.run import control_server
from gan_tui.run import lock as run_lock
from gan_tui.run.commands import Command, Reply
from gan_tui.run.folder import RunFolder


class Serving:
    """A control server in a thread, over a run whose lock is held.

    `behave` says what becomes of a command, `clock` what time it is.
    """

    def __init__(self, folder: RunFolder) -> None:
        self.folder = folder
        self.behave: Callable[[Command], None] = self.do_it
        self.clock: Callable[[], float] = time.monotonic
        self.commands: list[Command] = []
        self.rebound = 0
        self._lock = folder.lock_file.open("wb")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        self.selector = selectors.DefaultSelector()
        self._stop, self._wake = os.pipe()
        self.selector.register(self._stop, selectors.EVENT_READ, lambda: None)
        self.server = control_server.ControlServer(folder, self.selector, self._handle, lambda: self.clock())
        self._lock.write(orjson.dumps({"pid": os.getpid(), "socket": str(self.server.address)}))
        self._lock.flush()
        self.broken: BaseException | None = None
        self._calls: deque[Callable[[], object]] = deque()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _handle(self, command: Command) -> None:
        self.commands.append(command)
        self.behave(command)

    def do_it(self, command: Command) -> None:
        self.server.answer(Reply(command.id, True, f"{command.name} done", 7))

    def _serve(self) -> None:
        try:
            while not any(key.fd == self._stop for key, _ in self._turn()):
                pass
        except BaseException as error:  # noqa: BLE001 (shown by the test that caused it)
            self.broken = error
        self.server.close()

    def _turn(self) -> list[tuple[selectors.SelectorKey, int]]:
        ready = self.selector.select(0.05)
        for key, _ in ready:
            key.data()
        self.server.end_throttling()
        self.rebound += self.server.rebind()
        while self._calls:
            self._calls.popleft()()
        return ready

    def soon(self, call: Callable[[], object]) -> None:
        """Have the server's thread do something: it is made for one."""
        self._calls.append(call)

    def end(self, *_: object) -> None:
        """As when the trainer has ended."""
        os.write(self._wake, b".")

    def describe(self) -> None:
        """Write the lock's file as a supervisor does, with room for what is wrong."""
        with self.folder.lock_file.open("r+b") as lock:
            run_lock.describe(lock.fileno(), {"socket": str(self.server.address)})

    def close(self) -> None:
        self.end()
        self._thread.join()
        self._lock.close()
        os.close(self._stop)
        os.close(self._wake)

    def connect(self) -> socket.socket:
        client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        client.settimeout(5)
        client.connect(str(self.server.address))
        return client
