"""The product through its shell, for tests: commands run, events and states read, things waited for."""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, overload

from gan_tui.run.event_log import read_tail
from gan_tui.run.events import Event, Metrics, State
from gan_tui.run.folder import RunFolder
from gan_tui.run.state import RunState
from pty_terminal import GAN_TUI, PATIENCE

Kind = TypeVar("Kind", bound=Event)
START_SECONDS = 120
"""More than TensorFlow needs to load on a machine that has much else to do."""
SETTLED = ("finished", "stopped", "failed")
"""States that a run does not leave by itself."""


def gan_tui(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*GAN_TUI, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=2 * START_SECONDS
    )


def done(*arguments: str) -> str:
    """What a command that must succeed has printed."""
    ended = gan_tui(*arguments)
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout.strip()


# What a run has logged ------------------------------------------------------------------------------------


@overload
def events_of(folder: RunFolder) -> list[Event]: ...


@overload
def events_of(folder: RunFolder, kind: type[Kind]) -> list[Kind]: ...


def events_of(folder: RunFolder, kind: type[Event] = Event) -> list[Event]:  # type: ignore[misc]
    """All events of a kind, in order. Fails where a line is damaged."""
    reader, found = folder.reader(), []
    while records := reader.read():
        found += [record.event for record in records if isinstance(record.event, kind)]
    assert reader.damaged == 0
    return found


def state_of(folder: RunFolder) -> RunState:
    """What all events come to."""
    state, reader = RunState(), folder.reader()
    while records := reader.read():
        state = state.apply_all(records)
    return state


def last(folder: RunFolder, kind: type[Kind]) -> Kind | None:
    """The last event of a kind, from the end of the log alone: some logs grow long."""
    records = reversed(read_tail(folder.events_file, (kind,)))
    return next((record.event for record in records if isinstance(record.event, kind)), None)


def state(folder: RunFolder) -> str:
    """The state that was logged last, in a word; empty without any."""
    event = last(folder, State)
    return event.state if event else ""


def step(folder: RunFolder) -> int:
    """The step that was logged last."""
    event = last(folder, Metrics)
    return int(event.steps[-1]) if event else 0


# Waiting --------------------------------------------------------------------------------------------------


def wait_for(condition: Callable[[], object], seconds: float = PATIENCE) -> float:
    """How long it took, in seconds."""
    begin = time.monotonic()
    while not condition():
        assert time.monotonic() - begin < seconds, "waited in vain"
        time.sleep(0.02)
    return time.monotonic() - begin


def wait_until_it_trains(folder: RunFolder, beyond: int = 0) -> None:
    """Wait until a run trains and a step after that one is logged."""

    def trains() -> bool:
        assert state(folder) not in SETTLED, (last(folder, State), folder.trainer_log.read_text()[-2000:])
        return state(folder) == "training" and step(folder) > beyond

    wait_for(trains, START_SECONDS)


def open_files() -> int:
    """How many files this process has open."""
    return len(list(Path("/dev/fd").iterdir()))
