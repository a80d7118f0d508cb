"""Waits for a run: until it has ended, or until it has reached something."""

import math
import time

from gan_tui.cli.waited_values import COUNTED, Waited
from gan_tui.errors import DONE, TRAINING_FAILED, UserError
from gan_tui.presets import TASKS
from gan_tui.run.folder import RunFolder
from gan_tui.run.follower import Cadence, Follower
from gan_tui.run.holder import QUIET, STARTING, UNKNOWN, Standing
from gan_tui.run.metrics import guessed
from gan_tui.run.outcome import ended_well
from gan_tui.run.state import RunState
from gan_tui.run.summaries import RunSummary, summary_of
from gan_tui.sweep import until
from gan_tui.sweep.until import Until
from gan_tui.text import harmless, nearest

TIME_IS_OVER = 124
"""The exit code, as timeout(1) has it."""
_CADENCE = Cadence(usual=0.1, quick=0.1, folder=0.1)
_LOOK = 0.5
"""Seconds in which a log is read in any case: most are read to their end in them."""
_RISE = ("step", "epoch", "accuracy", "precision", "recall", "f1", "auc", "top_k", "r2")
"""What is known to rise where somebody writes = alone."""


def seconds(text: str | None) -> float:
    """What --timeout says. Raises UserError."""
    try:
        value = math.inf if text is None else float(text)
    except ValueError:
        value = math.nan
    if not value >= 0:
        raise UserError(f'--timeout takes seconds, such as 60 or 0.5, not "{harmless(text or "", 40)}".')
    return value


def asked(text: str | None) -> Until | None:
    """What --until says: accuracy>=0.9, loss<=0.1, step>=1000, epoch>=3. Raises UserError."""
    if text is None:
        return None
    goal, (name, sign, value) = until.asked(text), until.parts(text)
    if sign == "=" and name.removeprefix("val_") not in _RISE and not guessed(name).falls:
        name = harmless(name, 60)
        raise UserError(f"Nobody has said whether {name} rises: write {name}>={value} or {name}<={value}.")
    return goal


def wait(folder: RunFolder, goal: Until | None, seconds: float) -> int:
    """Returns 0 once the goal is reached, or the run has finished or was stopped where there is none.

    Raises UserError where it ended otherwise, or the time is over.
    """
    by_epochs = goal is not None and goal.metric not in COUNTED
    follower, waited = Follower(folder, history=by_epochs, cadence=_CADENCE), Waited(goal) if goal else None
    checked, state, standing = goal is None, RunState(), folder.standing()
    due = time.monotonic() + max(seconds, _LOOK)
    for news in follower.until_end(time.monotonic() + seconds):
        state, standing = news.state, news.standing
        if waited and (reached := waited.reached_by(news)):
            print(f"{folder.name}: {reached}")
            return DONE
        if goal and not checked and follower.caught_up:
            checked = True
            _refuse_what_never_comes(folder, goal, state)
        if not follower.caught_up and time.monotonic() >= due:
            break
    if waited and follower.caught_up and not standing.alive and (reached := waited.reached_at_end(state)):
        print(f"{folder.name}: {reached}")
        return DONE
    return _end(folder, goal, state if follower.caught_up else _state_unread(folder, goal), standing)


def _state_unread(folder: RunFolder, goal: Until | None) -> RunSummary:
    """What the end of a log tells that was not read to it. Raises UserError where that is not enough."""
    if goal or type(folder) is not RunFolder:
        why = f"{folder.name}: the time was over before all of its log was read; allow it more seconds (--timeout)."
        raise UserError(why, TIME_IS_OVER)
    try:
        return summary_of(folder)
    except FileNotFoundError:
        raise UserError(folder.deleted(), TRAINING_FAILED) from None


def _end(folder: RunFolder, goal: Until | None, state: RunState | RunSummary, standing: Standing) -> int:
    """What a run is like once nobody waits any more, and the exit code for that. Raises UserError."""
    shown = standing.shown(state.state)
    where = f"{folder.name}: {shown} at step {state.step:,}"
    if standing.alive or shown in (UNKNOWN, STARTING):
        raise UserError(f"{where}, and the time is over.", TIME_IS_OVER)
    if goal:
        raise UserError(f"{where}, without {goal}.", TRAINING_FAILED)
    if not folder.is_there():
        raise UserError(folder.deleted(), TRAINING_FAILED)
    about = state.reason if shown == state.state else standing.about
    why = f": {about.rstrip('.')}" if about else ""
    if shown != QUIET and not ended_well(state):
        raise UserError(f"{where}{why}; gan-tui attach {folder.word} shows it.", TRAINING_FAILED)
    print(f"{where}{why}")
    return DONE


def _refuse_what_never_comes(folder: RunFolder, goal: Until, state: RunState) -> None:
    """Raises UserError where a run has said what it measures, and that is not among it; all but trainers may add."""
    if goal.metric in COUNTED or state.started is None or state.started.task not in TASKS:
        return
    known = {**state.declared, **state.metrics}
    if state.declared and goal.metric not in known:
        near = nearest(goal.metric, [*known, *COUNTED])
        name, word = harmless(goal.metric, 60), folder.word
        raise UserError(f'{folder.name} has no metric "{name}", {near} (gan-tui status {word} shows them).')
    until.refuse_out_of_reach(goal, state.metric(goal.metric))
