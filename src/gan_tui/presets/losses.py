"""What networks minimize, and how a network must end for it.

A classifier that ends in softmax or sigmoid gives probabilities, one that ends in no activation gives logits: the loss
takes its outputs for what they are, and whatever is shown is a probability either way.
"""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from gan_tui.presets.checks import flag, number
from gan_tui.presets.networks import Network
from gan_tui.presets.settings import Setting

ONE_HOT = "categorical_crossentropy"
"""The loss whose targets are rows with a 1 at the class; the next takes the class's number."""
CLASS_NUMBERS = "sparse_categorical_crossentropy"
FOCAL, BINARY, BINARY_FOCAL = "categorical_focal_crossentropy", "binary_crossentropy", "binary_focal_crossentropy"
OF_CLASSES = (ONE_HOT, CLASS_NUMBERS, FOCAL, BINARY, BINARY_FOCAL)
SQUARES, ERRORS, HUBER = "mse", "mae", "huber"

SETTINGS = (
    Setting("label_smoothing", "share of each target that is spread over all classes, so that no answer is ever sure",
            0.0, number(0, 0.99)),
    Setting("focal_gamma", "focal losses: the larger, the less examples count that are answered well",
            2.0, number(0, 20)),
    Setting("focal_alpha", "what a categorical focal loss is multiplied by; with focal_balanced: what class 2 counts",
            0.25, number(0, 1)),
    Setting("focal_balanced", "binary_focal_crossentropy: class 1 counts what focal_alpha leaves of 1",
            False, flag),
)  # fmt: skip
"""Of the losses of classifiers."""
HUBER_DELTA = Setting("huber_delta", "huber: errors beyond this count as they are, smaller ones squared",
                      1.0, number(1e-6, 1e6))  # fmt: skip


def is_binary(loss: str) -> bool:
    """Whether it is of one output for two classes: the probability of the second."""
    return loss in (BINARY, BINARY_FOCAL)


def is_focal(loss: str) -> bool:
    return loss in (FOCAL, BINARY_FOCAL)


def wants_rows(settings: Mapping[str, Any]) -> bool:
    """Whether targets are rows with a 1 at the class; else they are the classes' numbers."""
    loss = settings.get("loss")
    return loss in (ONE_HOT, FOCAL) or bool(loss == CLASS_NUMBERS and settings["label_smoothing"])


def gives_logits(network: Network) -> bool:
    """Whether the outputs of a classifier have yet to become probabilities."""
    return network.activation == "linear" and not _is_squashed(network)


def _is_squashed(network: Network) -> bool:
    """Whether its last numbers were probabilities at some time, and then others."""
    for row in reversed(network.rows):
        if row.kind == "Softmax" or row.arguments.get("activation") in ("softmax", "sigmoid"):
            return True
        if row.parameters:
            return False
    return False


def check_outputs(settings: Mapping[str, Any], network: Network, classes: int) -> None:
    """Raises ValueError where a classifier of so many classes has not as many outputs as its loss takes."""
    loss, outputs = settings["loss"], network.output[-1]
    if is_binary(loss) and classes != 2:
        raise ValueError(f"loss: {loss} is for two classes, and these data have {classes}; choose {ONE_HOT}")
    if is_binary(loss) and outputs != 1:
        raise ValueError(
            f"loss: {loss} takes one output, and networks.{network.name} ends in {outputs}; give it units = 1, or "
            f"choose {ONE_HOT}"
        )
    if not is_binary(loss) and outputs == 1:
        raise ValueError(
            f"loss: {loss} takes an output a class, and networks.{network.name} ends in one; choose {BINARY}, or give "
            f"it {classes}"
        )


def check_end(settings: Mapping[str, Any], network: Network) -> None:
    """Raises ValueError where the outputs of a classifier are neither probabilities nor logits."""
    end, wanted = network.activation, "sigmoid" if is_binary(settings["loss"]) else "softmax"
    if end == wanted or gives_logits(network):
        return
    instead = f"{network.rows[-1].kind} after it" if end == "linear" else end
    raise ValueError(
        f"networks.{network.name} must end in {wanted}, not in {instead}: its outputs are taken for probabilities (or "
        "in linear, and they are taken for logits)"
    )


def of_guessing(settings: Mapping[str, Any], classes: int) -> tuple[float, str] | None:
    """(loss, words) where all classes are always held for as likely; None where that depends on how many each has."""
    if settings["loss"] == BINARY_FOCAL and settings["focal_balanced"]:
        return None
    value, words = math.log(classes), f"ln {classes}: guessing"
    if is_focal(settings["loss"]):
        value *= (1 - 1 / classes) ** settings["focal_gamma"] * (
            settings["focal_alpha"] if settings["loss"] == FOCAL else 1
        )
        words = f"{value:.3g}: guessing"
    return value, words


def without_effect(settings: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(setting, when) of each that means nothing to the loss, and is not as it is by default."""
    loss = settings["loss"]
    takes = {
        "label_smoothing": loss in OF_CLASSES, "focal_gamma": is_focal(loss), "focal_balanced": loss == BINARY_FOCAL,
        "focal_alpha": loss == FOCAL or bool(loss == BINARY_FOCAL and settings.get("focal_balanced")),
        "huber_delta": loss == HUBER,
    }  # fmt: skip
    for setting in (*SETTINGS, HUBER_DELTA):
        if setting.name in settings and not takes[setting.name] and settings[setting.name] != setting.default:
            yield setting.name, f"with the loss {loss}"
