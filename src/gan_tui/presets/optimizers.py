"""The optimizers that there are: what each can be told, and how much it keeps for each parameter.

A setting that is "auto" is what Keras has it for that optimizer. One that an optimizer does not take is told to be
without effect.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from gan_tui.presets.checks import AUTO, flag, number, or_auto, whole
from gan_tui.presets.settings import COMMON, Setting

CLIPPING = ("clip_norm", "clip_value", "global_clip_norm")

SETTINGS = (
    Setting("beta_2", "decay rate for the mean squared gradient, of Adam and its kin; auto: 0.99 for lion, else 0.999",
            AUTO, or_auto(number(0, 0.999999))),
    Setting("epsilon", "what keeps an optimizer from dividing by 0", 1e-7, number(0, 1)),
    Setting("rho", "decay rate for the mean squared gradient of rmsprop (auto: 0.9) and adadelta (auto: 0.95)",
            AUTO, or_auto(number(0, 0.9999))),
    Setting("momentum", "share of the last update that is made again; auto: 0.95 for muon, 0 for sgd and rmsprop",
            AUTO, or_auto(number(0, 0.9999))),
    Setting("nesterov", "momentum that looks a step ahead, of sgd and muon; auto: true for muon",
            AUTO, or_auto(flag)),
    Setting("amsgrad", "never let a parameter's steps grow again as its gradients shrink, of adam and adamw",
            False, flag),
    Setting("centered", "measure gradients of rmsprop from their own mean", False, flag),
    Setting("weight_decay", "share of each weight that a step at rate 1 takes off; auto: 0.004 for adamw, muon, else 0",
            AUTO, or_auto(number(0, 1))),
    Setting("clip_norm", "longest gradient of a variable, as a Euclidean norm; 0: none", 0.0, number(0, 1e6)),
    Setting("clip_value", "largest number in a gradient; 0: none", 0.0, number(0, 1e6)),
    Setting("global_clip_norm", "longest gradient of all variables together; 0: none", 0.0, number(0, 1e6)),
    Setting("accumulate", "batches whose gradients are averaged into one update of the weights", 1, whole(1, 10_000)),
    Setting("ema", "share of itself that a moving average of the weights keeps each step, such as 0.99; the run ends "
            "with it; 0: none", 0.0, number(0, 0.999999)),
    Setting("ema_every", "steps after which that average takes the weights' place, each time; 0: at the end alone",
            0, whole(0, 10_000_000)),
    Setting("initial_accumulator", "what adagrad and ftrl begin with as the sum of squared gradients",
            0.1, number(0, 1000)),
    Setting("ftrl_power", "how ftrl's steps shrink with that sum, as a power; 0: not at all", -0.5, number(-2, 0)),
    Setting("ftrl_l1", "how strongly ftrl draws weights to exactly 0", 0.0, number(0, 1000)),
    Setting("ftrl_l2", "how strongly ftrl keeps weights small", 0.0, number(0, 1000)),
    Setting("ftrl_l2_shrinkage", "how much ftrl adds to each gradient to make weights smaller",
            0.0, number(0, 1000)),
    Setting("ftrl_beta", "ftrl's beta: larger makes first steps smaller", 0.0, number(0, 1000)),
    Setting("beta_2_decay", "how fast adafactor's memory of gradients grows longer, as a power of the step",
            -0.8, number(-2, 0)),
    Setting("epsilon_1", "what adafactor adds to squared gradients", 1e-30, number(0, 1)),
    Setting("epsilon_2", "adafactor's least size of a variable, of which its steps are a share", 1e-3, number(0, 1)),
    Setting("clip_threshold", "adafactor's largest update, as a root mean square", 1.0, number(1e-6, 1e6)),
    Setting("ns_steps", "how often muon's update is made more nearly orthogonal", 5, whole(1, 20)),
    Setting("rms_rate", "muon's size of an update, beside one of Adam", 0.2, number(1e-6, 1000)),
    Setting("adam_lr_ratio", "muon's learning rate for what is no matrix, in learning rates", 1.0, number(0, 1000)),
)  # fmt: skip
"""What the optimizers that Keras has can be told beside a learning rate and beta_1."""

_OF_ALL = ("weight_decay", *CLIPPING)
_ADAM = "beta_1 beta_2 epsilon"


@dataclass(frozen=True)
class Optimizer:
    """What is known of an optimizer without Keras."""

    takes: frozenset[str]
    """The settings that mean something to it."""
    slots: int
    """Numbers that it keeps for each parameter, at the least."""


def _optimizer(takes: str, slots: int) -> Optimizer:
    return Optimizer(frozenset((*takes.split(), *_OF_ALL)), slots)


OPTIMIZERS = {
    "adam": _optimizer(f"{_ADAM} amsgrad", 2),
    "adamw": _optimizer(f"{_ADAM} amsgrad", 2),
    "adamax": _optimizer(_ADAM, 2),
    "nadam": _optimizer(_ADAM, 2),
    "lamb": _optimizer(_ADAM, 2),
    "lion": _optimizer("beta_1 beta_2", 1),
    "muon": _optimizer(f"{_ADAM} momentum nesterov ns_steps rms_rate adam_lr_ratio", 1),
    "sgd": _optimizer("momentum nesterov", 0),
    "rmsprop": _optimizer("rho momentum epsilon centered", 2),
    "adagrad": _optimizer("initial_accumulator epsilon", 1),
    "adadelta": _optimizer("rho epsilon", 2),
    "adafactor": _optimizer("beta_2_decay epsilon_1 epsilon_2 clip_threshold", 1),
    "ftrl": _optimizer("initial_accumulator ftrl_power ftrl_beta ftrl_l1 ftrl_l2 ftrl_l2_shrinkage", 2),
}  # fmt: skip
"""By the names that settings have for them."""
_TAKEN = frozenset(chain.from_iterable(optimizer.takes for optimizer in OPTIMIZERS.values()))


def slots(settings: Mapping[str, Any]) -> int:
    """Numbers that the optimizer of some settings keeps for each parameter, at the least."""
    name = settings["optimizer"]
    more = bool(settings["amsgrad"]) if name in ("adam", "adamw") else bool(settings["centered"] and name == "rmsprop")
    with_momentum = name == "sgd" and settings["momentum"] not in (AUTO, 0)
    around = int(settings["ema"] > 0) + int(settings["accumulate"] > 1)
    return OPTIMIZERS[name].slots + more + with_momentum + around


def check(settings: Mapping[str, Any]) -> None:
    """Raises ValueError where settings of the optimizer do not fit each other."""
    clips = [name for name in CLIPPING if settings[name]]
    if len(clips) > 1:
        raise ValueError(f"{clips[0]}: gradients are clipped in one way; set {clips[1]} or {clips[0]} to 0")
    if ends_with_average(settings) and settings.get("restore_best"):
        raise ValueError(
            "ema: a run ends with the average of its weights or with the best; set ema to 0, or no restore_best"
        )
    if settings["optimizer"] == "lion" and not settings["beta_1"]:
        raise ValueError("beta_1: lion needs one above 0; without it, it would follow the sign of each gradient alone")


def ends_with_average(settings: Mapping[str, Any]) -> bool:
    """Whether a run ends with other weights than its last step left."""
    return bool(settings.get("ema")) and not settings["ema_every"]


def without_effect(settings: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(setting, when) of each that means nothing to the optimizer, and is not as it is by default."""
    name = settings["optimizer"]
    for setting in (*COMMON, *SETTINGS):
        taken = setting.name not in _TAKEN or setting.name in OPTIMIZERS[name].takes
        if not taken and settings[setting.name] != setting.default:
            yield setting.name, f"with the optimizer {name}"
    if settings["ema_every"] and not settings["ema"]:
        yield "ema_every", "without ema"
    if name == "sgd" and settings["nesterov"] is True and settings["momentum"] in (AUTO, 0):
        yield "nesterov", "without momentum"
