"""What is said of a run outside its screen: in the terminal's title and tab, and to who looks elsewhere."""

from gan_tui.dashboard.terminal.sign_words import Doing
from gan_tui.run.events import NETWORK, START
from gan_tui.run.holder import ENDED, READING, Standing
from gan_tui.run.state import RunState
from gan_tui.text import percent

_ASKED_FOR = ("", "asked to pause", "stepping")
"""Why a run pauses that somebody has paused."""
_DOING = {"training": Doing.TRAINING, "saving": Doing.TRAINING, "paused": Doing.PAUSED, "failed": Doing.FAILED,
          ENDED: Doing.FAILED}  # fmt: skip


def title(name: str, state: RunState, shown: str) -> str:
    """`shown` is the run's state as a person should see it."""
    if shown == READING:
        return name
    if shown == "training" and state.steps_total:
        return f"{name} {percent(state.step, state.steps_total).strip()}"
    return f"{name} {shown}"


def progress(state: RunState, shown: str) -> tuple[Doing, int]:
    """What is done, and how much of the whole, 0..100; of a run whose length is not known, nothing."""
    doing = _DOING.get(shown, Doing.NOTHING) if state.steps_total else Doing.NOTHING
    return doing, min(100 * state.step // state.steps_total, 100) if doing else 0


def news(name: str, before: RunState, state: RunState, standing: Standing, shown: str) -> str:
    """A sentence where a run has ended, alerts, or has paused by itself since then; empty where nothing is to tell."""
    if before.live and shown == ENDED:
        return f"{name} was interrupted: {standing.about}."
    if before.live and not state.live:
        return _end(name, state)
    if state.alerts[-1:] != before.alerts[-1:] and state.alerts and state.alerts[-1].kind not in (START, NETWORK):
        return f"{name}: {state.alerts[-1].text}"
    if state.state == "paused" != before.state and state.reason not in _ASKED_FOR:
        return f"{name} has paused: {state.reason}."
    return ""


def _end(name: str, state: RunState) -> str:
    """How a run has ended."""
    at = f" at step {state.step:,}" if state.step else ""
    if state.state == "failed":
        return f"{name} has failed{at}: {state.reason.rstrip('.')}."
    done = "has finished" if state.state == "finished" else "was stopped"
    return f"{name} {done}{at}."
