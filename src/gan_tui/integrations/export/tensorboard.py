"""A run's events as TensorBoard's: what was measured on batches in train/, what was validated in validation/, under the
same names, so that TensorBoard draws them in one chart; settings beside these folders, as its page for them wants it.

Times are those of the events. Where a run went on from an earlier step, readers are told to drop what came after that.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from gan_tui.integrations.export import summaries
from gan_tui.integrations.export.event_file import EventFile
from gan_tui.integrations.export.place import END, NAME
from gan_tui.integrations.export.summaries import Summary
from gan_tui.run import documents
from gan_tui.run.events import (
    Alert,
    Epoch,
    Event,
    Picture,
    Record,
    Resumed,
    Started,
    State,
    Text,
    Weights,
)  # fmt: skip
from gan_tui.run.folder import RunFolder
from gan_tui.run.metric_arrays import measured, metric_names, numbers_of, steps_of
from gan_tui.run.metrics import declared, guessed
from gan_tui.run.pictures import LARGEST_FILE
from gan_tui.system import untrusted_files
from gan_tui.system.held_folder import HeldFolder
from gan_tui.text import harmless

TRAIN, VALIDATION, RUN = "train", "validation", ""
"""The folders, each of which TensorBoard takes for a run."""
_VALIDATED = "val_"
MOST_SETTINGS = 256
_ENDED = {"finished": summaries.SUCCEEDED, "stopped": summaries.SUCCEEDED, "failed": summaries.FAILED}


class TensorBoardFiles:
    """Takes a run's records, from the first on or where another has stopped, and writes the files of one stretch."""

    def __init__(self, folder: RunFolder, root: HeldFolder, *, is_first: bool = True, named: str = NAME) -> None:
        """`root` is where its files go. What is said once of a run is said by the first stretch.

        `named` is how the names of files begin, until `name_all`.
        """
        self._folder, self._root, self._is_first, self._named = folder, root, is_first, named
        self._files: dict[str, EventFile] = {}
        self._declared: Mapping[str, Any] = {}
        self._again: int | None = None
        """The step that a run went on with which had come further."""
        self.seq = -1
        """Of the last record that was taken."""
        self.left_out = 0
        """Pictures that could not be read."""

    @property
    def sizes(self) -> dict[str, int]:
        """File, relative to the root → bytes that are in it."""
        return {str(file.path): file.size for file in self._files.values()}

    def take(self, records: Sequence[Record]) -> None:
        """Raises OSError where they cannot be written."""
        for names, group in groupby(records, metric_names):
            together = list(group)
            if names is not None:
                self._measured(names, together)
            else:
                for record in together:
                    self._one(record)
            self.seq = together[-1].seq

    def flush(self) -> None:
        for file in self._files.values():
            file.flush()

    def close(self, sync: bool = False) -> None:
        """Write what waits and let go of the files; with `sync`, once it is on the disk. Raises OSError."""
        for file in self._files.values():
            file.close(sync)

    def name_all(self) -> None:
        """Have readers know the files by their names. Raises OSError."""
        for file in self._files.values():
            file.rename(file.path.name.replace(self._named, NAME, 1))

    def _file(self, part: str, record: Record) -> EventFile:
        if part not in self._files:
            again = self._again if any((self._root.root / part).glob(f"{NAME}.*")) else 0
            name = f"{self._named}.{int(record.time):010d}.{record.seq:09d}{END}"
            self._files[part] = file = EventFile(self._root, Path(part, name), record.time)
            if again is not None:  # readers take the first one for the beginning
                file.begin_again(again, record.time)
        return self._files[part]

    def _write(self, part: str, summary: Summary, step: int, record: Record) -> None:
        self._file(part, record).write(summary, step, record.time)

    # Metrics -------------------------------------------------------------------------------------------

    def _measured(self, names: Sequence[str], records: list[Record]) -> None:
        steps = steps_of(records)
        walls = np.repeat([record.time for record in records], [len(measured(record).steps) for record in records])
        for name in names:
            part, tag = _place(name)
            values = numbers_of(records, name, len(steps))
            self._file(part, records[0]).write_scalars(tag, steps, values, walls)

    def _epoch(self, event: Epoch, record: Record) -> None:
        for name, value in event.values.items():
            if (self._declared.get(name) or guessed(name)).each == "epoch":
                part, tag = _place(name)
                self._write(part, summaries.scalar(tag, np.nan if value is None else value), event.step, record)

    # All else ------------------------------------------------------------------------------------------

    def _one(self, record: Record) -> None:
        if taken := _TAKEN.get(type(record.event)):
            taken(self, record.event, record)

    def _weights(self, event: Weights, record: Record) -> None:
        for name, row in event.layers.items():
            summary = summaries.histogram(name, row["low"], row["high"], row["counts"])
            self._write(TRAIN, summary, event.step, record)

    def _text(self, event: Text, record: Record) -> None:
        self._write(TRAIN, summaries.text(event.tag, event.text), event.step, record)

    def _alert(self, event: Alert, record: Record) -> None:
        self._write(TRAIN, summaries.text("alerts", event.text), event.step, record)

    def _state(self, event: State, record: Record) -> None:
        if event.state in _ENDED:
            self._write(RUN, summaries.session_ended(_ENDED[event.state], record.time), 0, record)

    def _resumed(self, event: Resumed, record: Record) -> None:
        self._again = event.from_step + 1
        for file in self._files.values():
            file.begin_again(self._again, record.time)

    def _picture(self, event: Picture, record: Record) -> None:
        """The whole sheet, as its file has it."""
        try:
            path = self._folder.inside(event.file)
            if path is None:
                raise ValueError("not a file of this run")
            summary = summaries.image(event.tag, untrusted_files.read(path, LARGEST_FILE, follow=False))
        except (OSError, ValueError):
            self.left_out += 1
            return
        self._write(TRAIN, summary, event.step, record)

    def _started(self, event: Started, record: Record) -> None:
        self._declared = declared(event.metrics)
        if not self._is_first:
            return
        self._is_first = False
        settings = {"preset": event.preset, "task": event.task, **_settings(self._folder)}
        self._write(RUN, summaries.session_began(settings, self._folder.name, record.time), 0, record)
        for name, rows in event.networks.items():
            self._write(TRAIN, summaries.text(f"networks/{name}", _layers(rows)), 0, record)


