"""A fourth task, as somebody would add it: what is known of an autoencoder without Keras."""

from collections.abc import Mapping
from typing import Any

from gan_tui.presets import Preset, facts
from gan_tui.presets.checks import number
from gan_tui.presets.settings import Setting
from gan_tui.presets.tasks import TaskRules, register
from gan_tui.presets.tasks.base import check_input, check_output
from gan_tui.presets.tasks.images import IMAGE_RANGE
from gan_tui.run.metrics import Metric


class AutoencoderRules(TaskRules):
    name = "autoencoder"
    heading = "Autoencoders"
    networks = ("autoencoder",)
    datasets = ("shapes",)
    settings = (IMAGE_RANGE, Setting("noise", "what is added to the pictures before they are coded", 0.1, number(0, 1)))

    def metrics(self, values: Mapping[str, Any]) -> tuple[Metric, ...]:
        return (
            Metric("loss", "loss", "mean squared error", "training", low=0.0, falls=True),
            Metric("psnr", "psnr", "peak signal-to-noise ratio, dB", "of noisy pictures"),
        )

    def check_fit(self, preset: Preset) -> None:
        (network,), image = preset.networks, facts(preset).shape
        check_input(network, image, f"an image of {preset.dataset}")
        check_output(network, image, f"an image of {preset.dataset}")


register(AutoencoderRules())
