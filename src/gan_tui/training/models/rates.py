"""The learning rate of each step as numbers for charts, so that no step need tell it: the same as Keras computes, but
for steps that the loss scale of float16 skips, which Keras does not count."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan_tui.presets import schedules


def rates(settings: Mapping[str, Any], steps: NDArray[np.int64], total: int) -> NDArray[np.float32]:
    """The learning rate of each of these steps, the first of a run being 0, in a run of so many in all."""
    steps, total = steps // settings["accumulate"], total // settings["accumulate"]  # rates follow updates
    after = np.maximum(steps - settings["warmup_steps"], 0)
    length = settings["schedule_steps"] or schedules.rest(total, settings["warmup_steps"])
    rate = settings["learning_rate"] * _factors(settings, after, length)
    rising = settings["learning_rate"] * steps / max(1, settings["warmup_steps"])
    return np.asarray(np.where(steps < settings["warmup_steps"], rising, rate), np.float32)


def _factors(settings: Mapping[str, Any], step: NDArray[np.int64], length: int) -> NDArray[np.float64]:
    """Shares of the learning rate, by the steps since the warm-up."""
    kind = settings["schedule"]
    if kind == schedules.EXPONENTIAL:
        times = step // length if settings["schedule_stairs"] else step / length
        return np.asarray(settings["schedule_rate"] ** times, np.float64)
    if kind in (schedules.COSINE, schedules.RESTARTS):
        done = np.minimum(step / length, 1) if kind == schedules.COSINE else step % length / length
        end = settings["schedule_end"]
        return np.asarray(end + (1 - end) * (1 + np.cos(np.pi * done)) / 2)
    if kind == schedules.PIECEWISE:
        return np.array([1.0, *settings["schedule_factors"]])[np.searchsorted(settings["schedule_at"], step, "right")]
    return np.asarray(1 / (1 + settings["learning_rate_decay"] * step))
