"""What each worker tells of itself while a group trains: rows of the event `group`, without addresses.

Words go as numbers, one a letter, so that a round is a matrix with a row a worker.
"""

import math
import os
import platform
from collections.abc import Sequence
from typing import Any

import psutil

from gan_tui.system import gpu
from gan_tui.text import harmless

LETTERS = 48
"""Of a host's name, and of what its devices are called."""
_NUMBERS = ("pid", "cpu", "memory", "gpu", "gpu_memory")
_WHOLE = ("pid", "memory", "gpu_memory")


class Usage:
    """What this process tells."""

    def __init__(self, devices: Sequence[str]) -> None:
        """`devices` in words; of several GPUs, the use of the first is told."""
        self._words, self._on_gpu = "; ".join(devices), any(device.startswith("GPU") for device in devices)
        self._process = psutil.Process()
        self._process.cpu_percent()  # the first says nothing

    def numbers(self) -> list[float]:
        """As many as every worker's."""
        use = next(iter(gpu.uses()), None) if self._on_gpu else None
        busy = math.nan if use is None or use.busy is None else use.busy
        card = (busy, float(use.used) if use else math.nan)
        told = (float(os.getpid()), self._process.cpu_percent(), float(self._process.memory_info().rss), *card)
        return [*told, *_letters(platform.node()), *_letters(self._words)]


def rows(table: Any, reducing: float | None) -> list[dict[str, Any]]:
    """What the event has of each worker that trains, from (workers, numbers); `reducing` is the most of its time."""
    return [{"worker": worker, "state": "training", **_row(numbers.tolist(), reducing)} for worker, numbers in
            enumerate(table)]  # fmt: skip


def _row(numbers: list[float], reducing: float | None) -> dict[str, Any]:
    known = {
        name: int(value) if name in _WHOLE else value
        for name, value in zip(_NUMBERS, numbers, strict=False)
        if math.isfinite(value)
    }
    words = numbers[len(_NUMBERS) :]
    host, devices = _word(words[:LETTERS]), _word(words[LETTERS : 2 * LETTERS])
    share = {} if reducing is None else {"reducing": min(max(reducing, 0.0), 1.0)}
    return {**known, "host": host, "devices": devices.split("; "), **share}


def _letters(word: str) -> list[float]:
    return [float(ord(letter)) for letter in word[:LETTERS].ljust(LETTERS)]


def _word(letters: Sequence[float]) -> str:
    return harmless("".join(chr(int(letter)) for letter in letters if 0 < letter < 0x110000)).strip()
