"""Giving a run another name, whether it trains or not: its processes hold its folder open and follow it."""

from contextlib import suppress
from pathlib import Path

from gan_tui.errors import UserError, told
from gan_tui.run import names
from gan_tui.run.catalog import SWEEPS, may_be_run
from gan_tui.run.folder import RunFolder
from gan_tui.system.fsync import sync
from gan_tui.system.shell_words import shell_word
from gan_tui.text import shown_path


def rename(folder: RunFolder, name: str) -> RunFolder:
    """Call a run otherwise, in the folder where it lies. Returns it under its new name.

    Raises UserError where the name is taken or none, or the folder cannot be renamed; nothing has changed then.
    """
    old = folder.path
    if refusal := _refusal(folder, name):
        raise UserError(refusal)
    new = old.with_name(name)
    if old.is_symlink():
        lies, link = shown_path(old.resolve()), shell_word(old)
        raise UserError(f"{folder.name} is a link to {lies}; rename that, or the link (mv {link}).")
    if not may_be_run(old):
        raise UserError(f"{folder.name} is not the folder of a run; nothing was renamed.")
    try:
        _claim(new)
        _move(old, new)
    except OSError as error:
        raise UserError(f"Cannot rename {folder.name}: {told(error)}.") from None
    return RunFolder(new)


def why_not(folder: RunFolder, name: str) -> str:
    """Why a run cannot be called so, in a sentence, as far as that can be told before; empty where it can."""
    refusal = _refusal(folder, name)
    return refusal or (_taken(new) if (new := folder.path.with_name(name)).exists() else "")


def _refusal(folder: RunFolder, name: str) -> str:
    if refusal := names.RUN.refusal(name):
        return f"{refusal}."
    if folder.path.with_name(name) == folder.path:
        return f"{folder.name} is called so already."
    return f'The folder "{SWEEPS}" is where sweeps are kept; choose another name.' if name == SWEEPS else ""


def _taken(new: Path) -> str:
    what = "A run" if may_be_run(new) else "Something that is no run"
    return f'{what} is called "{new.name}" already in {shown_path(new.parent)}; choose another.'


def _claim(new: Path) -> None:
    """Have the name: an empty folder, which the run takes the place of, so that nobody else takes it meanwhile."""
    try:
        new.mkdir(mode=0o700)
    except FileExistsError:
        raise UserError(_taken(new)) from None


def _move(old: Path, new: Path) -> None:
    try:
        old.replace(new)
    except OSError:
        new.rmdir()
        raise
    with suppress(OSError):  # it is called so already
        sync(new.parent)
