"""A fourth task, as somebody would add it: what computes a denoiser."""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from gan_tui.presets import Preset
from gan_tui.presets.checks import number
from gan_tui.run.recorder import Contents, Snapshot
from gan_tui.training.models.build import build_network, build_optimizer
from gan_tui.training.models.examples import Dataset, images_dataset
from gan_tui.training.models.learner import Learner
from gan_tui.training.snapshots.images import ImageForm
from gan_tui.training.snapshots.weights import WeightStatistics
from gan_tui.training.tasks import Task, register
from gan_tui.training.tasks.base import Settable


class Denoiser(Learner):
    """Learns to give back pictures from noisy ones."""

    def __init__(self, preset: Preset) -> None:
        self.network = build_network(preset.network("denoiser"))
        optimizer = build_optimizer(preset.settings)
        optimizer.build(self.network.trainable_variables)
        self.networks, self.optimizers = [self.network], {"optimizer": optimizer}
        self.noise = tf.Variable(preset.settings["noise"], trainable=False, dtype=tf.float32, name="noise")
        self.seeds = keras.random.SeedGenerator(preset.settings["seed"])

    def own_variables(self) -> Iterator[tuple[str, keras.Variable]]:
        yield "noise", self.noise
        yield "noise/seed_state", self.seeds.state

    def train_step(self, data: Any) -> dict[str, Any]:
        pictures, _ = data
        noisy = pictures + self.noise * keras.random.normal(tf.shape(pictures), seed=self.seeds)
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(self.network(noisy, training=True) - pictures))
        variables = self.network.trainable_variables
        gradients = tape.gradient(loss, variables)
        self.optimizers["optimizer"].apply_gradients(zip(gradients, variables, strict=True))
        return {"loss": loss, "psnr": -10 * tf.math.log(loss) / tf.math.log(10.0)}


class Reconstructions(Snapshot):
    """Pictures as the network gives them back."""

    def __init__(self, network: keras.Model, pictures: Any, form: ImageForm) -> None:
        self._network, self._pictures, self._form = network, pictures, form

    def draw(self) -> Contents:
        yield self._form.tiles("reconstructions", "samples", self._network(self._pictures, training=False).numpy())


class DenoiserTask(Task):
    learner: Denoiser

    @classmethod
    def load(cls, preset: Preset, folder: Path | None) -> Dataset:
        return images_dataset(preset, folder)

    def made_learner(self) -> Denoiser:
        return Denoiser(self.preset)

    @cached_property
    def snapshots(self) -> list[Snapshot]:
        return [self._reconstructions, WeightStatistics(self.networks)]

    @cached_property
    def _reconstructions(self) -> Reconstructions:
        pictures = self.dataset.train.numbers(np.arange(9))
        return Reconstructions(self.networks[0], pictures, ImageForm.of(self.preset))

    def settable(self) -> dict[str, Settable]:
        return {**super().settable(), "noise": Settable(self._set_noise)}

    def _set_noise(self, value: Any) -> float:
        noise: float = number(0, 1)(value)
        self.learner.noise.assign(noise)
        return noise


register("denoiser", DenoiserTask)
