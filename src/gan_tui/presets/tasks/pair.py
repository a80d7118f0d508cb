"""Adversarial pairs: a generator of pictures, and a discriminator that tells them from real ones."""

import math
from collections.abc import Mapping
from typing import Any

from gan_tui.presets.checks import choice, number, numbers, whole
from gan_tui.presets.datasets import facts_of
from gan_tui.presets.settings import Setting
from gan_tui.presets.tasks.base import Described, TaskRules, check_input, check_output
from gan_tui.presets.tasks.images import DATA_FOLDER, IMAGE_RANGE
from gan_tui.run.metrics import ACCURACY, CANNOT_TELL, GUESSED_BY_D, LOSS, Metric

_REACHED = {
    "sigmoid": (0, 1), "softmax": (0, 1), "tanh": (-1, 1), "relu": (0, math.inf), "softplus": (0, math.inf),
}  # fmt: skip
"""Activations → what their outputs lie between."""
_OUTPUT = "D's mean output"
_D, _G = ("discriminator", 0), ("generator", 1)

METRICS = (
    Metric("d_loss", LOSS.group, LOSS.unit, *_D, low=0.0, falls=True, references=GUESSED_BY_D),
    Metric("d_accuracy", ACCURACY.group, ACCURACY.unit, *_D, low=0.0, high=1.0),
    Metric("g_loss", LOSS.group, LOSS.unit, *_G, low=0.0, falls=True),
    Metric("g_accuracy", ACCURACY.group, ACCURACY.unit, *_G, low=0.0, high=1.0),
    Metric("real_output", "output", _OUTPUT, "real", 0, low=0.0, high=1.0, references=CANNOT_TELL),
    Metric("generated_output", "output", _OUTPUT, "generated", 1, low=0.0, high=1.0),
)
"""The last two are the discriminator's mean output on real and on generated images."""


class PairRules(TaskRules):
    name = "gan"
    heading = "Generative adversarial pairs"
    networks = ("generator", "discriminator")
    datasets = ("mnist", "fashion-mnist")
    settings = (
        IMAGE_RANGE,
        Setting("latent", "distribution of the latent vectors", "normal", choice("normal", "uniform")),
        DATA_FOLDER,
        Setting("real_label", "the discriminator's target for real images", 1.0, number(0.5, 1)),
        Setting("save_epochs", "epochs after which the networks are saved",
                (), numbers(0, 100, 1, 10_000_000, (1, 20)), may_change=True),
        Setting("save_every", "epochs between saves of the networks; 0 means none",
                0, whole(0, 10_000_000), may_change=True),
    )  # fmt: skip

    def metrics(self, values: Mapping[str, Any]) -> tuple[Metric, ...]:
        return METRICS

    def whole_batches(self, values: Mapping[str, Any]) -> bool:
        return True

    def check_fit(self, preset: Described) -> None:
        generator, discriminator = preset.networks
        image = facts_of(preset.dataset, preset.settings).shape
        check_output(generator, image, f"an image of {preset.dataset}")
        check_input(discriminator, generator.output, "the generator's output")
        if discriminator.output != (1,):
            raise ValueError(f"networks.discriminator must end in one number, not in {list(discriminator.output)}")

    def check_trains(self, preset: Described) -> None:
        super().check_trains(preset)
        generator, discriminator = preset.networks
        if discriminator.activation != "sigmoid":
            raise ValueError(
                f"networks.discriminator must end in sigmoid, not in {discriminator.activation}: its output is taken "
                "for the probability that an image is real"
            )
        low, high = preset.settings["image_range"]
        least, most = _REACHED.get(generator.activation, (-math.inf, math.inf))
        if low < least or high > most:
            raise ValueError(
                f"networks.generator ends in {generator.activation}, from {least:g} to {most:g}, and cannot reach all "
                f"of image_range [{low:g}, {high:g}]; change one of them"
            )
