"""What the shell does with presets without training them: list, copy, tell what would be trained."""

import sys

from gan_tui import presets
from gan_tui.cli import commands, tables
from gan_tui.cli.json_output import print_json
from gan_tui.cli.shared_steps import Asked
from gan_tui.errors import DONE, TRAINING_FAILED, UserError
from gan_tui.presets import Preset, copies
from gan_tui.system import terminal
from gan_tui.text import shown_path


def dry_run(preset: Preset, own: Preset, asked: Asked, as_json: bool) -> int:
    """Print what would be trained; `own` is the preset as its file has it. What cannot be measured fails a run, too."""
    from gan_tui.cli.dry_run import DryRun

    told = DryRun(commands.ready(preset), own, asked)
    if as_json:
        print_json(told.as_document())
    else:
        print(told.text(terminal.columns_of_output()))
    if told.not_measured:
        raise UserError(f"No step could be measured: {told.not_measured}.", TRAINING_FAILED)
    if told.shared:
        told.shared.check()
    return DONE


def list_presets(as_json: bool) -> int:
    found, problems = presets.every()
    if as_json:
        rows = [
            {"name": preset.name, "task": preset.task, "title": preset.title,
             "parameters": {network.name: network.parameters for network in preset.networks},
             "not_trainable": {network.name: network.fixed for network in preset.networks}}
            for preset in found
        ]  # fmt: skip
        print_json(rows)
    else:
        print(tables.preset_table(found, terminal.columns_of_output()))
    for problem in problems:
        print(problem, file=sys.stderr)
    return DONE


def copy_preset(name: str, new: str | None) -> int:
    """Copy a preset among the person's own; its path alone is printed, for scripts."""
    path = copies.copy(name, new)
    print(shown_path(path))
    print(f"Change it with any editor; gan-tui train {path.stem} trains it.", file=sys.stderr)
    return DONE
