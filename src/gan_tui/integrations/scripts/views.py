"""What is shown of a Keras model beside its numbers: weights, kernels, feature maps, answers, generated images.

The same events, tags and kinds as those of presets, so that the same screens show them.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan_tui.errors import UserError
from gan_tui.integrations.scripts.forward import Forward
from gan_tui.integrations.scripts.inputs import Examples, Truth, as_images, latents_for, probabilities_of
from gan_tui.integrations.scripts.keras_state import as_numpy
from gan_tui.integrations.scripts.layer_tables import Network
from gan_tui.run.events import Confusion, Prediction, Weights
from gan_tui.run.pictures import Tiles
from gan_tui.run.recorder import Contents, Snapshot
from gan_tui.run.weight_statistics import extent, statistics
from gan_tui.run.weights import KERNEL_RANGE, is_kind, kernel_tiles, kernels_of, named_weights

MOST_SHOWN = 16
"""Layers of which kernels and feature maps are drawn: the first."""
MOST_TILES = 256
"""Kernels, or maps, of one layer."""
MOST_NUMBERS = 200_000
"""Of one weight, of which its histogram is made: of more, some that lie evenly in it."""
MOST_TO_READ = 8
"""Inputs and outputs of a dense layer whose weights are shown one by one."""
WALL, MISTAKES = 100, 32
Named = Sequence[tuple[str, Any]]
"""Layers under their rows' names."""


def convolutions(network: Network) -> Named:
    """The layers that slide over images."""
    kinds = ("Conv2D", "Conv2DTranspose", "DepthwiseConv2D", "SeparableConv2D")
    held = ((name, layer, getattr(layer, "layer", layer)) for name, layer in network.layers())
    return [(name, layer) for name, layer, inner in held if is_kind(inner, *kinds)]


class LayerWeights(Snapshot):
    """Shape, mean, standard deviation and histogram of every weight."""

    least_seconds = 1.0

    def __init__(self, networks: Sequence[Network]) -> None:
        self._weights = [
            (f"{network.name}/{layer}/{name}", weight)
            for network in networks
            for layer, held in network.layers()
            if hasattr(held, "weights")
            for name, weight in named_weights(held)
        ]

    def draw(self) -> Contents:
        found = {name: _statistics(as_numpy(weight)) for name, weight in self._weights if _are_numbers(weight)}
        yield lambda step: Weights(step, found)


def _are_numbers(weight: Any) -> bool:
    return "float" in str(weight.dtype)


