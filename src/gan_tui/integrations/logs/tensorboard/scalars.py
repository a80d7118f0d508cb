"""Scalars of a block of records, all at once: records of one length that agree in all but time, step and numbers.

The rows lie word by word: each word of 8 bytes of all rows together, so that a million of them are compared, checked
and read in few passes. What is rarer than that is left to be read one by one.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gan_tui.integrations.logs.tensorboard import crc
from gan_tui.integrations.logs.tensorboard.layouts import Layout, layout
from gan_tui.integrations.logs.tensorboard.tf_records import FOOT, HEAD, Block

LONGEST_ROW = 1024
"""Bytes; longer events are few."""
_FEW = 4
"""So few alike are read one by one as soon."""
_PASSES = 12
"""So often the rest of the rows of one length is looked at for another that many are like."""
_MOST_KINDS = 2_000
"""Tags of one length in one block."""

Words = NDArray[np.uint64]
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Points:
    """Values of one tag, in the order of the file."""

    places: Places
    """Where their records begin in the block."""
    steps: NDArray[np.int64]
    values: NDArray[np.float32]
    times: NDArray[np.float64]


@dataclass
class Scalars:
    """What was found in a block, and what was not looked into."""

    points: dict[bytes, list[Points]]
    rest: list[Places]
    """Records to be read one by one."""
    damaged: int = 0

    def take(self, places: Places, words: Words, row: Layout, length: int) -> NDArray[np.bool_]:
        """Take in the rows that are like the first; returns which these are."""
        first = words[:, 0].copy()
        differing = words ^ first[:, None]
        outside = np.bitwise_or.reduce(differing & _fixed(row, length, len(first))[:, None], axis=0)
        same: NDArray[np.bool_] = outside == 0
        if not same.all():
            places, words, differing = places[same], words[:, same], differing[:, same]
        sound = _sound(first, words, differing, length)
        if not sound.all():
            self.damaged += int(len(sound) - sound.sum())
            places, words = places[sound], words[:, sound]
        if len(places):
            self._read(places, words, row)
        return same

    def _read(self, places: Places, words: Words, row: Layout) -> None:
        steps = _varints(words, *row.step)
        times = _eight_bytes(words, row.time).view(np.float64)
        for tag, at in row.scalars:
            values = _eight_bytes(words, at).astype(np.uint32).view(np.float32)
            self.points.setdefault(tag, []).append(Points(places, steps, values, times))


def scalars(block: Block) -> Scalars:
    """All that many records of a block are like."""
    found = Scalars({}, [])
    for length, places in _by_length(block):
        if length > LONGEST_ROW or len(places) < _FEW:
            found.rest.append(places)
        else:
            _of_one_length(block, length, places, found)
    return found


def _by_length(block: Block) -> Iterator[tuple[int, Places]]:
    lengths, starts = block.lengths, block.starts
    if len(lengths) and bool((lengths == lengths[0]).all()):
        yield int(lengths[0]), starts
        return
    short = np.minimum(lengths, LONGEST_ROW + 1).astype(np.uint16)  # such numbers are sorted without comparing them
    order = np.argsort(short, kind="stable")
    ends = np.flatnonzero(np.diff(short[order], append=0) != 0) + 1
    begin = 0
    for end in ends.tolist():
        which = order[begin:end]
        yield int(lengths[which[0]]), starts[which]
        begin = end


def _of_one_length(block: Block, length: int, places: Places, found: Scalars) -> None:
    words = _words(block.data, places, length)
    for _ in range(_PASSES):
        if not len(places):
            return
        row = _layout(words, length)
        if row is None:
            found.rest.append(places[:1])
            places, words = places[1:], words[:, 1:]
            continue
        left = ~found.take(places, words, row, length)
        places, words = places[left], words[:, left]
        if len(places):
            places, words = _by_tag(places, words, row, length, found)
    found.rest.append(places)


def _by_tag(places: Places, words: Words, row: Layout, length: int, found: Scalars) -> tuple[Places, Words]:
    """Take in rows that are like one of those that differ in their tags alone; returns the others."""
    fixed = _fixed(row, length, len(words))
    kinds = np.zeros(len(places), np.uint64)
    for word, mask in zip(words, fixed, strict=True):
        kinds = (kinds ^ (word & mask)) * np.uint64(0x9E3779B97F4A7C15)
        kinds ^= kinds >> np.uint64(29)
    order = np.argsort(kinds, kind="stable")
    ends = np.flatnonzero(np.diff(kinds[order]) != 0) + 1
    left: list[NDArray[np.intp]] = []
    for which in np.split(order, ends[:_MOST_KINDS]):
        group = words[:, which]
        its_row = _layout(group, length) if len(which) >= _FEW else None
        if its_row is None:
            found.rest.append(places[which])
        else:
            left.append(which[~found.take(places[which], group, its_row, length)])
    rest = np.sort(np.concatenate(left)) if left else np.zeros(0, np.intp)
    return places[rest], words[:, rest]


def _words(data: bytes, places: Places, length: int) -> Words:
    """(words, count): the data of each record and its checksum, each word of all of them together."""
    size = -(-(length + FOOT) // 8) * 8
    windows = np.ndarray((len(data) - HEAD - size + 1,), f"V{size}", data, HEAD, (1,))
    return np.ascontiguousarray(windows[places].view("<u8").reshape(len(places), -1).T)


def _layout(words: Words, length: int) -> Layout | None:
    """Of the first row."""
    try:
        return layout(np.ascontiguousarray(words[:, 0]).tobytes()[:length])
    except ValueError:
        return None


def _fixed(row: Layout, length: int, words: int) -> Words:
    """The bits that rows of one kind agree in."""
    mask = np.zeros(8 * words, np.uint8)
    mask[:length] = 255
    mask[row.time : row.time + 8] = 0
    mask[row.step[0] : row.step[1]] = 128  # which say where the number ends
    for _, at in row.scalars:
        mask[at : at + 4] = 0
    return mask.view("<u8")


def _sound(first: Words, words: Words, differing: Words, length: int) -> NDArray[np.bool_]:
    """Which rows have the checksum that stands behind them."""
    stored = crc.unmasked(_eight_bytes(words, length).astype(np.uint32))
    data = first.tobytes()[:length]
    of_first = crc.unmasked(np.array([crc.masked(data)], np.uint32))[0]
    varying = np.bitwise_or.reduce(differing, axis=1).view(np.uint8)[:length]
    sums = np.full(len(stored), of_first, np.uint32)
    for place, changed in crc.changes(length, np.flatnonzero(varying).tolist()).items():
        bits = (differing[place // 8] >> np.uint64(8 * (place % 8))).astype(np.uint8)
        sums ^= changed[bits]
    sound: NDArray[np.bool_] = sums == stored
    return sound


def _eight_bytes(words: Words, at: int) -> Words:
    """(count,) the 8 bytes of each row that begin at a place, or as many as there are."""
    word, shift = at // 8, np.uint64(8 * (at % 8))
    low: Words = words[word] >> shift
    if shift and word + 1 < len(words):
        low |= words[word + 1] << (np.uint64(64) - shift)
    return low


def _varints(words: Words, start: int, end: int) -> NDArray[np.int64]:
    """(count,) the numbers in at most 8 bytes."""
    found = np.zeros(words.shape[1], np.uint64)
    if end > start:
        whole = _eight_bytes(words, start)
        for place in range(end - start):
            found |= ((whole >> np.uint64(8 * place)) & np.uint64(127)) << np.uint64(7 * place)
    return found.astype(np.int64)
