"""What runs have come to, without reading logs that are as they were: in memory, and kept for the next program.

A log that has ended is read once on a machine. One that grows is read on from where the last look came to, and its
state is held meanwhile: four bytes a step and metric, as where it is on show.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gan_tui.run import summaries
from gan_tui.run.folder import RunFolder
from gan_tui.run.holder import COPIED, ELSEWHERE, ENDED, Standing
from gan_tui.run.results import Results, from_document, of_state
from gan_tui.run.summaries import RunSummary
from gan_tui.system.file_versions import Version
from gan_tui.system.kept_findings import KeptFindings
from gan_tui.text import harmless

if TYPE_CHECKING:  # they bring numpy
    from gan_tui.run.reader import Reader
    from gan_tui.run.state import RunState

_FORM = 3
"""Of what is kept: another number when it, or what it comes to, changes."""
_OVER = ("finished", "stopped", "failed")
_NOTHING = Results(None, None, None, 0, (), 0.0)
_WRONG = (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError)
"""What somebody else's JSON meets where it is taken for ours."""


class KnownResults:
    """Results by run, for one thread: whoever lists reads what is missing in another than the interface's."""

    def __init__(self) -> None:
        self._kept = KeptFindings("runs", _FORM)
        self._known: dict[Path, tuple[Version, Results]] = {}
        self._growing: dict[Path, _Growing] = {}

    def recall(self) -> None:
        """Have the list of runs know what was known to another program: call it once, before they are listed."""
        for name, (_, found) in self._kept.every().items():
            try:
                row, lock = found["summary"], found["lock"]
                summaries.remember(_summary_from(Path(name), row), (int(lock[0]), int(lock[1])))
            except _WRONG:
                continue  # of a log of others, or not as we write it

    def of(self, run: RunSummary) -> Results | None:
        """What a run has come to, as it was last read; None where it never was."""
        path = run.folder.path
        if not self._is_read(run) and (found := self._kept.of(path, run.log)) is not None:
            with suppress(*_WRONG):
                self._known[path] = run.log, from_document(found["results"])
        known = self._known.get(path)
        return known[1] if known else None

    def is_due(self, run: RunSummary) -> bool:
        """Whether its log has more than was read of it."""
        self.of(run)
        is_read = self._is_read(run)
        if is_read and not run.alive and run.folder.path in self._growing:  # it ended, and wrote no more
            del self._growing[run.folder.path]
            results = self._known[run.folder.path][1]
            self._kept.add(run.folder.path, run.log, {"results": results.as_document(), **_summed_up(run)})
        return not is_read

    def _is_read(self, run: RunSummary) -> bool:
        known = self._known.get(run.folder.path)
        return known is not None and known[0] == run.log

    def read(self, run: RunSummary) -> Results:
        """Read what is new of its log: all of it, where it is not one that grows."""
        path = run.folder.path
        growing = self._growing.pop(path, None) or _Growing(run.folder)
        found = _read(growing.results)
        if run.alive and found is not _NOTHING:  # else its reader may be further than its state
            self._growing[path] = growing
        elif not run.alive:
            self._kept.add(path, run.log, {"results": found.as_document(), **_summed_up(run)})
        self._known[path] = run.log, found
        return found

    def keep(self, runs: Iterable[RunSummary]) -> None:
        """Keep what was read for the next program; of runs that are not on the list any more nothing is known."""
        self._kept.keep()
        there = {run.folder.path for run in runs}
        for path in self._known.keys() - there:
            del self._known[path]
            self._growing.pop(path, None)


def _read(read: Callable[[], Results]) -> Results:
    try:
        return read()
    except Exception:  # noqa: BLE001 (a log may be anybody's, and must cost none but itself)
        return _NOTHING


class _Growing:
    """A log that grows, as far as it was read."""

    def __init__(self, folder: RunFolder) -> None:
        self._folder = folder
        self._reader: Reader | None = None
        self._state: RunState | None = None

    def results(self) -> Results:
        from gan_tui.run.state import RunState

        reader, state = self._reader or self._folder.reader(), self._state or RunState()
        self._reader, histories = reader, reader.histories
        while records := reader.read():
            if reader.histories != histories:
                state, histories = RunState(), reader.histories
            state = state.apply_all(records)
        self._state = state
        return of_state(state)


# What is kept of a list ---------------------------------------------------------------------------


def _summed_up(run: RunSummary) -> dict[str, Any]:
    """What another program lists the run by; nothing of one whose processes may still be somewhere, or were killed."""
    lock = summaries.known_lock(run.folder.path)
    if lock is None or run.is_log or run.state not in _OVER or run.standing.may_come:
        return {}
    row = {
        "preset": run.preset, "state": run.state, "reason": run.reason, "step": run.step, "total": run.steps_total,
        "began": run.began, "data": run.data, "examples": run.examples, "changed": run.changed,
        "log": run.log, "written": run.written, "standing": [run.standing.word, run.standing.about],
    }  # fmt: skip
    return {"summary": row, "lock": lock}


def _summary_from(path: Path, row: Mapping[str, Any]) -> RunSummary:
    """What `_summed_up` gave. Raises one of _WRONG where it is something else."""
    words = {name: harmless(str(row[name])) for name in ("preset", "state", "reason", "data")}
    numbers = {name: int(row[name]) for name in ("step", "total", "examples")}
    if words["state"] not in _OVER or row["standing"][0] not in (ENDED, ELSEWHERE, COPIED):
        raise ValueError("no state of a run that has ended")
    standing = Standing(row["standing"][0], harmless(str(row["standing"][1])))
    return RunSummary(
        RunFolder(path), words["preset"], words["state"], words["reason"], standing, numbers["step"],
        numbers["total"], float(row["began"]), words["data"], numbers["examples"], float(row["changed"]), False,
        _version_from(row["log"]), _version_from(row["written"]),
    )  # fmt: skip


def _version_from(numbers: Any) -> Version:
    size, changed, number = (int(each) for each in numbers)
    return size, changed, number
