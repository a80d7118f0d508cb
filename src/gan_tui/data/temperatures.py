"""Temperatures of a summer's days, hour by hour, as a thermometer that is never quite right would tell them.

Made here, the same each time: a wave that rises faster than it falls, and noise that no network can learn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

COUNT, SEED = 400, 7
INPUT, LABEL = "hour", "temperature in °C"
NOISE = 1.0
"""The deviation of what is measured from what is, in °C."""


def make() -> tuple[NDArray[Any], NDArray[Any]]:
    """(hours, temperatures), (COUNT,) each."""
    import numpy as np

    random = np.random.default_rng(SEED)
    hours = np.sort(random.uniform(0, 24, COUNT)).round(2)
    angle = 2 * np.pi * (hours - 9.5) / 24
    exact = 17 + 6 * np.sin(angle) + 2 * np.sin(2 * angle + 0.6)
    return hours, (exact + random.normal(0, NOISE, COUNT)).round(2)
