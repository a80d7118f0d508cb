"""A checkpoint takes its place: one of the two, it or what it replaces, is there at any instant."""

import shutil
from pathlib import Path

from gan_tui.run.manifests import manifest
from gan_tui.system.fsync import sync


def put_in_place(making: Path, final: Path) -> None:
    """Rename, and make the names durable; what is replaced is deleted only then.

    Raises PermissionError where it cannot be read: it is another user's.
    """
    old = final.with_name(f".{final.name}.old")
    if final.exists():
        _look_into(final)
        shutil.rmtree(old, ignore_errors=True)
        final.rename(old)
    making.rename(final)
    sync(final.parent)
    shutil.rmtree(old, ignore_errors=True)


def _look_into(folder: Path) -> None:
    """Raises PermissionError where a checkpoint may not be read."""
    try:
        manifest(folder)
    except PermissionError:
        raise
    except (OSError, ValueError):
        return  # what is damaged may be replaced
