"""From what a command line says to the command that it asks for."""

import os
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from gan_tui import data, presets
from gan_tui.cli import commands, groups, logs, run_changes, run_lists, saved_models
from gan_tui.cli.named_runs import named_run, named_run_or_log, runs_of
from gan_tui.cli.named_sweeps import sweep_called
from gan_tui.cli.settings_given import configured, instead, on_data_of, on_own_data
from gan_tui.cli.shared_steps import Asked
from gan_tui.errors import DONE, UserError
from gan_tui.presets import Preset, saved
from gan_tui.presets.starting_weights import begun_with
from gan_tui.run import catalog, documents
from gan_tui.run.folder import RunFolder
from gan_tui.run.group_start import ALONE, GroupStart
from gan_tui.sweep.folder import SweepFolder
from gan_tui.system import switches
from gan_tui.system.paths import whole_path
from gan_tui.system.shell_words import shell_word


def run(given: Namespace) -> int:
    """Do what was asked for; returns the exit code. Raises UserError."""
    switches.check(os.environ)
    if folder := os.environ.get("GAN_TUI_DATA"):
        os.environ["GAN_TUI_DATA"] = str(whole_path(folder))  # the trainer works elsewhere
    data.use_folder(_data_folder(given))
    return _COMMANDS[given.command](given, runs_of(given))


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


def _on_its_data(given: Namespace) -> Preset:
    """The preset that is named, on the data that are; its own need not be there then."""
    if saved.is_model(given.preset):
        return _of_model(given)
    preset = presets.find(given.preset, instead(given.data, given.label))
    if given.command == "sweep" and preset.start:
        raise UserError(
            f"{preset.name} begins with the weights of {preset.start.origin}, and a sweep begins each training anew: "
            "copy the preset elsewhere, and leave start out of it."
        )
    if (folder := getattr(given, "data_dir", None)) is not None:
        preset = on_data_of(preset, folder, given.changes)
        if preset.settings.get("data") == str(whole_path(folder)):
            data.use_folder(None)  # there is no set in it
            if given.data is not None:
                raise UserError("--data-dir and --data name data each; leave out one of them.")
    return on_own_data(preset, given.data, given.label, given.changes)


def _of_model(given: Namespace) -> Preset:
    """The preset that trains a saved model on. Raises UserError."""
    if given.command == "sweep":
        raise UserError(
            f"A sweep begins each training anew, so it takes presets: gan-tui train {shell_word(given.preset)} trains "
            "a saved model on."
        )
    if getattr(given, "data_dir", None) is not None:
        raise UserError("A saved model learns what --data names; leave out --data-dir.")
    return saved_models.preset(given.preset, given.data, given.label)


def _train(given: Namespace, runs: Path) -> int:
    preset = _on_its_data(given)
    preset = configured(preset, given.changes, given.steps, given.epochs, given.seed, given.restarts)
    preset = preset if given.start is None else begun_with(preset, given.start, runs)
    group, cluster = groups.asked_for(given) or ALONE, groups.around(given)
    groups.check_shares(preset, group, cluster)
    if given.dry_run:
        return _dry_run(given, preset, Asked(group, cluster))
    if given.json:
        raise UserError("train prints JSON with --dry-run alone; gan-tui runs --json tells of runs.")
    if cluster and cluster.index:
        return groups.follow(commands.ready(preset), cluster, given.trust_network)
    with groups.entered(cluster, given.trust_network):
        return groups.ended(commands.train(preset, runs, given.name, given.plain, given.detach, group), cluster)


def _run(given: Namespace, runs: Path) -> int:
    from gan_tui.supervision import script_runs

    command = script_runs.command_of(given.script, given.python, given.restarts or 0)
    return commands.shown(lambda: script_runs.begin(command, runs, given.name), runs, given.plain, given.detach)


def _dry_run(given: Namespace, preset: Preset, asked: Asked) -> int:
    from gan_tui.cli import preset_commands

    if given.name is not None:
        raise UserError("--dry-run makes no run, so there is none to be named; leave out --name.")
    is_model = saved.is_model(given.preset)
    own = _of_model(given) if is_model else presets.find(given.preset, instead(given.data, given.label))
    return preset_commands.dry_run(preset, own, asked, given.json)


def _sweep(given: Namespace, runs: Path) -> int:
    from gan_tui.cli import sweep_commands

    if given.resume is not None:
        return sweep_commands.resume(given, runs)
    if given.preset is None:
        raise UserError("gan-tui sweep needs a PRESET, such as gan-tui sweep xor --set batch_size=1,2,4.")
    length = given.steps is not None or given.epochs is not None
    if length and any(change.partition("=")[0].strip() in ("steps", "epochs") for change in given.changes):
        raise UserError("--steps and --epochs apply to all combinations; to sweep either with --set, leave them out.")
    preset = _on_its_data(given)
    preset = configured(preset, [], given.steps, given.epochs, given.seed)
    return sweep_commands.sweep(given, preset, runs)


def _attach(given: Namespace, runs: Path) -> int:
    from gan_tui.cli import sweep_shown

    if sweep := sweep_shown.named(given.run, runs):
        return sweep_shown.follow(sweep) if given.plain else commands.show_dashboard(runs, sweep=sweep)
    folder = named_run_or_log(given, runs)
    return commands.follow(folder, only_looks=True) if given.plain else commands.show_dashboard(runs, folder)


