"""The command `gan-tui sweep`: train what is missing, keep each result, print the table."""

import sys

import orjson

from gan_tui.errors import DONE, INTERRUPTED, TRAINING_FAILED, UserError
from gan_tui.sweep import ranking, table
from gan_tui.sweep.engines.chosen import engine
from gan_tui.sweep.engines.local import Failed, Happening, Heard, Told, Trained
from gan_tui.sweep.folder import SweepFolder
from gan_tui.sweep.places import HERE, Places
from gan_tui.sweep.progress import SweepProgress
from gan_tui.sweep.ranking import USUAL, Look
from gan_tui.sweep.result import Result
from gan_tui.sweep.sweep import Job, Sweep
from gan_tui.sweep.trainings import Trainings
from gan_tui.sweep.under_way import Keeper
from gan_tui.system import standard_streams, terminal
from gan_tui.text import counted, harmless


def run_sweep(sweep: Sweep, folder: SweepFolder, as_json: bool, look: Look = USUAL, places: Places = HERE) -> int:
    """Train the repeats that have no result yet, and print the rows of all. Returns the exit code.

    Raises UserError with 130 after Ctrl-C, with 1 when a training failed.
    """
    if not folder.has(sweep.as_document()):
        raise folder.other_data(sweep.files())
    with folder.held():
        folder.add_drawn(sweep)
        results = folder.results(sweep)
        try:
            failed = _train(sweep, folder, results, as_json, places)
        except KeyboardInterrupt:
            raise UserError(f"Interrupted with {_done(sweep, results)} done; {folder.way_on}.", INTERRUPTED) from None
        except standard_streams.OUTPUT_ENDED as error:
            if len(results) == len(sweep.jobs):
                raise
            why = standard_streams.give_up_output(error)
            raise UserError(f"{why} {_done(sweep, results)} are done; {folder.way_on}.", INTERRUPTED) from None
    rows = table.rows(sweep, results)
    if as_json:
        print(orjson.dumps(table.as_json(sweep, rows), option=orjson.OPT_INDENT_2).decode())
    else:
        print("\n" + ranking.text(sweep, rows, look, terminal.columns_of_output()))
    if failed:
        sys.stdout.flush()
        count = f"{failed:,} of {counted(len(sweep.jobs), 'training')}"
        raise UserError(f"{count} failed; run the same command to try them again.", TRAINING_FAILED)
    return DONE


def _train(sweep: Sweep, folder: SweepFolder, results: dict[Job, Result], quiet: bool, places: Places) -> int:
    """Add to the results; returns how many trainings failed."""
    if not quiet:
        said = [table.heading(sweep), *table.left_out(sweep), *sweep.without_effect()]
        print("\n".join([*said, harmless(str(folder.path), 4000)]), flush=True)
    missing = [job for job in sweep.jobs if job not in results]
    if not missing:
        return 0
    if terminal.columns_of_output() and not quiet:
        print(f"It ends with this terminal, unless in tmux or with nohup; {folder.way_on}.", flush=True)
    pool = engine(folder, missing, places)
    progress = SweepProgress(sweep, results, pool.count, quiet)
    failed, begun_with = 0, folder.files()
    trainings, keeper = Trainings(sweep, folder), Keeper(folder, len(results))
    try:
        for happening in pool.happenings():
            if isinstance(happening, Heard):
                trainings.told(happening.job, happening.first, happening.items)
                keeper.look(pool.workers)  # a short training is over before anything else happens
                continue
            if isinstance(happening, Trained):
                now = sweep.files()
                if any(now.get(path, checksum) != checksum for path, checksum in begun_with.items()):
                    raise folder.other_data(now)  # with which of them this was trained, nobody knows
                results[happening.job] = happening.result
                folder.append(sweep.combinations[happening.job.combination], happening.result)
            failed += isinstance(happening, Failed)
            _keep(happening, trainings, keeper)
            keeper.look(pool.workers)
            progress.show(happening)
    finally:
        progress.clear()
        trainings.close()
        keeper.look((), last=True)
    return failed


def _keep(happening: Happening, trainings: Trainings, keeper: Keeper) -> None:
    """Note for whoever looks at the sweep what has become of a training."""
    if isinstance(happening, Trained):
        trainings.trained(happening.job, happening.result)
        keeper.trained(happening.job)
    elif isinstance(happening, Failed):
        trainings.failed(happening.job, happening.reason)
        keeper.failed(happening)
    elif isinstance(happening, Told) and happening.again:
        trainings.again(happening.again)


def _done(sweep: Sweep, results: dict[Job, Result]) -> str:
    return f"{len(results):,} of {counted(len(sweep.jobs), 'training')}"
