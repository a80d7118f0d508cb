"""What starts a run, and starts it again, as the shell and the menu ask for it; and when that is refused."""

from pathlib import Path

from gan_tui import presets
from gan_tui.errors import UserError
from gan_tui.presets import Preset
from gan_tui.presets.plan import planned, settled
from gan_tui.run import catalog
from gan_tui.run.events import LIVE_STATES
from gan_tui.run.folder import RunFolder
from gan_tui.run.handover import Assignment
from gan_tui.run.holder import COPIED, ELSEWHERE, NOT_HERE
from gan_tui.run.summaries import RunSummary
from gan_tui.supervision import launching, ways_on
from gan_tui.supervision.warm_start import WarmSupervisor


def start(preset: Preset, runs: Path, name: str | None, warm: WarmSupervisor | None = None) -> RunFolder:
    """A new run of a preset, already training in the background. Leaves nothing behind when it cannot start.

    A `warm` supervisor is taken where it is still there. Raises UserError.
    """
    planned(preset)  # refuses one that cannot be trained, before anything is made
    folder = presets.new_run(settled(preset), runs, name)
    try:
        launching.spawn(folder, Assignment(folder.path, "train"), warm)
    except UserError:
        catalog.discard(folder)
        raise
    return folder.held()


class MayBeElsewhereError(UserError):
    """A run that may be trained elsewhere, or is a copy of one, is not started here without a clear word."""


def restart(folder: RunFolder, warm: WarmSupervisor | None = None, here: bool = False) -> None:
    """Start the processes of a run that is not alive. Raises UserError when it has nothing left to do.

    `here` is the word without which a MayBeElsewhereError is raised.
    """
    summary = launching.looked_at(folder)
    if summary.state == "finished":
        raise UserError(f"{folder.name} has finished; {ways_on.longer(folder, summary)}.")
    _ask_for_a_word(summary, here)
    _wait_until_let_go(folder, summary)
    launching.launch(folder, "train", warm)


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
    folder: RunFolder, unit: str, count: int, warm: WarmSupervisor | None = None, here: bool = False
) -> str:
    """Start the processes of a run that is not alive, to train to so many "steps" or "epochs" in all.

    It is the run that it would have been with that length from the beginning; returns what makes it another one, in a
    sentence. Raises UserError.
    """
    summary, before = launching.looked_at(folder), presets.of_run(folder)
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
        raise UserError(f"{folder.name} has trained {summary.step:,} steps; --{unit} {count} would be no more.")
    _wait_until_let_go(folder, summary)
    launching.launch(folder, "train", warm, (unit, count))
    restored = summary.state == "finished" and before.settings.get("restore_best")
    return "It goes on from the weights of its best epoch, which it ended with." if restored else ""
