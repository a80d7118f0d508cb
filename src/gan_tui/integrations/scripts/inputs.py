"""What a script gives to be looked at: examples, their labels, latent vectors; in any form that a model takes them."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from gan_tui.errors import UserError

BATCH = 256
MOST_CLASSES = 1000


class Examples:
    """Some inputs of a model: an array, or several (a list, or a table by name), of the same length."""

    def __init__(self, inputs: Any) -> None:
        """Raises UserError where there are none, or not as many of each."""
        self._inputs = keras.tree.map_structure(np.asarray, inputs)
        self._parts = keras.tree.flatten(self._inputs)
        lengths = {len(part) if part.ndim else 0 for part in self._parts}
        if len(lengths) != 1 or 0 in lengths:
            raise UserError("inputs must be an array of examples, or several of the same length")

    def __len__(self) -> int:
        return len(self._parts[0])

    def some(self, start: int, stop: int) -> Any:
        """Examples in the form that the model takes them."""
        return keras.tree.map_structure(lambda part: part[start:stop], self._inputs)

    def batches(self) -> Iterator[Any]:
        """All of them, a batch at a time; the last may be shorter."""
        return (self.some(start, start + BATCH) for start in range(0, len(self), BATCH))

    @property
    def images(self) -> NDArray[Any] | None:
        """(n, height, width, channels) of the first part that has images; None without one."""
        return next((images for part in self._parts if (images := as_images(part)) is not None), None)


def as_images(numbers: NDArray[Any]) -> NDArray[Any] | None:
    """(n, height, width, 1 or 3 channels) of an array that may be images; flat ones are square. None for others."""
    if numbers.ndim == 4 and keras.config.image_data_format() == "channels_first" and numbers.shape[1] in (1, 3):
        return np.moveaxis(numbers, 1, -1)
    if numbers.ndim == 4:
        return numbers if numbers.shape[-1] in (1, 3) else None
    if numbers.ndim == 3 and min(numbers.shape[1:]) >= 4:
        return numbers[..., None]
    side = math.isqrt(numbers.shape[-1]) if numbers.ndim == 2 else 0
    return numbers.reshape(-1, side, side, 1) if side >= 5 and side * side == numbers.shape[-1] else None


@dataclass(frozen=True)
class Truth:
    """What examples are, by class."""

    classes: NDArray[np.intp]
    names: tuple[str, ...]

    @staticmethod
    def of(labels: Any, names: Sequence[str], count: int) -> "Truth":
        """Labels as whole numbers, or one of several columns set. Raises UserError where they are neither."""
        given = np.asarray(labels)
        given = given[:, 0] if given.ndim == 2 and given.shape[1] == 1 else given
        classes = given.argmax(axis=1) if given.ndim == 2 else given
        if classes.ndim != 1 or not np.array_equal(classes, np.floor(classes)) or classes.min(initial=0) < 0:
            raise UserError("labels must be classes: whole numbers from 0, or a column for each class")
        if len(classes) != count:
            raise UserError(f"there are {count:,} inputs and {len(classes):,} labels")
        return Truth(classes.astype(np.intp), tuple(map(str, names)))

    def name(self, number: int) -> str:
        return self.names[number] if number < len(self.names) else str(number)


def probabilities_of(outputs: Any, classes: int) -> NDArray[np.float64] | None:
    """(n, classes) of what a model gives; of several outputs, the first that may be probabilities. None without one.

    A single output is the probability of the second of two classes. What is no probability is taken for logits.
    """
    for given in keras.tree.flatten(outputs):
        numbers = np.nan_to_num(np.asarray(given, np.float64))
        if numbers.ndim == 2 and numbers.shape[1] == 1 and classes <= 2:
            one = numbers if numbers.min() >= 0 and numbers.max() <= 1 else 1 / (1 + np.exp(-numbers.clip(-500, 500)))
            return np.concatenate([1 - one, one], axis=1)
        if numbers.ndim == 2 and max(2, classes) <= numbers.shape[1] <= MOST_CLASSES:
            return _normalized(numbers)
    return None


def _normalized(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    if numbers.min() >= 0 and np.allclose(numbers.sum(axis=1), 1, atol=1e-3):
        return numbers
    powers = np.exp(numbers - numbers.max(axis=1, keepdims=True))
    shares: NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
    return shares


def latents_for(generator: Any, latents: Any, count: int) -> Any:
    """What a generator is always given: as the script says, or normal numbers that are the same in every run.

    Raises UserError where it takes something else, and nothing was said.
    """
    if latents is not None:
        return keras.tree.map_structure(np.asarray, latents)
    shape = getattr(generator, "input_shape", None)
    if not isinstance(shape, tuple) or None in shape[1:]:
        raise UserError("what the generator takes is not known: give latents, an array of what it is called with")
    return np.random.default_rng(0).standard_normal((count, *shape[1:])).astype(np.float32)