def _statistics(values: NDArray[Any]) -> dict[str, Any]:
    every = max(1, values.size // MOST_NUMBERS)
    return {**statistics(values.reshape(-1)[::every].astype(np.float64)), "shape": list(values.shape)[:8]}


class LayerKernels(Snapshot):
    """The kernels of convolutions, and the weights of dense layers that have few."""

    least_seconds = 1.0

    def __init__(self, networks: Sequence[Network]) -> None:
        self._sliding = [each for network in networks for each in convolutions(network)][:MOST_SHOWN]
        layers = [each for network in networks for each in network.layers() if is_kind(each[1], "Dense")]
        self._dense = [(name, layer) for name, layer in layers if max(layer.kernel.shape) <= MOST_TO_READ][:MOST_SHOWN]

    def draw(self) -> Contents:
        for name, layer in self._sliding:
            kernels = kernels_of(layer)
            assert kernels is not None
            yield kernel_tiles(name, kernels[:MOST_TILES], KERNEL_RANGE)
        for name, layer in self._dense:
            yield kernel_tiles(name, as_numpy(layer.kernel)[None], 1e-3)


class Features(Snapshot):
    """One example, what each convolution makes of it, and what the model takes it for."""

    def __init__(self, model: Any, networks: Sequence[Network], examples: Examples, truth: Truth | None) -> None:
        self._layers = [each for network in networks for each in convolutions(network)][:MOST_SHOWN]
        self._examples, self._truth = examples, truth
        self._images = examples.images
        self._range = extent(self._images) if self._images is not None else (0.0, 1.0)
        self._forward = Forward(model, [layer for _, layer in self._layers])
        self.image = 0
        """Its place among the examples."""
        self._random = np.random.default_rng(0)

    def choose(self, which: object) -> str:
        """next, previous, random, or a place. Raises UserError for anything else."""
        count = len(self._examples)
        moves = {"next": self.image + 1, "previous": self.image - 1, "random": int(self._random.integers(count))}
        place = moves.get(which, which) if isinstance(which, str) else which
        if not isinstance(place, int) or isinstance(place, bool):
            raise UserError(f"image must be next, previous, random, or a number from 0 to {count - 1:,}")
        self.image = place % count
        return f"image is {self.image}"

    def draw(self) -> Contents:
        image = self.image
        outputs, seen = self._forward(self._examples.some(image, image + 1))
        for place, (name, _) in enumerate(self._layers):
            if place in seen and seen[place].ndim == 4:
                maps = np.moveaxis(seen[place][0], -1, 0)[:MOST_TILES, ..., None].astype(np.float32)
                yield Tiles.of_numbers(f"features-{name}", "features", maps, *extent(maps))
        if self._images is not None:
            yield Tiles.of_numbers("input", "input", self._images[image : image + 1], *self._range)
        if self._truth is not None:
            probabilities = probabilities_of(outputs, int(self._truth.classes.max()) + 1)
            if probabilities is not None:
                truth, values = int(self._truth.classes[image]), probabilities[0].round(6).tolist()
                yield lambda step: Prediction(step, image, truth, values)


class Answered(Snapshot):
    """What all examples are taken for: the confusion matrix, and the mistakes the model is surest of."""

    def __init__(self, model: Any, examples: Examples, truth: Truth) -> None:
        self._examples, self._truth, self._forward = examples, truth, Forward(model)
        self._images = examples.images
        self._range = extent(self._images) if self._images is not None else (0.0, 1.0)

    def draw(self) -> Contents:
        classes = self._truth.classes
        found = [
            probabilities_of(self._forward(batch)[0], int(classes.max()) + 1) for batch in self._examples.batches()
        ]
        if any(each is None for each in found):
            return
        probabilities = np.concatenate([each for each in found if each is not None])
        taken, sure = probabilities.argmax(axis=1), probabilities.max(axis=1)
        counts = np.zeros((probabilities.shape[1],) * 2, int)
        np.add.at(counts, (classes, taken), 1)
        yield lambda step: Confusion(step, counts.tolist())
        wrong = np.flatnonzero(taken != classes)
        worst = wrong[np.argsort(-sure[wrong], kind="stable")][:MISTAKES]
        if len(worst) and self._images is not None:
            names = self._truth.name
            labels = tuple(f"{names(classes[n])} → {names(taken[n])} {sure[n]:.2f}" for n in worst)
            yield Tiles.of_numbers("mistakes", "mistakes", self._images[worst], *self._range, labels=labels)


class GeneratedImages(Snapshot):
    """What a generator makes of latent vectors that stay the same."""

    def __init__(self, generator: Any, latents: Any) -> None:
        self._latents, self._forward = latents_for(generator, latents, WALL), Forward(generator)
        self._range: tuple[float, float] | None = None

    def draw(self) -> Contents:
        made = np.asarray(self._forward(self._latents)[0], np.float32)
        images = as_images(made)
        if images is None:
            raise UserError(f"the generator makes arrays of the shape {made.shape}, which are no images")
        low, high = extent(images)
        before = self._range or ((-1.0, 1.0) if low < 0 else (0.0, 1.0))
        self._range = min(before[0], low), max(before[1], high)  # a scale that stays
        yield Tiles.of_numbers("samples", "samples", images[:WALL], *self._range)
