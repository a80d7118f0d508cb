"""An adversarial pair: two networks, each with an optimizer of its own.

One `train_step` trains the discriminator, then the generator, after Goodfellow et al. 2014
(https://arxiv.org/abs/1406.2661), with one-sided label smoothing (Salimans et al. 2016,
https://arxiv.org/abs/1606.03498) where a preset's `real_label` is below 1.
"""

from collections.abc import Iterator
from typing import Any

import keras
import tensorflow as tf

from gan_tui.presets import Preset
from gan_tui.presets.tasks.pair import METRICS
from gan_tui.training.fast import forward
from gan_tui.training.models.build import build_network, build_optimizer
from gan_tui.training.models.learner import Learner


class AdversarialPair(Learner):
    """A generator of images and a discriminator that gives the probability that an image is real."""

    def __init__(self, preset: Preset) -> None:
        self.generator = build_network(preset.network("generator"))
        self.discriminator = build_network(preset.network("discriminator"))
        self.latent_shape = preset.network("generator").input
        self.latent_kind = preset.settings["latent"]
        self.real_label = float(preset.settings["real_label"])
        self.seeds = keras.random.SeedGenerator(preset.settings["seed"])
        self.d_optimizer = build_optimizer(preset.settings)
        self.g_optimizer = build_optimizer(preset.settings)
        self.d_optimizer.build(self.discriminator.trainable_variables)
        self.g_optimizer.build(self.generator.trainable_variables)
        self.networks = [self.generator, self.discriminator]
        self.optimizers = {"g_optimizer": self.g_optimizer, "d_optimizer": self.d_optimizer}

    def own_variables(self) -> Iterator[tuple[str, keras.Variable]]:
        yield "latents/seed_state", self.seeds.state

    def latents(self, count: Any, seed: Any = None) -> Any:
        """(count, *latent shape) random vectors: N(0, 1), or U(-1, 1)."""
        shape, seed = (count, *self.latent_shape), self.seeds if seed is None else seed
        if self.latent_kind == "normal":
            return keras.random.normal(shape, seed=seed)
        return keras.random.uniform(shape, -1.0, 1.0, seed=seed)

    def generate(self, latents: Any, training: bool) -> Any:
        """What calling the generator would give, sooner."""
        return forward.run(self.generator, latents, training)

    def train_step(self, data: Any) -> dict[str, Any]:
        """One step on a batch of real images: D on real and generated ones, then G through a D that rests.

        D sees what the generator makes at inference, as an article's `generator.predict` would give it.
        """
        real, _ = data
        count = tf.shape(real)[0]
        generated = tf.reshape(self.generate(self.latents(count), training=False), tf.shape(real))
        d_targets = tf.concat([tf.fill((count, 1), self.real_label), tf.zeros((count, 1))], 0)
        is_real = d_targets > 0
        with tf.GradientTape() as tape:
            d_answers = forward.run(self.discriminator, tf.concat([real, generated], 0), training=True)
            d_loss = _cross_entropy(d_targets, d_answers)
        _descend(self.d_optimizer, tape, d_loss, self.discriminator.trainable_variables)

        g_targets = tf.ones((count, 1))
        with tf.GradientTape() as tape:
            images = tf.reshape(self.generate(self.latents(count), training=True), tf.shape(real))
            g_answers = forward.run(self.discriminator, images, training=True, resting=True)
            g_loss = _cross_entropy(g_targets, g_answers)
        _descend(self.g_optimizer, tape, g_loss, self.generator.trainable_variables)
        values = (
            d_loss,
            _accuracy(is_real, d_answers),
            g_loss,
            _accuracy(g_targets > 0, g_answers),
            tf.reduce_mean(d_answers[:count]),
            tf.reduce_mean(d_answers[count:]),
        )
        return dict(zip((metric.name for metric in METRICS), values, strict=True))


def _cross_entropy(targets: Any, answers: Any) -> Any:
    return tf.reduce_mean(keras.losses.binary_crossentropy(targets, answers))


def _accuracy(is_real: Any, answers: Any) -> Any:
    """The share of answers on the right side of 0.5, whatever the target for real images is smoothed to."""
    return tf.reduce_mean(tf.cast(is_real == (answers > 0.5), tf.float32))


def _descend(optimizer: Any, tape: tf.GradientTape, loss: Any, variables: list[Any]) -> None:
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables, strict=True))