def _resume(given: Namespace, runs: Path) -> int:
    ended = given.here or given.steps is not None or given.epochs is not None  # nothing for a run that is alive
    folder = named_run(given, runs, alive=not ended)
    group, cluster = groups.asked_for(given), groups.around(given)
    if (group or cluster) and not documents.is_script(folder):
        groups.check_shares(presets.of_run(folder), group or ALONE, cluster)
    if cluster and cluster.index:
        return groups.follow(commands.ready(presets.of_run(folder)), cluster, given.trust_network)
    with groups.entered(cluster, given.trust_network):
        code = _resumed(given, folder, group)
        return groups.ended(commands.follow(folder), cluster) if given.plain and code == DONE else code


def _resumed(given: Namespace, folder: RunFolder, group: GroupStart | None) -> int:
    for unit in ("steps", "epochs"):
        if (count := getattr(given, unit)) is not None:
            return commands.resume_to(folder, unit, count, given.here, group)
    return commands.resume(folder, given.here, group)


def _ask(given: Namespace, runs: Path) -> int:
    return commands.command_run(named_run(given, runs, alive=True), given.command)


def _set(given: Namespace, runs: Path) -> int:
    from gan_tui.cli import live_settings

    given.run, changes = live_settings.parted(given.words)
    return live_settings.change(named_run(given, runs, alive=True), changes)


def _show(given: Namespace, runs: Path) -> int:
    is_model = saved.is_model(given.what) and not catalog.is_run(runs / given.what)
    if is_model:
        if given.settings or given.json:
            raise UserError(
                "A saved model has no settings yet; --toml prints it as a preset, whose settings are shown."
            )
        return saved_models.show(given.what, given.toml)
    if given.toml:
        raise UserError("--toml is for models that Keras saved; a preset and a run have a TOML file already.")
    if sweep := _sweep_to_show(given.what, runs):
        from gan_tui.cli import sweep_shown

        if given.settings:
            raise UserError(f"--settings is of presets and runs, and {sweep.name} is a sweep; leave it out.")
        return sweep_shown.show(sweep, given.json)
    return commands.show(given.what, runs, given.settings, given.json)


def _sweep_to_show(what: str, runs: Path) -> SweepFolder | None:
    """The sweep that is named, unless a run or a preset is called so."""
    if not sweep_called(what, runs) or what in presets.files():
        return None
    from gan_tui.cli import sweep_shown

    return sweep_shown.named(what, runs)


def _runs(given: Namespace, runs: Path) -> int:
    logs.refuse_both(given.add, given.remove)
    if given.add is not None:
        return logs.add(given.add)
    if given.remove is not None:
        return logs.remove(given.remove)
    ended = run_lists.list_runs(runs, given.json, given.words, given.sort, given.reverse)
    logs.say_what_is_gone()
    return ended


def _rename(given: Namespace, runs: Path) -> int:
    return run_changes.rename(named_run_or_log(given, runs), given.new)


def _note(given: Namespace, runs: Path) -> int:
    return run_changes.note(named_run_or_log(given, runs), given.text)


def _delete(given: Namespace, runs: Path) -> int:
    return run_changes.delete(given.named, runs, given.yes)


def _data(given: Namespace, runs: Path) -> int:
    from gan_tui.cli import data_commands

    if given.data_command == "clear":
        return data_commands.clear_data()
    if given.data_command == "show":
        return data_commands.show_own_data(given.place, given.label or "", given.augment, given.json)
    if not given.data_command:
        return data_commands.list_data(given.json)
    if given.json:
        raise UserError("data fetch prints how far it has come; leave out --json.")
    return data_commands.fetch_data(given.name)


def _presets(given: Namespace, runs: Path) -> int:
    from gan_tui.cli import preset_commands

    if not given.presets_command:
        return preset_commands.list_presets(given.json)
    if given.json:
        raise UserError("presets copy prints a path; leave out --json.")
    return preset_commands.copy_preset(given.preset, given.new)


def _config(given: Namespace, runs: Path) -> int:
    from gan_tui.cli import config_commands

    if given.prints:
        return config_commands.show(given.json)
    if given.json:
        raise UserError("config prints JSON with --print alone: gan-tui config --print --json.")
    return config_commands.edit()


_COMMANDS: dict[str | None, Callable[[Namespace, Path], int]] = {
    None: lambda given, runs: commands.show_dashboard(runs),
    "train": _train,
    "run": _run,
    "sweep": _sweep,
    "attach": _attach,
    "pause": _ask,
    "resume": _resume,
    "set": _set,
    "save": _ask,
    "stop": _ask,
    "runs": _runs,
    "rename": _rename,
    "note": _note,
    "delete": _delete,
    "tb": lambda given, runs: logs.list_below(given.folder, runs, given.plain, given.json),
    "presets": _presets,
    "config": _config,
    "doctor": lambda given, runs: commands.diagnose(runs, given.json),
    "show": _show,
    "data": _data,
}
"""None: no command, the menu."""
