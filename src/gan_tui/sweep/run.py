"""The command `gan-tui sweep`: train what is missing, keep each result, print the table."""

import sys

import orjson

from gan_tui.errors import DONE, INTERRUPTED, TRAINING_FAILED, UserError
from gan_tui.sweep import table
from gan_tui.sweep.engines.local import Failed, Pool, Trained
from gan_tui.sweep.folder import Result, SweepFolder
from gan_tui.sweep.progress import SweepProgress
from gan_tui.sweep.sweep import Job, Sweep
from gan_tui.system import standard_streams, terminal
from gan_tui.text import harmless


def run_sweep(sweep: Sweep, folder: SweepFolder, as_json: bool) -> int:
    """Train the repeats that have no result yet, and print the rows of all. Returns the exit code.

    Raises UserError with 130 after Ctrl-C, with 1 when a training failed.
    """
    if sweep.as_document() != folder.document():
        raise UserError(
            f"The data have changed since the sweep {folder.name} was started; restore them, "
            "or start another sweep under another --name."
        )
    if not as_json:
        print("\n".join([table.heading(sweep), *sweep.without_effect(), harmless(str(folder.path), 4000)]), flush=True)
    with folder.held():
        results = folder.results(sweep)
        failed = _train(sweep, folder, results, as_json)
    rows = table.rows(sweep, results)
    if as_json:
        print(orjson.dumps(table.as_json(sweep, rows), option=orjson.OPT_INDENT_2).decode())
    else:
        print("\n" + table.text(sweep, rows, terminal.columns_of_output()))
    if failed:
        sys.stdout.flush()
        count = f"{failed:,} of {len(sweep.jobs):,} trainings"
        raise UserError(f"{count} failed; run the same command to try them again.", TRAINING_FAILED)
    return DONE


def _train(sweep: Sweep, folder: SweepFolder, results: dict[Job, Result], quiet: bool) -> int:
    """Add to the results; returns how many trainings failed."""
    missing = [job for job in sweep.jobs if job not in results]
    if not missing:
        return 0
    if terminal.columns_of_output() and not quiet:
        print(f"It ends with this terminal, unless in tmux or with nohup; {folder.way_on}.", flush=True)
    pool = Pool(folder, missing)
    progress = SweepProgress(sweep, results, pool.count, quiet)
    failed = 0
    try:
        for happening in pool.happenings():
            if isinstance(happening, Trained):
                results[happening.job] = happening.result
                folder.append(sweep.combinations[happening.job.combination], happening.result)
            failed += isinstance(happening, Failed)
            progress.show(happening)
    except KeyboardInterrupt:
        progress.clear()
        raise UserError(f"Interrupted with {_done(sweep, results)} done; {folder.way_on}.", INTERRUPTED) from None
    except standard_streams.OUTPUT_ENDED as error:
        progress.clear()
        why = standard_streams.give_up_output(error)
        raise UserError(f"{why} {_done(sweep, results)} are done; {folder.way_on}.", INTERRUPTED) from None
    finally:
        progress.clear()
    return failed


def _done(sweep: Sweep, results: dict[Job, Result]) -> str:
    return f"{len(results):,} of {len(sweep.jobs):,} trainings"
