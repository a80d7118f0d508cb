"""Images read from their files, on all cores, into the rows of a set that is kept.

In threads: Pillow unpacks and resizes without Python's lock, and even of images of 28 × 28 two threads read more than
enough. Batches are written in order, and few of them wait, so memory stays the same however many images there are.
"""

from __future__ import annotations

import hashlib
import math
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gan_tui.data.own import cache
from gan_tui.data.own.decoding import Broken, Header, decoded
from gan_tui.data.own.left_out import Out, refuse_many
from gan_tui.data.own.listing import Listing
from gan_tui.data.own.sampling import Seen
from gan_tui.system import machine

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gan_tui.data.own.image_rows import OnRead, Wish

BATCH = 16
"""Files that a thread reads at once: a large photo takes it 50 ms."""
WAITING = 4
"""Batches for each thread that are read, or being read, and not yet written."""
LARGE = 1_000_000_000
"""Bytes that the largest photos take a thread while they are unpacked and made smaller."""
HEADER = 128
"""Bytes of the header of an .npy file of ours."""


@dataclass(frozen=True)
class _Batch:
    rows: NDArray[np.uint8]
    """Of the images that could be read."""
    of_files: list[Header | str]
    """What each file is, or why it could not be read."""
    digests: list[bytes]
    """Of the pixels of those that could."""


def make(folder: Path, root: Path, listing: Listing, wish: Wish, on_read: OnRead | None) -> dict[str, Any]:
    """Write a set into a folder; returns what there is to say about it.

    `on_read` may raise whatever it likes to end it all. Raises UserError where too many images are broken, OSError.
    """
    seen, out, kept = Seen(), Out(root, listing), list[int]()
    digests: list[bytes] = []
    shape = wish.height, wish.width, wish.channels
    with cache.private(folder / cache.IMAGES) as file:
        _write_header(file, (len(listing.files), *shape), "|u1")
        for start, batch in _batches(listing.files, wish):
            file.write(batch.rows.data)
            digests += batch.digests
            for number, read in enumerate(batch.of_files, start):
                if isinstance(read, str):
                    out.add(number, read)
                    refuse_many(out)
                else:
                    kept.append(number)
                    seen.add(read.height, read.width, read.grey)
            if on_read:
                on_read(start + len(batch.of_files), len(listing.files))
        file.seek(0)
        _write_header(file, (len(kept), *shape), "|u1")
    labels = np.array(listing.labels, "<i8")[kept]
    with cache.private(folder / cache.LABELS) as file:
        _write_header(file, labels.shape, "<i8")
        file.write(labels.data)
    return _about(listing, kept, seen, labels, [*out.notes(), *out.twice(kept, digests)])


def _about(
    listing: Listing, kept: list[int], seen: Seen, labels: NDArray[np.int64], notes: list[str]
) -> dict[str, Any]:
    counts = np.bincount(labels, minlength=len(listing.names)).tolist() if listing.names else []
    notes += [
        f"no image of {name} could be read" for name, count in zip(listing.names, counts, strict=True) if not count
    ]
    notes += [f"no image of {name} in {part} could be read" for part, name in _unread(listing, kept, counts)]
    return {
        "count": len(kept), "held_back": sum(number >= listing.kept for number in kept),
        "sides": list(seen.sides or ()), "channels": seen.channels,
        "says": seen.words(len(kept), counts, bool(listing.names)), "notes": notes,
    }  # fmt: skip


def _unread(listing: Listing, kept: list[int], counts: list[int]) -> Iterator[tuple[str, str]]:
    """(folder of the part, class) of which all images are broken there, and not in the other part."""
    whole = len(listing.files)
    parts = [("train", range(listing.kept)), (listing.part, range(listing.kept, whole))] if listing.part else []
    for part, numbers in parts if counts else ():
        there = {listing.labels[number] for number in numbers}
        read = {listing.labels[number] for number in kept if number in numbers}
        yield from ((part, listing.names[kind]) for kind in sorted(there - read) if counts[kind])


def _write_header(file: Any, shape: Sequence[int], dtype: str) -> None:
    """Of the .npy format; numpy leaves room in it for a longer first length."""
    fields = {"descr": dtype, "fortran_order": False, "shape": tuple(shape)}
    np.lib.format.write_array_header_1_0(file, fields)
    assert file.tell() == HEADER


def _batches(files: Sequence[str], wish: Wish) -> Iterator[tuple[int, _Batch]]:
    """(position of its first file, batch) in order."""
    most = int(machine.free_memory() // LARGE)
    threads = max(1, min(math.ceil(machine.usable_processors()), most))
    waiting: deque[tuple[int, Future[_Batch]]] = deque()
    with ThreadPoolExecutor(threads, "reads") as pool:
        given_up = threading.Event()
        try:
            for start in range(0, len(files), BATCH):
                waiting.append((start, pool.submit(_read, files[start : start + BATCH], wish, given_up)))
                if len(waiting) >= WAITING * threads:
                    begin, batch = waiting.popleft()
                    yield begin, batch.result()
            for begin, batch in waiting:
                yield begin, batch.result()
        finally:
            given_up.set()  # a batch of large photos takes half a minute
            pool.shutdown(wait=True, cancel_futures=True)


def _read(files: Sequence[str], wish: Wish, given_up: threading.Event) -> _Batch:
    rows = np.empty((len(files), wish.height, wish.width, wish.channels), np.uint8)
    of_files: list[Header | str] = []
    digests: list[bytes] = []
    for file in files:
        if given_up.is_set():
            break
        try:
            rows[len(digests)], said = decoded(file, wish)
        except Broken as broken:
            of_files.append(str(broken))
        else:
            of_files.append(said)
            digests.append(hashlib.blake2b(rows[len(digests)].data, digest_size=16).digest())
    return _Batch(rows[: len(digests)], of_files, digests)
