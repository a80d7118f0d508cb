"""Signals that end a process, held back while that would do harm."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@contextmanager
def held_back() -> Iterator[None]:
    """They wait until afterwards, in this thread; a process that is started meanwhile takes them once it can."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def taken_again() -> None:
    """Take those that wait, in a process that was started while they were held back, or now at the latest."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
