"""What still counts of a run that has gone back to earlier steps, as one that resumes from a checkpoint does."""

import dataclasses
import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np

from gan_tui.run.events import Epoch, Event, Metrics, Picture, Record, Resumed, Text
from gan_tui.run.reader import Reader, blocks


class Kept:
    """Knows the whole log beforehand: steps that the run did again later are left out."""

    def __init__(self, reader: Reader) -> None:
        """`reader` reads the log from its beginning."""
        self._all, self._of_name = _Returns(), defaultdict[str, _Returns](_Returns)
        self._last_return = -1
        for records in blocks(reader):
            for record in records:
                if isinstance(event := record.event, Resumed):
                    self._last_return = record.seq
                    for returns in [self._of_name[name] for name in event.names] or [self._all]:
                        returns.add(record.seq, event.from_step)

    def of(self, records: Iterable[Record]) -> list[Record]:
        """Those that count; of metrics, the steps that do. Where it went back is said by none of them any more."""
        return [kept for record in records for kept in self._kept(record)]

    def _kept(self, record: Record) -> Iterator[Record]:
        event = record.event
        if isinstance(event, Resumed):
            return
        if record.seq > self._last_return:
            yield record
        elif isinstance(event, Metrics):
            for last, names in self._by_last(record.seq, event.values).items():
                count = int(np.searchsorted(event.steps, last, side="right"))
                values = {name: event.values[name][:count] for name in names}
                if count:
                    yield dataclasses.replace(record, event=Metrics(event.steps[:count], values))
        elif isinstance(event, Epoch):
            means = {name: mean for name, mean in event.values.items() if event.step <= self._last(record.seq, name)}
            yield dataclasses.replace(record, event=dataclasses.replace(event, values=means))
        elif getattr(event, "step", 0) <= self._last(record.seq, _tag(event)):
            yield record

    def _by_last(self, seq: int, names: Iterable[str]) -> dict[float, list[str]]:
        """The last step that counts → the metrics that it is the last one of."""
        found = defaultdict[float, list[str]](list)
        for name in names:
            found[self._last(seq, name)].append(name)
        return found

    def _last(self, seq: int, name: str) -> float:
        """The last step that counts of what has a name, which others' logs go back to by itself."""
        own = self._of_name.get(name)
        return min(self._all.last(seq), own.last(seq) if own else math.inf)


def _tag(event: Event) -> str:
    return event.tag if isinstance(event, Picture | Text) else ""


class _Returns:
    """Where something went back: of the returns, those alone which none after them went back further than."""

    def __init__(self) -> None:
        self._seqs: list[int] = []
        self._steps: list[int] = []
        """Rising, both."""

    def add(self, seq: int, step: int) -> None:
        while self._steps and self._steps[-1] >= step:
            self._seqs.pop()
            self._steps.pop()
        self._seqs.append(seq)
        self._steps.append(step)

    def last(self, seq: int) -> float:
        """The earliest step that was gone back to after an event."""
        at = bisect_right(self._seqs, seq)
        return self._steps[at] if at < len(self._steps) else math.inf
