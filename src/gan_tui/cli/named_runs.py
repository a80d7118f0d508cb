"""The run that a command line names, and the folder that it is looked for in."""

import sys
from argparse import Namespace
from pathlib import Path

from gan_tui.cli.named_sweeps import is_a_sweep, run_called, sweep_called
from gan_tui.errors import UserError
from gan_tui.run import catalog, manifests, summaries
from gan_tui.run.folder import RunFolder
from gan_tui.system.paths import is_there, runs_folder, user_path


def runs_of(given: Namespace) -> Path:
    """Where runs lie. Raises UserError where that cannot be told."""
    named = getattr(given, "runs_dir", None)
    if named is not None and not named.strip():
        raise UserError("--runs-dir needs the path of a folder.")
    return runs_folder(named)


def named_run(given: Namespace, runs: Path, alive: bool = False) -> RunFolder:
    """The run that is named, else the newest, or the newest that is `alive`, which is said. Raises UserError."""
    if given.run is not None:
        return _found(given.run, runs)
    folder = summaries.newest_alive(runs) if alive else summaries.newest(runs)
    print(f"{folder.name} is the newest run{' that is alive' if alive else ''}.", file=sys.stderr)
    return folder


def _found(word: str, runs: Path) -> RunFolder:
    try:
        return run_called(word, runs)
    except UserError as error:
        if sweep := sweep_called(word, runs):
            raise UserError(is_a_sweep(sweep, runs)) from None
        from gan_tui.cli import logs  # brings much that a run is found without

        try:
            log = logs.at(word, runs)
        except UserError:
            log = None
        if log is None:
            raise error from None
        raise UserError(
            f"{log.name} is a log of another program, which can only be looked at "
            f"(gan-tui attach); what writes it is paused, saved and stopped where it was started."
        ) from None


def named_run_or_log(given: Namespace, runs: Path, alive: bool = False) -> RunFolder:
    """Likewise; or the log of another tool that lies at the path that is named, or is on the list of runs."""
    word = given.run
    if word is None or is_run(word, runs):
        return named_run(given, runs, alive)
    from gan_tui.cli import logs  # brings much that a run's status is told without

    return logs.at(word, runs) or named_run(given, runs, alive)


def run_at_step(word: str | None, runs: Path) -> tuple[str | None, int | None]:
    """RUN@STEP as the two that it names; whatever else it is, as it is."""
    run, at, step = (word or "").rpartition("@")
    if word is None or not at or not manifests.is_step(step) or is_run(word, runs):
        return word, None
    return run, int(step)


def is_run(word: str, runs: Path) -> bool:
    """Whether a word names a run: one with a slash is a path first, any other a name."""
    path = user_path(word)
    is_path = "/" in word and is_there(path)
    return catalog.is_run(path) or (not is_path and catalog.may_be_run(runs / word))
