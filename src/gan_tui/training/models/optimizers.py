"""From settings to an optimizer of Keras's."""

from collections.abc import Callable, Mapping
from typing import Any

import keras

from gan_tui.presets.checks import AUTO
from gan_tui.presets.optimizers import CLIPPING, OPTIMIZERS
from gan_tui.training.fast.optimizers import fused
from gan_tui.training.models import schedules

_MADE: dict[str, Callable[..., keras.optimizers.Optimizer]] = {
    "adam": keras.optimizers.Adam, "adamw": keras.optimizers.AdamW, "adamax": keras.optimizers.Adamax,
    "nadam": keras.optimizers.Nadam, "lamb": keras.optimizers.Lamb, "lion": keras.optimizers.Lion,
    "muon": keras.optimizers.Muon, "sgd": keras.optimizers.SGD, "rmsprop": keras.optimizers.RMSprop,
    "adagrad": keras.optimizers.Adagrad, "adadelta": keras.optimizers.Adadelta,
    "adafactor": keras.optimizers.Adafactor, "ftrl": keras.optimizers.Ftrl,
}  # fmt: skip
_CALLED = {
    "clip_norm": "clipnorm", "clip_value": "clipvalue", "global_clip_norm": "global_clipnorm",
    "initial_accumulator": "initial_accumulator_value", "ftrl_power": "learning_rate_power", "ftrl_beta": "beta",
    "ftrl_l1": "l1_regularization_strength", "ftrl_l2": "l2_regularization_strength",
    "ftrl_l2_shrinkage": "l2_shrinkage_regularization_strength",
}  # fmt: skip
"""Settings → what Keras calls them, where that is something else."""
_CALLED_OF = {"muon": {"beta_1": "adam_beta_1", "beta_2": "adam_beta_2"}}


def build_optimizer(settings: Mapping[str, Any]) -> keras.optimizers.Optimizer:
    """The optimizer the settings describe, without variables yet; of a decay, the rate is rate / (1 + decay × step)."""
    name = settings["optimizer"]
    optimizer = _MADE[name](schedules.rate_of(settings), **arguments(settings))
    return schedules.warmed_up(fused(optimizer), settings["warmup_steps"])


def arguments(settings: Mapping[str, Any]) -> dict[str, Any]:
    """What Keras is told beside the learning rate, by its own names."""
    name = settings["optimizer"]
    given = {setting: settings[setting] for setting in sorted(OPTIMIZERS[name].takes) if settings[setting] != AUTO}
    given = {key: value for key, value in given.items() if value or key not in CLIPPING}
    if "weight_decay" in given:
        decay = given["weight_decay"]
        given["weight_decay"] = decay if decay or name == "adamw" else None
        if name == "muon":
            given["adam_weight_decay"] = given["weight_decay"]
    if settings["accumulate"] > 1:
        given["gradient_accumulation_steps"] = settings["accumulate"]
    if settings["ema"]:
        every = settings["ema_every"] or None
        given |= {"use_ema": True, "ema_momentum": settings["ema"], "ema_overwrite_frequency": every}
    called = {**_CALLED, **_CALLED_OF.get(name, {})}
    return {called.get(setting, setting): value for setting, value in given.items()}
