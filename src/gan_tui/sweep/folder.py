"""A sweep on disk: what it is (sweep.toml), and a line for each training that was finished (results.jsonl).

Nothing else is kept, so an interruption costs the trainings under way and no more. What a random search drew is written
down, so that it goes on with that whatever a later version would draw.
"""

import errno
import os
import shutil
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson
import tomli_w

from gan_tui.errors import TRAINING_FAILED, UserError, told
from gan_tui.presets import TASKS
from gan_tui.presets.networks import listed
from gan_tui.run import catalog, lock, names
from gan_tui.run.event_log import ends_in_newline
from gan_tui.sweep import moved
from gan_tui.sweep.result import Result, result_from
from gan_tui.sweep.sweep import Combination, Job, Sweep, from_document, in_numbers
from gan_tui.system import fsync
from gan_tui.system.held_folder import HeldFolder
from gan_tui.text import harmless, nearest, shown_path


class SweepFolder:
    """The files of one sweep."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._held: HeldFolder | None = None

    @property
    def path(self) -> Path:
        """Where it is; one that is held is followed."""
        return self._held.path if self._held else self._path

    @property
    def name(self) -> str:
        return harmless(self.path.name, 80)

    @property
    def way_on(self) -> str:
        """The command that trains what is missing, in words."""
        return f"gan-tui sweep --resume {self.name} continues with the rest"

    @property
    def file(self) -> Path:
        return self.path / "sweep.toml"

    @property
    def results_file(self) -> Path:
        return self.path / "results.jsonl"

    @property
    def log(self) -> Path:
        return self.path / "workers.log"

    def document(self) -> dict[str, Any]:
        """What sweep.toml says; {} where there is none. Raises UserError when it is damaged, or may not be read."""
        try:
            return tomllib.loads(self.file.read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except OSError as error:
            closed = (each for each in (self.path.parent, self.path) if not os.access(each, os.X_OK))
            raise UserError(
                f"{shown_path(next(closed, self.file))} cannot be read: {told(error)}, "
                "or choose another folder with --runs-dir or GAN_TUI_RUNS."
            ) from None
        except ValueError as error:
            raise UserError(f"{harmless(str(self.file))} cannot be read: {harmless(str(error))}.") from None

    def sweep(self) -> Sweep:
        """The sweep of this folder. Raises UserError when sweep.toml is damaged."""
        try:
            return from_document(self.document())
        except (KeyError, TypeError, ValueError) as error:
            raise UserError(
                f"{harmless(str(self.file))} is damaged ({harmless(str(error))}); "
                "start the sweep again under another name."
            ) from None

    def has(self, document: Mapping[str, Any]) -> bool:
        """Whether it is the sweep of a document, with data that are the same as far as it knows them; or the beginning
        of it, where more is drawn than before.
        """
        there, data = moved.now(self.document()), dict(document["data"])
        if not self.files():  # an earlier version kept no checksums
            data.pop("files", None)
        now = {**document, "data": data, "preset": _as_then(document["preset"], there.get("preset"))}
        if "drawn" in now and isinstance(before := there.get("drawn"), list):
            now["drawn"] = now["drawn"][: len(before)]
        return there == now or there == in_numbers(now)

    def files(self) -> dict[str, str]:
        """The files that its data came from when it was begun → their checksums."""
        return moved.files(self.document())

    def other_data(self, files: Mapping[str, str]) -> UserError:
        """What is said where its data have changed, with the checksums of their files as they are now."""
        changed = [shown_path(path) for path, checksum in self.files().items() if files.get(path) != checksum]
        which = f" ({', '.join(changed[:3])})" if changed else ""
        return UserError(
            f"The data have changed since the sweep {self.name} was started{which}; restore them, "
            "or start another sweep under another --name."
        )

    @contextmanager
    def held(self) -> Iterator[None]:
        """Have the sweep's lock, and follow its folder. Raises UserError when that cannot be had."""
        try:
            descriptor = lock.taken(self.path / "lock", patience=0)
        except OSError as error:
            raise UserError(f"The sweep {self.name} cannot be started: {told(error)}.") from None
        if descriptor is None:
            raise UserError(f"The sweep {self.name} is already running; wait for it, or interrupt it.")
        try:
            self._held = HeldFolder(self._path)
            yield
        finally:
            os.close(descriptor)

    def add_drawn(self, swept: Sweep) -> None:
        """Write down what was drawn since. For whoever holds it. Raises UserError where that cannot be."""
        there = self.document()
        if swept.drawn is None or len(there.get("drawn", swept.drawn)) >= len(swept.drawn):
            return  # or it was deleted
        making = self.file.with_name(f"{self.file.name}.making")
        try:
            _write_new(making, {**there, "drawn": swept.as_document()["drawn"]})
            fsync.sync(making)
            making.rename(self.file)
            fsync.sync(self.path)
        except OSError as error:
            making.unlink(missing_ok=True)
            raise UserError(f"Cannot write to {shown_path(self.file)}: {told(error)}, and try again.") from None

    def results(self, swept: Sweep) -> dict[Job, Result]:
        """The trainings that were finished. Torn lines, and lines of anything else, do not count."""
        numbers = {_key(combination): number for number, combination in enumerate(swept.combinations)}
        found: dict[Job, Result] = {}
        for settings, result in self.every_result():
            combination = _key(settings)
            if combination in numbers and result.seed in swept.seeds:
                found.setdefault(Job(numbers[combination], result.seed), result)
        return found

    def every_result(self) -> Iterator[tuple[dict[str, Any], Result]]:
        """(settings, what came of it) of each line of results, sound ones alone."""
        yield from _read(self.results_file)

    def append(self, combination: Combination, result: Result) -> None:
        """Keep a result. Raises UserError when the disk is full or gone, or the sweep was deleted."""
        if not self.file.is_file():
            raise UserError(f"The sweep {self.name} was deleted: it is no longer in {shown_path(self.path)}.")
        line = orjson.dumps({"settings": dict(combination), **asdict(result)}) + b"\n"
        try:
            file = os.open(self.results_file, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                _write(file, line if ends_in_newline(file) else b"\n" + line)
            finally:
                os.close(file)
        except OSError as error:
            raise UserError(
                f"Cannot write to {harmless(str(self.results_file))}: {told(error)}, "
                "and run the same command to continue.",
                TRAINING_FAILED,
            ) from None


def _write(file: int, line: bytes) -> None:
    while line:
        line = line[os.write(file, line) :]


def _write_new(path: Path, document: Mapping[str, Any]) -> None:
    """A file that its owner alone may read."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        _write(file, tomli_w.dumps(document).encode())
    finally:
        os.close(file)


def _key(combination: object) -> bytes:
    return orjson.dumps(combination, option=orjson.OPT_SORT_KEYS)


def _read(path: Path) -> Iterator[tuple[dict[str, Any], Result]]:
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return
    for line in lines:
        try:
            row = orjson.loads(line)
            yield row.pop("settings"), result_from(row)
        except (ValueError, KeyError, TypeError, AttributeError):
            continue  # torn, or not ours


# Finding and making -----------------------------------------------------------------------------


def sweeps_folder(runs: Path) -> Path:
    """Where sweeps lie, among the runs."""
    return runs / catalog.SWEEPS


def _as_then(preset: Mapping[str, Any], then: object) -> Mapping[str, Any]:
    """A preset without the settings that it did not have then, where they are as they are by default."""
    had = then.get("settings") if isinstance(then, dict) else None
    if not isinstance(had, dict):
        return preset
    known = TASKS[preset["task"]].settings_for()
    settings = {
        name: value for name, value in preset["settings"].items()
        if name in had or value != listed(known[name].default)
    }  # fmt: skip
    return {**preset, "settings": settings}


def find(name: str, runs: Path) -> SweepFolder:
    """The sweep of that name. Raises UserError with the nearest names."""
    sweeps = sweeps_folder(runs)
    if names.SWEEP.allows(name) and SweepFolder(sweeps / name).document():
        return SweepFolder(sweeps / name)
    known = sorted(path.parent.name for path in sweeps.glob("*/sweep.toml"))
    remedy = nearest(name, known) if known else "start one with gan-tui sweep PRESET --set KEY=V1,V2"
    raise UserError(f'There is no sweep "{harmless(name, 60)}" in {harmless(str(sweeps))}, {remedy}.')


def find_or_make(swept: Sweep, runs: Path, name: str | None) -> SweepFolder:
    """The folder that has this very sweep, or a new one, readable by its owner alone.

    Raises UserError when the name is taken by another sweep or is no name, or the folder cannot be written.
    """
    if name is not None and (refusal := names.SWEEP.refusal(name)):
        raise UserError(f"{refusal}.")
    sweeps = sweeps_folder(runs)
    if catalog.is_run(sweeps):
        raise UserError(f"A run named sweeps is where sweeps are kept: {harmless(str(sweeps))}; rename its folder.")
    document = swept.as_document()
    may_be = [name] if name else (f"{swept.preset.name}-{number}" for number in range(1, 1_000_000_000))
    for each in may_be:
        folder = SweepFolder(sweeps / each)
        if _has(folder, document):
            return folder
    if not folder.document():
        raise UserError(f"{shown_path(folder.path)} exists and is not a sweep; choose another --name, or move it away.")
    if {**folder.document(), "data": {}} == {**document, "data": {}}:
        raise folder.other_data(swept.files())
    raise UserError(
        f'A sweep "{name}" with other settings already exists; choose another --name, '
        f"or continue it: gan-tui sweep --resume {name}."
    )


def _has(folder: SweepFolder, document: dict[str, Any]) -> bool:
    """Whether a folder has this sweep; one that is not there is made, whole under another name, so that of two at once
    one makes it.

    False where it is another sweep's. Raises UserError when it cannot be made.
    """
    if folder.document():
        return folder.has(document)
    making = None
    try:
        folder.path.parent.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.path.parent.mkdir(exist_ok=True, mode=0o700)
        making = Path(tempfile.mkdtemp(prefix=f".{folder.path.name}.", dir=folder.path.parent))
        _write_new(making / folder.file.name, document)
        _put_in_place(making, folder.path)
        return folder.has(document)
    except OSError as error:
        raise catalog.cannot_create("a sweep", folder.path.parent, error) from None
    finally:
        if making:
            shutil.rmtree(making, ignore_errors=True)


def _put_in_place(making: Path, final: Path) -> None:
    """Rename, unless another was quicker or something else lies there."""
    try:
        making.rename(final)
    except OSError as error:
        if error.errno not in (errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR):
            raise
