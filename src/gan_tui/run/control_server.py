"""A run's control socket, as who has the run listens at it: one JSON line asks, one answers once the command has taken
effect.

Only the user who started a run may speak to it: the socket lies in a private folder and is private itself,
and the peer's user id is checked. Clients are bounded in number, in bytes, in commands a second and in commands
that wait, so that a broken one costs the training and the other clients nothing.
"""

import dataclasses
import errno
import os
import selectors
import socket
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from gan_tui.run.commands import LONGEST_COMMAND, Command, Reply
from gan_tui.run.folder import RunFolder
from gan_tui.run.socket_address import socket_address
from gan_tui.system.paths import keep_private

MOST_CLIENTS = 32
MOST_PENDING = 64
"""Commands of one client that may wait for their answers."""
RATE = 200
"""Commands a second of one client, and as many at once."""
THROTTLE_SECONDS = 1.0
"""A client that was too fast is not read from for so long."""
READ_BYTES = 1 << 16
"""What is read from one client before the others have their turn."""
MOST_UNSENT = 1 << 18
"""Bytes of replies that a client may leave unread before it is hung up on."""
_NO_ROOM = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
"""Why nobody can be let in for now, whoever waits outside."""


@dataclasses.dataclass(eq=False)
class _Client:
    """Somebody who is connected."""

    connection: socket.socket
    last_read_at: float
    counted_at: float
    partial_line: bytearray = dataclasses.field(default_factory=bytearray)
    """The beginning of a line whose end has not come."""
    unsent: bytearray = dataclasses.field(default_factory=bytearray)
    """Replies that it has not taken."""
    registered: int = 0
    """What the selector waits for: events of `selectors`."""
    pending: int = 0
    """Commands that were not answered yet."""
    allowance: float = RATE
    """Commands it may give at once; it grows back with time."""
    throttled_until: float = 0.0

    def spend(self, now: float) -> bool:
        """Count a command; False when there were too many of late."""
        self.allowance = min(RATE, self.allowance + RATE * (now - self.counted_at))
        self.counted_at = now
        if self.allowance < 1:
            return False
        self.allowance -= 1
        return True


