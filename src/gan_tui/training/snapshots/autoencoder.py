"""What is shown of an autoencoder: images, and what it makes of them."""

import keras
import numpy as np
import tensorflow as tf

from gan_tui.run.recorder import Contents, Snapshot
from gan_tui.training.fast.compiled import compiled
from gan_tui.training.models.examples import Examples
from gan_tui.training.snapshots.images import ImageForm

RECONSTRUCTED = 32
"""Images, the same at every time."""


class Reconstructions(Snapshot):
    """Each tile an image, and below it what the network gives back."""

    def __init__(self, network: keras.Model, examples: Examples, form: ImageForm) -> None:
        images = examples.numbers(np.arange(min(RECONSTRUCTED, len(examples))))
        self._images, self._form = images.reshape(-1, *form.shape), form
        self._run = compiled(lambda: network(tf.constant(images), training=False))

    def draw(self) -> Contents:
        given_back = self._run().numpy().reshape(self._images.shape)
        errors = np.square(given_back - self._images).mean(axis=(1, 2, 3))
        pairs = np.concatenate([self._images, given_back], axis=1)
        labels = tuple(f"error {error:.3g}" for error in errors)
        yield self._form.above_another().tiles("reconstructions", "samples", pairs, labels=labels)
