"""A script's run once more, as a run of its own."""

from dataclasses import replace
from pathlib import Path

from gan_tui.errors import UserError
from gan_tui.run.folder import RunFolder
from gan_tui.run.script_command import checksum
from gan_tui.supervision import script_runs


def begin(folder: RunFolder, runs: Path) -> RunFolder:
    """A new run by the command of another, already started. Raises UserError."""
    command = script_runs.command_of_run(folder)
    if not command.is_own:
        raise UserError(
            f"{folder.name} is not run anew: it was not you who made it here, and that would run {command.line}; if "
            "you trust it, run that yourself."
        )
    script_runs.refuse_unrepeatable(folder, command)
    return script_runs.begin(replace(command, sha256=checksum(command.file), mark=""), runs, None)
