"""What of the runs that were found is on show: all of them, or the trainings of a sweep, filtered and in order."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gan_tui.dashboard.listed.columns import Cells, widths_of
from gan_tui.dashboard.listed.entries import Found
from gan_tui.dashboard.listed.look import ListLook
from gan_tui.dashboard.listed.rows import Row, row_of
from gan_tui.drawing.terminal import Terminal
from gan_tui.run.listing import Listed
from gan_tui.run.summaries import RunSummary, in_order
from gan_tui.sweep import rows as sweeps
from gan_tui.sweep.listed import ListedSweep
from gan_tui.text import age_words, counted

_EMPTY = "No runs yet: enter in the menu starts one. gan-tui runs --add PATH lists another program's log."


@dataclass(frozen=True)
class Lines:
    """What was found, as rows."""

    rows: Mapping[str, Row] = field(default_factory=dict)
    widths: Mapping[str, int] = field(default_factory=dict)
    """Of their columns."""
    problem: str = ""
    unread: int = 0
    changes: int = 0
    """How many changes a person had made when it was looked at."""


class Shown:
    """The rows of the list over the whole screen."""

    def __init__(self, look: ListLook) -> None:
        self._outer, self._inner = look, _best_first()
        self._lines = Lines()
        self._made: dict[str, Row] = {}
        self._widths: dict[str, int] = {}
        self.rows: Sequence[Row] = ()
        """Those that are listed."""
        self.inside = ""
        """The key of the sweep whose trainings are listed; empty for the runs."""
        self.is_read = False
        """Whether the runs were looked at at all."""
        self.gone: Collection[str] = ()
        """The keys of what was there before the last look, and is not any more."""
        self._within: dict[str, Row] = {}

    # What was found ----------------------------------------------------------

    def lines_of(self, found: Found, terminal: Terminal) -> Lines:
        """What was found as rows; in the thread that has found it. Those that are as they were are not made anew."""
        rows = dict[Path, tuple[Listed, ListedSweep | None]]()
        rows |= {row.path: (row, None) for row in found.rows}
        rows |= {sweep.folder.path: (sweeps.as_row(sweep), sweep) for sweep in found.sweeps}
        ordered = in_order([row.summary for row, _ in rows.values()])
        self._made = {str(run.folder.path): self._made_of(*rows[run.folder.path], terminal) for run in ordered}
        self._widths = widths_of([row.cells for row in self._made.values()], self._widths)
        return Lines(self._made, self._widths, found.problem, found.unread)

    def _made_of(self, listed: Listed, sweep: ListedSweep | None, terminal: Terminal) -> Row:
        known = self._made.get(str(listed.path))
        is_known = known is not None and known.listed == listed and known.sweep == sweep
        if known and is_known and known.cells["age"][0] == age_words(listed.age()):
            return known
        return row_of(listed, terminal, sweep)

    def take(self, lines: Lines) -> bool:
        """These there are now; returns whether anything is another than before."""
        before, was_read = self._lines, self.is_read
        self._lines, self.is_read = lines, True
        self.gone = before.rows.keys() - lines.rows.keys() if not lines.problem else ()
        if self.inside not in lines.rows:
            self.inside = ""
        alike = (before.problem, before.unread, len(before.rows)) == (lines.problem, lines.unread, len(lines.rows))
        pairs = zip(before.rows.values(), lines.rows.values(), strict=False)
        return not (was_read and alike and all(one is other for one, other in pairs))

    @property
    def problem(self) -> str:
        """Why the runs cannot be listed, in a sentence."""
        return self._lines.problem

    @property
    def unread(self) -> int:
        """How many runs have more to be read."""
        return self._lines.unread

    def found_of(self, wanted: str) -> tuple[str, str]:
        """The row that is wanted, if it is listed; or else, if it may still come to be listed, what is waited for."""
        if any(row.key == wanted for row in self.rows):
            return wanted, ""
        may_come = not self.is_read or (self.unread and wanted in self._lines.rows)
        return "", wanted if may_come else ""

    # What is listed of it ----------------------------------------------------------

    @property
    def look(self) -> ListLook:
        """How what is on show is looked at: trainings of a sweep have an order and a filter of their own."""
        return self._inner if self.inside else self._outer

    def go_into(self, key: str) -> None:
        """List the trainings of a sweep, the best first; of no key, the runs again."""
        self.inside, self._inner = key, _best_first()

    def arrange(self, terminal: Terminal) -> str:
        """Have `rows` be those that are wanted, in order; returns what of it cannot be done, in a sentence."""
        rows = self._trainings(terminal) if self.inside else self._lines.rows
        found, problem = self.look.of([row.listed for row in rows.values()])
        self.rows = [rows[str(listed.path)] for listed in found]
        self._within = dict(rows) if self.inside else {}
        return problem

    def _trainings(self, terminal: Terminal) -> dict[str, Row]:
        sweep = self._lines.rows[self.inside].sweep
        assert sweep is not None
        if any(row.sweep == sweep for row in list(self._within.values())[:1]):
            return self._within
        names = sweeps.names(sweep)
        rows = (row_of(listed, terminal, sweep, names[listed.path]) for listed in sweeps.trainings(sweep))
        return {row.key: row for row in rows}

    @property
    def widths(self) -> Mapping[str, int]:
        """Of the columns of all that may be listed: they stay where they are, however few are found."""
        return widths_of([row.cells for row in self._within.values()], {}) if self.inside else self._lines.widths

    def row_of(self, key: str) -> Row | None:
        return self._within.get(key) or self._lines.rows.get(key)

    def cells_of(self, key: str) -> Cells:
        """What stands in the row of a key."""
        row = self.row_of(key)
        return row.cells if row else {"sign": ("", "dim")}

    def runs_of(self, keys: Iterable[str]) -> list[RunSummary]:
        """The runs among some keys, in that order."""
        rows = (self._lines.rows.get(key) for key in keys)
        return [row.run for row in rows if row and row.run]

    def as_begun(self, marked: Mapping[str, float]) -> list[str]:
        """The keys of those that are the runs which were marked, and no later ones of their names."""
        return [str(run.folder.path) for run in self.runs_of(marked) if run.began == marked[str(run.folder.path)]]

    @property
    def why_empty(self) -> str:
        """What is said where no run is listed."""
        if self.problem:
            return self.problem
        if not self.is_read:
            return "Looking …"
        return f"No run is like that; esc lists all {self.total:,}." if self.total else _EMPTY

    # In words ----------------------------------------------------------

    @property
    def total(self) -> int:
        """How many there are, filtered or not."""
        return len(self._within if self.inside else self._lines.rows)

    @property
    def title(self) -> str:
        row = self._lines.rows.get(self.inside)
        return row.title.replace("[", "(") if row else "Runs"

    @property
    def count_words(self) -> str:
        """'12 of 40 runs'."""
        every = counted(self.total, "training" if self.inside else "run")
        count = every if len(self.rows) == self.total else f"{len(self.rows)} of {every}"
        return f"reading {self.unread} · {count}" if self.unread else count


def _best_first() -> ListLook:
    """How a sweep's trainings are looked at first."""
    return ListLook(usual="best first")
