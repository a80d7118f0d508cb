"""The command `gan-tui runs`: those that meet what is asked for, in the order that is asked for."""

import sys
from collections.abc import Sequence
from pathlib import Path

from gan_tui.cli import run_rows
from gan_tui.cli.json_output import print_json
from gan_tui.errors import DONE, UserError
from gan_tui.integrations.logs import listed
from gan_tui.presets.changed import KnownChanges
from gan_tui.run import conditions
from gan_tui.run.columns import ordered
from gan_tui.run.listing import Listed, Listing
from gan_tui.sweep.listed import sweeps
from gan_tui.sweep.rows import as_row
from gan_tui.system import terminal
from gan_tui.system.painted_line import PaintedLine
from gan_tui.text import counted, shown_path

_MANY = 20
"""Logs that are read before it is worth a word."""


def list_runs(
    runs: Path, as_json: bool = False, words: Sequence[str] = (), by: str | None = None, turned: bool = False
) -> int:
    """Runs that meet all words and conditions, by a column; and the sweeps beside them. Raises UserError."""
    asked = conditions.of_words(words)
    every = read(Listing(lambda: listed.every(runs), KnownChanges()))
    if not every and runs.exists() and not runs.is_dir():
        raise UserError(f"{shown_path(runs)} is not a folder; name one with --runs-dir or GAN_TUI_RUNS.")
    by_path = {each.folder.path: each for each in sweeps(runs)}
    entries = every + [as_row(each) for each in by_path.values()]  # as the list on the screen has them
    found = asked.of(entries)
    found = ordered(found, by, turned) if by is not None else found[::-1] if turned else found
    rows, swept = (
        [each for each in found if each.path not in by_path],
        [by_path[each.path] for each in found if each.path in by_path],
    )
    if as_json:
        print_json([*map(run_rows.as_json, rows), *map(run_rows.sweep_json, swept)])
        return DONE
    columns = terminal.columns_of_output()
    tables = [run_rows.table(rows, columns)] if rows else []
    tables += [run_rows.sweep_table(swept, columns)] if swept else []
    print("\n\n".join(tables) or _nothing(runs, bool(entries)))
    return DONE


def read(listing: Listing) -> list[Listed]:
    """All rows, with what their logs tell; those that were never read take their time, and a word."""
    rows = listing.rows()
    missing = listing.missing(rows)
    if not missing:
        return rows
    known = {row.path: row for row in rows}
    line = PaintedLine(sys.stderr) if len(missing) >= _MANY and sys.stderr.isatty() else None
    try:
        for number, row in enumerate(missing):
            if line is not None:
                line.paint(f"Reading {counted(len(missing), 'log')} for the list, {number:,} done …")
            known[row.path] = listing.read(row)
    finally:
        if line is not None:
            line.clear()
        listing.keep(rows)  # also of what was read before Ctrl-C
    return list(known.values())


def _nothing(runs: Path, has_others: bool) -> str:
    if has_others:
        return "No run meets all of that; gan-tui runs lists every one."
    return f"No runs yet in {shown_path(runs)}; start one with gan-tui, or gan-tui train gan."
