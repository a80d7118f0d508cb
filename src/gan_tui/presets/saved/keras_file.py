"""A `.keras` file, looked at without Keras: a zip of a configuration, of what it was saved with, and of weights.

It may come from anybody: how large its parts are is looked at before they are read, and nothing in it is run.
"""

import errno
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from gan_tui.errors import UserError, told
from gan_tui.presets.saved import other_files
from gan_tui.system.untrusted_files import opened
from gan_tui.text import harmless, shown_path, size

CONFIG, METADATA, WEIGHTS = "config.json", "metadata.json", "model.weights.h5"
LARGEST = 2**31
"""Bytes of a whole file."""
LONGEST_CONFIG = 4_000_000
"""Bytes of its configuration: the one of 800 layers has a million."""
LONGEST_METADATA = 10_000
MOST_PARTS = 1000
"""Beside the three there may be assets, which no layer that gan-tui takes has."""
_DIRECTORY_BYTES = 500 * MOST_PARTS
_END, _FAR_END = b"PK\x05\x06", b"PK\x06\x07"
_FAR = 20
"""Bytes just before the end, where a zip of more than four gigabytes says where another end is."""
_LONGEST_END = 22 + 65_535
"""Bytes in which a zip says where its directory is, with the longest comment."""
_TORN = (
    zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OverflowError, zlib.error, struct.error
)  # fmt: skip
"""What a zip that is torn, encrypted or packed in some other way may raise."""


@dataclass(frozen=True)
class KerasFile:
    """What is written in one."""

    path: Path
    config: Mapping[str, Any]
    saved_with: str
    """'Keras 3.15.1, 2026-11-27'"""

    @property
    def name(self) -> str:
        """As errors call it."""
        return shown_path(self.path)

    def weights(self, most: int) -> bytes:
        """The HDF5 file of its weights. Raises UserError where it has more bytes than `most`."""
        with _parts_of(self.path) as archive:
            return _part(archive, WEIGHTS, most)


def read(path: Path) -> KerasFile:
    """What a file says of itself, but for its weights. Raises UserError, also for other kinds of files by their names.

    A link is followed: it was named by a person.
    """
    other_files.refuse(path)
    with _parts_of(path) as archive:
        config = _json(_part(archive, CONFIG, LONGEST_CONFIG), CONFIG)
        says = _json(_part(archive, METADATA, LONGEST_METADATA), METADATA)
        if WEIGHTS not in archive.namelist():
            raise ValueError(f"lacks {WEIGHTS}")
    version, date = (str(says.get(key, "")).partition("@")[0] for key in ("keras_version", "date_saved"))
    return KerasFile(path, config, harmless(f"Keras {version}, {date}", 60))


@contextmanager
def _parts_of(path: Path) -> Iterator[zipfile.ZipFile]:
    """The zip, opened. Raises UserError with the file's name for whatever is wrong with it meanwhile."""
    try:
        with opened(path) as file:
            _look_at_size(file)
            with zipfile.ZipFile(file) as archive:
                _look_at_names(archive.namelist())
                yield archive
    except UserError:
        raise
    except OSError as error:
        if error.errno == errno.EISDIR:
            raise UserError(f"{shown_path(path)} is a folder, not a .keras file; name a file.") from None
        raise UserError(f"Cannot read the model {shown_path(path)}: {told(error, 'check the path')}.") from None
    except _TORN as error:
        what = str(error) if type(error) is ValueError else "is torn, or no .keras file"
        raise UserError(
            f'{shown_path(path)} {harmless(what)}; save the model again with model.save("NAME.keras").'
        ) from None


def _look_at_size(file: BinaryIO) -> None:
    """Raises ValueError for what is too large to be looked through."""
    bytes_in_all = file.seek(0, 2)
    if bytes_in_all > LARGEST:
        raise ValueError(f"has {size(bytes_in_all)}, and gan-tui takes models up to {size(LARGEST)}")
    file.seek(max(0, bytes_in_all - _LONGEST_END - _FAR))
    end = file.read()
    place = end.rfind(_END)
    if place >= _FAR and end[place - _FAR :].startswith(_FAR_END):
        raise ValueError("is a zip for more than four gigabytes, and no .keras file is one")
    if place >= 0 and len(end) >= place + 22 and struct.unpack_from("<I", end, place + 12)[0] > _DIRECTORY_BYTES:
        raise ValueError(f"has more than {MOST_PARTS:,} parts, and a .keras file has three")
    file.seek(0)


def _look_at_names(names: list[str]) -> None:
    if len(names) > MOST_PARTS:
        raise ValueError(f"has more than {MOST_PARTS:,} parts, and a .keras file has three")
    if "data.pkl" in {name.rpartition("/")[2] for name in names}:
        raise ValueError("is a file of PyTorch, which gan-tui does not read: it can run code")
    if CONFIG not in names:
        raise ValueError(f"lacks {CONFIG}, which says what its layers are")
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ValueError(f"has two parts called {harmless(twice, 60)}")


def _part(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """A part of at most so many bytes."""
    try:
        declared = archive.getinfo(name).file_size
    except KeyError:
        raise ValueError(f"lacks {name}") from None
    content = b""
    if declared <= most:
        with archive.open(name) as part:
            content = part.read(most + 1)  # whatever it declares
    if declared > most or len(content) > most:
        raise ValueError(f"has {size(declared)} in {name}, and at most {size(most)} are right for it")
    return content


def _json(content: bytes, name: str) -> Mapping[str, Any]:
    try:
        says = orjson.loads(content)
    except orjson.JSONDecodeError:
        raise ValueError(f"has no readable {name}") from None
    if not isinstance(says, dict):
        raise ValueError(f"has no readable {name}")
    return says
