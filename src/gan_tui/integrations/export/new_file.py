"""A file for others, written whole or not at all: under a name beside its own until all of it is there.

It is a person's to send, so who may read it is as their other files (umask).
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from gan_tui.errors import TRAINING_FAILED, UserError, told
from gan_tui.text import shown_path

_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC


def refuse_taken(path: Path, replace: bool) -> None:
    """Raises UserError where a file cannot be made at a path, as far as is seen before; `replace` allows for one."""
    if path.is_dir():
        raise UserError(f"{shown_path(path)} is a folder; name a file in it.")
    if not path.parent.is_dir():
        folder = shown_path(path.parent)
        raise UserError(f"There is no folder {folder}; make it (mkdir -p), or name another place.")
    if os.path.lexists(path) and not (replace and (path.is_file() or path.is_symlink())):
        way = "--force replaces it, or name another file" if path.is_file() else "name another file"
        raise UserError(f"{shown_path(path)} exists already; {way}.")


@contextmanager
def written(path: Path, replace: bool = False) -> Iterator[BinaryIO]:
    """A file to be written, which is at its path once all went well. Raises UserError where it cannot be made."""
    refuse_taken(path, replace)
    making = path.with_name(f".gan-tui-{secrets.token_hex(6)}")
    try:
        with os.fdopen(os.open(making, _NEW, 0o666), "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())  # a disk over a network may say only now that it is full
        _put_in_place(making, path, replace)
    except OSError as error:
        raise UserError(f"{shown_path(path)} cannot be written: {told(error)}.", TRAINING_FAILED) from None
    finally:
        with suppress(OSError):
            making.unlink(missing_ok=True)


def _put_in_place(making: Path, path: Path, replace: bool) -> None:
    if replace:
        making.replace(path)
        return
    try:
        path.hardlink_to(making)  # which fails where something has come there meanwhile
    except FileExistsError:
        refuse_taken(path, replace)
    except OSError:  # a file system without links
        refuse_taken(path, replace)
        making.rename(path)
