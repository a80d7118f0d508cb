"""A log of another tool, followed as whoever watches it does."""

import os
from pathlib import Path

from gan_tui.integrations.logs.base import LogReader
from gan_tui.run.events import Resumed, from_line, to_line
from gan_tui.run.state import RunState

LONG_AGO = 1_600_000_000
"""Seconds since 1970."""


class Watched:
    """A log, and what it comes to so far."""

    def __init__(self, reader: LogReader) -> None:
        self.reader, self.state = reader, RunState()

    def look(self) -> "Watched":
        """Take in whatever is new."""
        while True:
            histories, records = self.reader.histories, self.reader.read()
            if self.reader.histories != histories:
                self.state = RunState()
            self.state = self.state.apply_all(records)
            if not (records or self.reader.unfinished):
                return self

    def points(self, name: str) -> list[tuple[int, float]]:
        """(step, value) of a metric."""
        series = self.state.series[name]
        return [(int(step), round(float(value), 5)) for step, value in zip(series.steps, series.values, strict=True)]


def at_rest(path: Path) -> Path:
    """As if nobody had written to it for long."""
    os.utime(path, (LONG_AGO, LONG_AGO))
    return path


def read_whole(reader: LogReader, most: int = 200) -> Watched:
    """All that a reader gives, of which each event could stand in a log of our own."""
    watched = Watched(reader)
    for _ in range(most):
        records = reader.read()
        if not records and not reader.unfinished:
            return watched
        for record in records:
            if not (isinstance(record.event, Resumed) and record.event.from_step < 0):  # all, which a line cannot say
                from_line(to_line(record))
        watched.state = watched.state.apply_all(records)
    raise AssertionError("the reader does not come to an end")
