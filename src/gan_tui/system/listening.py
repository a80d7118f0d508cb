"""Whether a worker of a group is there: asked at its address, as TensorFlow itself says nothing until all are."""

import errno
import socket
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from gan_tui.errors import TRAINING_FAILED, UserError, why
from gan_tui.system.cluster import parted
from gan_tui.text import harmless

ASK_SECONDS = 2.0
TAKEN_SECONDS, _LOOK_SECONDS = 5.0, 0.1
SILENT = "says nothing: it is frozen, or another program has its port"
OTHER = "is another program, which has its port"
_FIRST = b"\0"
"""With which HTTP/2 begins: how long its first frame is, in three bytes."""


def trouble(address: str, seconds: float = ASK_SECONDS) -> str:
    """Why nobody is there, as a sentence goes on after the address; empty where a server speaks.

    TensorFlow's does at once, as all of HTTP/2 do; of a frozen process the kernel alone takes the connection.
    """
    host, port = parted(address)
    try:
        with socket.create_connection((host, port), seconds) as connection:
            connection.settimeout(seconds)
            first = connection.recv(1)
            return "" if first == _FIRST else OTHER if first else "ends each connection"
    except ConnectionRefusedError:
        return "has nobody who listens"
    except ConnectionResetError:
        return "ends each connection"
    except TimeoutError:
        return SILENT
    except socket.gaierror:
        return "is a name that is not known here"
    except (OSError, UnicodeError) as error:
        return f"cannot be reached ({why(error) if isinstance(error, OSError) else 'no name of a machine'})"


def troubles(addresses: Iterable[str]) -> dict[str, str]:
    """(address → trouble) of all those where nobody is, asked at the same time."""
    asked = list(addresses)
    with ThreadPoolExecutor(min(len(asked), 64) or 1) as threads:
        return {address: what for address, what in zip(asked, threads.map(trouble, asked), strict=True) if what}


def refuse_taken(address: str, seconds: float = TAKEN_SECONDS) -> None:
    """Raises UserError where another program listens at a worker's own port; one that is just ending is waited for."""
    _, port = parted(address)
    deadline = time.monotonic() + seconds
    while not _is_free(port):
        if time.monotonic() >= deadline:
            raise UserError(
                f"Another program of this machine listens at port {port}, which is this worker's "
                f"({harmless(address, 60)}); end it, or give the workers another port.",
                TRAINING_FAILED,
            )
        time.sleep(_LOOK_SECONDS)


def _is_free(port: int) -> bool:
    with socket.socket() as own:
        own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # what was closed a moment ago is no matter
        try:
            own.bind(("", port))
        except OSError as error:
            return error.errno != errno.EADDRINUSE
    return True


def free_ports(count: int) -> list[int]:
    """So many ports of this machine that nobody has, on loopback."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in sockets]
    finally:
        for one in sockets:
            one.close()


def worker_words(index: int, address: str) -> str:
    """A worker, for people."""
    return f"worker {index} ({harmless(address, 60)})"
