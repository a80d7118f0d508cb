"""The learning rates of a Keras model: what they are, and setting them while it trains."""

from collections.abc import Callable
from typing import Any

import keras

from gan_tui.errors import UserError
from gan_tui.integrations.scripts.keras_state import as_numpy, optimizers_of


def is_set_by_hand(optimizer: Any) -> bool:
    """Whether a learning rate may be set: one that follows a schedule is the schedule's."""
    return not isinstance(optimizer._learning_rate, keras.optimizers.schedules.LearningRateSchedule)


def rates(model: Any) -> dict[str, float]:
    """What is called how on charts → the learning rate as it is now."""
    return {_name(name): float(as_numpy(each.learning_rate)) for name, each in optimizers_of(model).items()}


def setters(synced: Callable[[], Any]) -> dict[str, Callable[[Any], str]]:
    """Name → what sets a learning rate. `synced` gives the model with its variables as they are now."""
    return {
        _name(name): _setter(_name(name), name, synced)
        for name, optimizer in optimizers_of(synced()).items()
        if is_set_by_hand(optimizer)
    }


def _name(optimizer: str) -> str:
    return "learning_rate" if optimizer == "optimizer" else f"{optimizer}_learning_rate"


def _setter(name: str, optimizer: str, synced: Callable[[], Any]) -> Callable[[Any], str]:
    def set_rate(value: Any) -> str:
        if not isinstance(value, int | float) or isinstance(value, bool) or not 1e-12 <= value <= 1000:
            raise UserError(f"{name} must be a number from 1e-12 to 1,000")
        optimizers_of(synced())[optimizer].learning_rate = float(value)
        return f"{name} is {value}"

    return set_rate
