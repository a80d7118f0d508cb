"""The losses of an adversarial pair, computed; `presets/tasks/pair_losses.py` says what is known of them beforehand.

The loss of the discriminator is of as many real images as generated ones. Where an article has the sum of both means,
it is twice the mean over all: hinge and wasserstein. Cross-entropy and least-squares are the mean over all.
"""

from collections.abc import Callable, Mapping
from typing import Any

import keras
import tensorflow as tf

from gan_tui.presets.tasks.pair_losses import CROSS_ENTROPY, HINGE, LEAST_SQUARES, LOSSES, WASSERSTEIN, boundary


class Judge:
    """Judges what a discriminator answers, (n, 1), as the settings of a pair say."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._real, self._fake = float(settings["real_label"]), float(settings["fake_label"])
        self._loss: str = settings["loss"]
        self._boundary = boundary(settings)

    def of_discriminator(self, is_real: Any, answers: Any) -> Any:
        """Its loss, where it is told which images are real; `is_real` is (n, 1) of booleans."""
        if LOSSES[self._loss].has_targets:
            return _WRONG[self._loss](tf.where(is_real, self._real, self._fake), answers)
        signs = tf.where(is_real, 1.0, -1.0)
        return 2 * tf.reduce_mean(_MISSED[self._loss](signs * answers))

    def of_generator(self, answers: Any) -> Any:
        """Its loss, where these are the answers to what it made."""
        if LOSSES[self._loss].has_targets:
            return _WRONG[self._loss](tf.ones_like(answers), answers)
        return -tf.reduce_mean(answers)

    def accuracy(self, is_real: Any, answers: Any) -> Any:
        """The share of answers on the right side of the boundary, whatever the targets are smoothed to.

        None without a boundary.
        """
        if self._boundary is None:
            return None
        return tf.reduce_mean(tf.cast(is_real == (answers > self._boundary), tf.float32))


_WRONG: Mapping[str, Callable[[Any, Any], Any]] = {
    CROSS_ENTROPY: lambda targets, answers: tf.reduce_mean(keras.losses.binary_crossentropy(targets, answers)),
    LEAST_SQUARES: lambda targets, answers: tf.reduce_mean(tf.square(answers - targets)),
}
"""The mean of how far answers are from targets."""
_MISSED: Mapping[str, Callable[[Any], Any]] = {
    HINGE: lambda rightness: tf.nn.relu(1.0 - rightness),
    WASSERSTEIN: lambda rightness: -rightness,
}
"""What each answer lacks, of scores that are positive where they are on the right side."""


def slopes_off_one(discriminator: Callable[[Any], Any], real: Any, generated: Any, shares: Any) -> Any:
    """The mean square of how far the discriminator's slopes are from 1 at points between real and generated images.

    Gulrajani et al. 2017, https://arxiv.org/abs/1704.00028, equation 3. `shares`, (n, 1), says how near each point is
    to its real image: 1 there, 0 at the generated one.
    """
    shares = tf.reshape(shares, (-1, *[1] * (real.shape.rank - 1)))
    between = shares * real + (1.0 - shares) * generated
    with tf.GradientTape() as tape:
        tape.watch(between)
        answers = discriminator(between)
    gradients = tape.gradient(answers, between)
    squares = tf.reduce_sum(tf.square(gradients), axis=tuple(range(1, real.shape.rank)))
    return tf.reduce_mean(tf.square(tf.sqrt(squares + _LEAST) - 1.0))


_LEAST = 1e-12
"""Added to a squared slope, whose root has no gradient at 0."""
