"""Runs in a list: the state of each from the two ends of its log alone."""

from dataclasses import dataclass
from pathlib import Path

from gan_tui.run import lock
from gan_tui.run.catalog import run_folders
from gan_tui.run.event_log import read_head, read_tail
from gan_tui.run.events import Checkpoint, Epoch, Event, Metrics, Resumed, Started, State
from gan_tui.run.folder import RunFolder
from gan_tui.run.holder import UNKNOWN, Standing
from gan_tui.system import untrusted_files
from gan_tui.text import harmless

_LARGEST_PRESET = 1 << 18
"""Bytes of a preset.toml that is looked into for its name."""


@dataclass(frozen=True)
class RunSummary:
    """A run in a list."""

    folder: RunFolder
    preset: str
    """Its name; empty where neither the log nor preset.toml tells it."""
    state: str
    """A state of the events, or what is known instead where its processes are gone without a word."""
    standing: Standing
    step: int
    steps_total: int
    changed: float
    """When its log last grew, seconds since 1970."""

    @property
    def alive(self) -> bool:
        """Whether its trainer is seen to be there."""
        return self.standing.alive


def summaries(runs: Path) -> list[RunSummary]:
    """Every run, the newest first, from the ends of their logs alone."""
    found = []
    for folder in run_folders(runs):
        try:
            found.append(summary_of(folder))
        except FileNotFoundError:
            continue  # deleted while it was looked at
    return sorted(found, key=lambda run: run.changed, reverse=True)


_Version = tuple[int, int, bool, tuple[int, int]]
_known: dict[Path, tuple[_Version, RunSummary]] = {}
"""What was found when log and lock were as they are now: a list of runs is looked at again and again."""


def summary_of(folder: RunFolder) -> RunSummary:
    """A run's state from the two ends of its log."""
    file = folder.events_file if folder.events_file.exists() else folder.preset_file
    found = file.stat()
    path = folder.path
    version = (found.st_size, found.st_mtime_ns, folder.is_alive(), lock.version(folder.lock_file))
    known = _known.get(path)
    if known is None or known[0] != version or known[1].standing.word == UNKNOWN:
        known = _known[path] = (version, _summed_up(folder, folder.standing(), found.st_mtime))
    return known[1]


def _summed_up(folder: RunFolder, standing: Standing, changed: float) -> RunSummary:
    late = [record.event for record in reversed(read_tail(folder.events_file, (State, Metrics)))]
    state = next((event.state for event in late if isinstance(event, State)), None)
    step = _last_step(late)
    if step is None and state not in (None, "starting"):  # much was asked of it since its last step
        kinds = (Metrics, Epoch, Checkpoint)
        step = _last_step([record.event for record in reversed(read_tail(folder.events_file, kinds))])
    started = None
    for record in read_head(folder.events_file, Started):
        assert isinstance(record.event, Started)
        started = record.event
    state = state or ("training" if step else "starting")
    preset = started.preset if started else _preset_named_in(folder.preset_file)
    return RunSummary(
        folder, preset, standing.shown(state), standing, step or 0, started.steps_total if started else 0, changed
    )


def _preset_named_in(file: Path) -> str:
    """The name of the preset that was written into a run; empty where the file tells none."""
    try:
        name = untrusted_files.toml(untrusted_files.read(file, _LARGEST_PRESET, follow=False).decode()).get("name")
    except (OSError, ValueError):
        return ""
    return harmless(name, 41) if isinstance(name, str) else ""


def _last_step(newest_first: list[Event]) -> int | None:
    return next((step for event in newest_first if (step := _step_of(event)) is not None), None)


def _step_of(event: Event) -> int | None:
    """The step that a run had come to with an event, where it tells one."""
    if isinstance(event, Metrics) and event.steps:
        return int(event.steps[-1])
    if isinstance(event, Epoch | Checkpoint):
        return event.step
    return event.from_step if isinstance(event, Resumed) else None
