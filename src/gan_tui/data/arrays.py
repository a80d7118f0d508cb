"""Arrays as IDX files and .npz archives store them: headers are read cheaply, contents within bounds.

The IDX format is described at http://yann.lecun.com/exdb/mnist/, the .npy format in numpy's
`numpy.lib.format`. Deliberately no `numpy.load`: it must be imported, it reads whole arrays to tell their
shape, and it trusts what it reads.
"""

from __future__ import annotations

import gzip
import math
import struct
import sys
import zipfile
import zlib
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from gan_tui.data.npy import read_header
from gan_tui.errors import told
from gan_tui.text import shown_path

if TYPE_CHECKING:
    from numpy.typing import NDArray

GZIP_MAGIC = b"\x1f\x8b"
IDX_TYPES = {0x08: "|u1", 0x09: "|i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_OF_PYTHON = {
    "u1": "B", "i1": "b", "u2": "H", "i2": "h", "u4": "I", "i4": "i", "u8": "Q", "i8": "q", "f4": "f", "f8": "d",
}  # fmt: skip
"""Kinds of numbers that Python's arrays have: by numpy's name, theirs."""
CHUNK = 1 << 20
ZIP_HEADER = struct.Struct("<26sHH")
"""Before a member's own bytes, a name and an extra field of these lengths (PKWARE's APPNOTE, 4.3.7)."""

DAMAGE = (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, struct.error, RuntimeError, ValueError)
"""What gzip and zipfile raise at spoilt bytes; the last three, undocumented, were found by flipping each."""


class Damaged(Exception):  # noqa: N818 - the state of a file, which is an error only in some places
    """A file that cannot be used as it is. The message is a clause naming it; callers add the remedy."""

    def __init__(self, file: Path, what: str) -> None:
        super().__init__(f"{file} {what}")
        self.file = file

    def told(self, remedy: str) -> str:
        """A sentence with what to do; where the system cannot read the file, its content may be sound."""
        if isinstance(trouble := self.__cause__, OSError) and trouble.errno:
            return f"{shown_path(self.file)} cannot be read: {told(trouble, remedy)}."
        return f"{self}: {remedy}."


@dataclass(frozen=True)
class StoredArray:
    """An array in a file, as its header describes it.

    `member` is its name inside an .npz ("" for an IDX file), `start` the bytes before its contents, `dtype`
    numpy's type string such as "|u1", `fortran` whether the first index varies fastest, `stored_shape` the shape in
    which it does, where that is not the one in which it is used.
    """

    file: Path
    member: str
    start: int
    shape: tuple[int, ...]
    dtype: str
    fortran: bool = False
    stored_shape: tuple[int, ...] = ()

    def in_shape(self, shape: tuple[int, ...]) -> StoredArray:
        """The same numbers in another shape."""
        return replace(self, shape=shape, stored_shape=self.stored_shape or self.shape)

    @property
    def nbytes(self) -> int:
        return math.prod(self.shape) * self.itemsize

    @property
    def itemsize(self) -> int:
        """Bytes of one number, or of one word."""
        return int(self.dtype[2:]) * (4 if self.dtype[1] == "U" else 1)

    @property
    def is_words(self) -> bool:
        return self.dtype[1] in "SU"

    @property
    def name(self) -> str:
        """What to call it in a message."""
        return self.member.removesuffix(".npy") or self.file.name

    @property
    def type_name(self) -> str:
        """The element type in numpy's words, such as "float32"."""
        if self.is_words:
            return "words"
        kind, size = self.dtype[1], int(self.dtype[2:])
        return "bool" if kind == "b" else {"f": "float", "i": "int", "u": "uint"}[kind] + str(8 * size)


def idx(file: Path) -> StoredArray:
    """The header of an IDX file, gzipped or not. Raises Damaged where it cannot be read, or is not an IDX file."""
    with opened(file) as stream:
        magic = stream.read(4)
        if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in IDX_TYPES:
            raise Damaged(file, "is not an IDX file")
        sizes = stream.read(4 * magic[3])
    if len(sizes) < 4 * magic[3]:
        raise Damaged(file, "has a truncated header")
    return StoredArray(file, "", 4 + len(sizes), struct.unpack(f">{magic[3]}I", sizes), IDX_TYPES[magic[2]])


def npz(file: Path, names: tuple[str, ...]) -> dict[str, StoredArray]:
    """The headers of those arrays of `names` that an .npz archive holds.

    Raises Damaged where it cannot be read, is no zip archive, or holds one of them in a form that numpy does not write.
    """
    with _opened_zip(file) as archive:
        members = set(archive.namelist())
        return {name: _in_zip(file, archive, f"{name}.npy") for name in names if f"{name}.npy" in members}


def npz_names(file: Path) -> tuple[str, ...]:
    """The names of all arrays in an .npz archive, in their order. Raises Damaged where it is no zip archive."""
    with _opened_zip(file) as archive:
        return tuple(name.removesuffix(".npy") for name in archive.namelist() if name.endswith(".npy"))


def npy(file: Path) -> StoredArray:
    """The header of an .npy file. Raises as `npz`."""
    with opened(file) as stream:
        return _npy(file, "", stream)


def check_length(stored: StoredArray) -> None:
    """Compare the length of the contents with the header, as cheaply as the container allows.

    Raises Damaged where there are fewer or more bytes than the header promises.
    """
    promised = stored.start + stored.nbytes
    length = promised if _ends_with_length(stored, promised) else _measured(stored, promised)
    if length != promised:
        raise Damaged(stored.file, _length_complaint(length, promised))


