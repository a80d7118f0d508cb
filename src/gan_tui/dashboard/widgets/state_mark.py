"""The character before a run's state."""

_MARKS = {
    "training": "▶", "paused": "‖", "starting": "…", "saving": "↓", "finished": "✓", "stopped": "■",
    "elsewhere": "?", "copied": "?", "unknown": "?",
}  # fmt: skip


def state_mark(state: str) -> str:
    """What a state is marked with; one that nobody wished for has a cross."""
    return _MARKS.get(state, "✗")
