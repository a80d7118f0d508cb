"""Values of any framework as numbers: asked for late, so that no device waits; at once where they may change.

No framework is imported: what a value is, is told by what it can.
"""

import math
from contextlib import suppress
from typing import Any

import numpy as np

_NO_NUMBER = "is {what}, and no number; it is left out"


PLAIN = frozenset({float, int, bool, np.float64, np.float32, np.float16, np.int64, np.int32, np.uint8})
"""Types of numbers that nothing changes, and that no device has to be asked for."""


class Refusal(str):
    """Why a value is no number, as the end of a sentence that begins with its name."""


def held(value: Any) -> Any:
    """The value as it is now, whatever becomes later of what held it.

    What lives on a device is left there: to bring it here would have the device wait at every step.
    """
    if type(value) in PLAIN:
        return value
    try:
        if hasattr(value, "detach"):  # torch: the next step may write into the same memory
            return value.item() if value.device.type == "cpu" and value.numel() == 1 else value.detach().clone()
        if isinstance(value, np.ndarray) or hasattr(value, "assign"):
            return number(value)
    except Exception:  # noqa: BLE001 (whatever a framework raises; what is wrong is said when it is read)
        return value
    return value


def number(value: Any) -> float | Refusal:
    """What a value is as a number; or why it is none."""
    if isinstance(value, Refusal):
        return value
    if value is None or isinstance(value, str | bytes | complex):
        what = "None" if value is None else "text" if isinstance(value, str | bytes) else "complex"
        return Refusal(_NO_NUMBER.format(what=what))
    try:
        return float(value.item() if hasattr(value, "item") else value)
    except OverflowError:
        return np.inf if value > 0 else -np.inf
    except Exception:  # noqa: BLE001 (whatever a framework raises)
        return _why_not(value)


def _why_not(value: Any) -> Refusal:
    size = 1
    with suppress(Exception):  # what a framework has no shape for
        size = math.prod(map(int, value.shape))
    if size != 1:
        return Refusal(f"has {size:,} values at a step, and one is needed; it is left out (run.histogram shows many)")
    return Refusal(_NO_NUMBER.format(what=f"of the type {type(value).__name__}"))
