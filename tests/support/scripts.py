"""Scripts that make runs, each in a process of its own, and what became of their runs."""

import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from gan_tui.run.event_log import EventReader
from gan_tui.run.events import Event
from gan_tui.run.folder import RunFolder
from gan_tui.run.follower import state_of
from gan_tui.run.state import RunState

PATIENCE = 90.0


class Script:
    """A script that was started; it says what the test waits for by printing it."""

    def __init__(self, text: str, runs: Path, python: str = sys.executable, **environment: str) -> None:
        self.runs = runs
        runs.parent.mkdir(parents=True, exist_ok=True)
        file = runs.parent / "script.py"
        file.write_text(textwrap.dedent(text))
        self.process = subprocess.Popen(
            [python, str(file)], env={**os.environ, "GAN_TUI_RUNS": str(runs), **environment}, cwd=runs.parent,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip

    def line(self) -> str:
        """The next line that it prints."""
        return _stream(self.process.stdout).readline().strip()

    def ended(self) -> tuple[int, str, str]:
        """(how it ended, what it had printed, what it has complained about), once it has."""
        out, err = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, out, err

    def end(self) -> None:
        """Whatever is left of it."""
        self.process.kill()
        self.process.communicate()

    def run(self, name: str = "night") -> RunFolder:
        return RunFolder(self.runs / name)


def _stream(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream


def state(folder: RunFolder) -> RunState:
    """What a run's log tells."""
    return state_of(folder)


def whole(folder: RunFolder) -> RunState:
    """The same, with what is past; no line of it may be damaged."""
    reader, known = EventReader(folder.events_file), RunState()
    while records := reader.read():
        known = known.apply_all(records)
    assert not reader.damaged
    return known


def events(folder: RunFolder, *kinds: type[Event]) -> list[Event]:
    """The events of some kinds that a run's log has."""
    reader, found = EventReader(folder.events_file), list[Event]()
    while records := reader.read():
        found += [record.event for record in records if isinstance(record.event, kinds)]
    return found


def until(happens: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)