class ControlServer:
    """Accepts clients, hands their commands on, and gives the replies back to whoever asked."""

    def __init__(
        self,
        folder: RunFolder,
        selector: selectors.BaseSelector,
        handle: Callable[[Command], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`handle` takes a command under a number of our own; `answer` gives its outcome back."""
        self._folder, self._selector, self._handle, self._clock = folder, selector, handle, clock
        self._clients: dict[_Client, None] = {}
        self._pending: dict[int, tuple[_Client, Command]] = {}
        self._number = 0
        self._accepts_from = 0.0
        """When new clients are looked for again, where this process could open nothing more; 0 while they are."""
        self._listen()

    def _listen(self) -> None:
        self.address = socket_address(self._folder)
        self.address.unlink(missing_ok=True)  # a stale one: the lock says that nobody else listens
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            listener.bind(str(self.address))
            keep_private(self.address)
            listener.listen(MOST_CLIENTS)
        except OSError:
            listener.close()
            raise
        listener.setblocking(False)
        self._listener, self._bound, self._accepts_from = listener, _file_at(self.address), 0.0
        self._selector.register(listener, selectors.EVENT_READ, self._accept)

    def rebind(self) -> bool:
        """Listen again where the socket's file has gone, as when old files were cleaned away; True when it had."""
        if _file_at(self.address) == self._bound:
            return False
        lost = self._listener
        self._listen()  # raises where there is no room for a socket: then the next look tries again
        _ignore(self._selector, lost)
        lost.close()
        return True

    @property
    def is_asked(self) -> bool:
        """Whether somebody waits for an answer."""
        return bool(self._pending)

    def answer(self, reply: Reply) -> None:
        """Pass a reply on to the client whose command had that number."""
        client, command = self._pending.pop(reply.id, (None, None))
        if client and command:
            client.pending -= 1
            self._send(client, dataclasses.replace(reply, id=command.id))

    def refuse_all(self, reason: str, stopped: bool) -> None:
        """Answer all that is pending for a trainer that has ended; `stopped`: as a `stop` wanted it to."""
        for number, (_, command) in list(self._pending.items()):
            self.answer(Reply(number, stopped and command.name == "stop", reason))

    def close(self) -> None:
        for client in list(self._clients):
            self._drop(client)
        _ignore(self._selector, self._listener)
        self._listener.close()
        self.address.unlink(missing_ok=True)

    def let_go(self) -> None:
        """Close our copies of all that is open, in a process forked from the one that listens: who is connected must
        not wait for us. The selector is shared with that process, so nothing is taken out of it."""
        for client in self._clients:
            client.connection.close()
        self._listener.close()

    def _accept(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except OSError as error:
            if error.errno in _NO_ROOM:  # it stays readable, so that a loop would never rest
                _ignore(self._selector, self._listener)
                self._accepts_from = self._clock() + THROTTLE_SECONDS
            return  # else gone before it was let in
        if _peer_user(connection) not in (os.getuid(), 0) or not self._has_room():
            connection.close()
            return
        connection.setblocking(False)
        now = self._clock()
        client = _Client(connection, now, now)
        self._clients[client] = None
        self._register(client)

    def _has_room(self) -> bool:
        """Whether one more may come in; of those who wait for nothing, the one silent for longest makes room."""
        if len(self._clients) >= MOST_CLIENTS:
            silent = [client for client in self._clients if not client.pending]
            if not silent:
                return False
            self._drop(min(silent, key=lambda client: client.last_read_at))
        return True

    def _register(self, client: _Client) -> None:
        """Have the selector wait for what matters of a client now."""
        reads = 0 if client.throttled_until else selectors.EVENT_READ
        wanted = reads | (selectors.EVENT_WRITE if client.unsent else 0)
        if wanted == client.registered:
            return
        if client.registered:
            self._selector.unregister(client.connection)
        if wanted:
            self._selector.register(client.connection, wanted, lambda: self._serve(client))
        client.registered = wanted

    def end_throttling(self) -> None:
        """Read again from those whose time is over, and let others in; to be called now and then."""
        now = self._clock()
        if 0 < self._accepts_from <= now:
            self._accepts_from = 0.0
            self._selector.register(self._listener, selectors.EVENT_READ, self._accept)
        for client in self._clients:
            if 0 < client.throttled_until <= now:
                client.throttled_until = 0.0
                self._register(client)

    def _serve(self, client: _Client) -> None:
        """Take from a client, and give it, what can be without waiting; it may have been dropped in this very turn."""
        if client in self._clients and client.unsent:
            self._flush(client)
        if client in self._clients and not client.throttled_until:
            self._receive(client)

    def _receive(self, client: _Client) -> None:
        try:
            data = client.connection.recv(READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        client.last_read_at = self._clock()
        *lines, rest = data.split(b"\n")
        if lines:
            lines[0] = bytes(client.partial_line) + lines[0]
            client.partial_line.clear()
        client.partial_line += rest
        if not data or max(len(client.partial_line), *map(len, lines), 0) >= LONGEST_COMMAND:
            self._drop(client)
            return
        for line in lines:
            self._handle_line(client, line)

    def _handle_line(self, client: _Client, line: bytes) -> None:
        if client not in self._clients:
            return  # it did not want its last answer
        in_time = client.spend(self._clock())
        number, refusal = 0, ""
        try:
            command = Command.from_line(line)
            number = command.id
        except ValueError as error:
            refusal = f"Invalid command: {error}."
        if client.pending >= MOST_PENDING:
            refusal = f"{MOST_PENDING} commands are already waiting for answers; try again."
        if not in_time:
            refusal = f"More than {RATE} commands a second: this one was ignored."
            self._throttle(client)
        if refusal:
            self._send(client, Reply(number, False, refusal))
            return
        self._number += 1
        client.pending += 1
        self._pending[self._number] = (client, command)
        self._handle(dataclasses.replace(command, id=self._number))

    def _throttle(self, client: _Client) -> None:
        client.throttled_until = self._clock() + THROTTLE_SECONDS
        self._register(client)

    def _send(self, client: _Client, reply: Reply) -> None:
        if client in self._clients:
            client.unsent += reply.to_line()
            self._flush(client)

    def _flush(self, client: _Client) -> None:
        try:
            del client.unsent[: client.connection.send(client.unsent)]
        except BlockingIOError:
            if len(client.unsent) > MOST_UNSENT:
                self._drop(client)
                return
        except OSError:
            self._drop(client)
            return
        self._register(client)

    def _drop(self, client: _Client) -> None:
        if client in self._clients:
            del self._clients[client]
            if client.registered:
                self._selector.unregister(client.connection)
            client.connection.close()


def _ignore(selector: selectors.BaseSelector, listener: socket.socket) -> None:
    with suppress(KeyError):  # it is ignored already
        selector.unregister(listener)


def _file_at(path: Path) -> tuple[int, int] | None:
    """What tells one file from another that took its name."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _peer_user(connection: socket.socket) -> int:
    """The user id at the other end; our own where the system cannot tell (the private folder guards then)."""
    if not hasattr(socket, "SO_PEERCRED"):
        return os.getuid()
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return int(struct.unpack("3i", credentials)[1])
