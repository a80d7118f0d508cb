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
from gan_tui.presets.tasks.pair import for_discriminator
from gan_tui.presets.tasks.pair_losses import penalizes_slopes
from gan_tui.training.fast import forward
from gan_tui.training.group import shares
from gan_tui.training.models import schedules
from gan_tui.training.models.build import build_network, build_optimizer
from gan_tui.training.models.generator_average import GeneratorAverage
from gan_tui.training.models.learner import Learner
from gan_tui.training.models.pair_losses import Judge, slopes_off_one


class AdversarialPair(Learner):
    """A generator of images and a discriminator that tells them from real ones."""

    def __init__(self, preset: Preset) -> None:
        settings, network = preset.settings, preset.network("generator")
        self.generator = build_network(network)
        self.discriminator = build_network(preset.network("discriminator"))
        self.latent_shape = network.input
        self.classes = preset.facts.classes if settings["conditional"] else 0
        """Of how many it is told one with each image; 0 where it is told none."""
        self.latent_kind = settings["latent"]
        self.seeds = keras.random.SeedGenerator(settings["seed"])
        self.d_optimizer = build_optimizer(for_discriminator(settings))
        self.g_optimizer = build_optimizer(settings)
        self.d_optimizer.build(self.discriminator.trainable_variables)
        self.g_optimizer.build(self.generator.trainable_variables)
        self.networks = [self.generator, self.discriminator]
        self.optimizers = {"g_optimizer": self.g_optimizer, "d_optimizer": self.d_optimizer}
        self._judge, self._measured = Judge(settings), [metric.name for metric in preset.rules.metrics(settings)]
        self._d_steps, self._label_noise = settings["d_steps"], settings["label_noise"]
        self._penalty = settings["gradient_penalty"] if penalizes_slopes(settings) else 0.0
        self._instance_noise, self._d_has_own_rate = settings["instance_noise"], bool(settings["d_learning_rate"])
        kept = settings["generator_average"]
        self._average = GeneratorAverage(network, self.generator, kept) if kept else None
        self.networks += [self._average.network] if self._average else []

    @property
    def steered(self) -> list[keras.optimizers.Optimizer]:
        return [self.g_optimizer] if self._d_has_own_rate else super().steered

    def begun(self) -> None:
        if self._average:
            self._average.begin()

    def lasts(self, total: int) -> None:
        schedules.lasts(self.g_optimizer, total)
        schedules.lasts(self.d_optimizer, total * self._d_steps)

    def own_variables(self) -> Iterator[tuple[str, keras.Variable]]:
        yield "latents/seed_state", self.seeds.state

    def latents(self, count: Any, seed: Any = None) -> Any:
        """(count, *latent shape) random vectors: N(0, 1), or U(-1, 1)."""
        shape, seed = (count, *self.latent_shape), self.seeds if seed is None else seed
        if self.latent_kind == "normal":
            return keras.random.normal(shape, seed=seed)
        return keras.random.uniform(shape, -1.0, 1.0, seed=seed)

    def labels(self, classes: Any) -> Any:
        """(count, classes): 1 for the class of each, as both networks are told; None where they are told none."""
        return tf.one_hot(classes, self.classes) if self.classes else None

    def generate(self, given: Any, training: bool) -> Any:
        """What calling the generator would give, sooner, for latent vectors, or these and labels."""
        return forward.run(self.generator, given, training)

    def sample(self, latents: Any, classes: Any = None) -> Any:
        """What there is to see of it: made with the averaged weights, where there are some."""
        given = _with(latents, None if classes is None else self.labels(classes))
        return forward.run(self._average.network, given, False) if self._average else self.generate(given, False)

    # A step --------------------------------------------------------------

    def train_step(self, data: Any) -> dict[str, Any]:
        """One step on `d_steps` batches of real images: D on each, with generated ones, then G through a D that rests.

        D sees what the generator makes at inference, as an article's `generator.predict` would give it.
        """
        real, labels = data[0], self.labels(data[1])
        one = self._d_steps == 1
        values = self._train_discriminator(real, labels) if one else self._in_several_steps(real, labels)
        values |= self._train_generator(real, labels)
        if self._average:
            self._average.follow(self.g_optimizer.iterations)
        return values

    def _in_several_steps(self, real: Any, labels: Any) -> dict[str, Any]:
        """Train the discriminator on one part of the images after the other; returns the means of what they measure."""
        count = tf.shape(real)[0] // self._d_steps

        def step(place: Any, sums: Any) -> Any:
            part = slice(place * count, (place + 1) * count)
            values = self._train_discriminator(real[part], None if labels is None else labels[part])
            return place + 1, {name: sums[name] + value for name, value in values.items()}

        sums = dict.fromkeys((name for name in self._measured if not name.startswith("g_")), tf.zeros(()))
        if shares.current():  # within a loop of the graph, replicas can put nothing together
            for place in range(self._d_steps):
                _, sums = step(place, sums)
        else:
            _, sums = tf.while_loop(lambda place, _: place < self._d_steps, step, (0, sums))
        return {name: value / self._d_steps for name, value in sums.items()}

    def _train_discriminator(self, real: Any, labels: Any) -> dict[str, Any]:
        count = tf.shape(real)[0]
        made = self.generate(_with(self.latents(count), labels), training=False)
        generated = tf.reshape(made, tf.shape(real))
        is_real = tf.concat([tf.ones((count, 1), tf.bool), tf.zeros((count, 1), tf.bool)], 0)
        seen = self._noisy(tf.concat([real, generated], 0))
        with tf.GradientTape() as tape:
            answers = forward.run(self.discriminator, _with(seen, _twice(labels)), training=True)
            loss = regularized(self.discriminator, self._judge.of_discriminator(self._told(is_real), answers))
            penalty = None
            if self._penalty:
                shares = keras.random.uniform((count, 1), seed=self.seeds)
                penalty = self.slopes(seen[:count], seen[count:], shares, labels)
                loss += self._penalty * penalty
        _descend(self.d_optimizer, tape, loss, self.discriminator.trainable_variables)
        on_real, on_generated = tf.reduce_mean(answers[:count]), tf.reduce_mean(answers[count:])
        values = {
            "d_loss": loss, "d_accuracy": self._judge.accuracy(is_real, answers), "real_output": on_real,
            "generated_output": on_generated, "wasserstein": on_real - on_generated, "penalty": penalty,
        }  # fmt: skip
        return self._of_those_measured(values)

    def _train_generator(self, real: Any, labels: Any) -> dict[str, Any]:
        """On as many images as one step of the discriminator; `real` has their form, and others the same labels."""
        count = tf.shape(real)[0] // self._d_steps
        asked = None if labels is None else labels[:count]
        with tf.GradientTape() as tape:
            made = self.generate(_with(self.latents(count), asked), training=True)
            images = tf.reshape(made, (count, *tf.unstack(tf.shape(real))[1:]))
            answers = forward.run(self.discriminator, _with(self._noisy(images), asked), training=True, resting=True)
            loss = regularized(self.generator, self._judge.of_generator(answers))
        _descend(self.g_optimizer, tape, loss, self.generator.trainable_variables)
        values = {"g_loss": loss, "g_accuracy": self._judge.accuracy(tf.ones_like(answers, tf.bool), answers)}
        return self._of_those_measured(values)

    def _of_those_measured(self, values: dict[str, Any]) -> dict[str, Any]:
        """What the loss gives a meaning."""
        return {name: value for name, value in values.items() if name in self._measured}

    def _told(self, is_real: Any) -> Any:
        """What the discriminator is told of images: of some, the wrong way round."""
        if not self._label_noise:
            return is_real
        return is_real ^ (keras.random.uniform(tf.shape(is_real), seed=self.seeds) < self._label_noise)

    def _noisy(self, images: Any) -> Any:
        """Images as the discriminator sees them (Sønderby et al. 2016, https://arxiv.org/abs/1610.04490)."""
        if not self._instance_noise:
            return images
        return images + keras.random.normal(tf.shape(images), stddev=self._instance_noise, seed=self.seeds)

    def slopes(self, real: Any, generated: Any, shares: Any, labels: Any = None) -> Any:
        """How far the discriminator's slopes are from 1 between images; its moving averages stay as they are."""

        def answers(images: Any) -> Any:
            return forward.run(self.discriminator, _with(images, labels), training=True, resting=True)

        return slopes_off_one(answers, real, generated, shares)


def regularized(network: keras.Model, loss: Any) -> Any:
    """A loss and what the network's own layers add to it."""
    return tf.add_n([loss, *network.losses]) if network.losses else loss


def _with(first: Any, labels: Any) -> Any:
    """What a network is given: latent vectors or images, and labels where it is told classes."""
    return first if labels is None else [first, labels]


def _twice(labels: Any) -> Any:
    return None if labels is None else tf.concat([labels, labels], 0)


def _descend(optimizer: Any, tape: tf.GradientTape, loss: Any, variables: list[Any]) -> None:
    gradients = tape.gradient(loss, variables, output_gradients=shares.weight())
    optimizer.apply_gradients(zip(gradients, variables, strict=True))
