"""Keras's optimizers in one operation a variable.

Keras computes each moment and each step by operations of their own, a dozen passes over memory; TensorFlow has all of
it as one. The numbers are the same but for rounding, and so are the variables that a checkpoint holds. An optimizer
stays an object of Keras's own class, so that whoever loads a saved network needs nothing of ours.

Decay of weights and clipping of gradients are Keras's own, before the operation. A step of 1.5 million weights took a
half (Adamax, RMSprop with momentum, Adagrad) to a quarter (Ftrl) of Keras's; SGD with momentum gained nothing.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import keras
import tensorflow as tf

Step = Callable[[Any, Any, Any, Any], None]


def fused(optimizer: keras.optimizers.Optimizer) -> keras.optimizers.Optimizer:
    """The same optimizer, its steps in one operation a variable where TensorFlow has one that computes them."""
    step = _STEPS.get(type(optimizer))
    if step is None or _differs(optimizer):
        return optimizer
    if step is _rmsprop_step and not optimizer.momentum:
        optimizer.build = partial(_build_rmsprop, optimizer, optimizer.build)
    optimizer.update_step = partial(_stepped, step, optimizer)
    return optimizer


def _stepped(step: Step, optimizer: Any, gradient: Any, variable: Any, learning_rate: Any) -> None:
    """Of an embedding's rows, of which a batch has a few, Keras computes each by itself."""
    if isinstance(gradient, tf.IndexedSlices):
        type(optimizer).update_step(optimizer, gradient, variable, learning_rate)
    else:
        step(optimizer, gradient, variable, learning_rate)


def _differs(optimizer: Any) -> bool:
    """Whether what it is told makes another optimizer of it than the operation computes."""
    if isinstance(optimizer, keras.optimizers.Adagrad):  # whose operation adds epsilon to the root instead
        return bool(optimizer.epsilon > 1e-6 * optimizer.initial_accumulator_value)
    return bool(getattr(optimizer, "amsgrad", False) or getattr(optimizer, "centered", False))


def _adam_step(adam: Any, gradient: Any, variable: Any, learning_rate: Any) -> None:
    """Adam (Kingma and Ba 2014, https://arxiv.org/abs/1412.6980)."""
    place = adam._get_variable_index(variable)
    step = tf.cast(adam.iterations + 1, tf.float32)
    tf.raw_ops.ResourceApplyAdam(
        var=variable.handle,
        m=adam._momentums[place].value.handle, v=adam._velocities[place].value.handle,
        beta1_power=tf.pow(tf.constant(adam.beta_1), step), beta2_power=tf.pow(tf.constant(adam.beta_2), step),
        lr=tf.cast(learning_rate, tf.float32), beta1=adam.beta_1, beta2=adam.beta_2, epsilon=adam.epsilon,
        grad=gradient,
    )  # fmt: skip


def _build_rmsprop(rmsprop: Any, build: Any, variables: list[Any]) -> None:
    """Also make room for the steps: the operation wants to keep the last, which without momentum nobody reads."""
    if not rmsprop.built:
        build(variables)
        rmsprop._last_steps = [tf.Variable(tf.zeros_like(variable), trainable=False) for variable in variables]


def _rmsprop_step(rmsprop: Any, gradient: Any, variable: Any, learning_rate: Any) -> None:
    """RMSprop (Hinton 2012, lecture 6e of Neural Networks for Machine Learning), not centred."""
    place = rmsprop._get_variable_index(variable)
    last_steps = rmsprop._momentums[place].value if rmsprop.momentum else rmsprop._last_steps[place]
    tf.raw_ops.ResourceApplyRMSProp(
        var=variable.handle,
        ms=rmsprop._velocities[place].value.handle, mom=last_steps.handle,
        lr=tf.cast(learning_rate, tf.float32), rho=rmsprop.rho, momentum=rmsprop.momentum, epsilon=rmsprop.epsilon,
        grad=gradient,
    )  # fmt: skip


def _adamax_step(adamax: Any, gradient: Any, variable: Any, learning_rate: Any) -> None:
    """Adamax, of the same article as Adam."""
    place = adamax._get_variable_index(variable)
    step = tf.cast(adamax.iterations + 1, tf.float32)
    tf.raw_ops.ResourceApplyAdaMax(
        var=variable.handle,
        m=adamax._m[place].value.handle, v=adamax._u[place].value.handle,
        beta1_power=tf.pow(tf.constant(adamax.beta_1), step),
        lr=tf.cast(learning_rate, tf.float32), beta1=adamax.beta_1, beta2=adamax.beta_2, epsilon=adamax.epsilon,
        grad=gradient,
    )  # fmt: skip


def _adagrad_step(adagrad: Any, gradient: Any, variable: Any, learning_rate: Any) -> None:
    """Adagrad (Duchi et al. 2011, https://jmlr.org/papers/v12/duchi11a.html)."""
    tf.raw_ops.ResourceApplyAdagradV2(
        var=variable.handle, accum=adagrad._accumulators[adagrad._get_variable_index(variable)].value.handle,
        lr=tf.cast(learning_rate, tf.float32), epsilon=adagrad.epsilon, grad=gradient,
    )  # fmt: skip


def _adadelta_step(adadelta: Any, gradient: Any, variable: Any, learning_rate: Any) -> None:
    """Adadelta (Zeiler 2012, https://arxiv.org/abs/1212.5701)."""
    place = adadelta._get_variable_index(variable)
    tf.raw_ops.ResourceApplyAdadelta(
        var=variable.handle,
        accum=adadelta._accumulated_grads[place].value.handle,
        accum_update=adadelta._accumulated_delta_vars[place].value.handle,
        lr=tf.cast(learning_rate, tf.float32), rho=adadelta.rho, epsilon=adadelta.epsilon,
        grad=gradient,
    )  # fmt: skip


def _ftrl_step(ftrl: Any, gradient: Any, variable: Any, learning_rate: Any) -> None:
    """Follow the regularized leader (McMahan et al. 2013, https://doi.org/10.1145/2487575.2488200)."""
    place, rate = ftrl._get_variable_index(variable), tf.cast(learning_rate, tf.float32)
    tf.raw_ops.ResourceApplyFtrlV2(
        var=variable.handle,
        accum=ftrl._accumulators[place].value.handle, linear=ftrl._linears[place].value.handle,
        lr=rate, lr_power=ftrl.learning_rate_power, l1=ftrl.l1_regularization_strength,
        l2=ftrl.l2_regularization_strength + ftrl.beta / (2 * rate),
        l2_shrinkage=ftrl.l2_shrinkage_regularization_strength, grad=gradient,
    )  # fmt: skip


_STEPS: dict[type, Step] = {
    keras.optimizers.Adam: _adam_step, keras.optimizers.AdamW: _adam_step, keras.optimizers.RMSprop: _rmsprop_step,
    keras.optimizers.Adamax: _adamax_step, keras.optimizers.Adagrad: _adagrad_step,
    keras.optimizers.Adadelta: _adadelta_step, keras.optimizers.Ftrl: _ftrl_step,
}  # fmt: skip
