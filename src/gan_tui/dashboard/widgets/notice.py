"""The line that says what is wrong with a run, or why it does not train, and the way on."""

from functools import partial

from textual.widgets import Static

from gan_tui.dashboard import own_keys
from gan_tui.run.events import NETWORK, Alert
from gan_tui.run.holder import DELETED, ENDED, NOT_HERE, Standing
from gan_tui.run.maker import Maker
from gan_tui.run.outcome import ALL_DONE, stuck
from gan_tui.run.state import RunState
from gan_tui.text import clipped, width, wrapped

RECENT_STEPS, ALERT_SECONDS = 1000, 20.0
"""For which an alert is worth the line, whichever is longer."""


_LINES = 3
_CUT = "… (3 shows all)."
"""Where there is more to say than there is room: the log pane has all of it."""


class Notice(Static):
    """Not there when all is well."""

    DEFAULT_CSS = f"""
    Notice {{
        display: none; height: auto; max-height: {_LINES}; padding: 0 1; background: $surface; color: $foreground;
    }}
    Notice.bad {{ color: $error; text-style: bold; }}
    """

    def __init__(self) -> None:
        super().__init__("", markup=False)
        self._said = "", ""
        """What is wrong, and the way on."""
        self._newest: Alert | None = None
        self._fresh: Alert | None = None
        """The newest alert, while a person may not have read it yet."""

    def show(self, state: RunState, standing: Standing, trouble: str, maker: Maker = Maker.TRAINER) -> None:
        """`trouble` is wrong though no event can say it."""
        newest = _newest(state)
        if newest and newest != self._newest:
            self._newest = newest
            if state.live:  # else it is as old as the run's end
                self._fresh = self._newest
                self.set_timer(ALERT_SECONDS, partial(self._grow_old, self._newest))
        self._shown = state, standing, trouble, maker
        what, way = _what_happened(state, standing, self._fresh.text if self._fresh else "", maker)
        said = " ".join(filter(None, (trouble, what))), way
        ended_badly = standing.shown(state.state) in (ENDED, DELETED, "failed")
        self.set_class(ended_badly or bool(trouble or (any(said) and state.live)), "bad")
        if said != self._said:
            self._said = said
            self._say()

    def on_resize(self) -> None:
        self._say()

    def _say(self) -> None:
        text = _fitted(*self._said, self.app.size.width - 2)
        if str(self.content) != text:
            self.display = bool(text)
            self.update(text)

    def _grow_old(self, alert: Alert) -> None:
        if alert == self._fresh:
            self._fresh = None
            self.show(*self._shown)


def _fitted(what: str, way: str, columns: int) -> str:
    """Both sentences; where they are too long for the lines there are, the end of the first is left out."""
    for room in range(width(what), 0, -1):
        text = f"{clipped(what, room, _CUT)} {way}".strip()
        if len(wrapped(text, columns)) <= _LINES:
            return text
    return way


def _beside_finished(reason: str) -> str:
    """What more there is to say than that the run has finished."""
    more = reason.removeprefix(ALL_DONE).removeprefix("; ").rstrip(".")
    return f"{more[:1].upper()}{more[1:]}." if more else ""


def _resume(state: RunState, maker: Maker) -> str:
    """How a run is gone on with, in a sentence; empty where it cannot be."""
    key = own_keys.told("resume", "r")
    if maker is Maker.COMMAND:
        return f"Press {key} to start its script again."
    if maker is not Maker.TRAINER:
        return "Start its script again to go on." if maker is Maker.PROCESS else ""
    if state.checkpoints:
        return f"Press {key} to resume from step {state.checkpoints[-1].step:,}."
    return f"Press {key} to restart from the first step."


def _what_happened(state: RunState, standing: Standing, alert: str, maker: Maker) -> tuple[str, str]:
    """(what is wrong, the way on), in sentences. `alert` is one that is not to be passed over yet."""
    resume, shown_state = _resume(state, maker), standing.shown(state.state)
    if shown_state == DELETED:
        of_it = "" if maker is Maker.LOGGER else ", so nothing of it can be resumed"
        return f"Deleted: {standing.about}{of_it}.", ""
    if shown_state in NOT_HERE:
        way = f"Press {own_keys.told('resume', 'r')} to train here all the same." if maker.starts_again else ""
        return f"{shown_state.capitalize()}: {standing.about}.", way
    if shown_state == ENDED:
        return f"Interrupted: {standing.about}.", resume
    if state.state == "failed":
        return f"{state.reason.rstrip('.')}.", resume
    if state.state == "stopped":
        why = "" if state.reason in ("", "asked to stop") else f": {state.reason.rstrip('.')}"
        return f"Stopped at step {state.step:,}{why}.", resume
    if state.state == "finished":
        longer = "" if state.ended_early else f", {own_keys.told('resume', 'r')} to train longer"
        what = " ".join(filter(None, (_beside_finished(state.reason), alert, stuck(state))))
        return what, f"Press {own_keys.told('other_seed', 'o')} for another seed{longer}." if stuck(state) else ""
    newest = _newest(state)
    return newest.text if newest and newest.step >= state.step - RECENT_STEPS else alert, ""


def _newest(state: RunState) -> Alert | None:
    """The newest alert, but for what is so as long as a group trains: the log has that, and the head a word."""
    return next((alert for alert in reversed(state.alerts) if alert.kind != NETWORK), None)
