"""A file of TensorBoard's events: TFRecords, appended. Scalars are written many at once, as rows that differ little."""

import dataclasses
import os
import struct
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gan_tui.integrations.export import summaries
from gan_tui.integrations.export.summaries import Form, Summary
from gan_tui.integrations.logs.tensorboard import crc
from gan_tui.run.series import Floats, StepNumbers
from gan_tui.system.held_folder import HeldFolder

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC
_MOST_WAITING = 1 << 20
"""Bytes."""
_ROWS = 1 << 14
"""Scalars that are made at once."""


class EventFile:
    """Written from its beginning; others may read it meanwhile. Errors of the system are the caller's."""

    def __init__(self, root: HeldFolder, path: Path, wall: float) -> None:
        """`path` is in the root."""
        self._root, self.path = root, path
        with root.below(path.parent, make=True) as around:
            self._file = os.open(path.name, _NEW, 0o666, dir_fd=around)
        self.size = 0
        """Bytes that are in the file: whole records."""
        self._waiting = bytearray()
        self._known: dict[str, str] = {}
        """Tag → the plugin that it has said it is for."""
        self._add(summaries.event(wall, 0, summaries.version()))

    def write(self, summary: Summary, step: int, wall: float) -> None:
        summary = dataclasses.replace(summary, tag=self._free_tag(summary.tag, summary.plugin))
        is_first = summary.tag not in self._known
        self._known[summary.tag] = summary.plugin
        self._add(summaries.event(wall, step, summary.value(is_first)))

    def _free_tag(self, tag: str, plugin: str) -> str:
        """TensorBoard shows a tag in one plugin alone: what comes later under the same name is told from it."""
        return tag if self._known.get(tag, plugin) == plugin else f"{tag} ({plugin})"

    def begin_again(self, step: int, wall: float) -> None:
        """Readers drop what they have of this step and later ones."""
        self._add(summaries.event(wall, step, summaries.begins_again()))

    def write_scalars(self, tag: str, steps: StepNumbers, values: Floats, walls: NDArray[np.float64]) -> None:
        """Those of one tag, in order."""
        tag = self._free_tag(tag, summaries.SCALARS)
        if tag not in self._known:
            self.write(summaries.scalar(tag, float(values[0])), int(steps[0]), float(walls[0]))
            steps, values, walls = steps[1:], values[1:], walls[1:]
        while len(steps):
            length = summaries.varint_bytes(int(steps[0]))
            count = min(_ROWS, int(np.searchsorted(steps, 1 << 7 * length, side="left")))
            form = _form(tag, length) if steps[0] else None
            if form is None:  # step 0 is left out of an event
                self.write(summaries.scalar(tag, float(values[0])), 0, float(walls[0]))
                count = 1
            else:
                self._waiting += _records(form, steps[:count], values[:count], walls[:count])
                self._flush_some()
            steps, values, walls = steps[count:], values[count:], walls[count:]

    def _add(self, data: bytes) -> None:
        head = struct.pack("<Q", len(data))
        self._waiting += head + struct.pack("<I", crc.masked(head)) + data + struct.pack("<I", crc.masked(data))
        self._flush_some()

    def _flush_some(self) -> None:
        if len(self._waiting) > _MOST_WAITING:
            self.flush()

    def flush(self) -> None:
        """Write what waits. Raises OSError."""
        while self._waiting:
            written = os.write(self._file, self._waiting)
            self.size += written
            del self._waiting[:written]

    def close(self, sync: bool) -> None:
        try:
            self.flush()
            if sync:
                os.fsync(self._file)
        finally:
            os.close(self._file)

    def rename(self, name: str) -> None:
        with self._root.below(self.path.parent) as around:
            os.rename(self.path.name, name, src_dir_fd=around, dst_dir_fd=around)
        self.path = self.path.with_name(name)


@lru_cache(maxsize=512)
def _form(tag: str, step_bytes: int) -> Form:
    return Form.of(tag, step_bytes)


@lru_cache(maxsize=512)
def _changes(length: int, places: tuple[int, ...]) -> dict[int, crc.Sums]:
    return crc.changes(length, list(places))


def _records(form: Form, steps: StepNumbers, values: Floats, walls: NDArray[np.float64]) -> bytes:
    """The records of scalars whose steps are of one length."""
    count, length = len(steps), len(form.first)
    data = np.tile(np.frombuffer(form.first, np.uint8), (count, 1))
    data[:, form.wall_at : form.wall_at + 8] = walls.astype("<f8").view(np.uint8).reshape(count, 8)
    data[:, form.value_at :] = values.astype("<f4").view(np.uint8).reshape(count, 4)
    for place in range(form.step_bytes):
        more = 128 if place < form.step_bytes - 1 else 0
        data[:, form.step_at + place] = steps >> 7 * place & 127 | more
    rows = np.empty((count, 12 + length + 4), np.uint8)
    head = struct.pack("<Q", length)
    rows[:, :12] = np.frombuffer(head + struct.pack("<I", crc.masked(head)), np.uint8)
    rows[:, 12:-4] = data
    rows[:, -4:] = _sums(form, data).astype("<u4").view(np.uint8).reshape(count, 4)
    return rows.tobytes()


def _sums(form: Form, data: NDArray[np.uint8]) -> crc.Sums:
    """The masked checksums of rows that differ in three places: the sum of one, and what each byte changes of it."""
    wall, step = range(form.wall_at, form.wall_at + 8), range(form.step_at, form.step_at + form.step_bytes)
    places = (*wall, *step, *range(form.value_at, form.value_at + 4))
    first = np.frombuffer(form.first, np.uint8)
    plain = int(crc.unmasked(np.array([crc.masked(form.first)], np.uint32))[0])
    sums = np.full(len(data), plain, np.uint32)
    for place, change in _changes(data.shape[1], places).items():
        sums ^= change[data[:, place] ^ first[place]]
    return ((sums >> np.uint32(15)) | (sums << np.uint32(17))) + np.uint32(0xA282EAD8)
