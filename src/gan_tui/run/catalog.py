"""The runs there are: made, found by name or folder, deleted."""

import errno
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import tomli_w

from gan_tui.errors import UserError, remedy, told, why
from gan_tui.run import lock as run_lock
from gan_tui.run import names
from gan_tui.run.folder import BEING_DELETED, RunFolder
from gan_tui.system import whole_files
from gan_tui.system.fsync import sync
from gan_tui.system.paths import keep_private, user_path
from gan_tui.system.shell_words import shell_word
from gan_tui.text import harmless, meant, nearest, shown_path

SWEEPS = "sweeps"
"""What the folder of sweeps is called, which lies among the runs."""
_MOST_NAMED = 12
"""Runs that are named where none was found."""
TRAININGS = "trainings"
"""What the folder is called, in a sweep's, in which each of its trainings is a run."""


def sweep_of(run: Path) -> str:
    """The sweep that trained a run, by where it lies; empty for any other run."""
    place = run.parent
    is_training = place.name == TRAININGS and place.parent.parent.name == SWEEPS
    return harmless(place.parent.name, 80) if is_training else ""


# Making -------------------------------------------------------------------------------------------


def create(
    document: Mapping[str, Any],
    stem: str,
    runs: Path,
    name: str | None = None,
    copies: Mapping[str, Path | bytes] | None = None,
) -> RunFolder:
    """A new run's folder with its preset.toml, readable by its owner alone.

    `document` says what is run; `copies` names files that the run keeps copies of, or what they are to hold. Without a
    name, `stem` and the next free number. Raises UserError when the name is taken or not a name, or the folder cannot
    be written; nothing half-made stays behind.
    """
    if name is not None and (refusal := names.RUN.refusal(name)):
        raise UserError(f"{refusal}.")
    path, content = None, tomli_w.dumps(document).encode()
    try:
        missing = [folder for folder in (runs, *runs.parents) if not folder.exists()]
        runs.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = _new_folder(runs, stem, name)
        for copy, original in (copies or {}).items():
            _copy(original, path / copy)
        (path / "preset.toml").write_bytes(content)
        keep_private(path / "preset.toml")
        for made in (*path.iterdir(), path, runs, *(folder.parent for folder in missing)):
            sync(made)  # what a run saves is only as durable as the folder that names it
    except OSError as error:
        if path is not None:
            shutil.rmtree(path, ignore_errors=True)
        raise cannot_create("a run", runs, error) from None
    return RunFolder(path)


def _copy(original: Path | bytes, copy: Path) -> None:
    if isinstance(original, bytes):
        copy.write_bytes(original)
    else:
        shutil.copyfile(original, copy)
    keep_private(copy)


def cannot_create(what: str, place: Path, error: OSError) -> UserError:
    """What is said where something cannot be made among the runs."""
    no_folder = error.errno in (errno.EEXIST, errno.ENOTDIR, errno.ENOENT)
    way = "" if no_folder else f"{remedy(error)}, or "
    return UserError(
        f"Cannot create {what} in {harmless(str(place))}: {why(error)}; {way}"
        "choose another folder with --runs-dir or GAN_TUI_RUNS."
    )


def rewrite(folder: RunFolder, content: bytes) -> None:
    """Replace a run's preset.toml: whole, or not at all. Raises OSError."""
    whole_files.put(folder.path / folder.preset_file.name, content, lasting=True)


