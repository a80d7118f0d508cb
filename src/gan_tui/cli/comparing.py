"""gan-tui compare: several runs as a table of what differs, or as JSON."""

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gan_tui.cli.json_output import print_json
from gan_tui.cli.named_runs import named_run_or_log
from gan_tui.errors import DONE, UserError
from gan_tui.presets.compared_words import cell, range_words, seen, setting_words, spread_words
from gan_tui.run import comparison
from gan_tui.run.compared_settings import differing
from gan_tui.run.comparison import Member, Row, Spread
from gan_tui.run.folder import RunFolder
from gan_tui.system import terminal
from gan_tui.text import aligned, counted, flowed, width

MOST = 64
_LONGEST_CELL = 32
"""Columns of a value; --json has all of it."""
_BETWEEN = 2
"""Columns from one column of a table to the next."""


def compare(words: Sequence[str], runs: Path, as_json: bool) -> int:
    """Print what differs between the runs that are named. Raises UserError."""
    folders = _folders(words, runs)
    members = [comparison.read(folder) for folder in folders]
    if as_json:
        print_json(document(folders, members))
    else:
        print(text(members, terminal.columns_of_output()))
    return DONE


def _folders(words: Sequence[str], runs: Path) -> list[RunFolder]:
    if len(words) < 2:
        raise UserError("gan-tui compare needs two runs at least, such as gan-tui compare gan-1 gan-2.")
    if len(words) > MOST:
        raise UserError(f"gan-tui compare takes at most {MOST} runs, not {len(words):,}; name fewer.")
    found = dict[Path, RunFolder]()
    for word in words:
        folder = named_run_or_log(Namespace(run=word), runs)
        place = folder.path.resolve()
        if place in found:
            raise UserError(f"{folder.name} is named twice; name each run once.")
        found[place] = folder
    return list(found.values())


# As JSON ----------------------------------------------------------


def document(folders: Sequence[RunFolder], members: Sequence[Member]) -> dict[str, Any]:
    """All of it, for programs."""
    return {
        "runs": [_run(folder, one) for folder, one in zip(folders, members, strict=True)],
        "differing": differing([one.all_settings for one in members]),
        "judged_by": comparison.judged_by(members),
        "seeds": [_seeds([members[place] for place in group]) for group in comparison.seeds(members)],
    }


def _run(folder: RunFolder, one: Member) -> dict[str, Any]:
    return {
        "run": one.name, "folder": str(folder.path), "state": one.state, "alive": one.alive, "step": one.step,
        "steps_total": one.steps_total, "seconds": one.seconds, "speed": one.speed, "settings": dict(one.settings),
        "changed": dict(one.changed),
        "metrics": {
            name: {"newest": found.newest, "best": found.best, "best_step": found.best_step, "falls": found.falls}
            for name, found in one.measured.items()
        },
    }  # fmt: skip


def _seeds(members: Sequence[Member]) -> dict[str, Any]:
    names = dict.fromkeys(name for one in members for name in one.measured)
    return {
        "runs": [one.name for one in members],
        "seeds": [one.seed for one in members],
        "metrics": {
            name: {
                "newest": _spread(comparison.spread(found.newest for found in of_runs)),
                "best": _spread(comparison.spread(found.best for found in of_runs)),
            }
            for name in names
            for of_runs in [[one.measured[name] for one in members if name in one.measured]]
        },
    }


def _spread(of: Spread | None) -> dict[str, Any] | None:
    if of is None:
        return None
    return {"count": of.count, "mean": of.mean, "deviation": of.deviation, "low": of.low, "high": of.high}


# As text ----------------------------------------------------------


def text(members: Sequence[Member], columns: int | None) -> str:
    """What differs, as a table that fits so many columns, then how far seeds of the same settings are apart."""
    settings, results = seen(comparison.setting_rows(members)), seen(comparison.result_rows(members))
    same = "No setting differs." if any(one.settings for one in members) else "None of them tells its settings."
    parts = [] if settings else [flowed(same, columns)]
    parts += [_table(members, settings, results, columns)] if settings or results else []
    parts += [_of_seeds([members[place] for place in group], columns) for group in comparison.seeds(members)]
    return "\n\n".join(parts)


def _table(members: Sequence[Member], settings: Sequence[Row], results: Sequence[Row], columns: int | None) -> str:
    """Runs as columns, or, where these are too many, as rows."""
    names = [one.name for one in members]
    lines = [["", *names]]
    for heading, rows in (("settings", settings), ("results", results)):
        if rows:
            lines.append([heading, *("" for _ in names)])
            lines += [[f"  {row.name}", *_cells(row)] for row in rows]
    if columns is None or _width(lines) <= columns:
        return aligned(lines)
    return _as_rows(names, [*settings, *results], columns)


def _as_rows(names: Sequence[str], rows: Sequence[Row], columns: int) -> str:
    """As many tables below each other as it takes for all columns to fit."""
    tables, first = list[str](), ["run", *names]
    table = [first]
    for row in rows:
        column = [row.name, *_cells(row)]
        if len(table) > 1 and _width(_turned([*table, column])) > columns:
            tables.append(aligned(_turned(table), (), columns))
            table = [first]
        table.append(column)
    return "\n\n".join([*tables, aligned(_turned(table), (), columns)])


def _turned(columns: Sequence[Sequence[str]]) -> list[list[str]]:
    return [list(row) for row in zip(*columns, strict=True)]


def _cells(row: Row) -> list[str]:
    return [cell(row, value, _LONGEST_CELL) for value in row.values]


def _width(lines: Sequence[Sequence[str]]) -> int:
    return sum(max(map(width, column)) for column in zip(*lines, strict=True)) + _BETWEEN * (len(lines[0]) - 1)


def _of_seeds(members: Sequence[Member], columns: int | None) -> str:
    """Mean, standard deviation and range of each result."""
    named = ", ".join(f"{one.name} ({setting_words(one.seed)})" for one in members)
    head = f"{counted(len(members), 'seed')} of the same settings: {named}"
    lines = list[tuple[str, ...]]()
    for row in seen(comparison.result_rows(members)):
        of = comparison.spread(row.values) if row.kind == "value" else None
        if of is not None:
            of_all = "" if of.count == len(members) else f"of {of.count}"
            lines.append((f"  {row.name}", spread_words(of), range_words(of), of_all))
    return "\n".join([flowed(head, columns), *([aligned(lines, (), columns)] if lines else [])])
