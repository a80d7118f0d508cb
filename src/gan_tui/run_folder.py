"""A run on disk: create, find, list and delete it, hold its lock, name its files."""

import errno
import fcntl
import os
import re
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import platformdirs
import tomli_w

from gan_tui import presets, run_lock
from gan_tui.checks import user_path
from gan_tui.durable import sync
from gan_tui.errors import UserError, remedy
from gan_tui.event_log import EventReader, EventWriter, read_head, read_tail
from gan_tui.events import LIVE_STATES, Checkpoint, Epoch, Event, Metrics, Resumed, Started, State
from gan_tui.presets import Preset
from gan_tui.text import harmless, nearest

LONGEST_TROUBLE = 400
"""Characters of a sentence in the lock file."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,60}")


def runs_folder(named: str | None = None) -> Path:
    """Where runs live: the folder named, else $GAN_TUI_RUNS, else `runs` in the user's data folder."""
    named = named or os.environ.get("GAN_TUI_RUNS")
    return user_path(named).absolute() if named else Path(platformdirs.user_data_dir("gan-tui")) / "runs"


class RunFolder:
    """The paths of one run, and what can be asked of its files."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = harmless(path.name, 80)
        self.preset_file = path / "preset.toml"
        self.events_file = path / "events.jsonl"
        self.trainer_log = path / "trainer.log"
        self.lock_file = path / "lock"
        self.checkpoints = path / "checkpoints"

    def sample_file(self, tag: str, step: int) -> Path:
        """Where a picture goes: samples/TAG/STEP.png."""
        return self.path / "samples" / tag / f"{step:09d}.png"

    def preset(self) -> Preset:
        """What was run, every setting resolved. Raises UserError."""
        return presets.read(self.preset_file, _stem(self.path.name), follow=False)

    def inside(self, relative: str) -> Path | None:
        """The file an event names, or None when the name leads out of the folder."""
        path = (self.path / relative).resolve()
        return path if path.is_relative_to(self.path.resolve()) else None

    def writer(self) -> EventWriter:
        return EventWriter(self.events_file)

    def reader(self) -> EventReader:
        return EventReader(self.events_file)

    def opened_log(self) -> int:
        """The descriptor of the trainer's log, for its processes to print into. Raises OSError."""
        return os.open(self.trainer_log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def has_checkpoint(self) -> bool:
        """Whether there is one to go on from, as far as names tell."""
        try:
            return any(path.name.isdigit() for path in self.checkpoints.iterdir())
        except OSError:
            return False

    def is_held(self) -> bool:
        """Whether a supervisor holds the lock: immune to process ids that are used again."""
        try:
            descriptor = os.open(self.lock_file, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW)
        except OSError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    def is_alive(self) -> bool:
        """Whether the run's trainer is there. A run that is only held open to be looked at is not alive."""
        return self.is_held() and self._holder().get("mode") != "inspect"

    def socket_path(self) -> Path | None:
        """Where the supervisor listens, as it wrote into the lock file; None when it has not."""
        path = self._holder().get("socket")
        return Path(path) if isinstance(path, str) else None

    def trouble(self) -> str:
        """What is wrong that no event can say, such as a full disk, in a sentence; empty when nothing is."""
        sentence = run_lock.facts(self.lock_file).get("trouble")
        if not isinstance(sentence, str) or not sentence:
            return ""
        return harmless(sentence if self.is_alive() else f"When it was last alive: {sentence}", LONGEST_TROUBLE)

    def tell_trouble(self, sentence: str) -> None:
        """Say what is wrong in the lock file, whose bytes need no new room; for the trainer of a run that is held."""
        try:
            descriptor = os.open(self.lock_file, os.O_RDWR | os.O_CLOEXEC)
        except OSError:
            return  # nobody holds the run
        try:
            if facts := run_lock.facts(self.lock_file):
                run_lock.describe(descriptor, {**facts, "trouble": harmless(sentence, LONGEST_TROUBLE)})
        except OSError:
            return  # on a disk that takes nothing at all, nothing can be said
        finally:
            os.close(descriptor)

    def _holder(self) -> dict[str, object]:
        """What the supervisor wrote into the lock file."""
        return run_lock.facts(self.lock_file)


def _stem(name: str) -> str:
    """The preset's name for a run's name: lower case, only what a preset's name may have."""
    return re.sub(r"[^a-z0-9_-]+", "-", name.lower()).strip("-_")[:40] or "run"


def create(preset: Preset, runs: Path, name: str | None = None) -> RunFolder:
    """A new run's folder with its preset.toml, readable by its owner alone.

    Without a name, the preset's name and the next free number. Raises UserError when the name is taken or not
    a name, or the folder cannot be written; nothing half-made stays behind.
    """
    if name is not None and not _NAME.fullmatch(name):
        raise UserError(f'"{harmless(name, 60)}" is not a name for a run; use letters, digits, ".", "_" and "-".')
    path = None
    try:
        missing = [folder for folder in (runs, *runs.parents) if not folder.exists()]
        runs.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = _new_folder(runs, preset.name, name)
        document = preset.as_document()
        if points := presets.points_file(preset):  # a run keeps its own copy of what it learnt from
            shutil.copyfile(points, path / "points.csv")
            document["settings"]["points"] = "points.csv"
        (path / "preset.toml").write_text(tomli_w.dumps(document), encoding="utf-8")
        (path / "preset.toml").chmod(0o600)
        for made in (*path.iterdir(), path, runs, *(folder.parent for folder in missing)):
            sync(made)  # what a run saves is only as durable as the folder that names it
    except OSError as error:
        if path is not None:
            shutil.rmtree(path, ignore_errors=True)
        no_folder = error.errno in (errno.EEXIST, errno.ENOTDIR, errno.ENOENT)
        way = "" if no_folder else f"{remedy(error)}, or "
        raise UserError(
            f"Cannot make a run in {harmless(str(runs))}: {error.strerror}; {way}"
            "choose another folder with --runs-dir or GAN_TUI_RUNS."
        ) from None
    return RunFolder(path)


def _new_folder(runs: Path, stem: str, name: str | None) -> Path:
    if name is not None:
        try:
            (runs / name).mkdir(mode=0o700)
        except FileExistsError:
            raise UserError(
                f'There is a run "{name}" already; choose another --name, or gan-tui attach {name}.'
            ) from None
        return runs / name
    taken = [
        int(match[1]) for path in runs.iterdir() if (match := re.fullmatch(re.escape(stem) + r"-(\d{1,9})", path.name))
    ]
    number = max(taken, default=0)
    while True:
        number += 1
        try:
            (runs / f"{stem}-{number}").mkdir(mode=0o700)
        except FileExistsError:
            continue  # somebody else was quicker
        return runs / f"{stem}-{number}"


def is_run(path: Path) -> bool:
    """Whether a run lies there."""
    try:
        return (path / "preset.toml").is_file()
    except OSError:
        return False  # a name too long for a file, a folder that may not be entered


def find(run: str | None, runs: Path) -> RunFolder:
    """The run of that name or folder; without one, the newest. Raises UserError with the nearest names."""
    if run is None:
        newest = max(_folders(runs), key=lambda folder: folder.preset_file.stat().st_mtime, default=None)
        if newest is None:
            raise UserError("There is no run yet; start one with gan-tui, or gan-tui train gan.")
        return newest
    for path in (user_path(run).absolute(), runs / run) if "/" in run else (runs / run, Path(run).absolute()):
        if is_run(path):
            return RunFolder(path)
    known = [folder.name for folder in _folders(runs)]
    remedy = nearest(run, known) if known else "start one with gan-tui train gan"
    raise UserError(
        f'There is no run "{harmless(run, 60)}" in {harmless(str(runs))}, {remedy} (gan-tui runs lists them).'
    )


def _folders(runs: Path) -> Iterator[RunFolder]:
    try:
        for path in runs.iterdir():
            if not path.name.startswith(_DELETED) and is_run(path):
                yield RunFolder(path)
    except OSError:
        return  # no folder yet: no runs


@dataclass(frozen=True)
class RunSummary:
    """A run in a list."""

    folder: RunFolder
    preset: str
    state: str
    """A state of the events, or "interrupted" when its processes are gone without a word."""
    alive: bool
    step: int
    steps_total: int
    changed: float
    """When its log last grew, seconds since 1970."""


def summaries(runs: Path) -> list[RunSummary]:
    """Every run, the newest first, from the ends of their logs alone."""
    found = []
    for folder in _folders(runs):
        try:
            found.append(summary(folder))
        except OSError:
            continue  # deleted while it was looked at
    return sorted(found, key=lambda run: run.changed, reverse=True)


_Version = tuple[int, int, bool]
_known: dict[Path, tuple[_Version, RunSummary]] = {}
"""What was found when a log had a size and a time: a list of runs is looked at again and again."""


def summary(folder: RunFolder) -> RunSummary:
    """A run's state from the two ends of its log."""
    file = folder.events_file if folder.events_file.exists() else folder.preset_file
    found = file.stat()
    version = (found.st_size, found.st_mtime_ns, folder.is_alive())
    known = _known.get(folder.path)
    if known is None or known[0] != version:
        known = _known[folder.path] = (version, _summed_up(folder, version[2], found.st_mtime))
    return known[1]


def _summed_up(folder: RunFolder, alive: bool, changed: float) -> RunSummary:
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
    if state in LIVE_STATES and not alive:
        state = "interrupted"
    preset = started.preset if started else _stem(folder.path.name)
    return RunSummary(folder, preset, state, alive, step or 0, started.steps_total if started else 0, changed)


def _last_step(newest_first: list[Event]) -> int | None:
    return next((step for event in newest_first if (step := _step_of(event)) is not None), None)


def _step_of(event: Event) -> int | None:
    """The step that a run had come to with an event, where it tells one."""
    if isinstance(event, Metrics) and event.steps:
        return int(event.steps[-1])
    if isinstance(event, Epoch | Checkpoint):
        return event.step
    return event.from_step if isinstance(event, Resumed) else None


# Deleting -----------------------------------------------------------------------------------------

_DELETED = ".gan-tui-deleted-"
"""How the name of a folder begins that is being deleted; no run can be called so."""


def delete(folder: RunFolder) -> None:
    """Remove a run for good. Raises UserError while it is alive, or when it is not a run's folder.

    It is renamed first, with its lock held: at once nobody finds it any more, and a `resume` that was under way
    finds its lock gone.
    """
    if not folder.preset_file.is_file() or stat.S_ISLNK(folder.path.lstat().st_mode):
        raise UserError(f"{folder.name} is not the folder of a run; nothing was deleted.")
    lock = None
    try:
        lock = run_lock.taken(folder.lock_file)
        if lock is None:
            raise UserError(f"{folder.name} is still running; gan-tui stop {folder.name} first.")
        folder.path.rename(folder.path.with_name(f"{_DELETED}{folder.path.name}-{os.getpid()}"))
        for left in folder.path.parent.glob(f"{_DELETED}*"):  # ours, and any that a kill left behind
            shutil.rmtree(left, onerror=_unless_gone)
    except FileNotFoundError:
        raise UserError(f"{folder.name} was deleted already.") from None
    except OSError as error:
        raise UserError(f"Cannot delete {folder.name}: {error.strerror}; check who owns its files.") from None
    finally:
        if lock is not None:
            os.close(lock)


def _unless_gone(_function: object, _path: str, error: tuple[type[BaseException], BaseException, object]) -> None:
    """Go on where somebody else who deletes was quicker."""
    if not isinstance(error[1], FileNotFoundError):
        raise error[1]
