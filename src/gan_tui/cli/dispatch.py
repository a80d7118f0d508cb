"""From what a command line says to the command that it asks for."""

import os
import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from gan_tui import data, presets
from gan_tui.cli import commands
from gan_tui.cli.settings_given import configured, on_data_of
from gan_tui.errors import UserError
from gan_tui.presets import Preset
from gan_tui.run import catalog, summaries
from gan_tui.run.folder import RunFolder
from gan_tui.system import switches
from gan_tui.system.paths import runs_folder, whole_path


def run(given: Namespace) -> int:
    """Do what was asked for; returns the exit code. Raises UserError."""
    switches.check(os.environ)
    if folder := os.environ.get("GAN_TUI_DATA"):
        os.environ["GAN_TUI_DATA"] = str(whole_path(folder))  # the trainer works elsewhere
    data.use_folder(_data_folder(given))
    named = getattr(given, "runs_dir", None)
    if named is not None and not named.strip():
        raise UserError("--runs-dir needs the path of a folder.")
    return _COMMANDS[given.command](given, runs_folder(named))


_READ_DATA = (None, "train", "sweep", "attach", "data", "doctor")
"""The commands that find data, or start what does."""
_READS_NO_DATA = {
    "resume": "A run goes on with the data that it began with, so leave out --data-dir; if they were moved, write "
    "where they are now as data_folder into the run's preset.toml.",
    "data": "data fetch puts what it downloads into Keras's cache; leave out --data-dir.",
}


def _data_folder(given: Namespace) -> Path | None:
    """The folder that --data-dir names. Raises UserError where it would be ignored."""
    named = getattr(given, "data_dir", None)
    if named is None:
        return None
    if not named.strip():
        raise UserError("--data-dir needs the path of a folder.")
    if given.command not in _READ_DATA or getattr(given, "data_command", None):
        raise UserError(_READS_NO_DATA.get(given.command, f"{given.command} reads no data; leave out --data-dir."))
    return whole_path(named)


def _on_its_data(given: Namespace, preset: Preset) -> Preset:
    folder = getattr(given, "data_dir", None)
    return preset if folder is None else on_data_of(preset, folder, given.changes)


def _train(given: Namespace, runs: Path) -> int:
    preset = _on_its_data(given, presets.find(given.preset))
    preset = configured(preset, given.changes, given.steps, given.epochs, given.seed, given.restarts)
    return commands.train(preset, runs, given.name, given.plain, given.detach)


def _sweep(given: Namespace, runs: Path) -> int:
    named = [given.preset, given.until, given.repeats, given.steps, given.epochs, given.seed, given.name]
    named.append(getattr(given, "data_dir", None))
    if given.resume is not None:
        if given.changes or any(value is not None for value in named):
            raise UserError("--resume NAME continues a sweep as it was started; leave out all else but --json.")
        return commands.resume_sweep(given.resume, runs, given.json)
    if given.preset is None:
        raise UserError("gan-tui sweep needs a PRESET, such as gan-tui sweep xor --set batch_size=1,2,4.")
    length = given.steps is not None or given.epochs is not None
    if length and any(change.partition("=")[0].strip() in ("steps", "epochs") for change in given.changes):
        raise UserError("--steps and --epochs apply to all combinations; to sweep either with --set, leave them out.")
    preset = _on_its_data(given, presets.find(given.preset))
    preset = configured(preset, [], given.steps, given.epochs, given.seed)
    repeats = 1 if given.repeats is None else given.repeats
    return commands.sweep(preset, given.changes, given.until, repeats, runs, given.name, given.json)


def _attach(given: Namespace, runs: Path) -> int:
    folder = _asked(given, runs, alive=False)
    return commands.follow(folder, only_looks=True) if given.plain else commands.show_dashboard(runs, folder)


def _resume(given: Namespace, runs: Path) -> int:
    ended = given.here or given.steps is not None or given.epochs is not None  # nothing for a run that is alive
    folder = _asked(given, runs, alive=not ended)
    for unit in ("steps", "epochs"):
        if (count := getattr(given, unit)) is not None:
            return commands.resume_to(folder, unit, count, given.here)
    return commands.resume(folder, given.here)


def _ask(given: Namespace, runs: Path) -> int:
    return commands.command_run(_asked(given, runs), given.command)


def _asked(given: Namespace, runs: Path, alive: bool = True) -> RunFolder:
    """The run that is named, else the newest, or the newest that is `alive`, which is said."""
    if given.run is not None:
        return catalog.find(given.run, runs)
    folder = summaries.newest_alive(runs) if alive else summaries.newest(runs)
    print(f"{folder.name} is the newest run{' that is alive' if alive else ''}.", file=sys.stderr)
    return folder


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
