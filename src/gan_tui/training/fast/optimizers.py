"""Keras's optimizers in one operation a variable.

Keras computes each moment and each step by operations of their own, a dozen passes over memory; TensorFlow has all of
it as one. The numbers are the same but for rounding, and so are the variables that a checkpoint holds. An optimizer
stays an object of Keras's own class, so that whoever loads a saved network needs nothing of ours.
"""

from functools import partial
from typing import Any

import keras
import tensorflow as tf


def adam(learning_rate: Any, beta_1: float) -> keras.optimizers.Optimizer:
    """Adam (Kingma and Ba 2014, https://arxiv.org/abs/1412.6980)."""
    optimizer = keras.optimizers.Adam(learning_rate, beta_1=beta_1)
    optimizer.update_step = partial(_adam_step, optimizer)
    return optimizer


def _adam_step(adam: Any, gradient: Any, variable: Any, learning_rate: Any) -> None:
    place = adam._get_variable_index(variable)
    step = tf.cast(adam.iterations + 1, tf.float32)
    tf.raw_ops.ResourceApplyAdam(
        var=variable.handle,
        m=adam._momentums[place].value.handle, v=adam._velocities[place].value.handle,
        beta1_power=tf.pow(tf.constant(adam.beta_1), step), beta2_power=tf.pow(tf.constant(adam.beta_2), step),
        lr=tf.cast(learning_rate, tf.float32), beta1=adam.beta_1, beta2=adam.beta_2, epsilon=adam.epsilon,
        grad=gradient,
    )  # fmt: skip


def rmsprop(learning_rate: Any) -> keras.optimizers.Optimizer:
    """RMSprop (Hinton 2012, lecture 6e of Neural Networks for Machine Learning), without momentum, not centred."""
    optimizer = keras.optimizers.RMSprop(learning_rate)
    optimizer.build = partial(_build_rmsprop, optimizer, optimizer.build)
    optimizer.update_step = partial(_rmsprop_step, optimizer)
    return optimizer


def _build_rmsprop(rmsprop: Any, build: Any, variables: list[Any]) -> None:
    """Also make room for the steps: the operation wants to keep the last, which without momentum nobody reads."""
    if not rmsprop.built:
        build(variables)
        rmsprop._last_steps = [tf.Variable(tf.zeros_like(variable), trainable=False) for variable in variables]


def _rmsprop_step(rmsprop: Any, gradient: Any, variable: Any, learning_rate: Any) -> None:
    place = rmsprop._get_variable_index(variable)
    tf.raw_ops.ResourceApplyRMSProp(
        var=variable.handle,
        ms=rmsprop._velocities[place].value.handle, mom=rmsprop._last_steps[place].handle,
        lr=tf.cast(learning_rate, tf.float32), rho=rmsprop.rho, momentum=0.0, epsilon=rmsprop.epsilon,
        grad=gradient,
    )  # fmt: skip
