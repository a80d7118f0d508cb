"""The viewers' end of the control socket: asks a run's supervisor, and waits for the answer."""

import os
import socket
import stat
import time
from pathlib import Path

from gan_tui.errors import TRAINING_FAILED, UserError
from gan_tui.run.events import LONGEST_COMMAND, Command, Reply
from gan_tui.run.folder import RunFolder
from gan_tui.run.summaries import summary_of

SOCKET_SUFFIX = ".sock"
"""Of every run's socket."""
CONNECT_SECONDS = 3.0
"""How long a socket may take to appear: when a run starts, or when its socket was cleaned away."""


def ask(folder: RunFolder, command: Command, timeout: float | None = None) -> Reply:
    """Send a command and wait until it has taken effect (`timeout` in seconds, None for as long as it takes).

    Raises UserError when the run is not alive or does not answer in time.
    """
    with _connected(folder) as connection:
        try:
            connection.settimeout(timeout)
            connection.sendall(command.to_line())
            return Reply.from_line(connection.makefile("rb").readline(LONGEST_COMMAND))
        except TimeoutError:
            raise UserError(f"{folder.name} did not answer within {timeout:g} s; try again.", TRAINING_FAILED) from None
        except (OSError, ValueError):
            raise UserError(
                f"{folder.name} ended before it could answer; gan-tui attach {folder.word} shows why.",
                TRAINING_FAILED,
            ) from None


def _connected(folder: RunFolder) -> socket.socket:
    """A connection to a run's supervisor. Raises UserError when there is none."""
    deadline = time.monotonic() + CONNECT_SECONDS
    while folder.is_held():
        address = folder.socket_path()
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            if address is not None:
                _check_owner(folder, address)
                connection.connect(str(address))
                return connection
        except OSError:
            address = None
        connection.close()
        if time.monotonic() > deadline:
            raise UserError(
                f"{folder.name} has lost its supervisor, so it is saving and stopping; try again in a moment.",
                TRAINING_FAILED,
            )
        time.sleep(0.05)
    raise UserError(_not_running(folder))


def _not_running(folder: RunFolder) -> str:
    name, word = folder.name, folder.word
    if summary_of(folder).state == "finished":
        return f"{name} has finished; gan-tui attach {word} shows it."
    if folder.has_checkpoint():
        return f"{name} is not running; gan-tui resume {word} continues from its last checkpoint."
    return f"{name} is not running; gan-tui resume {word} restarts it from the first step: it has no checkpoint yet."


def _check_owner(folder: RunFolder, address: Path) -> None:
    """Raises UserError where a lock file that somebody else wrote would have us speak to what is no run's supervisor.

    Raises OSError when nothing is there.
    """
    found = address.lstat()
    if not stat.S_ISSOCK(found.st_mode) or found.st_uid != os.getuid() or address.suffix != SOCKET_SUFFIX:
        raise UserError(f"{folder.name} is not yours: the socket named in its lock file does not belong to your runs.")
