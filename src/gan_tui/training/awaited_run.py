"""The trainer's side of a warm start: it has loaded TensorFlow, and waits to be told its run."""

import os
import select
import socket
from typing import BinaryIO

from gan_tui.run.handover import LONGEST, Told, told_in


def is_told(incoming: BinaryIO) -> bool:
    """Whether the trainer's run has come, or will not come any more: what it does meanwhile should end."""
    return bool(select.select([incoming], [], [], 0)[0])


def told_by_the_supervisor(incoming: BinaryIO) -> Told | None:
    """The trainer's run, once there is one, with what it prints in the run's log; None when there will be none.

    `incoming` is standard input, the socket. The lock stays open until the process ends, as if it were inherited.
    """
    with socket.socket(fileno=os.dup(incoming.fileno())) as line:
        _, files, _, _ = socket.recv_fds(line, 1, 2)
    if len(files) != 2:
        return None
    _, log = files
    for output in (1, 2):
        os.dup2(log, output)
    os.close(log)
    return told_in(incoming.readline(LONGEST))
