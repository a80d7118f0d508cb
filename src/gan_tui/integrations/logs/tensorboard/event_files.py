"""Reads a run of TensorBoard's: all its event files, in the order in which they were begun, and as they grow."""

import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from gan_tui.integrations.logs.base import BLOCK, READ_SECONDS, LogReader
from gan_tui.integrations.logs.telling import Teller
from gan_tui.integrations.logs.tensorboard import images, picture_names
from gan_tui.integrations.logs.tensorboard.block_contents import Contents, contents
from gan_tui.integrations.logs.tensorboard.items import Items
from gan_tui.integrations.logs.tensorboard.run_folders import ROLES, Part, files_of
from gan_tui.integrations.logs.tensorboard.tf_records import Block, RecordFile
from gan_tui.run.events import Record
from gan_tui.run.metrics import Metric, guessed
from gan_tui.run.pictures import Tiles

NAME = "TensorBoard"
FIRST_BLOCK = 1 << 20
"""Bytes of the first block: something is on the screen at once."""
FOLDER_SECONDS = 0.5
"""Between two looks for further files."""
_CURVES = {"": "training", "val_": "validation", "test_": "test", "eval_": "evaluation"}
"""What metrics' names begin with in a folder of a role → what their curve is called."""


@dataclass
class EventFile:
    """One file of a run."""

    records: RecordFile
    part: Part
    number: int
    """In the order in which it was found."""
    plugins: dict[str, str] = field(default_factory=dict)
    """Tag → what shows it."""


class EventFiles(LogReader):
    """What is in the files of one run, as events."""

    def __init__(self, path: Path, block: int = BLOCK) -> None:
        super().__init__(path)
        self._block = block
        self._begin()

    def _begin(self) -> None:
        self.not_shown.clear()
        self._files: dict[Path, EventFile] = {}
        self._teller = Teller(NAME, f"{NAME} log", self.not_shown)
        self._items = Items(self._teller, self.not_shown)
        self._declared: set[str] = set()
        self._size, self._due, self._damaged = min(FIRST_BLOCK, self._block), 0.0, 0

    def read(self) -> list[Record]:
        for _ in range(2):
            records = self._read_on()
            if records is not None:
                self.damaged = self._damaged + sum(file.records.damaged for file in self._files.values())
                return records
            self.histories += 1  # what was read is there no more
            self._begin()
        return []

    def _read_on(self) -> list[Record] | None:
        """The next records; None where a file was cut, or another one put in its place."""
        if not self._look_for_files():
            return None
        self.unfinished, until = False, time.monotonic() + READ_SECONDS
        for file in list(self._files.values()):
            with suppress(OSError):  # not there any more, or its disk does not answer: there is nothing new
                while not self._has_to_stop(until) and (block := file.records.read(self._size)) is not None:
                    self._size = self._block
                    self._take(file, block)
                    if records := self._teller.records(file.records.changed):
                        return records
            if file.records.replaced:
                return None
        return []

    def _look_for_files(self) -> bool:
        """Find those that are new; what is gone was read already. False where all others are gone: it began anew."""
        now = time.monotonic()
        if now < self._due:
            return True
        self._due = now + FOLDER_SECONDS
        there: list[tuple[Path, Part]] = []
        with suppress(OSError):
            there = files_of(self.path)
        if there and self._files and not any(file in self._files for file, _ in there):
            return False
        for file, part in there:
            if file not in self._files:
                self._files[file] = EventFile(RecordFile(file), part, len(self._files))
        return True

    def _take(self, file: EventFile, block: Block) -> None:
        """What a block holds; sessions that begin in it part it."""
        found = contents(block, file.plugins, self.not_shown)
        self._damaged += found.damaged
        self._teller.source = file.part.folder  # a run of its own, as TensorBoard has it
        begin = 0
        for place, step in [*found.starts, (len(block.data), None)]:
            self._tell_points(file.part, found, begin, place)
            items = [item for item in found.items if begin <= item.place < place]
            self._items.tell(block, items, file.number, file.part)
            if step is not None:
                self._teller.went_back(step)
            begin = place

    def _tell_points(self, part: Part, found: Contents, begin: int, end: int) -> None:
        """The points of records between two places."""
        for tag, points in found.points.items():
            here = slice(*np.searchsorted(points.places, (begin, end)).tolist())
            self._declare(part, tag)
            self._teller.points(part.named(tag), points.steps[here], points.values[here], points.times[here])

    def _declare(self, part: Part, tag: str) -> None:
        """What was measured under one tag in several folders is on one chart."""
        name = part.named(tag)
        if part.folder.name.lower() in ROLES and part.folder != self.path and name not in self._declared:
            self._declared.add(name)
            like = guessed(tag)
            color = list(_CURVES).index(part.before)
            metric = Metric(name, tag, tag, _CURVES[part.before], color, like.low, like.high, like.falls)
            self._teller.declare(name, metric)

    def tiles(self, name: str) -> Tiles:
        number, offset, index = picture_names.read(name)
        path = next((path for path, file in list(self._files.items()) if file.number == number), None)
        if path is None:
            raise ValueError("not a picture of this log")
        return images.tiles_at(path, offset, index)
