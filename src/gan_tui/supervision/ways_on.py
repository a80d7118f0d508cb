"""What a person can do with a run that is over, as the commands that do it."""

import sys
from contextlib import suppress
from pathlib import Path

from gan_tui import presets
from gan_tui.errors import UserError
from gan_tui.presets import schedules
from gan_tui.run.folder import RunFolder
from gan_tui.run.script_command import ScriptCommand
from gan_tui.run.summaries import RunSummary
from gan_tui.system.shell_words import shell_word


def longer(folder: RunFolder, summary: RunSummary) -> str:
    """How a run that has finished is trained on, half a sentence."""
    if command := ScriptCommand.of_run(folder):
        return anew(command)
    preset = presets.of_run(folder)
    if summary.ended_early or schedules.follows_length(preset.settings):
        return another(folder, summary)
    unit, count = preset.length
    return f"gan-tui resume {folder.word} --{unit} {2 * count} trains it longer"


def another(folder: RunFolder, summary: RunSummary) -> str:
    """How the same is trained from the beginning, half a sentence."""
    known = summary.preset in presets.files()
    which = summary.preset if known else _own_preset(folder)
    return f"gan-tui train {which} starts another run"


def anew(command: ScriptCommand) -> str:
    """How a script is started as another run, half a sentence."""
    python = [] if command.words[0] == sys.executable else ["--python", command.words[0]]
    words = " ".join(map(shell_word, ("gan-tui", "run", *python, *command.what)))
    with suppress(OSError):
        if Path.cwd().samefile(command.folder):
            return f"{words} starts another run"
    return f"cd {shell_word(command.folder)} && {words} starts another run"


def copy(folder: RunFolder) -> str:
    """The command that makes a run one's own, and one that may be written."""
    copied = f"~/{shell_word(f'{folder.path.name}-copy')}"
    return f"cp -r {shell_word(folder.path)} {copied} && chmod -R u+w {copied}"


def with_other_seed(folder: RunFolder) -> str:
    """The command that trains the same as a run from another seed."""
    try:
        preset = presets.of_run(folder)
        known = presets.find(preset.name) if preset.name in presets.files() else None
        seed = presets.other_seed(folder)
    except UserError:
        return f"gan-tui train {_own_preset(folder)} --seed N"
    same = known is not None and known.with_settings({"seed": preset.settings["seed"]}) == preset
    return f"gan-tui train {preset.name if same else _own_preset(folder)} --seed {seed}"


def _own_preset(folder: RunFolder) -> str:
    return shell_word(folder.preset_file)
