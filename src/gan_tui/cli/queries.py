"""Commands that ask about a run, for people and for programs: none of them loads a preset, so that they answer soon."""

import os
import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from gan_tui.cli.named_runs import named_run_or_log, run_at_step, runs_of
from gan_tui.errors import DONE, UserError
from gan_tui.run.event_log import damage
from gan_tui.system import switches


def run(given: Namespace) -> int:
    """Do what was asked for; returns the exit code. Raises UserError."""
    switches.check(os.environ)
    if getattr(given, "data_dir", None) is not None:
        raise UserError(f"{given.command} reads no data; leave out --data-dir.")
    return _COMMANDS[given.command](given, runs_of(given))


def _metrics(given: Namespace, runs: Path) -> int:
    from gan_tui.cli import metric_values  # brings numpy, without which a status is told sooner

    form = metric_values.JSON if given.json else metric_values.CSV if given.csv else metric_values.TEXT
    choice = metric_values.chosen(given.steps, given.every)
    return _told_of_damage(metric_values.show(named_run_or_log(given, runs), form, choice))


def _events(given: Namespace, runs: Path) -> int:
    from gan_tui.cli import event_lines

    if not given.json:
        raise UserError("events prints JSON, so add --json; gan-tui attach --plain tells of a run in words.")
    return _told_of_damage(event_lines.show(named_run_or_log(given, runs), given.since, given.follow))


def _told_of_damage(lines: int) -> int:
    """Say how many lines of a log were damaged; what is sound was told, so that is no failure."""
    if lines:
        print(damage(lines), file=sys.stderr)
    return DONE


def _status(given: Namespace, runs: Path) -> int:
    from gan_tui.cli import status

    return status.show(named_run_or_log(given, runs), given.json, given.format)


def _wait(given: Namespace, runs: Path) -> int:
    from gan_tui.cli import waiting

    seconds, until = waiting.seconds(given.timeout), waiting.asked(given.until)
    return waiting.wait(named_run_or_log(given, runs, alive=True), until, seconds)


def _compare(given: Namespace, runs: Path) -> int:
    from gan_tui.cli import comparing

    return comparing.compare(given.runs, runs, given.json)


def _export(given: Namespace, runs: Path) -> int:
    from gan_tui.cli import exporting

    given.run, step = run_at_step(given.run, runs)
    return exporting.export(named_run_or_log(given, runs), given, step)


_COMMANDS: dict[str, Callable[[Namespace, Path], int]] = {
    "metrics": _metrics, "events": _events, "status": _status, "wait": _wait, "compare": _compare,
    "export": _export,
}  # fmt: skip
