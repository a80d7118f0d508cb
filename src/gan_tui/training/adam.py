"""Adam (Kingma and Ba 2014, https://arxiv.org/abs/1412.6980) in one operation a variable.

Keras computes each moment and each step of it by operations of their own, a dozen passes over memory; TensorFlow has
all of it as one. The numbers are the same but for rounding, and so are the variables that a checkpoint holds.
"""

from typing import Any

import keras
import tensorflow as tf


class Adam(keras.optimizers.Adam):  # type: ignore[misc]  # Keras ships no types
    """Keras's Adam without its variant amsgrad, faster."""

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Take one step with one variable, as Keras asks for."""
        place = self._get_variable_index(variable)
        step = tf.cast(self.iterations + 1, tf.float32)
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle,
            m=self._momentums[place].value.handle, v=self._velocities[place].value.handle,
            beta1_power=tf.pow(tf.constant(self.beta_1), step), beta2_power=tf.pow(tf.constant(self.beta_2), step),
            lr=tf.cast(learning_rate, tf.float32), beta1=self.beta_1, beta2=self.beta_2, epsilon=self.epsilon,
            grad=gradient,
        )  # fmt: skip
