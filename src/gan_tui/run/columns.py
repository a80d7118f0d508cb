"""The columns of the list of runs, and its order by any of them: what is not known of a run stands last, either way."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from gan_tui.errors import UserError
from gan_tui.run.holder import ELSEWHERE, ENDED
from gan_tui.run.listing import Listed
from gan_tui.run.metrics import guessed
from gan_tui.text import harmless, meant

Key = float | str | None
"""What a row is ordered by; None where it is not known."""
_STATES = ("starting", "training", "saving", "paused", "finished", "stopped", "failed", ENDED, ELSEWHERE)


@dataclass(frozen=True)
class Column:
    """One column."""

    name: str
    about: str
    """What it has, in words."""
    value: Callable[[Listed], Key]
    """What conditions compare it with."""
    key: Callable[[Listed], Key]
    """What comes first has the least."""
    is_time: bool = False
    """Whether it is a time, in seconds."""
    is_text: bool = False


def _text(name: str, about: str, value: Callable[[Listed], str]) -> Column:
    return Column(name, about, value, lambda row: value(row).lower() or None, is_text=True)


def _state(row: Listed) -> float:
    state = row.summary.state
    place = _STATES.index(state) if state in _STATES else len(_STATES)
    return place - (len(_STATES) if row.summary.alive else 0)


def _goodness(row: Listed, value: float | None) -> float | None:
    """Less is better; of metrics that rise, it is below that of those that fall, as accuracies are above losses."""
    metric = row.results.judged_by if row.results else None
    return value if metric is None or value is None or metric.falls else -value


def _newest(row: Listed) -> float | None:
    return row.results.newest if row.results else None


def _best(row: Listed) -> float | None:
    return row.results.best if row.results else None


def _duration(row: Listed) -> float | None:
    return row.results.seconds if row.results else None


COLUMNS: tuple[Column, ...] = (
    _text("name", "what it is called", lambda row: row.name),
    Column("state", "training, finished, failed, …", lambda row: row.summary.shown, _state, is_text=True),
    _text("preset", "what it trains", lambda row: row.summary.preset),
    Column("age", "how long ago it was started", lambda row: row.age(), lambda row: -row.began, is_time=True),
    Column("duration", "how long it has trained", _duration, lambda row: _turned(_duration(row)), is_time=True),
    Column("step", "its last step", lambda row: row.summary.step, lambda row: -row.summary.step),
    Column("newest", "the newest value of what it is judged by", _newest, lambda row: _goodness(row, _newest(row))),
    Column("best", "the best value of that", _best, lambda row: _goodness(row, _best(row))),
    _text("changed", "what differs from its preset", lambda row: row.changed_words),
    _text("note", "what you have noted of it", lambda row: row.note),
)
"""In the order in which they stand; each in the order that a person means first: the youngest, longest, best."""
BY_NAME = {column.name: column for column in COLUMNS}
ALIASES = {"trained": "duration", "run": "name"}
"""What heads of tables call some of them."""


def column_named(word: str) -> str:
    """The name that a person means who types what stands above a column."""
    return ALIASES.get(word, word)


def head_of(name: str) -> str:
    """What stands above a column in tables, where it is another word that says more."""
    return "trained" if name == "duration" else name


def unknown(name: str, known: Sequence[str]) -> str:
    """What may have been meant by what is none of the columns, and no setting or metric that is `known`."""
    every = [*BY_NAME, *ALIASES, *known]
    if near := meant(name, every):
        return f'did you mean "{near}"?'
    alike = [one for one in known if "".join(part[:1] for part in one.split("_")) == name.lower()]
    if alike:  # lr, vl: the first letters of its words
        return f'did you mean "{alike[0]}"?'
    of_runs = f", or a setting or metric of a run, such as {known[0]}" if known else ""
    return f"choose from {', '.join(BY_NAME)}{of_runs}"


def age_words(seconds: float) -> str:
    """'8 s', '12 min', '27 h', '3 days': as much as tells runs apart."""
    for least, unit, words in ((2 * 86400, 86400, "days"), (2 * 3600, 3600, "h"), (120, 60, "min")):
        if seconds >= least:
            return f"{seconds / unit:,.0f} {words}"
    return f"{seconds:.0f} s"


def _turned(value: float | None) -> float | None:
    return None if value is None else -value


def ordered(rows: Sequence[Listed], by: str, turned: bool = False) -> list[Listed]:
    """The rows by a column, or by a setting or a metric that any of them has; `turned`, the other way round.

    Rows that are alike stay in their order. Raises UserError where there is no such column.
    """
    by = column_named(by)
    key = BY_NAME[by].key if by in BY_NAME else _own_key(rows, by)
    keys = [(row, key(row)) for row in rows]
    known = [(row, value) for row, value in keys if value is not None]
    ranked = sorted(known, key=lambda pair: _comparable(pair[1]), reverse=turned)
    return [row for row, _ in ranked] + [row for row, value in keys if value is None]


def _comparable(value: Key) -> tuple[bool, Any]:
    return isinstance(value, str), value  # a setting may be a number here and a word there


def _own_key(rows: Sequence[Listed], name: str) -> Callable[[Listed], Key]:
    if name not in (known := names_in(rows)):
        raise UserError(f'There is no column "{harmless(name, 40)}", {unknown(name, known)}.')
    falls = guessed(name).falls

    def key(row: Listed) -> Key:
        value, is_metric = value_of(row, name)
        return -float(value) if is_metric and not falls and isinstance(value, int | float) else value

    return key


def value_of(row: Listed, name: str) -> tuple[Key, bool]:
    """(the value of a setting or a metric of a run, None without one; whether it is a metric).

    Some are both: a number that was set counts before what was measured, as a learning rate is measured where it
    follows a schedule; what was set in words, as a loss is, counts after it.
    """
    setting, metrics = row.settings.get(name), row.results.values if row.results else {}
    is_metric = name in metrics and (setting is None or isinstance(setting, str))
    return (metrics[name], True) if is_metric else (setting, False)


def names_in(rows: Iterable[Listed]) -> list[str]:
    """The settings and metrics that any of some runs has, by name."""
    return sorted({name for row in rows for name in (*row.settings, *(row.results.values if row.results else ()))})
