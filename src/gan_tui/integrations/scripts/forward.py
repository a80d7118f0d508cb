"""A model asked what it makes of some inputs, and what some of its layers do, without anything in it changing.

Compiled once. What layers give is seen as it passes, so it is the same for graphs, for models in models and for
subclassed ones.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import keras
from numpy.typing import NDArray

from gan_tui.integrations.scripts.keras_state import as_numpy

Seen = tuple[Any, dict[int, Any]]
"""What a model gives, and layer → what that gave, by place."""


class Forward:
    """A model, to be called with inputs that always have the same shape."""

    def __init__(self, model: Any, layers: Sequence[Any] = ()) -> None:
        self._model, self._layers = model, layers
        self._run = _compiled(model, self._look)

    def __call__(self, inputs: Any) -> tuple[Any, dict[int, NDArray[Any]]]:
        """(outputs, place of a layer → its output), as numpy arrays."""
        outputs, seen = self._run(inputs)
        return keras.tree.map_structure(as_numpy, outputs), {place: as_numpy(one) for place, one in seen.items()}

    def _look(self, inputs: Any) -> Seen:
        with _watched(self._layers) as seen:
            outputs = self._model(inputs, training=False)
        return outputs, dict(seen)


@contextmanager
def _watched(layers: Sequence[Any]) -> Iterator[dict[int, Any]]:
    """Within it, what layers give is noted by their places; of a layer that is used twice, the last."""
    seen: dict[int, Any] = {}
    for place, layer in enumerate(layers):
        layer.__dict__["call"] = _noting(layer.call, seen, place)
    try:
        yield seen
    finally:
        for layer in layers:
            layer.__dict__.pop("call", None)


def _noting(call: Callable[..., Any], seen: dict[int, Any], place: int) -> Callable[..., Any]:
    def noted(*given: Any, **named: Any) -> Any:
        seen[place] = outputs = call(*given, **named)
        return outputs

    return noted


def _compiled(model: Any, look: Callable[[Any], Seen]) -> Callable[[Any], Seen]:
    backend = keras.backend.backend()
    if backend == "tensorflow":
        import tensorflow as tf

        run: Callable[[Any], Seen] = tf.function(look, autograph=False, reduce_retracing=True)
        return run
    if backend == "jax":
        return _of_jax(model, look)
    if backend == "torch":
        import torch

        return torch.no_grad()(look)  # type: ignore[no-any-return, unused-ignore]
    return look


def _of_jax(model: Any, look: Callable[[Any], Seen]) -> Callable[[Any], Seen]:
    """The variables are inputs, too: of what is compiled, they would stay as they are now."""
    import jax

    def pure(values: list[Any], inputs: Any) -> Seen:
        with keras.StatelessScope(state_mapping=list(zip(model.variables, values, strict=True))):
            return look(inputs)

    run = jax.jit(pure)
    return lambda inputs: run([variable.value for variable in model.variables], inputs)
