"""Runs in a list: the state of each from the two ends of its log alone."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gan_tui.errors import UserError
from gan_tui.run import documents, lock
from gan_tui.run.catalog import readable, run_folders
from gan_tui.run.event_log import read_head, read_tail
from gan_tui.run.events import EARLY_STOPPING, Checkpoint, Epoch, Event, Metrics, Resumed, Started, State
from gan_tui.run.folder import RunFolder
from gan_tui.run.holder import Standing
from gan_tui.system.file_versions import NONE, Version, version_of
from gan_tui.text import harmless


@dataclass(frozen=True)
class RunSummary:
    """A run in a list."""

    folder: RunFolder
    preset: str
    """Its name; empty where neither the log nor preset.toml tells it."""
    state: str
    """A state of the events, or what is known instead where its processes are gone without a word."""
    reason: str
    """Why it is in the state that it last told."""
    standing: Standing
    step: int
    steps_total: int
    began: float
    """When it was first started, seconds since 1970."""
    data: str
    """What its data are called; empty where it has not begun."""
    examples: int
    """All of them, those held back for validation among them."""
    changed: float
    """When it last said something, by its log, likewise: a copy is no newer than what it is of."""
    is_log: bool = False
    """Whether it is another tool's log, which can only be looked at."""
    log: Version = field(default=NONE, compare=False)
    written: Version = field(default=NONE, compare=False)
    """Its log and its preset.toml as they were then; of a log of others, its preset is none."""

    @property
    def alive(self) -> bool:
        """Whether its trainer is seen to be there."""
        return self.standing.alive

    @property
    def shown(self) -> str:
        """Its state as a person should see it."""
        return self.standing.shown(self.state)

    @property
    def ended_early(self) -> bool:
        """Whether early stopping has ended it, and would again."""
        return self.state == "finished" and self.reason.startswith(EARLY_STOPPING)


def summaries(runs: Path) -> list[RunSummary]:
    """Every run, from the ends of their logs alone: those that train, then the others, the newest first.

    What trains changes all the time, and keeps its place: it goes by its beginning, the others by their last change.
    """
    found = []
    for folder in run_folders(runs):
        try:
            found.append(summary_of(folder))
        except FileNotFoundError:
            continue  # deleted while it was looked at
    return in_order(found)


def in_order(found: list[RunSummary]) -> list[RunSummary]:
    """As they are listed."""
    return sorted(found, key=lambda run: (run.alive, run.began if run.alive else run.changed), reverse=True)


def newest(runs: Path) -> RunFolder:
    """The first run of the list that can be looked at. Raises UserError where there is none."""
    found = [run.folder for run in summaries(runs)]
    for folder in found:
        if not folder.unreadable():
            return folder.held()
    if found:
        return readable(found[0])
    raise UserError("No runs yet; start one with gan-tui, or gan-tui train gan.")


def newest_alive(runs: Path) -> RunFolder:
    """The newest run whose trainer is there. Raises UserError where there is none."""
    for run in summaries(runs):
        if run.alive:
            return readable(run.folder)
    raise UserError("No run is alive; name one (gan-tui runs lists them), or start one with gan-tui train gan.")


LockVersion = tuple[int, int]
_Known = tuple[Version, Version, bool, str, LockVersion]
_known: dict[Path, tuple[_Known, RunSummary]] = {}
"""What was found when log, preset and lock were as they are now: a list of runs is looked at again and again."""


def summary_of(folder: RunFolder) -> RunSummary:
    """A run's state from the two ends of its log."""
    log, written, path = version_of(folder.events_file), version_of(folder.preset_file), folder.path
    if log == NONE and not folder.is_there():
        raise FileNotFoundError(folder.preset_file)
    alive = folder.is_alive()
    version = log, written, alive, folder.stands_still() if alive else "", lock.version(folder.lock_file)
    known = _known.get(path)
    if known is None or known[0] != version or known[1].standing.may_come:
        known = _known[path] = (version, _summed_up(folder, folder.standing(), log, written))
    return known[1]


def known_lock(path: Path) -> LockVersion | None:
    """As what the lock of a run was found that has ended, and is on the list; None of any other."""
    known = _known.get(path)
    return None if known is None or known[0][2] else known[0][4]


def remember(found: RunSummary, lock_version: LockVersion) -> None:
    """What was found of a run that had ended holds while its log, its preset and its lock are as they were then."""
    _known.setdefault(found.folder.path, ((found.log, found.written, False, "", lock_version), found))


def _summed_up(folder: RunFolder, standing: Standing, log: Version, preset: Version) -> RunSummary:
    written = preset[1] / 1e9
    changed = log[1] / 1e9 if log != NONE else written
    tail = read_tail(folder.events_file, (State, Metrics), also=(Epoch, Checkpoint, Resumed))
    late, changed = [record.event for record in reversed(tail)], tail[-1].time if tail else changed
    told = next((event for event in late if isinstance(event, State)), None)
    state, reason = (told.state, told.reason) if told else (None, "")
    step = _last_step(late)
    if step is None and state not in (None, "starting"):  # much was asked of it since its last step
        kinds = (Metrics, Epoch, Checkpoint)
        step = _last_step([record.event for record in reversed(read_tail(folder.events_file, kinds))])
    started, total, began = None, 0, written
    for record in read_head(folder.events_file, Started)[-1:]:
        assert isinstance(record.event, Started)
        started, total, began = record.event, record.event.steps_total, record.time
        if written > record.time:  # it was given another length since
            total = _steps_total(documents.written(folder.preset_file), started)
    state = state or ("training" if step else "starting")
    name = started.preset if started else _name(documents.written(folder.preset_file))
    data, examples = _data_of(started)
    known = standing.known(state)
    return RunSummary(
        folder, name, known, reason, standing, step or 0, total, began, data, examples, changed, False, log, preset
    )


def _data_of(started: Started | None) -> tuple[str, int]:
    """What the data of a run are called, and how many examples there are."""
    if started is None:
        return "", 0
    told = started.dataset
    counts = [told.get(part) for part in ("train", "validation")]
    return harmless(str(told.get("name", "")), 60), sum(count for count in counts if isinstance(count, int))


def _name(written: dict[str, Any]) -> str:
    name = written.get("name")
    return harmless(name, 41) if isinstance(name, str) else ""


def _steps_total(written: dict[str, Any], started: Started) -> int:
    """How many steps a run will have trained, by its preset: its log begins with its first length."""
    settings = written.get("settings")
    steps, epochs = (settings.get(name) if isinstance(settings, dict) else None for name in ("steps", "epochs"))
    if not (isinstance(steps, int) and isinstance(epochs, int)):
        return started.steps_total
    return steps or epochs * started.steps_per_epoch


def _last_step(newest_first: list[Event]) -> int | None:
    return next((step for event in newest_first if (step := _step_of(event)) is not None), None)


def _step_of(event: Event) -> int | None:
    """The step that a run had come to with an event, where it tells one."""
    if isinstance(event, Metrics) and event.steps:
        return int(event.steps[-1])
    if isinstance(event, Epoch | Checkpoint):
        return event.step
    return event.from_step if isinstance(event, Resumed) and not event.names else None
