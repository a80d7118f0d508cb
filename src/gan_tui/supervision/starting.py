"""What starts a run, and starts it again, as the shell and the menu ask for it; and when that is refused."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gan_tui import presets
from gan_tui.errors import UserError
from gan_tui.presets import Preset, optimizers, schedules
from gan_tui.presets.plan import planned, settled
from gan_tui.presets.preparing import OnRead, prepared, refuse_changed
from gan_tui.run import catalog, documents
from gan_tui.run.events import LIVE_STATES
from gan_tui.run.folder import RunFolder
from gan_tui.run.group_start import ALONE, GroupStart
from gan_tui.run.holder import COPIED, ELSEWHERE, NOT_HERE
from gan_tui.run.summaries import RunSummary
from gan_tui.supervision import launching, script_runs, ways_on
from gan_tui.supervision.warm_start import WarmSupervisor
from gan_tui.system.shell_words import shell_word
from gan_tui.text import counted


def ready(preset: Preset, on_read: OnRead | None = None) -> Preset:
    """A preset that can be started, once its data have been read, of which `on_read` is told.

    Raises UserError where it cannot be trained, before anything is made.
    """
    planned(preset)
    exact = prepared(preset, on_read)
    if exact is not preset:
        planned(exact)
    return exact


def start(
    preset: Preset,
    runs: Path,
    name: str | None,
    warm: WarmSupervisor | None = None,
    on_read: OnRead | None = None,
) -> RunFolder:
    """A new run of a preset, already training in the background. Leaves nothing behind when it cannot start.

    A `warm` supervisor is taken where it is still there; `on_read` is told of what must be read first.
    Raises UserError.
    """
    return begin(ready(preset, on_read), runs, name, warm)


def begin(
    preset: Preset, runs: Path, name: str | None, warm: WarmSupervisor | None = None, group: GroupStart = ALONE
) -> RunFolder:
    """As `start`, of a preset that is `ready`; `group`: the workers or GPUs that are to train it together."""
    return launching.begun(presets.new_run(settled(preset), runs, name), warm, group)


class MayBeElsewhereError(UserError):
    """A run that may be trained elsewhere, or is a copy of one, is not started here without a clear word."""


def restart(
    folder: RunFolder, warm: WarmSupervisor | None = None, here: bool = False, group: GroupStart | None = None
) -> str:
    """Start the processes of a run that is not alive; returns what a person may not expect of that, in sentences.

    Raises UserError when it has nothing left to do. `here` is the word without which a MayBeElsewhereError is raised;
    `group` what it is started with from now on, where that is another.
    """
    summary = launching.looked_at(folder)
    _refuse_training_of_sweep(folder)
    if summary.state == "finished":
        raise UserError(f"{folder.name} has finished; {ways_on.longer(folder, summary)}.")
    _ask_for_a_word(summary, here)
    if documents.is_script(folder):
        if group:
            raise UserError(f"{folder.name} was made by a script, which says itself who trains it; leave that out.")
        command = script_runs.command_of_run(folder)
        if not (here or command.is_own):
            raise MayBeElsewhereError(
                f"{folder.name} was not resumed: it was not you who made it here, and that would run {command.line}; "
                f"if you trust it: gan-tui resume --here {folder.word}."
            )
        script_runs.refuse_unrepeatable(folder, command)
        _wait_until_let_go(folder, summary)
        return script_runs.again(folder, command)
    refuse_changed(folder, presets.of_run(folder))
    _wait_until_let_go(folder, summary)
    if group:
        launching.keep_group(folder, group)
    launching.launch(folder, "train", warm)
    return ""


def _refuse_training_of_sweep(folder: RunFolder) -> None:
    """Raises UserError for a run that a sweep trains, which keeps nothing of it to go on with."""
    if sweep := catalog.sweep_of(folder.path):
        raise UserError(
            f"{folder.name} is a training of the sweep {sweep}; gan-tui sweep --resume {shell_word(sweep)} trains what "
            f"is missing of it, and A on its screen trains it as a run."
        )


def _wait_until_let_go(folder: RunFolder, summary: RunSummary) -> None:
    """End what only looks at a run; and one that has just ended is let go of in a moment."""
    launching.release(folder)
    if summary.state not in LIVE_STATES:
        launching.wait_until_unlocked(folder)


def _ask_for_a_word(summary: RunSummary, here: bool) -> None:
    """Raises MayBeElsewhereError unless there is a word, or no need of one."""
    if summary.state in NOT_HERE and not here:
        name, about = summary.folder.name, summary.standing.about
        ways = {ELSEWHERE: "stop it there, or train it here all the same", COPIED: "train the copy"}
        way = ways.get(summary.state, "train it all the same")
        raise MayBeElsewhereError(
            f"{name} was not resumed: {about}; {way}: gan-tui resume --here {summary.folder.word}."
        )


def train_longer(
    folder: RunFolder,
    unit: str,
    count: int,
    warm: WarmSupervisor | None = None,
    here: bool = False,
    group: GroupStart | None = None,
) -> str:
    """Start the processes of a run that is not alive, to train to so many "steps" or "epochs" in all.

    It is the run that it would have been with that length from the beginning; returns what makes it another one, in a
    sentence. Raises UserError.
    """
    summary = launching.looked_at(folder)
    _refuse_training_of_sweep(folder)
    if documents.is_script(folder):
        raise UserError(f"{folder.name} was made by a script, which says itself how long it trains; change that in it.")
    before = presets.of_run(folder)
    _ask_for_a_word(summary, here)
    if summary.alive and summary.state in LIVE_STATES:
        raise UserError(f"{folder.name} is still training; stop it first: gan-tui stop {folder.word}.")
    try:
        asked = before.of_length(unit, count)
        total = planned(asked).steps_total
    except ValueError as error:
        raise UserError(f"{error}.") from None
    if summary.ended_early:
        raise UserError(
            f"{folder.name} was ended by early stopping, and would be again; {ways_on.another(folder, summary)}."
        )
    if total <= summary.step:
        trained = counted(summary.step, "step")
        raise UserError(f"{folder.name} has trained {trained}; --{unit} {count} would be no more.")
    if summary.step and asked.length != before.length and schedules.follows_length(before.settings):
        raise UserError(
            f"{folder.name} cannot be trained for another length, which its learning rate follows from the first step; "
            f"start another: gan-tui train {shell_word(folder.preset_file)} --{unit} {count}."
        )
    refuse_changed(folder, before)
    _wait_until_let_go(folder, summary)
    if group:
        launching.keep_group(folder, group)
    launching.launch(folder, "train", warm, (unit, count))
    return _goes_on_from(before.settings) if summary.state == "finished" else ""


def _goes_on_from(settings: Mapping[str, Any]) -> str:
    """Of a run that ended with other weights than its last step left: which these are, in a sentence."""
    if optimizers.ends_with_average(settings):
        return "It goes on from the moving average of its weights, which it ended with."
    return "It goes on from the weights of its best epoch, which it ended with." if settings.get("restore_best") else ""
