"""What is shown of an adversarial pair: what the generator makes, beside real pictures."""

from collections.abc import Sequence

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from gan_tui.run.recorder import Contents, Snapshot
from gan_tui.training.fast.compiled import compiled
from gan_tui.training.models.examples import Examples
from gan_tui.training.models.gan import AdversarialPair
from gan_tui.training.snapshots.images import ImageForm

WALL, EACH = 100, 10
"""Images in a wall, and of each class at most: 10 × 10."""


class GeneratedWall(Snapshot):
    """Images from latent vectors that stay the same; with classes, the same vectors for each of them."""

    def __init__(self, pair: AdversarialPair, form: ImageForm, seed: int, names: Sequence[str] = ()) -> None:
        """`names` are those of the classes, of which a conditional pair is told one with each image."""
        self.classes = _classes(pair.classes)
        """Of each tile in turn; None where there are none."""
        shown = 1 if self.classes is None else int(self.classes[-1]) + 1
        latents = pair.latents(WALL if self.classes is None else len(self.classes) // shown, seed=seed)
        latents = tf.tile(latents, (shown, *[1] * len(pair.latent_shape))) if shown > 1 else latents
        self._labels = () if self.classes is None else tuple(names[number] for number in self.classes)
        self._form, self._generate = form, compiled(lambda: pair.sample(latents, self.classes))

    def draw(self) -> Contents:
        yield self._form.tiles("samples", "samples", self._generate().numpy(), labels=self._labels)


def _classes(count: int) -> NDArray[np.intp] | None:
    """Those of a wall's tiles, where there are so many: as many rows as there is room for, of equal length."""
    shown = min(count, WALL)
    return np.arange(shown).repeat(min(EACH, WALL // shown)) if shown else None


class OneSample(Snapshot):
    """A single image from a single latent vector, of which there is always another one; with classes, each in turn."""

    share = 0.002
    least_seconds = 0.5

    def __init__(self, pair: AdversarialPair, form: ImageForm, seed: int, names: Sequence[str] = ()) -> None:
        self.number = 0
        """Which latent vector: the same number gives the same vector in every run of a seed."""
        self._pair, self._form, self._seed, self._names = pair, form, seed, names
        self._latent = tf.Variable(tf.zeros((1, *pair.latent_shape)), trainable=False)
        self._class = tf.Variable([0], trainable=False)
        self._generate = compiled(lambda: pair.sample(self._latent, self._class if pair.classes else None))
        self.choose(0)

    def choose(self, number: int) -> None:
        self.number = number
        self._latent.assign(self._pair.latents(1, seed=self._seed + 1 + number))
        self._class.assign([number % max(1, self._pair.classes)])

    def draw(self) -> Contents:
        asked = f" as {self._names[self.number % self._pair.classes]}" if self._pair.classes else ""
        label = f"latent vector {self.number}{asked}"
        yield self._form.tiles("one", "one", self._generate().numpy(), labels=(label,))


class RealWall(Snapshot):
    """Real images of the training data, to compare; beside tiles of classes, one of the same class each."""

    share = 0.001
    least_seconds = 1e9  # they do not change

    def __init__(self, examples: Examples, form: ImageForm, classes: NDArray[np.intp] | None = None) -> None:
        self._examples, self._form, self._classes = examples, form, classes

    def draw(self) -> Contents:
        yield self._form.tiles("real", "real", self._examples.numbers(self._positions()))

    def _positions(self) -> NDArray[np.intp]:
        """Those of the examples that are shown: the first, or of each class the first."""
        first = np.arange(min(WALL, len(self._examples)))
        if self._classes is None:
            return first
        kinds, counts = np.unique(self._classes, return_counts=True)
        there = [np.flatnonzero(self._examples.y == kind) for kind in kinds]
        if not all(map(len, there)):
            return first  # some class has none
        return np.concatenate([np.resize(each, count) for each, count in zip(there, counts, strict=True)])
