"""Learning rates that change, computed in the graph from an optimizer's count of steps.

Schedules are Keras's own, so that whoever loads a saved network needs nothing of ours. Keras has a warm-up in front of
one of them alone: here it is in front of any, and not part of what is saved.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import keras
import tensorflow as tf

from gan_tui.presets import schedules

Schedule = keras.optimizers.schedules.LearningRateSchedule


def rate_of(settings: Mapping[str, Any]) -> Any:
    """A number, or a schedule; one that follows the run's length is given it by `lasts`."""
    schedule = _schedule(settings)
    if schedules.follows_length(settings):
        schedule.begins_after = settings["warmup_steps"]
    return schedule


def _schedule(settings: Mapping[str, Any]) -> Any:
    rate, kind, steps = settings["learning_rate"], settings["schedule"], max(1, settings["schedule_steps"])
    if kind == schedules.EXPONENTIAL:
        stairs = settings["schedule_stairs"]
        return keras.optimizers.schedules.ExponentialDecay(rate, steps, settings["schedule_rate"], stairs)
    if kind == schedules.COSINE:
        return keras.optimizers.schedules.CosineDecay(rate, steps, settings["schedule_end"])
    if kind == schedules.RESTARTS:
        end = settings["schedule_end"]
        return keras.optimizers.schedules.CosineDecayRestarts(rate, steps, t_mul=1.0, alpha=end)
    if kind == schedules.PIECEWISE:
        rates = [rate, *(rate * factor for factor in settings["schedule_factors"])]
        last = [at - 1 for at in settings["schedule_at"]]  # Keras counts steps from 0, and a rate lasts until then
        return keras.optimizers.schedules.PiecewiseConstantDecay(last, rates)
    if settings["learning_rate_decay"] or settings["warmup_steps"]:
        return keras.optimizers.schedules.InverseTimeDecay(rate, 1, settings["learning_rate_decay"])
    return rate


def lasts(optimizer: Any, total: int) -> None:
    """Have the schedule of an optimizer, if it follows the run's length, end with the last of so many steps."""
    schedule: Any = getattr(optimizer, "_learning_rate", None)
    if (begins_after := getattr(schedule, "begins_after", None)) is not None:
        updates = total // (optimizer.gradient_accumulation_steps or 1)
        schedule.decay_steps = schedules.rest(updates, begins_after)


def warmed_up(optimizer: Any, steps: int) -> Any:
    """The same optimizer, its rate rising evenly from 0 for so many steps, after which its schedule begins."""
    if steps:
        optimizer._get_current_learning_rate = partial(_rate, optimizer, steps)
    return optimizer


def _rate(optimizer: Any, steps: int) -> Any:
    schedule: Callable[[Any], Any] = optimizer._learning_rate
    done = tf.convert_to_tensor(optimizer.iterations)
    rising = schedule(0) * (tf.cast(done, tf.float32) / steps)
    return tf.where(done < steps, rising, schedule(tf.maximum(done - steps, 0)))
