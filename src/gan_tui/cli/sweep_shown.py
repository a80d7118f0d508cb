"""A sweep that is attached to: found by its name or folder, and followed as text."""

import sys
import time
from pathlib import Path

from gan_tui.cli.json_output import print_json
from gan_tui.cli.named_runs import is_run
from gan_tui.cli.named_sweeps import sweep_called
from gan_tui.cli.run_rows import sweep_json
from gan_tui.errors import DONE, INTERRUPTED
from gan_tui.sweep import ranking, table
from gan_tui.sweep.folder import SweepFolder
from gan_tui.sweep.listed import listed_sweep
from gan_tui.sweep.seen import FAILED, FINISHED, Looker, Seen, SeenTraining
from gan_tui.system import signals, terminal
from gan_tui.system.paths import whole_path
from gan_tui.text import flowed, four_digits

LOOK_SECONDS = 0.5


def named(word: str | None, runs: Path) -> SweepFolder | None:
    """The sweep of that name or folder, unless a run is called so."""
    if word is None or is_run(word, runs):
        return None
    path = sweep_called(word, runs)
    return SweepFolder(whole_path(str(path))) if path else None


def show(folder: SweepFolder, as_json: bool) -> int:
    """How it stands, its best training, its table; of it nothing is changed. Raises UserError where it is damaged."""
    seen = Looker(folder).look()
    assert seen.sweep is not None
    if as_json:
        row = listed_sweep(folder)
        print_json({**(sweep_json(row) if row else {}), "combinations": table.as_json(seen.sweep, seen.rows)})
        return DONE
    columns = terminal.columns_of_output()
    print(flowed(f"sweep {folder.name}: {table.heading(seen.sweep)}", columns))
    print(flowed(_stands(folder, seen), columns))
    if best := seen.best_words():
        print(flowed(f"{best[:1].upper()}{best[1:]}.", columns))
    print("\n" + ranking.text(seen.sweep, seen.rows, ranking.USUAL, columns))
    return DONE


def follow(folder: SweepFolder) -> int:
    """A line for each training that is over, until the sweep is; then the table. Nothing of it is changed."""
    signals.interrupt()
    looker, told = Looker(folder), set[str]()
    try:
        while True:
            seen = looker.look()
            for training in seen.trainings:
                if training.state in (FINISHED, FAILED) and training.name not in told:
                    told.add(training.name)
                    print(_line(training, seen), flush=True)
            if not seen.alive:
                break
            time.sleep(LOOK_SECONDS)
    except KeyboardInterrupt:
        print(f"{folder.name} goes on where it was begun.", file=sys.stderr)
        return INTERRUPTED
    if seen.sweep:
        print("\n" + ranking.text(seen.sweep, seen.rows, ranking.USUAL, terminal.columns_of_output()))
    print("\n" + _stands(folder, seen))
    return DONE


def _stands(folder: SweepFolder, seen: Seen) -> str:
    """How far it is, and how it goes on where nobody trains it."""
    words = ", ".join(seen.told()) + "."
    return words if seen.alive or seen.done == seen.total else f"{words} {folder.way_on}."


def _line(training: SeenTraining, seen: Seen) -> str:
    """'batch_size=4 seed=15: reached, 120 epochs, accuracy 1.000'"""
    if training.state == FAILED or training.result is None:
        where = f" ({training.place})" if training.place else ""
        return f"{training.words}: failed{where}: {training.reason}"
    result, metric = training.result, seen.metric
    end = f", {metric.name} {four_digits(training.value(metric))}" if metric else ""
    return f"{training.words}: {result.ended} after {result.epochs:,} epochs{end}"
