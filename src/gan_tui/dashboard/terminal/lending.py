"""Another program in the terminal for a while, as a shell would run it: an editor.

It is in our process group, so that Ctrl-Z in it stops both of us, and fg has both go on. One that stops itself alone
would leave us waiting for ever: then we stop, too, where a shell can have us go on, else it is to go on at once.
"""

import asyncio
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import nullcontext, suppress

from textual.app import App
from textual.events import Event, InputEvent, Paste

from gan_tui.dashboard.terminal.modes import TerminalModes
from gan_tui.system import processes
from gan_tui.system.signals import a_shell_waits

SETTLING_SECONDS = 0.3
"""After which whoever has stopped with us has gone on with us, too."""


class LendsTerminal(App[None]):
    """An app that other programs may be run from."""

    kept_from_textual: Mapping[str, str] = {}
    """What the environment has for others."""
    is_lent = False
    """Whether the terminal is another program's, or is about to be: what is typed is not for us."""

    async def on_event(self, event: Event) -> None:
        """What was typed ahead, for that program, comes to us; it must not act on what cannot be seen."""
        if not (self.is_lent and isinstance(event, InputEvent | Paste)):
            await super().on_event(event)

    def end_for(self, number: int) -> None:
        """A signal is to end the program; but Ctrl-\\ is meant for who has the terminal."""
        if number != signal.SIGQUIT or not self.is_lent:
            self.exit(None, 128 + number)

    async def run_in_terminal(self, command: Sequence[str]) -> int:
        """Run another program in the terminal; returns its status as os.waitpid has it. Raises OSError."""
        driver, self.is_lent = self._driver, True
        try:
            with driver.lent() if isinstance(driver, TerminalModes) else nullcontext():
                return await _run(command, {**os.environ, **self.kept_from_textual})
        finally:
            self.is_lent = False


def taken_out(name: str) -> dict[str, str]:
    """A variable that the environment has no more; it is for the programs that are run from here."""
    return {name: os.environ.pop(name)} if name in os.environ else {}


async def _run(command: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run a program to its end; returns its status as os.waitpid has it. Ends it where nobody waits any more.

    Raises OSError where it cannot be started.
    """
    for descriptor in (0, 1, 2):
        with suppress(OSError):
            os.set_blocking(descriptor, True)
    child = subprocess.Popen(command, env=environ)
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[int] = loop.create_future()

    def tell(status: int) -> None:
        if not ended.done():
            ended.set_result(status)

    def wait() -> None:
        status = _waited(child)
        with suppress(RuntimeError):  # the interface has ended
            loop.call_soon_threadsafe(tell, status)

    threading.Thread(target=wait, name="editor", daemon=True).start()
    try:
        return await ended
    finally:
        if not ended.done() or ended.cancelled():
            child.send_signal(signal.SIGTERM)
            child.send_signal(signal.SIGCONT)


def _waited(child: "subprocess.Popen[bytes]") -> int:
    """The status with which a process ended, in a thread."""
    started = processes.started_at(child.pid)
    while True:
        _, status = os.waitpid(child.pid, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            return status
        time.sleep(SETTLING_SECONDS)
        if not processes.is_stopped(child.pid, started):
            continue
        if a_shell_waits():
            signal.raise_signal(signal.SIGTSTP)  # as if Ctrl-Z had been for all of us
        else:
            child.send_signal(signal.SIGCONT)
