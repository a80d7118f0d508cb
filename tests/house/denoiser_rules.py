"""A fourth task, as somebody would add it: what is known of a denoiser without Keras."""

from collections.abc import Mapping, Sequence
from typing import Any

from gan_tui.presets import DatasetFacts, Network
from gan_tui.presets.checks import number
from gan_tui.presets.settings import Setting
from gan_tui.presets.tasks import TaskRules, register
from gan_tui.presets.tasks.base import check_input, check_output
from gan_tui.presets.tasks.images import IMAGE_RANGE
from gan_tui.run.metrics import Metric


class DenoiserRules(TaskRules):
    name = "denoiser"
    heading = "Denoisers"
    networks = ("denoiser",)
    datasets = ("shapes",)
    settings = (
        IMAGE_RANGE,
        Setting("noise", "what is added to the pictures before it is taken away", 0.1, number(0, 1)),
    )

    def metrics(self, values: Mapping[str, Any]) -> tuple[Metric, ...]:
        return (
            Metric("loss", "loss", "mean squared error", "training", low=0.0, falls=True),
            Metric("psnr", "psnr", "peak signal-to-noise ratio, dB", "of noisy pictures"),
        )

    def check_shapes(self, networks: Sequence[Network], facts: DatasetFacts, data: str) -> None:
        (network,) = networks
        check_input(network, facts.shape, f"an image of {data}")
        check_output(network, facts.shape, f"an image of {data}")


register(DenoiserRules())
