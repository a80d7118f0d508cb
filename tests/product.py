"""The product through its shell, for tests: commands run, events read, things waited for."""

import subprocess
import time
from collections.abc import Callable

from gan_tui.run.events import Event
from gan_tui.run.folder import RunFolder
from gan_tui.run.state import RunState
from pty_terminal import GAN_TUI

START_SECONDS = 120
"""More than TensorFlow needs to load on a machine that has much else to do."""


def gan_tui(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*GAN_TUI, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=2 * START_SECONDS
    )


def done(*arguments: str) -> str:
    """What a command that must succeed has printed."""
    ended = gan_tui(*arguments)
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout.strip()


def events_of(folder: RunFolder, kind: type[Event] = Event) -> list[Event]:
    reader, found = folder.reader(), []
    while records := reader.read():
        found += [record.event for record in records if isinstance(record.event, kind)]
    assert reader.damaged == 0
    return found


def state_of(folder: RunFolder) -> RunState:
    state, reader = RunState(), folder.reader()
    while records := reader.read():
        for record in records:
            state = state.apply(record)
    return state


def wait_for(condition: Callable[[], object], seconds: float) -> float:
    """How long it took, in seconds."""
    begin = time.monotonic()
    while not condition():
        assert time.monotonic() - begin < seconds, "waited in vain"
        time.sleep(0.02)
    return time.monotonic() - begin


def wait_until_it_trains_beyond(folder: RunFolder, step: int) -> None:
    def trains() -> bool:
        state = state_of(folder)
        assert state.state not in ("failed", "finished"), (state.reason, folder.trainer_log.read_text()[-2000:])
        return state.state == "training" and state.step > step

    wait_for(trains, START_SECONDS)