_TAKEN: dict[type[Event], Callable[[TensorBoardFiles, Any, Record], None]] = {
    Epoch: TensorBoardFiles._epoch,
    Picture: TensorBoardFiles._picture,
    Weights: TensorBoardFiles._weights,
    Text: TensorBoardFiles._text,
    Alert: TensorBoardFiles._alert,
    Started: TensorBoardFiles._started,
    State: TensorBoardFiles._state,
    Resumed: TensorBoardFiles._resumed,
}
"""What has a place in TensorBoard, but for metrics."""


def _place(name: str) -> tuple[str, str]:
    """(folder, tag) of a metric."""
    validated = name.startswith(_VALIDATED) and name != _VALIDATED
    return (VALIDATION, name.removeprefix(_VALIDATED)) if validated else (TRAIN, name)


def _settings(folder: RunFolder) -> dict[str, object]:
    """What a run was made with: the settings of its preset, or what its script said."""
    document = documents.written(folder.preset_file)
    told = document.get("config") or document.get("settings")
    items = list(told.items())[:MOST_SETTINGS] if isinstance(told, dict) else []
    return {harmless(name, 80): harmless(value) if isinstance(value, str) else value for name, value in items}


def _layers(rows: Sequence[Mapping[str, Any]]) -> str:
    """A network as a table, in Markdown."""
    lines = ["| name | layer | output | parameters |", "|---|---|---|--:|"]
    for row in rows:
        words = (str(row[key]).replace("|", "\\|") for key in ("name", "layer", "output_shape"))
        lines.append(f"| {' | '.join(words)} | {row['parameters']:,} |")
    return "\n".join(lines)
