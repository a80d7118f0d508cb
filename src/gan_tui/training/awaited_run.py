"""The trainer's side of a warm start: it has loaded TensorFlow, and waits for the run that its supervisor assigns."""

import os
import select
import socket
from typing import BinaryIO

from gan_tui.run.handover import LONGEST_LINE, Assignment


def is_assigned(stdin: BinaryIO) -> bool:
    """Whether the trainer's run has come, or will not come any more: what it does meanwhile should end."""
    return bool(select.select([stdin], [], [], 0)[0])


def assignment(stdin: BinaryIO) -> Assignment | None:
    """The trainer's run, once there is one, with standard output and error in its log; None when there will be none.

    `stdin` is the socket from the supervisor. The run's lock stays open until the process ends, as if it were
    inherited.
    """
    with socket.socket(fileno=os.dup(stdin.fileno())) as connection:
        _, files, _, _ = socket.recv_fds(connection, 1, 3)
    if len(files) != 3:
        return None
    _, log, place = files
    for output in (1, 2):
        os.dup2(log, output)
    os.close(log)
    assignment = Assignment.from_line(stdin.readline(LONGEST_LINE))
    return assignment and assignment._replace(place=place)
