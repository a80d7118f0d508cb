"""What a layer of any Keras model was given that matters, as the layers of presets are told."""

import inspect
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

_NEVER = ("name", "dtype", "trainable", "data_format", "seed", "kwargs", "layer")
_ALWAYS = ("pool_size", "size", "rate")
"""What says what a layer does, also where it is as usual."""
LONGEST = 8
"""Of a list that is told."""


def arguments_of(layer: Any) -> dict[str, Any]:
    """Those that are not what they would be anyway; none of a layer that does not tell its configuration."""
    told = _told(layer)
    inner = getattr(layer, "layer", getattr(layer, "forward_layer", None))
    if inner is not None and hasattr(inner, "get_config"):
        told["wraps"] = {"layer": type(inner).__name__, **_told(inner)}
    if getattr(layer, "weights", None) and not getattr(layer, "trainable", True):
        told["trainable"] = False
    return told


def _told(layer: Any) -> dict[str, Any]:
    try:
        config = layer.get_config()
    except Exception:  # noqa: BLE001 (somebody's own layer may raise anything)
        return {}
    usual = _usual(type(layer))  # type: ignore[arg-type]
    told = {}
    for name in usual.keys() & config.keys() if isinstance(config, Mapping) else ():
        value = _plain(config[name])
        if value is not None and (name in _ALWAYS or not _alike(value, usual[name])):
            told[name] = value
    if "strides" in told and _alike(told["strides"], told.get("pool_size", config.get("pool_size"))):
        del told["strides"]  # of pooling, which moves by its own size
    return {name: told[name] for name in usual if name in told}


@lru_cache(maxsize=512)
def _usual(kind: Any) -> dict[str, Any]:
    """Argument → its value where none is given."""
    try:
        parameters = inspect.signature(kind.__init__).parameters.values()
    except (TypeError, ValueError):
        return {}
    return {each.name: each.default for each in parameters if each.name not in ("self", *_NEVER)}


def _plain(value: object) -> Any:
    """A value that can be told in a word or two; None for all else: arrays, initializers, layers."""
    if isinstance(value, str | bool | int | float):
        return value if value != "linear" else None
    if isinstance(value, list | tuple) and 0 < len(value) <= LONGEST:
        items = [_plain(each) for each in value]
        return None if None in items else items
    if isinstance(value, Mapping) and value.get("module") == "keras.activations":
        return str(value.get("class_name") or "") or None
    return None


def _alike(value: object, usual: object) -> bool:
    """Whether a value is the usual one, which may be written 2 for (2, 2)."""
    if isinstance(value, list):
        return value == (list(usual) if isinstance(usual, list | tuple) else [usual] * len(value))
    return value == usual
