"""What Keras keeps where while it trains, on any backend: the numbers of an epoch that is under way, and all that a
training is gone on with."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from gan_tui.errors import UserError
from gan_tui.run.checkpoint_arrays import Arrays, require


def as_numpy(value: Any) -> NDArray[Any]:
    """A variable or a tensor of any backend."""
    return np.asarray(keras.ops.convert_to_numpy(value))


def live_values(model: Any, variables: Sequence[Any]) -> list[float]:
    """Single numbers among a model's metrics, as they are now: JAX keeps them apart from the model in an epoch."""
    state = getattr(model, "_jax_state", None)
    if not state or getattr(model, "_jax_state_synced", True):
        return [float(as_numpy(variable)) for variable in variables]
    kept = dict(zip(map(id, model.metrics_variables), state["metrics_variables"], strict=False))
    return [float(np.asarray(kept.get(id(variable), variable))) for variable in variables]


def optimizers_of(model: Any) -> dict[str, Any]:
    """Name → optimizer: those that a script gave its model, or else the one that it was compiled with."""
    own = {
        name.lstrip("_"): value
        for name, value in vars(model).items()
        if isinstance(value, keras.optimizers.Optimizer) and name not in ("optimizer", "_optimizer")
    }
    own = {name: value for name, value in own.items() if value is not getattr(model, "optimizer", None)}
    compiled = getattr(model, "optimizer", None)
    return own or ({"optimizer": compiled} if isinstance(compiled, keras.optimizers.Optimizer) else {})


def has_weights(model: Any) -> bool:
    """Whether all weights of a model's layers are there; it may never be called itself, as those of pairs are not."""
    layers = list(model._flatten_layers(include_self=False))
    return bool(model.built or layers) and all(layer.built for layer in layers)


def is_built(model: Any) -> bool:
    """Whether all variables are there that training will have; those of a compiled optimizer are made, if need be."""
    if not has_weights(model):
        return False
    for name, optimizer in optimizers_of(model).items():
        if not optimizer.built and name == "optimizer":
            optimizer.build(model.trainable_variables)
        if not optimizer.built:
            return False
    return True


def arrays_of(model: Any) -> Arrays:
    """Weights, moving averages, states of random layers and of optimizers, by name."""
    return {name: as_numpy(variable) for name, variable in _variables(model)}


def put_back(model: Any, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Give a model what `arrays_of` returned. Raises UserError where one is missing or has another shape; then nothing
    is changed."""
    there = list(_variables(model))
    for name, variable in there:
        require(dict(arrays), name, tuple(variable.shape))
    spare = [name for name in arrays if name not in dict(there)]
    if spare:
        raise UserError(f"The checkpoint has {spare[0]}, which the model has not.")
    for name, variable in there:
        variable.assign(arrays[name])


def _variables(model: Any) -> Iterator[tuple[str, Any]]:
    """Under names that do not depend on how often Keras has named things before."""
    measured = {id(variable) for variable in model.metrics_variables}
    of_optimizers = optimizers_of(model)
    for optimizer in of_optimizers.values():
        measured |= {id(variable) for variable in optimizer.variables}
    kept = [variable for variable in model.variables if id(variable) not in measured]
    for place, variable in enumerate(kept):
        yield f"model/{place}.{variable.name}", variable
    for name, optimizer in of_optimizers.items():
        for place, variable in enumerate(optimizer.variables):
            yield f"{name}/{place}", variable
