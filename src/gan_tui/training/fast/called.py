"""Keras's layers called with what each of them takes."""

from collections.abc import Sequence
from typing import Any

import keras


def on(layer: keras.layers.Layer, given: Sequence[Any], **how: Any) -> Any:
    """What a layer gives for one input, or for several in the order in which it takes them."""
    if isinstance(layer, keras.layers.MultiHeadAttention | keras.layers.GroupQueryAttention):
        return layer(*(given if len(given) > 1 else (*given, *given)), **how)
    return layer(list(given) if len(given) > 1 else given[0], **how)
