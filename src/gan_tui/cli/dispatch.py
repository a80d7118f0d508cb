"""From what a command line says to the command that it asks for."""

import os
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from gan_tui import presets
from gan_tui.cli import commands
from gan_tui.cli.settings_given import configured
from gan_tui.errors import UserError
from gan_tui.run import catalog
from gan_tui.system.paths import user_path


def run(given: Namespace) -> int:
    """Do what was asked for; returns the exit code. Raises UserError."""
    if folder := getattr(given, "data_dir", None) or os.environ.get("GAN_TUI_DATA"):
        os.environ["GAN_TUI_DATA"] = str(user_path(folder).absolute())  # the trainer works elsewhere
    return _COMMANDS[given.command](given, catalog.runs_folder(getattr(given, "runs_dir", None)))


def _train(given: Namespace, runs: Path) -> int:
    preset = presets.find(given.preset)
    preset = configured(preset, given.changes, given.steps, given.epochs, given.seed, given.restarts)
    return commands.train(preset, runs, given.name, given.plain, given.detach)


def _sweep(given: Namespace, runs: Path) -> int:
    named = [given.preset, given.until, given.repeats, given.steps, given.epochs, given.seed, given.name]
    if given.resume is not None:
        if given.changes or any(value is not None for value in named):
            raise UserError("--resume NAME continues a sweep as it was started; leave out all else but --json.")
        return commands.resume_sweep(given.resume, runs, given.json)
    if given.preset is None:
        raise UserError("gan-tui sweep needs a PRESET, such as gan-tui sweep xor --set batch_size=1,2,4.")
    length = given.steps is not None or given.epochs is not None
    if length and any(change.partition("=")[0].strip() in ("steps", "epochs") for change in given.changes):
        raise UserError("--steps and --epochs apply to all combinations; to sweep either with --set, leave them out.")
    preset = configured(presets.find(given.preset), [], given.steps, given.epochs, given.seed)
    repeats = 1 if given.repeats is None else given.repeats
    return commands.sweep(preset, given.changes, given.until, repeats, runs, given.name, given.json)


def _attach(given: Namespace, runs: Path) -> int:
    return commands.show_dashboard(runs, catalog.find(given.run, runs))


def _resume(given: Namespace, runs: Path) -> int:
    return commands.resume(catalog.find(given.run, runs), given.here)


def _ask(given: Namespace, runs: Path) -> int:
    return commands.command_run(catalog.find(given.run, runs), given.command)


def _data(given: Namespace, runs: Path) -> int:
    return commands.fetch_data(given.name) if given.data_command else commands.show_data()


_COMMANDS: dict[str | None, Callable[[Namespace, Path], int]] = {
    None: lambda given, runs: commands.show_dashboard(runs),
    "train": _train,
    "sweep": _sweep,
    "attach": _attach,
    "pause": _ask,
    "resume": _resume,
    "save": _ask,
    "stop": _ask,
    "runs": lambda given, runs: commands.list_runs(runs, given.json),
    "presets": lambda given, runs: commands.list_presets(given.json),
    "doctor": lambda given, runs: commands.diagnose(runs, given.json),
    "show": lambda given, runs: commands.show(given.what, runs),
    "data": _data,
}
"""None: no command, the menu."""
