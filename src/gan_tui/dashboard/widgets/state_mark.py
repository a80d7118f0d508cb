"""The character before a run's state, and the tone of both."""

from gan_tui.run.holder import ENDED, NOT_HERE, QUIET, READING
from gan_tui.run.standstill import FROZEN, WAITING
from gan_tui.run.summaries import RunSummary

_MARKS = {
    "training": "▶", "paused": "‖", "starting": "…", "saving": "↓", "finished": "✓", "stopped": "■",
    **dict.fromkeys(NOT_HERE, "?"), QUIET: "·", FROZEN: "‖", WAITING: "…", READING: "…",
}  # fmt: skip


def state_mark(state: str) -> str:
    """What a state is marked with; one that nobody wished for has a cross."""
    return _MARKS.get(state.partition(":")[0], "✗")


def state_tone(run: RunSummary) -> str:
    """The tone of its state: of `drawing.tones`, and, in style sheets, by `STYLES`."""
    if run.standing.waits:
        return "warning"
    return "good" if run.alive else "bad" if run.state in ("failed", ENDED) else "dim"


STYLES = {"good": "$success", "bad": "$error", "warning": "$warning", "dim": "$dim"}
