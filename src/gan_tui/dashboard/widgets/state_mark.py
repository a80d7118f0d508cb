"""The character before a run's state."""

from gan_tui.run.holder import NOT_HERE, QUIET, READING
from gan_tui.run.standstill import FROZEN, WAITING

_MARKS = {
    "training": "▶", "paused": "‖", "starting": "…", "saving": "↓", "finished": "✓", "stopped": "■",
    **dict.fromkeys(NOT_HERE, "?"), QUIET: "·", FROZEN: "‖", WAITING: "…", READING: "…",
}  # fmt: skip


def state_mark(state: str) -> str:
    """What a state is marked with; one that nobody wished for has a cross."""
    return _MARKS.get(state.partition(":")[0], "✗")
