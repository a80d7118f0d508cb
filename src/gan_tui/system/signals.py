"""Signals: as they are inherited, held back while one that ends a process would do harm, and those that stop it."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from gan_tui.system import processes

STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1, signal.SIGUSR2, signal.SIGXCPU)
"""What asks to save and stop: the usual two, and those by which job systems warn that a job's time is nearly over."""
ENDING = (*STOPPING, signal.SIGHUP)

_USUAL: dict[signal.Signals, Callable[[int, FrameType | None], object] | signal.Handlers] = {
    signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL, signal.SIGQUIT: signal.SIG_DFL
}  # fmt: skip
"""What Python makes of them where nobody had them ignored."""


@contextmanager
def held_back() -> Iterator[None]:
    """They wait until afterwards, in this thread; a process that is started meanwhile takes them once it can."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def as_usual() -> None:
    """Undo what whoever started this process has left it, for it and for all that it starts: signals that are blocked
    end nothing and tell nothing, and with SIGCHLD ignored the system does not keep how a process ended.

    A shell without job control starts what is to be in the background with Ctrl-C ignored; who sends that signal to one
    process means it. SIGHUP stays ignored, for which nohup is there.
    """
    with suppress(ValueError):  # the main thread alone may, and has
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for number, usual in _USUAL.items():
            if signal.getsignal(number) is signal.SIG_IGN:
                signal.signal(number, usual)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def taken_again() -> None:
    """Take those that wait, in a process that was started while they were held back, or now at the latest."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)


def interrupt() -> None:
    """Have what asks to save and stop raise KeyboardInterrupt: a shell's background jobs start with Ctrl-C ignored."""
    for number in STOPPING:
        signal.signal(number, signal.default_int_handler)


@contextmanager
def interrupted_later() -> Iterator[None]:
    """Ctrl-C does what it would afterwards: an exception of it may come between any two calls, and leave half of what
    belongs together. The main thread alone is interrupted."""
    usual = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(usual):
        yield
        return
    came: list[FrameType | None] = []
    signal.signal(signal.SIGINT, lambda number, frame: came.append(frame))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)
        if came:
            usual(signal.SIGINT, came[0])


def a_shell_waits() -> bool:
    """Whether somebody of our session began our process group: who learns that it has stopped, and can have it go on.

    Else the group is an orphan (POSIX): what ssh, a container or a terminal's menu has started directly. Who stops
    there, does for good.
    """
    group, session = os.getpgrp(), os.getsid(0)
    parent = os.getppid()
    try:
        while parent and os.getpgid(parent) == group:
            parent = int(processes.status(parent)[processes.PARENT])
        return parent != 0 and os.getsid(parent) == session
    except OSError:  # it cannot be told, so it is as usual
        return True


def is_in_background(terminal: int) -> bool:
    """Whether a terminal is others' now: whoever reads from it, or changes how it works, is stopped by that."""
    try:
        return os.tcgetpgrp(terminal) != os.getpgrp()
    except OSError:  # it is gone, or none of our session
        return False
