"""Runs and sweeps as rows: of a table, of which a narrow terminal gets the columns that say most, and of JSON."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gan_tui.presets import DATASETS
from gan_tui.presets.changed import KnownChanges
from gan_tui.run import notes
from gan_tui.run.columns import age_words
from gan_tui.run.folder import RunFolder
from gan_tui.run.listing import Listed
from gan_tui.run.results import Results, of
from gan_tui.run.summaries import RunSummary, summary_of
from gan_tui.sweep.listed import ListedSweep
from gan_tui.text import aligned, clipped, duration, four_digits, harmless, width

_COLUMNS: tuple[tuple[str, Callable[[Listed], str]], ...] = (
    ("run", lambda row: row.name),
    ("preset", lambda row: harmless(row.summary.preset, 40)),
    ("state", lambda row: row.summary.shown),
    ("step", lambda row: steps(row.summary.step, row.summary.steps_total)),
    ("data", lambda row: data(row.summary)),
    ("best", lambda row: best(row.results)),
    ("newest", lambda row: newest(row.results)),
    ("age", lambda row: age_words(row.age())),
    ("trained", lambda row: duration(row.results.seconds) if row.results else ""),
    ("changed", lambda row: clipped(row.changed_words, 40)),
    ("note", lambda row: clipped(row.note, 40)),
)
_GO_FIRST = ("newest", "trained", "data", "age", "note", "changed", "best")
"""Columns that a narrow terminal is spared, the first of these first."""


def data(run: RunSummary) -> str:
    """What it learns from, and how many examples of that there are."""
    return f"{run.data}, {run.examples:,}" if run.data and run.examples else ""


def steps(step: int, total: int) -> str:
    return f"{step:,} of {total:,}" if total else f"{step:,}"


def newest(results: Results | None) -> str:
    """The newest value of what a run is judged by, and of what it is."""
    if results is None or results.judged_by is None:
        return ""
    return f"{four_digits(results.newest)} {harmless(results.judged_by.name, 40)}"


def best(results: Results | None) -> str:
    """The best value, and of what; of what has no best, the newest is told alone."""
    if results is None or results.best is None or results.judged_by is None:
        return ""
    return f"{four_digits(results.best)} {harmless(results.judged_by.name, 40)}"


def table(rows: Sequence[Listed], columns: int | None = None) -> str:
    """Runs in the order given; columns in which nobody has anything are left out."""
    cells = {name: [cell(row) for row in rows] for name, cell in _COLUMNS}
    own_data = any(row.summary.data not in ("", *DATASETS) and row.summary.examples for row in rows)
    shown = [name for name in cells if (any(cells[name]) and (own_data or name != "data")) or name in ("run", "step")]
    for name in _GO_FIRST:
        wide = [max(width(text) for text in (each, *cells[each])) for each in shown]
        if columns is None or sum(wide) + 2 * len(wide) - 2 <= columns:
            break
        shown = [each for each in shown if each != name]
    lines = [shown, *zip(*(cells[name] for name in shown), strict=True)]
    return aligned(lines, (shown.index("step"),), columns)


def sweep_table(sweeps: Sequence[ListedSweep], columns: int | None = None) -> str:
    """Sweeps likewise."""
    lines = [("sweep", "preset", "state", "trained", "best")]
    for each in sweeps:
        lines.append((each.name, each.preset, each.state, steps(each.done, each.total), _best_of(each)))
    return aligned(lines, (3,), columns)


def _best_of(sweep: ListedSweep) -> str:
    metric, best_one = sweep.judged_by, sweep.best
    if metric is None or best_one is None:
        return ""
    return f"{four_digits(best_one.value(metric))} {harmless(metric.name, 40)} with {clipped(best_one.words, 60)}"


# For programs -------------------------------------------------------------------------------------


def as_json(row: Listed) -> dict[str, Any]:
    run = row.summary
    return {
        "kind": "log" if run.is_log else "run",
        "name": run.folder.name, "folder": str(run.folder.path), "preset": run.preset,
        "state": run.state, "alive": run.alive, "step": run.step, "steps_total": run.steps_total,
        "data": run.data, "examples": run.examples,
        **({"waits": run.standing.waits} if run.standing.waits else {}),
        "began": row.began, "changed": run.changed, **results_json(row.results),
        "changed_settings": dict(row.setup.changed), "note": row.note,
    }  # fmt: skip


def results_json(results: Results | None) -> dict[str, Any]:
    """What a run has come to, in the fields of every list."""
    known = results or Results(None, None, None, 0, (), 0.0)
    return {
        "seconds": known.seconds, "judged_by": known.judged_by.name if known.judged_by else None,
        "newest": known.newest, "best": known.best, "best_step": known.best_step or None,
        "values": dict(known.values), "curve": list(known.curve),
    }  # fmt: skip


def results_of(folder: RunFolder) -> dict[str, Any]:
    """A run in the fields of the list, read whole now."""
    run, changes = summary_of(folder), KnownChanges()
    changes.begin()
    return as_json(Listed(run, of(folder), changes.read(run), notes.of(folder)))


def sweep_json(sweep: ListedSweep) -> dict[str, Any]:
    """A sweep, in the fields of a run as far as it has them; its steps are its trainings."""
    metric, found = sweep.judged_by, sweep.best
    return {
        "kind": "sweep", "name": sweep.name, "folder": str(sweep.folder.path), "preset": sweep.preset,
        "state": sweep.state, "alive": sweep.under_way, "step": sweep.done, "steps_total": sweep.total,
        "data": "", "examples": 0, "began": sweep.began, "changed": sweep.changed,
        "judged_by": metric.name if metric else None, "best": found.value(metric) if found else None,
        "best_settings": _settings(found.settings, found.result.seed) if found else None,
    }  # fmt: skip


def _settings(settings: Mapping[str, Any], seed: int) -> dict[str, Any]:
    return {**settings, "seed": seed}
