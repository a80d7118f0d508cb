"""What a person is shown of a task beside its metrics: each view draws tiles for a picture, or says an event.

A view has a share of the training time that it may take; `Recorder` sees to it.
"""

from typing import Any

import keras
import numpy as np
import tensorflow as tf

from gan_tui import presets
from gan_tui.presets import DATASETS
from gan_tui.run.events import Answers, Confusion, Prediction, Weights
from gan_tui.run.pictures import Tiles
from gan_tui.run.recorder import Contents, Snapshot
from gan_tui.training.fast.compiled import compiled
from gan_tui.training.models.gan import AdversarialPair
from gan_tui.training.models.task import Task
from gan_tui.training.models.validation import examine

WALL = 100
"""Images in a wall: 10 × 10."""
GRID = 100
"""Points along each side of a decision surface, as in numpy.mgrid[0:1:0.01, 0:1:0.01]."""
BINS = 40
"""Bins of a histogram of weights."""
KERNEL_RANGE = (-0.5, 0.5)
"""The one scale of all kernels, trained or not."""
MISTAKES = 32


class GeneratedWall(Snapshot):
    """Images from latent vectors that stay the same."""

    def __init__(self, task: Task, pair: AdversarialPair) -> None:
        latents = pair.latents(WALL, seed=task.preset.settings["seed"])
        self._task, self._generate = task, compiled(lambda: pair.generate(latents, training=False))

    def draw(self) -> Contents:
        yield Tiles.of_numbers("samples", "samples", _images(self._task, self._generate().numpy()), *_range(self._task))


class OneSample(Snapshot):
    """A single image from a single latent vector, of which there is always another one."""

    share = 0.002
    least_seconds = 0.5

    def __init__(self, task: Task, pair: AdversarialPair) -> None:
        self.number = 0
        """Which latent vector: the same number gives the same vector in every run of a seed."""
        self._task, self._pair = task, pair
        self._latent = tf.Variable(tf.zeros((1, *pair.latent_shape)), trainable=False)
        self._generate = compiled(lambda: pair.generate(self._latent, training=False))
        self.choose(0)

    def choose(self, number: int) -> None:
        self.number = number
        self._latent.assign(self._pair.latents(1, seed=self._task.preset.settings["seed"] + 1 + number))

    def draw(self) -> Contents:
        label = f"latent vector {self.number}"
        images = _images(self._task, self._generate().numpy())
        yield Tiles.of_numbers("one", "one", images, *_range(self._task), labels=(label,))


class RealWall(Snapshot):
    """Real images of the training data, to compare."""

    share = 0.001
    least_seconds = 1e9  # they do not change

    def __init__(self, task: Task) -> None:
        self._task = task

    def draw(self) -> Contents:
        examples = self._task.dataset.train
        numbers = examples.numbers(np.arange(min(WALL, len(examples))))
        yield Tiles.of_numbers("real", "real", _images(self._task, numbers), *_range(self._task))


class DecisionSurface(Snapshot):
    """The probability of each class over the unit square: a tile a class, row 0 at y = 0."""

    def __init__(self, task: Task) -> None:
        axis = np.arange(GRID, dtype=np.float32) / GRID
        y, x = np.meshgrid(axis, axis, indexing="ij")
        grid, network = tf.constant(np.stack([x.ravel(), y.ravel()], axis=1)), task.networks[0]
        self._predict = compiled(lambda: network(grid, training=False))

    def draw(self) -> Contents:
        probabilities = self._predict().numpy().T.reshape(-1, GRID, GRID, 1)
        yield Tiles.of_numbers("surface", "surface", probabilities, 0.0, 1.0, fine=True)


class PointAnswers(Snapshot):
    """What the network answers at each point of the data."""

    share = 0.002
    most = 64
    """Points; more are for the surface to show."""

    def __init__(self, task: Task) -> None:
        self._task, network, x = task, task.networks[0], self._points(task)
        self._x = tf.Variable(x, shape=(None, *x.shape[1:]), trainable=False)
        self._predict = compiled(lambda: network(self._x, training=False))

    def draw(self) -> Contents:
        self._x.assign(self._points(self._task))  # they may be others than before
        rows = np.nan_to_num(self._predict().numpy()).round(5).tolist()
        yield lambda step: Answers(step, rows)

    def _points(self, task: Task) -> Any:
        train = task.dataset.train
        return train.inputs(np.arange(min(self.most, len(train))))


