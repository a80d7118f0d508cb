"""What a group of workers tells of itself."""

from typing import Any


def worker_row(number: int, **other: Any) -> dict[str, Any]:
    """A row of the event `group`."""
    return {
        "worker": number, "host": f"box{number}", "address": f"10.0.0.{number + 1}:4700", "pid": 4000 + number,
        "devices": ["CPU"], "cpu": 90.0 + number % 8, "memory": 700_000_000 + number * 1_000_000, "gpu": None,
        "gpu_memory": None, "reducing": 0.1 + number % 5 / 100, "state": "training", "reason": "",
    } | other  # fmt: skip
