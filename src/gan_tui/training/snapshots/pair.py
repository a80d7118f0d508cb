"""What is shown of an adversarial pair: what the generator makes, beside real pictures."""

import numpy as np
import tensorflow as tf

from gan_tui.run.recorder import Contents, Snapshot
from gan_tui.training.fast.compiled import compiled
from gan_tui.training.models.examples import Examples
from gan_tui.training.models.gan import AdversarialPair
from gan_tui.training.snapshots.images import ImageForm

WALL = 100
"""Images in a wall: 10 × 10."""


class GeneratedWall(Snapshot):
    """Images from latent vectors that stay the same."""

    def __init__(self, pair: AdversarialPair, form: ImageForm, seed: int) -> None:
        latents = pair.latents(WALL, seed=seed)
        self._form, self._generate = form, compiled(lambda: pair.generate(latents, training=False))

    def draw(self) -> Contents:
        yield self._form.tiles("samples", "samples", self._generate().numpy())


class OneSample(Snapshot):
    """A single image from a single latent vector, of which there is always another one."""

    share = 0.002
    least_seconds = 0.5

    def __init__(self, pair: AdversarialPair, form: ImageForm, seed: int) -> None:
        self.number = 0
        """Which latent vector: the same number gives the same vector in every run of a seed."""
        self._pair, self._form, self._seed = pair, form, seed
        self._latent = tf.Variable(tf.zeros((1, *pair.latent_shape)), trainable=False)
        self._generate = compiled(lambda: pair.generate(self._latent, training=False))
        self.choose(0)

    def choose(self, number: int) -> None:
        self.number = number
        self._latent.assign(self._pair.latents(1, seed=self._seed + 1 + number))

    def draw(self) -> Contents:
        label = f"latent vector {self.number}"
        yield self._form.tiles("one", "one", self._generate().numpy(), labels=(label,))


class RealWall(Snapshot):
    """Real images of the training data, to compare."""

    share = 0.001
    least_seconds = 1e9  # they do not change

    def __init__(self, examples: Examples, form: ImageForm) -> None:
        self._examples, self._form = examples, form

    def draw(self) -> Contents:
        numbers = self._examples.numbers(np.arange(min(WALL, len(self._examples))))
        yield self._form.tiles("real", "real", numbers)