class FeatureMaps(Snapshot):
    """One image, what each convolution makes of it, and what the classifier takes it for."""

    def __init__(self, task: Task) -> None:
        self._task, self._examples = task, task.dataset.validation or task.dataset.train
        self.image = 0
        """Its place among the validation examples."""
        network = task.networks[0]
        self._convolutions = [layer for layer in network.layers if isinstance(layer, keras.layers.Conv2D)]
        watched = [layer.output for layer in self._convolutions]
        self._watched = keras.Model(network.inputs, watched) if watched else None
        self._run = compiled(self._look)
        self._random = np.random.default_rng(task.preset.settings["seed"])

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
        yield Tiles.of_numbers("input", "input", _images(self._task, x), *_range(self._task))
        truth = int(y[0].argmax() if y.ndim > 1 else y[0])
        values = np.nan_to_num(probabilities.numpy()[0]).round(6).tolist()
        yield lambda step: Prediction(step, self.image, truth, values)

    def _look(self, x: Any, y: Any) -> tuple[list[Any], Any]:
        _, probabilities = examine(self._task.model, x, y)
        maps = tf.nest.flatten(self._watched(x, training=False)) if self._watched else []
        return maps, probabilities


class ConvolutionKernels(Snapshot):
    """The kernels of each convolution: those that look at its first input channel."""

    share = 0.003
    least_seconds = 1.0

    def __init__(self, task: Task) -> None:
        self._convolutions = [layer for layer in task.networks[0].layers if isinstance(layer, keras.layers.Conv2D)]

    def draw(self) -> Contents:
        for layer in self._convolutions:
            kernels = np.moveaxis(np.asarray(layer.kernel.value)[:, :, 0, :], -1, 0)[..., None]
            yield Tiles.of_numbers(f"kernels-{layer.name}", "kernels", kernels, *KERNEL_RANGE)


class WeightStatistics(Snapshot):
    """Shape, mean, standard deviation and histogram of every weight of every layer."""

    share = 0.004
    least_seconds = 1.0

    def __init__(self, task: Task) -> None:
        self._weights = [
            (f"{network.name}/{layer.name}/{weight.name}", weight)
            for network in task.networks
            for layer in network.layers
            for weight in layer.weights
        ]

    def draw(self) -> Contents:
        found = {name: statistics(np.asarray(weight.value)) for name, weight in self._weights}
        yield lambda step: Weights(step, found)


def extent(values: Any) -> tuple[float, float]:
    """The least and the greatest of the values that are finite; zeros without any."""
    finite = values[np.isfinite(values)]
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)


def statistics(values: Any) -> dict[str, Any]:
    """Of an array of weights; weights that are not finite are left out of all but the shape."""
    finite = values[np.isfinite(values)]
    low, high = extent(values)
    counts, _ = np.histogram(finite, BINS, (low, high) if low < high else (low - 0.5, low + 0.5))
    mean, std = (float(finite.mean()), float(finite.std())) if finite.size else (0.0, 0.0)
    shape = list(values.shape)
    return {"shape": shape, "mean": mean, "std": std, "low": low, "high": high, "counts": counts.tolist()}


def validation_views(task: Task) -> Contents:
    """The confusion matrix and the worst mistakes of the last validation."""
    validation, held_back = task.validation, task.dataset.validation
    if validation is None or held_back is None:
        return
    counts = validation.confusion().tolist()
    yield lambda step: Confusion(step, counts)
    worst = validation.worst(MISTAKES)
    if len(worst):
        names = presets.facts(task.preset).names
        taken, sure = validation.probabilities.argmax(axis=1), validation.probabilities.max(axis=1)
        labels = [f"{names[validation.classes[n]]} → {names[taken[n]]} {sure[n]:.2f}" for n in worst]
        images = _images(task, held_back.numbers(worst))
        yield Tiles.of_numbers("mistakes", "mistakes", images, *_range(task), labels=tuple(labels))


def views_of(task: Task) -> list[Snapshot]:
    """Everything there is to see of a task."""
    if isinstance(task.model, AdversarialPair):
        return [GeneratedWall(task, task.model), OneSample(task, task.model), RealWall(task), WeightStatistics(task)]
    if task.dataset.points is not None:
        on_plane = task.dataset.train.x.shape[1] == 2
        return [*([DecisionSurface(task)] if on_plane else []), PointAnswers(task), WeightStatistics(task)]
    return [FeatureMaps(task), ConvolutionKernels(task), WeightStatistics(task)]


def _images(task: Task, numbers: Any) -> Any:
    """(count, height, width, channels) of flat or channelled images."""
    return numbers.reshape(-1, *DATASETS[task.preset.dataset].shape)


def _range(task: Task) -> tuple[float, float]:
    low, high = task.preset.settings["image_range"]
    return low, high
