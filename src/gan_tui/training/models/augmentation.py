"""Images changed at random while they are learnt, by Keras's random layers, inside the compiled steps.

Their random states advance in the graph and are part of every checkpoint, so that a resumed run sees what the run
would have seen. Nothing but training ever changes them: whoever only looks makes others.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from gan_tui.presets import Preset
from gan_tui.presets.augmentation import parts

Made = Callable[[float, tuple[float, float], int], keras.layers.Layer]
_LAYERS: dict[str, Made] = {
    "flip": lambda amount, low_high, seed: keras.layers.RandomFlip("horizontal", seed=seed),
    "rotate": lambda amount, low_high, seed: keras.layers.RandomRotation(amount, seed=seed),
    "zoom": lambda amount, low_high, seed: keras.layers.RandomZoom(amount, seed=seed),
    "shift": lambda amount, low_high, seed: keras.layers.RandomTranslation(amount, amount, seed=seed),
    "contrast": lambda amount, low_high, seed: keras.layers.RandomContrast(
        (amount, amount),
        value_range=low_high,
        seed=seed,  # less and more: of one number, Keras takes only more
    ),
}
"""Of how much, the values of black and white, and a seed. What comes in at a border is the image mirrored there."""


class Augmentation:
    """Changes batches of images, one kind of change after the other."""

    def __init__(self, changes: Sequence[str], shape: Sequence[int], low_high: tuple[float, float], seed: int) -> None:
        """`shape` is (height, width, channels), though batches may be flat."""
        self._shape = tuple(shape)
        named = [parts(change) for change in changes]
        self._layers = {
            word: _LAYERS[word](amount, low_high, seed + place) for place, (word, amount) in enumerate(named, start=1)
        }

    @staticmethod
    def of(preset: Preset) -> "Augmentation | None":
        """As a preset asks for it; None where it asks for none."""
        settings = preset.settings
        if not settings.get("augment"):
            return None
        return Augmentation(settings["augment"], preset.facts.shape, settings["image_range"], settings["seed"])

    def __call__(self, x: Any) -> Any:
        """A batch of images, changed."""
        images = tf.reshape(x, (-1, *self._shape))
        for layer in self._layers.values():
            images = layer(images, training=True)
        return tf.reshape(images, tf.shape(x))

    def beside(self, originals: NDArray[np.float32], times: int) -> NDArray[np.float32]:
        """Each image, and behind it what training may see of it instead: (count, 1 + times, …)."""
        changed: NDArray[np.float32] = self(np.repeat(originals, times, axis=0)).numpy()
        return np.concatenate([originals[:, None], changed.reshape(len(originals), times, *originals.shape[1:])], 1)

    def variables(self) -> Iterator[tuple[str, keras.Variable]]:
        """The random states, by the names that a checkpoint has for them."""
        for word, layer in self._layers.items():
            yield f"augment/{word}/seed_state", layer.generator.state
