"""A whole run, as far as it has come, written at once: all of it is there then, or nothing."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from gan_tui.errors import TRAINING_FAILED, UserError, told
from gan_tui.integrations.export import place
from gan_tui.integrations.export.kept import Kept
from gan_tui.integrations.export.place import Exported
from gan_tui.integrations.export.tensorboard import TensorBoardFiles
from gan_tui.run import lock
from gan_tui.run.folder import RunFolder
from gan_tui.run.reader import blocks
from gan_tui.system.fsync import sync
from gan_tui.system.held_folder import HeldFolder
from gan_tui.text import shown_path


@dataclass(frozen=True)
class Done:
    """What became of it."""

    path: Path
    damaged: int
    """Lines of the log that were damaged."""
    left_out: int
    """Pictures that could not be read."""


def export(folder: RunFolder, directory: Path) -> Done:
    """Write a run's folder into `directory`; an earlier export of it is replaced. Raises UserError."""
    reader = folder.reader()
    log = blocks(reader)
    first = next(filter(None, log), None)
    if first is None:
        raise UserError(f"{folder.name} has logged nothing yet, so there is nothing to export.")
    target, began = directory / folder.path.name, first[0].time
    place.found(target, folder.name, began)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with _beside(target) as around:
            making = around / "making"
            making.mkdir()
            held = HeldFolder(making)
            files = TensorBoardFiles(folder, held, named="making")  # by this no reader knows them
            kept = Kept(folder.reader())
            for records in chain([first], log):
                files.take(kept.of(records))
            files.close(sync=True)
            files.name_all()
            Exported(folder.name, began, files.seq, files.sizes).write(held)
            _put_in_place(making, target, folder, began)
        return Done(target, reader.damaged, files.left_out)
    except OSError as error:
        why = f"{folder.name} cannot be exported to {shown_path(directory)}: {told(error)}."
        raise UserError(why, TRAINING_FAILED) from None


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A folder beside the target, which is gone in the end with whatever is left in it."""
    around = Path(tempfile.mkdtemp(prefix=".gan-tui-", dir=target.parent))
    try:
        yield around
    finally:
        shutil.rmtree(around, ignore_errors=True)


def _put_in_place(making: Path, target: Path, folder: RunFolder, began: float) -> None:
    """Raises OSError; UserError where something else has come there, or the run is written there while it trains."""
    for made in (making / place.MARKER, *(path for path in making.rglob("*") if path.is_dir()), making):
        sync(made)
    place.found(target, folder.name, began)
    if target.is_dir():
        held = lock.taken(target / place.LOCK, patience=0)
        if held is None:
            raise UserError(f"{shown_path(target)} is written while {folder.name} trains; name another folder.")
        target.rename(making.with_name("replaced"))
        os.close(held)
    making.rename(target)
    sync(target.parent)
