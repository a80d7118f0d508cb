"""Autoencoders: a network that gives images back, though they go through a narrow middle."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from gan_tui.presets import losses
from gan_tui.presets.checks import choice
from gan_tui.presets.datasets import DatasetFacts
from gan_tui.presets.losses import BINARY, ERRORS, HUBER, HUBER_DELTA, SQUARES
from gan_tui.presets.networks import Network
from gan_tui.presets.settings import Setting
from gan_tui.presets.tasks import images
from gan_tui.presets.tasks.base import Described, TaskRules, check_input, check_output
from gan_tui.presets.tasks.images import AUGMENT, IMAGE_RANGE, IMAGES, PRECISION
from gan_tui.presets.tasks.supervised import validated, without_validation
from gan_tui.run.metrics import LOSS, Metric

_UNITS = {
    SQUARES: "mean squared error", BINARY: "binary cross-entropy", ERRORS: "mean absolute error", HUBER: "Huber loss",
}  # fmt: skip


class AutoencoderRules(TaskRules):
    name = "autoencoder"
    heading = "Autoencoders"
    networks = ("autoencoder",)
    ends = (("image", "reconstruction"),)
    datasets = ("shapes", "flowers", "mnist", "fashion-mnist")
    settings = (
        Setting("loss", "what is minimized: the mean over all pixels of what is wrong with them",
                SQUARES, choice(*_UNITS)),
        IMAGE_RANGE,
        *validated(),
        *IMAGES,
        AUGMENT,
        HUBER_DELTA,
        PRECISION,
    )  # fmt: skip

    def metrics(self, values: Mapping[str, Any]) -> tuple[Metric, ...]:
        loss = replace(LOSS, unit=_UNITS[values["loss"]])
        return (loss, loss.validated()) if values["validation_split"] else (loss,)

    def check_shapes(self, networks: Sequence[Network], facts: DatasetFacts, data: str) -> None:
        (network,) = networks
        check_input(network, facts.shape, f"an image of {data}")
        check_output(network, facts.shape, f"an image of {data}")

    def check_settings(self, preset: Described) -> None:
        super().check_settings(preset)
        low, high = preset.settings["image_range"]
        if preset.settings["loss"] == BINARY and (low < 0 or high > 1):
            raise ValueError(f'loss: "{BINARY}" needs an image_range within [0, 1]; choose that, or "{SQUARES}"')

    def check_trains(self, preset: Described) -> None:
        super().check_trains(preset)
        (network,) = preset.networks
        images.check_reaches(network, preset.settings["image_range"])
        if preset.settings["loss"] == BINARY and network.activation != "sigmoid":
            raise ValueError(
                f"networks.autoencoder must end in sigmoid, not in {network.activation}: the loss {BINARY} "
                "takes its outputs for probabilities"
            )

    def without_effect(self, preset: Described) -> Iterator[tuple[str, str]]:
        yield from super().without_effect(preset)
        yield from losses.without_effect(preset.settings)
        yield from without_validation(preset)
        yield from images.without_effect(preset.settings)
