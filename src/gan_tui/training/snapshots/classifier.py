"""What is shown of an image classifier: what its convolutions make of one image, kernels, and what it gets wrong."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from gan_tui.run.events import Confusion, Prediction
from gan_tui.run.pictures import Tiles
from gan_tui.run.recorder import Contents, Snapshot
from gan_tui.run.weight_statistics import extent
from gan_tui.run.weights import KERNEL_RANGE, kernel_tiles, kernels_of
from gan_tui.training.fast.compiled import compiled
from gan_tui.training.models.examples import Examples
from gan_tui.training.models.learner import Classifier
from gan_tui.training.models.validation import ClassifierValidation
from gan_tui.training.snapshots.images import ImageForm

MISTAKES = 32


class FeatureMaps(Snapshot):
    """One image, what each convolution makes of it, and what the classifier takes it for."""

    def __init__(self, classifier: Classifier, examples: Examples, form: ImageForm, seed: int) -> None:
        """`seed` is where the choice of a random image begins."""
        self._classifier, self._examples, self._form = classifier, examples, form
        self.image = 0
        """Its place among the examples."""
        network = classifier.networks[0]
        self._convolutions = [layer for layer in network.layers if kernels_of(layer) is not None]
        watched = [layer.output for layer in self._convolutions]
        self._watched = keras.Model(network.inputs, watched) if watched else None
        self._run = compiled(self._look)
        self._random = np.random.default_rng(seed)

    def choose(self, which: object) -> int:
        """next, previous, random, or a place. Raises ValueError for anything else."""
        count = len(self._examples)
        moves = {"next": self.image + 1, "previous": self.image - 1, "random": int(self._random.integers(count))}
        place = moves.get(which, which) if isinstance(which, str) else which
        if not isinstance(place, int) or isinstance(place, bool):
            raise ValueError(f"image must be next, previous, random, or a number from 0 to {count - 1:,}")
        self.image = place % count
        return self.image

    def draw(self) -> Contents:
        place = np.array([self.image])
        x, y = self._examples.numbers(place), self._examples.y[place]
        maps, probabilities = self._run(tf.constant(x), tf.constant(y))
        for layer, drawn in zip(self._convolutions, maps, strict=True):
            numbers = np.moveaxis(drawn.numpy()[0], -1, 0)[..., None]
            yield Tiles.of_numbers(f"features-{layer.name}", "features", numbers, *extent(numbers))
        yield self._form.tiles("input", "input", x)
        truth = int(y[0].argmax() if y.ndim > 1 else y[0])
        values = np.nan_to_num(probabilities.numpy()[0]).round(6).tolist()
        yield lambda step: Prediction(step, self.image, truth, values)

    def _look(self, x: Any, y: Any) -> tuple[list[Any], Any]:
        _, probabilities = self._classifier.examine(x, y)
        maps = tf.nest.flatten(self._watched(x, training=False)) if self._watched else []
        return [tf.cast(one, tf.float32) for one in maps], probabilities


class ConvolutionKernels(Snapshot):
    """The kernels of each convolution: those that look at its first input channel."""

    share = 0.003
    least_seconds = 1.0

    def __init__(self, network: keras.Model) -> None:
        self._convolutions = [layer for layer in network.layers if kernels_of(layer) is not None]

    def draw(self) -> Contents:
        for layer in self._convolutions:
            kernels = kernels_of(layer)
            assert kernels is not None
            yield kernel_tiles(layer.name, kernels, KERNEL_RANGE)


def confusion(validation: ClassifierValidation) -> Contents:
    """The confusion matrix of the last validation."""
    counts = validation.confusion().tolist()
    yield lambda step: Confusion(step, counts)


def validation_contents(
    validation: ClassifierValidation, examples: Examples, names: Sequence[str], form: ImageForm
) -> Contents:
    """The confusion matrix and the worst mistakes of the last validation; `names` are the classes'."""
    yield from confusion(validation)
    worst = validation.worst(MISTAKES)
    if len(worst):
        taken, sure = validation.probabilities.argmax(axis=1), validation.probabilities.max(axis=1)
        labels = [f"{names[validation.classes[n]]} → {names[taken[n]]} {sure[n]:.2f}" for n in worst]
        yield form.tiles("mistakes", "mistakes", examples.numbers(worst), labels=tuple(labels))
