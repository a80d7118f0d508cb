"""gan-tui as the first process of a container, which ends with it, and with it all that it has started.

Of the signals, the kernel gives process 1 only those that it has handlers for.
"""

import os
import signal
import sys
import time
from contextlib import suppress

from gan_tui.errors import INTERRUPTED

_A_MOMENT = 2.0
"""Seconds within which what has ended is gone."""
_STAYS = "Process 1 ends the container, so it stays until what trains in it has ended; Ctrl-C saves and stops that."
_TICK = 0.05


def is_first() -> bool:
    """Whether the container ends with this process."""
    return os.getpid() == 1


def begin() -> None:
    """What would end another process ends this one, too."""
    if is_first():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.default_int_handler)


def stay(code: int) -> int:
    """Wait for whatever was started in the container, saved and stopped where a signal has ended the command.

    `code` is the command's exit code; returns that of the process.
    """
    if not is_first():
        return code
    stopped = code >= INTERRUPTED
    if stopped:
        _stop_all()
    quiet_until = time.monotonic() + _A_MOMENT
    while True:
        try:
            begin()  # whatever the command had made of signals
            while _has_children():
                if not stopped and time.monotonic() >= quiet_until:
                    quiet_until = float("inf")
                    print(_STAYS, file=sys.stderr, flush=True)
                time.sleep(_TICK)
            return code
        except KeyboardInterrupt:
            if stopped:
                return INTERRUPTED
            stopped, code = True, INTERRUPTED
            _stop_all()


def _has_children() -> bool:
    """Whether there are processes that end with this one; those that have ended are let go of."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return False
    return True


def _stop_all() -> None:
    import psutil  # brings much that no other command of the shell needs

    for child in psutil.Process().children():
        with suppress(psutil.Error):
            child.terminate()
