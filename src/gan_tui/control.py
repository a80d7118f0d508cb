"""The control socket, both ends: one JSON line asks, one JSON line answers once the command has taken effect.

Only the user who started a run may speak to it: the socket lies in a private folder and is private itself,
and the peer's user id is checked.
"""

import dataclasses
import hashlib
import os
import selectors
import socket
import stat
import struct
import tempfile
from collections.abc import Callable
from pathlib import Path

from gan_tui.errors import TRAINING_FAILED, UserError
from gan_tui.events import LONGEST_COMMAND, Answer, Command
from gan_tui.run_folder import RunFolder

MOST_CLIENTS = 32


# The supervisor's end --------------------------------------------------------------


def socket_address(folder: RunFolder) -> Path:
    """A short path for a run's socket: socket names hold about 100 bytes, and a run's folder may lie deep.

    Raises OSError when the private folder for sockets cannot be made or belongs to somebody else.
    """
    private = Path(tempfile.gettempdir()) / f"gan-tui-{os.getuid()}"
    private.mkdir(mode=0o700, exist_ok=True)
    found = private.lstat()
    if found.st_uid != os.getuid() or not stat.S_ISDIR(found.st_mode) or stat.S_IMODE(found.st_mode) & 0o077:
        raise PermissionError(f"{private} is not private; remove it")
    return private / (hashlib.sha256(os.fsencode(folder.path.resolve())).hexdigest()[:24] + ".sock")


class ControlServer:
    """Accepts clients, hands their commands on, and gives the answers back to whoever asked."""

    def __init__(self, address: Path, selector: selectors.BaseSelector, handle: Callable[[Command], None]) -> None:
        """`handle` takes a command under a number of our own; `answer` gives its outcome back."""
        self.address, self._selector, self._handle = address, selector, handle
        self._clients: dict[socket.socket, bytes] = {}
        self._asked: dict[int, tuple[socket.socket, Command]] = {}
        self._number = 0
        address.unlink(missing_ok=True)  # a stale one: the lock says that nobody else listens
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(address))
        address.chmod(0o600)
        self._listener.listen(MOST_CLIENTS)
        self._listener.setblocking(False)
        selector.register(self._listener, selectors.EVENT_READ, self._accept)

    def answer(self, answer: Answer) -> None:
        """Pass an answer on to the client whose command had that number."""
        client, command = self._asked.pop(answer.id, (None, None))
        if client in self._clients and command:
            self._send(client, dataclasses.replace(answer, id=command.id))

    def refuse_all(self, reason: str) -> None:
        """Answer whatever is still waiting: the run has ended, which is what a `stop` wanted."""
        for number, (_, command) in list(self._asked.items()):
            self.answer(Answer(number, command.name == "stop", reason))

    def close(self) -> None:
        for client in list(self._clients):
            self._drop(client)
        self._selector.unregister(self._listener)
        self._listener.close()
        self.address.unlink(missing_ok=True)

    def _accept(self) -> None:
        try:
            client, _ = self._listener.accept()
        except OSError:
            return  # gone before it was let in
        if len(self._clients) >= MOST_CLIENTS or _peer_user(client) not in (os.getuid(), 0):
            client.close()
            return
        client.setblocking(False)
        self._clients[client] = b""
        self._selector.register(client, selectors.EVENT_READ, lambda: self._receive(client))

    def _receive(self, client: socket.socket) -> None:
        if client not in self._clients:
            return  # dropped in this very turn, when an answer found it gone
        try:
            data = client.recv(LONGEST_COMMAND)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        *lines, rest = (self._clients[client] + data).split(b"\n")
        if not data or max(map(len, (rest, *lines))) >= LONGEST_COMMAND:
            self._drop(client)
            return
        self._clients[client] = rest
        for line in lines:
            self._take(client, line)

    def _take(self, client: socket.socket, line: bytes) -> None:
        try:
            command = Command.from_line(line)
        except ValueError as error:
            self._send(client, Answer(0, False, f"That is no command: {error}."))
            return
        self._number += 1
        self._asked[self._number] = (client, command)
        self._handle(dataclasses.replace(command, id=self._number))

    def _send(self, client: socket.socket, answer: Answer) -> None:
        try:
            client.send(answer.to_line())
        except OSError:
            self._drop(client)

    def _drop(self, client: socket.socket) -> None:
        if self._clients.pop(client, None) is not None:
            self._selector.unregister(client)
            client.close()


def _peer_user(client: socket.socket) -> int:
    """The user id at the other end; our own where the system cannot tell (the private folder guards then)."""
    if not hasattr(socket, "SO_PEERCRED"):
        return os.getuid()
    credentials = client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return int(struct.unpack("3i", credentials)[1])


# The viewers' end --------------------------------------------------------------


def ask(folder: RunFolder, command: Command, timeout: float | None = None) -> Answer:
    """Send a command and wait until it has taken effect (`timeout` in seconds, None for as long as it takes).

    Raises UserError when the run is not alive or does not answer in time.
    """
    address = folder.socket_path() if folder.is_held() else None
    if address is None:
        raise UserError(f"{folder.name} is not running; gan-tui resume {folder.name} goes on from its last checkpoint.")
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(timeout)
            connection.connect(str(address))
            connection.sendall(command.to_line())
            line = connection.makefile("rb").readline()
        return Answer.from_line(line)
    except TimeoutError:
        raise UserError(f"{folder.name} did not answer within {timeout:g} s; try again.", TRAINING_FAILED) from None
    except (OSError, ValueError):
        raise UserError(
            f"{folder.name} ended before it could answer; gan-tui attach {folder.name} shows why.",
            TRAINING_FAILED,
        ) from None
