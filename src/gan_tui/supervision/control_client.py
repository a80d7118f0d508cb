"""The viewers' end of the control socket: asks a run's supervisor, and waits for the answer."""

import os
import select
import socket
import stat
import time
from contextlib import suppress
from pathlib import Path

from gan_tui.errors import TRAINING_FAILED, UserError
from gan_tui.run.commands import LONGEST_COMMAND, Command, Reply
from gan_tui.run.folder import RunFolder
from gan_tui.run.holder import COPIED, DELETED, ELSEWHERE, STARTING, UNKNOWN
from gan_tui.run.manifests import goes_on_from
from gan_tui.run.summaries import summary_of

SOCKET_SUFFIX = ".sock"
"""Of every run's socket."""
CONNECT_SECONDS = 3.0
"""How long a socket may take to appear: when a run starts, or when its socket was cleaned away."""
CLOSED = "{} is no longer open for viewing: {}."
"""What is said where a question is not answered, as the processes that were to do so have ended."""
LATE_SECONDS = 10.0
"""After which whoever waits for an answer is told that there is none yet."""
TROUBLE_SECONDS = 1.0
"""After which that is told already where it is known why."""


def ask(folder: RunFolder, command: Command, timeout: float | None = None) -> Reply:
    """Send a command and wait until it has taken effect (`timeout` in seconds, None for as long as it takes).

    Raises UserError when the run is not alive or does not answer in time.
    """
    return Asked(folder, command, timeout).reply()


class Asked:
    """A command that a run has been sent. Those that one thread sends are obeyed in their order, waited for or not."""

    def __init__(self, folder: RunFolder, command: Command, timeout: float | None = None) -> None:
        """Raises UserError when the run is not alive."""
        self._folder, self._timeout = folder, timeout
        self._connection = _connected(folder)
        self._connection.settimeout(timeout)
        with suppress(OSError):  # why, is seen where its reply is waited for
            self._connection.sendall(command.to_line())

    def late(self) -> str:
        """What is said where there is no answer after a while; nothing once there is one."""
        trouble, since = "", time.monotonic()
        while not trouble and (left := since + LATE_SECONDS - time.monotonic()) > 0:
            if select.select([self._connection], [], [], min(left, TROUBLE_SECONDS))[0]:
                return ""
            trouble = self._folder.trouble()
        waited = f"{self._folder.name} has not answered for {round(time.monotonic() - since, 1):g} s"
        why = f"{trouble[0].lower()}{trouble[1:]}" if trouble else "its trainer is busy or stopped."
        return f"{waited}: {why} It does what was asked as soon as it can; Ctrl-C leaves."

    def reply(self) -> Reply:
        """What has become of it, once it has taken effect. Raises UserError when that is not told in time."""
        name = self._folder.name
        try:
            with self._connection as connection:
                return Reply.from_line(connection.makefile("rb").readline(LONGEST_COMMAND))
        except TimeoutError:
            raise UserError(f"{name} did not answer within {self._timeout:g} s; try again.", TRAINING_FAILED) from None
        except (OSError, ValueError):
            raise UserError(_ended(self._folder), TRAINING_FAILED) from None


def _connected(folder: RunFolder) -> socket.socket:
    """A connection to a run's supervisor. Raises UserError when there is none."""
    deadline, looked_at = time.monotonic() + CONNECT_SECONDS, False
    while folder.is_held():
        looked_at = folder.is_for_viewing()
        if connection := _connection(folder):
            return connection
        if time.monotonic() > deadline:
            raise UserError(_out_of_reach(folder), TRAINING_FAILED)
        time.sleep(0.05)
    raise UserError(_ended(folder) if looked_at else _not_running(folder))


def _connection(folder: RunFolder) -> socket.socket | None:
    """One to what listens now, if anything does. Raises UserError where that is not ours."""
    address = folder.socket_path()
    if address is None:
        return None
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        _check_owner(folder, address)
        connection.connect(str(address))
    except BaseException as error:
        connection.close()
        if isinstance(error, OSError):
            return None
        raise
    return connection


def _out_of_reach(folder: RunFolder) -> str:
    """What is said of a run that is held, by whom nobody can speak to."""
    holder, name = folder.holder(), folder.name
    if holder.is_in_reach:
        doing = "closing" if folder.is_for_viewing() else "saving and stopping"
        return f"{name} has lost its supervisor, so it is {doing}; try again in a moment."
    return (
        f"{name} is alive {holder.where}, where none of its processes can be reached from here; run the command there."
    )


def _ended(folder: RunFolder) -> str:
    """What is said of a run whose processes are gone, without a word of theirs."""
    if not folder.is_there():
        return folder.deleted()
    if folder.is_for_viewing():  # nobody is left who could find out and log it
        return CLOSED.format(
            folder.name, "its processes were killed by someone, or by the system because memory ran out; ask again"
        )
    return f"{folder.name} ended before it could answer; gan-tui attach {folder.word} shows why."


def _not_running(folder: RunFolder) -> str:
    name, word, standing = folder.name, folder.word, folder.standing()
    if standing.word == DELETED:
        return folder.deleted()
    state = standing.shown(summary_of(folder).state)
    if standing.word == STARTING:
        return f"{name} is just being started; run the command again in a moment."
    if state == "finished":
        return f"{name} has finished; gan-tui attach {word} shows it."
    if state == ELSEWHERE:
        return f"{name} is not running here: {standing.about}; run the command there."
    if state == UNKNOWN:
        return f"{name} cannot be reached: {standing.about}."
    if state == COPIED:
        return f"{name} is not running: {standing.about}; gan-tui resume --here {word} trains the copy."
    step = goes_on_from(folder.checkpoints)
    if step is None:
        mend = "restore what is missing or changed, or move the folder checkpoints away to train from the first step"
        return f"{name} is not running, and none of its checkpoints can be used; {mend}."
    if step:
        return f"{name} is not running; gan-tui resume {word} continues from its last checkpoint."
    return f"{name} is not running; gan-tui resume {word} restarts it from the first step: it has no checkpoint yet."


def _check_owner(folder: RunFolder, address: Path) -> None:
    """Raises UserError where a lock file that somebody else wrote would have us speak to what is no run's supervisor.

    Raises OSError when nothing is there.
    """
    found = address.lstat()
    if not stat.S_ISSOCK(found.st_mode) or found.st_uid != os.getuid() or address.suffix != SOCKET_SUFFIX:
        raise UserError(f"{folder.name} is not yours: the socket named in its lock file does not belong to your runs.")
