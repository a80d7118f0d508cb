"""The character before a run's state."""

from gan_tui.run.holder import NOT_HERE

_MARKS = {
    "training": "▶", "paused": "‖", "starting": "…", "saving": "↓", "finished": "✓", "stopped": "■",
    **dict.fromkeys(NOT_HERE, "?"),
}  # fmt: skip


def state_mark(state: str) -> str:
    """What a state is marked with; one that nobody wished for has a cross."""
    return _MARKS.get(state, "✗")