def _new_folder(runs: Path, stem: str, name: str | None) -> Path:
    if name is not None:
        try:
            (runs / name).mkdir(mode=0o700)
        except FileExistsError:
            if may_be_run(runs / name):
                raise UserError(
                    f'A run "{name}" already exists; choose another --name, or open it with gan-tui attach {name}.'
                ) from None
            raise UserError(
                f"{shown_path(runs / name)} already exists and is not a run; choose another --name, or move it away."
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


# Finding ------------------------------------------------------------------------------------------


def is_run(path: Path) -> bool:
    """Whether a run lies there."""
    try:
        return (path / "preset.toml").is_file()
    except OSError:
        return False  # a name too long for a file, a folder that may not be entered


def may_be_run(path: Path) -> bool:
    """Whether a run lies there, or what is called as runs are and cannot be looked at."""
    try:
        return (path / "preset.toml").is_file()
    except OSError as error:
        return error.errno != errno.ENAMETOOLONG and names.RUN.allows(path.name) and path.name != SWEEPS


def find(run: str, runs: Path) -> RunFolder:
    """The run of that name or folder. It is followed wherever it is moved from now on.

    Raises UserError with the nearest names.
    """
    for path in (user_path(run), runs / run) if "/" in run else (runs / run, Path(run)):
        if may_be_run(path) if "/" in run or path.parent == runs else is_run(path):
            return readable(RunFolder(path.resolve() if ".." in path.parts else path.absolute()))
    known = [folder.name for folder in run_folders(runs)]
    raise UserError(
        f'There is no run "{harmless(run, 60)}" in {harmless(str(runs))}, '
        f"{_near(run, known)} (gan-tui runs lists them)."
    )


def _near(run: str, known: Sequence[str]) -> str:
    """What may have been meant; of many runs that are not like it, some."""
    if not known:
        return "start one with gan-tui train gan"
    if len(known) <= _MOST_NAMED or meant(run, known):
        return nearest(run, known)
    return f"choose from {', '.join(sorted(known)[:_MOST_NAMED])} and {len(known) - _MOST_NAMED} more"


def readable(found: RunFolder) -> RunFolder:
    """A run, followed from now on. Raises UserError where nothing could be said of it that is true."""
    folder = found.held()
    if error := folder.unreadable():
        raise UserError(f"The run {folder.name} cannot be looked at: {told(error)}.")
    return folder


def run_folders(runs: Path) -> Iterator[RunFolder]:
    """Every run once, in no order. Raises UserError where they cannot be listed."""
    try:
        for path in runs.iterdir():
            if not path.name.startswith(BEING_DELETED) and may_be_run(path) and not _leads_to_another(path):
                yield RunFolder(path)
    except (FileNotFoundError, NotADirectoryError):
        return  # no folder yet: no runs
    except OSError as error:
        raise UserError(f"The runs in {shown_path(runs)} cannot be listed: {told(error)}.") from None


def _leads_to_another(path: Path) -> bool:
    """Whether it is a link to a run beside it, which is listed by its own name."""
    return path.is_symlink() and path.resolve().parent == path.parent.resolve()


_OWN = {
    "preset.toml", "events.jsonl", "samples", "checkpoints", "trainer.log", "lock", "columns.json", "exports",
    "note.txt",
}  # fmt: skip
_OWN_ENDS = (".csv", ".safetensors", ".toml")
"""Of what a run keeps copies of."""


def others_in(folder: RunFolder) -> list[str]:
    """What lies in a run's folder that no run puts there, by name."""
    with suppress(OSError):
        names_there = (path.name for path in folder.path.iterdir())
        others = (name for name in names_there if name not in _OWN and not name.startswith("."))
        return sorted(harmless(name, 60) for name in others if not name.endswith(_OWN_ENDS))
    return []


# Deleting -----------------------------------------------------------------------------------------


def delete(folder: RunFolder) -> None:
    """Remove a run for good. Raises UserError while it is alive, or when it is not a run's folder.

    It is renamed first, with its lock held: at once nobody finds it any more, and a `resume` that was under way
    finds that it is being deleted.
    """
    if folder.path.is_symlink():
        lies, link = shown_path(folder.path.resolve()), shell_word(folder.path)
        raise UserError(
            f"{folder.name} is a link to {lies}; nothing was deleted: delete that, or the link (rm {link})."
        )
    if not may_be_run(folder.path):
        raise UserError(f"{folder.name} is not the folder of a run; nothing was deleted.")
    lock = None
    try:
        lock = run_lock.taken(folder.lock_file)
        if lock is None:
            raise UserError(f"{folder.name} is still running; gan-tui stop {folder.word} first.")
        away = hidden(folder.path)
    except FileNotFoundError:
        raise UserError(f"{folder.name} was already deleted.") from None
    except OSError as error:
        raise UserError(f"Cannot delete {folder.name}: {told(error)}.") from None
    finally:
        if lock is not None:
            os.close(lock)  # before it is removed: NFS keeps whatever is open, under another name
    if problem := remove(away):
        left = f"{folder.name} is a run no more, but not all of its files could be deleted: {told(problem)}"
        raise UserError(f"{left}. What is left is in {shown_path(away)}.")


def discard(folder: RunFolder) -> None:
    """Remove a run that was just made and could not be started: why, is more to the point than what this meets."""
    with suppress(OSError):
        remove(hidden(folder.path))


def hidden(path: Path) -> Path:
    """Where a run or a sweep lies from now on, to be deleted."""
    return path.rename(path.with_name(f"{BEING_DELETED}{path.name}-{path.stat().st_ino}"))


def remove(away: Path) -> OSError | None:
    """Remove what is hidden, and any that a kill left behind; returns why something of it is left, if it is."""
    for left in away.parent.glob(f"{BEING_DELETED}*"):
        if left != away:
            shutil.rmtree(left, ignore_errors=True)
    errors: list[tuple[str, OSError]] = []
    shutil.rmtree(away, onerror=lambda _, path, error: errors.append((path, error[1])))  # type: ignore[arg-type]
    return next((error for path, error in errors if not _is_no_matter(Path(path), error)), None)


def _is_no_matter(path: Path, error: OSError) -> bool:
    """Whether somebody else who deletes was quicker, or a folder holds only what could not be deleted in it.

    NFS renames a file that another process has open to .nfs…, which is gone once that closes it.
    """
    return error.errno in (errno.ENOENT, errno.ENOTEMPTY, errno.EEXIST) or path.name.startswith(".nfs")
