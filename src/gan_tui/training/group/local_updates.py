"""Variables that each replica changes by itself: gradients are put together first, so all change alike.

Keras's optimizers know strategies: they sum gradients up after clipping them, and change variables from outside of the
replicas, which cannot be done where the graph decides whether to (accumulated gradients, the loss scale of float16).
Here they are what they are without a strategy, and are given gradients that are already the whole batch's.
"""

from collections.abc import Callable, Iterable
from functools import cache, partial, wraps
from typing import Any

import keras
import tensorflow as tf
from keras.src.backend.tensorflow.core import Variable
from keras.src.backend.tensorflow.optimizer import TFOptimizer
from keras.src.optimizers.base_optimizer import BaseOptimizer

from gan_tui.training.group import shares

_AS_WITHOUT_STRATEGY = (
    "_apply_weight_decay", "_backend_update_step", "_backend_increment_gradient_accumulators",
    "_overwrite_model_variables_with_average_value",
)  # fmt: skip


@cache
def install() -> None:
    """Have what is assigned in a replica's step change that replica's own variables, in this process from now on."""
    Variable._direct_assign = _assigned
    for name in _AS_WITHOUT_STRATEGY:
        setattr(TFOptimizer, name, getattr(BaseOptimizer, name))
    for name in ("assign", "assign_add", "assign_sub"):
        setattr(TFOptimizer, name, _of_own(getattr(TFOptimizer, name)))
    keras.optimizers.LossScaleOptimizer._tf_apply = keras.optimizers.LossScaleOptimizer._common_apply


def put_together(optimizers: Iterable[keras.optimizers.Optimizer]) -> None:
    """Have these take the gradients of all replicas, summed up, for those of one."""
    for optimizer in optimizers:
        optimizer.apply = partial(_applied, optimizer.apply)


def _applied(apply: Callable[..., None], grads: Any, trainable_variables: Any = None) -> None:
    """Gradients that are none stay so."""
    there = iter(shares.summed([gradient for gradient in grads if gradient is not None]))
    apply([None if gradient is None else next(there) for gradient in grads], trainable_variables)


def _assigned(variable: Any, value: Any) -> None:
    shares.here(variable._value).assign(tf.cast(value, variable._value.dtype))


def _of_own(plain: Callable[..., None]) -> Callable[..., None]:
    @wraps(plain)
    def changed(optimizer: Any, variable: Any, value: Any) -> None:
        plain(optimizer, shares.here(variable.value if isinstance(variable, Variable) else variable), value)

    return changed