def numbers(stored: StoredArray) -> Sequence[float]:
    """The numbers of an array, one after the other, found without numpy. Raises Damaged as `read` does."""
    found = array(_OF_PYTHON[stored.dtype[1:]], contents(stored))
    if (stored.dtype[0] == ">") != (sys.byteorder == "big"):
        found.byteswap()
    return found


def read(stored: StoredArray) -> NDArray[Any]:
    """The array itself, read-only.

    Reads no more than the promised bytes and one: whatever else a compressed file may unfold to stays folded. Raises
    Damaged where the contents are shorter or longer than promised, or fail their checksum.
    """
    import numpy as np

    flat = np.frombuffer(contents(stored), stored.dtype)
    lying = flat.reshape(stored.stored_shape or stored.shape, order="F" if stored.fortran else "C")
    return lying.reshape(stored.shape)


def contents(stored: StoredArray) -> bytes:
    """The array's own bytes. Raises as `read` does."""
    with opened(stored.file, stored.member) as stream:
        stream.read(stored.start)
        data = stream.read(stored.nbytes + 1)
    if len(data) != stored.nbytes:
        raise Damaged(stored.file, _length_complaint(len(data), stored.nbytes))
    return data


def first_bytes(stored: StoredArray, count: int) -> bytes:
    """The first bytes of the contents, fewer if there are fewer."""
    with opened(stored.file, stored.member) as stream:
        return stream.read(stored.start + count)[stored.start :]


def contents_begin(stored: StoredArray) -> int | None:
    """Where the contents begin, in bytes from the file's beginning; None where they are compressed.

    Raises Damaged where the file cannot be read.
    """
    if not stored.member:
        return None if _is_gzip(stored.file) else stored.start
    with _opened_zip(stored.file) as archive:
        info = archive.getinfo(stored.member)
    if info.compress_type != zipfile.ZIP_STORED:
        return None
    with _opened_raw(stored.file) as raw:
        raw.seek(info.header_offset)
        header = raw.read(ZIP_HEADER.size)
    with _complaining(stored.file):
        _, name, extra = ZIP_HEADER.unpack(header)
    return info.header_offset + ZIP_HEADER.size + int(name) + int(extra) + stored.start


def _in_zip(file: Path, archive: zipfile.ZipFile, member: str) -> StoredArray:
    info = archive.getinfo(member)
    if info.flag_bits & 1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Damaged(file, f"holds {member} encrypted, or compressed in a way that numpy does not use")
    with archive.open(info) as stream:
        return _npy(file, member, stream)


def _npy(file: Path, member: str, stream: IO[bytes]) -> StoredArray:
    """The array that begins here, from its header."""
    try:
        start, shape, dtype, fortran = read_header(stream)
    except ValueError as what:
        raise Damaged(file, f"holds {member}, which {what}" if member else str(what)) from None
    return StoredArray(file, member, start, shape, dtype, fortran)


def _ends_with_length(stored: StoredArray, promised: int) -> bool:
    """Whether a gzip file's last four bytes agree: the unfolded length modulo 2³², if in one part."""
    if stored.member or not _is_gzip(stored.file):
        return False
    with _opened_raw(stored.file) as stream:
        stream.seek(-4, 2)
        return stream.read(4) == struct.pack("<I", promised % 2**32)


def _measured(stored: StoredArray, promised: int) -> int:
    """The length of the contents in bytes, counted no further than just past the promised length."""
    if stored.member:
        with _opened_zip(stored.file) as archive:
            return archive.getinfo(stored.member).file_size
    if not _is_gzip(stored.file):
        with _complaining(stored.file):
            return stored.file.stat().st_size
    length = 0
    with opened(stored.file) as stream:
        while length <= promised and (chunk := stream.read(CHUNK)):
            length += len(chunk)
    return length


def _length_complaint(length: int, promised: int) -> str:
    if length > promised:
        return "is longer than its header says"
    return f"is truncated: {length:,} of {promised:,} bytes"


def _is_gzip(file: Path) -> bool:
    with _opened_raw(file) as stream:
        return stream.read(2) == GZIP_MAGIC


@contextmanager
def opened(file: Path, member: str = "") -> Iterator[IO[bytes]]:
    """The contents of an IDX file, gzipped or not, or of a member of an archive."""
    if member:
        with _opened_zip(file) as archive, archive.open(member) as contents:
            yield contents
    elif _is_gzip(file):
        with _complaining(file), gzip.open(file) as unfolded:
            yield unfolded  # type: ignore[misc]  # a GzipFile reads like any binary stream
    else:
        with _opened_raw(file) as raw:
            yield raw


@contextmanager
def _opened_raw(file: Path) -> Iterator[IO[bytes]]:
    with _complaining(file), file.open("rb") as stream:
        yield stream


@contextmanager
def _opened_zip(file: Path) -> Iterator[zipfile.ZipFile]:
    with _complaining(file), zipfile.ZipFile(file) as archive:
        yield archive


@contextmanager
def _complaining(file: Path) -> Iterator[None]:
    """Whatever reading may raise, said about the file."""
    try:
        yield
    except DAMAGE as error:
        raise Damaged(file, f"is damaged ({str(error).rstrip('.') or 'it ends too early'})") from error
    except OSError as error:
        raise Damaged(file, f"cannot be read ({error.strerror or error})") from error
