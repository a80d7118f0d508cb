"""What a pair may be trained with: losses, what the discriminator's output then means, and what is measured of it.

cross-entropy: Goodfellow et al. 2014, https://arxiv.org/abs/1406.2661; least-squares: Mao et al. 2016,
https://arxiv.org/abs/1611.04076; hinge: Lim and Ye 2017, https://arxiv.org/abs/1705.02894; wasserstein: Arjovsky et al.
2017, https://arxiv.org/abs/1701.07875, with the gradient penalty of Gulrajani et al. 2017,
https://arxiv.org/abs/1704.00028. `training/models/pair_losses.py` computes them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from gan_tui.run.metrics import ACCURACY, CANNOT_TELL, GUESSED_BY_D, LOSS, Metric

CROSS_ENTROPY, LEAST_SQUARES, HINGE, WASSERSTEIN = "cross-entropy", "least-squares", "hinge", "wasserstein"

Settings = Mapping[str, Any]


@dataclass(frozen=True)
class PairLoss:
    """What is known of a loss without computing it."""

    ends_in: str
    """What the discriminator's output must go through last."""
    output: str
    """What it is taken for, in words."""
    has_targets: bool
    """Whether there is a target for real images and one for generated ones."""


LOSSES = {
    CROSS_ENTROPY: PairLoss("sigmoid", "the probability that an image is real", True),
    LEAST_SQUARES: PairLoss("linear", "a number near the target for such an image", True),
    HINGE: PairLoss("linear", "a score without bounds, above 0 for a real image", False),
    WASSERSTEIN: PairLoss("linear", "a score without bounds, higher for real images", False),
}


def boundary(values: Settings) -> float | None:
    """The output from which on an image is taken for real; None where only differences of outputs mean something."""
    if values["loss"] == LEAST_SQUARES:
        return float(values["real_label"] + values["fake_label"]) / 2
    return {CROSS_ENTROPY: 0.5, HINGE: 0.0}.get(values["loss"])


def penalizes_slopes(values: Settings) -> bool:
    """Whether slopes of the discriminator are penalized."""
    return bool(values["loss"] == WASSERSTEIN and values["gradient_penalty"])


# What is measured --------------------------------------------------------------

_D, _G = ("discriminator", 0), ("generator", 1)
_D_LOSS = Metric("d_loss", LOSS.group, LOSS.unit, *_D, low=0.0, falls=True)
_D_ACCURACY = Metric("d_accuracy", ACCURACY.group, ACCURACY.unit, *_D, low=0.0, high=1.0)
_G_LOSS = Metric("g_loss", LOSS.group, LOSS.unit, *_G, low=0.0, falls=True)
_G_ACCURACY = Metric("g_accuracy", ACCURACY.group, ACCURACY.unit, *_G, low=0.0, high=1.0)
_REAL_OUTPUT = Metric("real_output", "output", "D's mean output", "real", 0)
_GENERATED_OUTPUT = replace(_REAL_OUTPUT, name="generated_output", label="generated", color=1)
_DISTANCE = Metric("wasserstein", "wasserstein", "Wasserstein estimate", "real over generated", 0)
_PENALTY = Metric("penalty", "penalty", "gradient penalty", "discriminator", 0, low=0.0, falls=True)


def metrics(values: Settings) -> Iterator[Metric]:
    """What each step measures, in order; the outputs are the discriminator's mean on real and on generated images."""
    loss, middle = values["loss"], boundary(values)
    told_apart = middle is not None
    unbounded = loss in (HINGE, WASSERSTEIN)
    yield replace(_D_LOSS, low=None if loss == WASSERSTEIN else 0.0, references=_guessing(values))
    if told_apart:
        yield _D_ACCURACY
    yield replace(_G_LOSS, low=None) if unbounded else _G_LOSS
    if told_apart:
        yield _G_ACCURACY
    yield from _outputs(values)
    if loss == WASSERSTEIN:
        yield _DISTANCE
    if penalizes_slopes(values):
        yield _PENALTY


def _guessing(values: Settings) -> tuple[tuple[float, str], ...]:
    """The loss of a discriminator that gives every image the same, as good an answer as there is."""
    if values["loss"] == LEAST_SQUARES:
        least = ((values["real_label"] - values["fake_label"]) / 2) ** 2
        return ((least, f"{least:.3g}: guessing"),)
    return {CROSS_ENTROPY: GUESSED_BY_D, HINGE: ((2.0, "2: guessing"),)}.get(values["loss"], ())


def _outputs(values: Settings) -> Iterator[Metric]:
    if values["loss"] == CROSS_ENTROPY:
        yield replace(_REAL_OUTPUT, low=0.0, high=1.0, references=CANNOT_TELL)
        yield replace(_GENERATED_OUTPUT, low=0.0, high=1.0)
        return
    middle = boundary(values)
    cannot_tell = () if middle is None else ((middle, f"{middle:g}: cannot tell"),)
    yield replace(_REAL_OUTPUT, references=cannot_tell)
    yield _GENERATED_OUTPUT
