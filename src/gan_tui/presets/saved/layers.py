"""A layer of a configuration of Keras as a preset would write it, where gan-tui has its kind."""

import re
import zlib
from collections.abc import Mapping
from typing import Any

from gan_tui.presets import keras_names
from gan_tui.presets.layers import KINDS
from gan_tui.presets.saved import values
from gan_tui.text import harmless

Config = Mapping[str, Any]

_CODE = "runs code of its own, which gan-tui does not take"
_RUNS_CODE = ("Lambda", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer")
_MODULES = ("keras", "keras.layers", "keras.src.layers", "tf_keras.layers")
_OPERATIONS = ("keras.ops", "keras.src.ops")
_NAME = re.compile(r"[^A-Za-z0-9_]+")
LONGEST_NAME = 40


def name_of(entry: object) -> str:
    """What a layer is called, in letters that a preset's layers may have; "layer" where it has no name.

    Of a long name the beginning, and a number that tells it from others that begin so.
    """
    given = config_of(entry).get("name")
    name = _NAME.sub("_", given).strip("_") if isinstance(given, str) else ""
    if len(name) > LONGEST_NAME:
        name = f"{name[: LONGEST_NAME - 9]}_{zlib.crc32(name.encode()):08x}"
    return name or "layer"


def kind_of(entry: object) -> str:
    """The class of a layer, which is one of Keras's own. Raises ValueError, half a sentence, for any other."""
    table = entry if isinstance(entry, Mapping) else {}
    kind, module = table.get("class_name"), table.get("module")
    if not isinstance(kind, str) or not isinstance(table.get("config"), Mapping):
        raise ValueError("is no layer as Keras writes them; save the model again")
    shown = harmless(kind, 60)
    if kind in _RUNS_CODE:
        raise ValueError(f"is {shown}: {shown} {_CODE}; build the model without it")
    if isinstance(module, str) and module.startswith(_OPERATIONS):
        raise ValueError(f"is {shown} of keras.ops, written out in code; use a layer such as keras.layers.Add")
    if table.get("registered_name") or not (isinstance(module, str) and _is_of_keras(module)):
        raise ValueError(f"is {shown}, a class of somebody's own: that {_CODE}; use one of Keras's layers")
    return keras_names.OTHER_NAMES.get(kind, kind)


def _is_of_keras(module: str) -> bool:
    return module in _MODULES or module.startswith(("keras.src.layers.", "keras.src.models."))


def table_of(entry: Config) -> dict[str, Any]:
    """The layer, its name and its arguments. Raises ValueError, half a sentence, where gan-tui has not the like."""
    kind, config = kind_of(entry), config_of(entry)
    known = KINDS.get(kind)
    if known is None:
        why = keras_names.refused_layer(kind) or f"{harmless(kind, 60)}, which gan-tui lacks"
        raise ValueError(f"is {why}; build the model without it")
    _refuse_other_numbers(kind, config.get("dtype"))
    held = {key: config[key] for key in ("layer", "backward_layer") if config.get(key) is not None}
    plain = {key: value for key, value in config.items() if key not in held}
    given = values.arguments(kind, plain, known.required)
    if lacks := next((name for name in known.required if given.get(name) is None), ""):
        raise ValueError(f"is {kind} without {lacks}, which gan-tui needs; build it with that")
    frozen = given.pop("trainable", True) is False
    _refuse_unknown(kind, given, [*known.arguments])
    return {
        "layer": kind,
        "name": name_of(entry),
        **given,
        **({"wraps": _held(kind, held, frozen)} if held else {}),
        **({"trainable": False} if frozen else {}),
    }


def neutral(entry: object) -> Config:
    """A Normalization that was adapted to data as one that changes nothing; nothing where it is no such layer."""
    config = config_of(entry)
    if not isinstance(entry, Mapping) or entry.get("class_name") != "Normalization" or config.get("mean") is not None:
        return {}
    return {**entry, "config": {**config, "mean": 0.0, "variance": 1.0}}


def _held(kind: str, held: Mapping[str, Any], frozen: bool) -> dict[str, Any]:
    """The layer that a wrapper holds, without a name; one that is `frozen` has said so for it."""
    inner = table_of(held["layer"])
    if "backward_layer" in held and _without_direction(table_of(held["backward_layer"])) != _without_direction(inner):
        raise ValueError(f"is {kind} of two layers that differ; use two of the same")
    return {key: value for key, value in inner.items() if key != "name" and not (frozen and key == "trainable")}


def _without_direction(table: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in table.items() if key not in ("go_backwards", "name")}


def _refuse_other_numbers(kind: str, dtype: object) -> None:
    """Raises ValueError for numbers that are not float32."""
    config = dtype.get("config") if isinstance(dtype, Mapping) else None
    name = config.get("name") if isinstance(config, Mapping) else dtype
    if name not in (None, "float32"):
        raise ValueError(
            f"is {kind} in {harmless(str(name), 40)}, and gan-tui takes models in float32; save it in that"
        )


def _refuse_unknown(kind: str, given: Mapping[str, Any], known: list[str]) -> None:
    for key, value in given.items():
        if key == "data_format":
            raise ValueError(f"is {kind} with {harmless(str(value), 40)}; gan-tui takes images with channels last")
        if key == "quantization_config":
            raise ValueError(f"is {kind} with quantized weights; save the model before it is quantized")
        if key not in known:
            raise ValueError(
                f"is {kind} with {harmless(key, 40)} = {harmless(str(value), 60)}, which gan-tui lacks; build it "
                "without that"
            )


def config_of(entry: object) -> Config:
    """A layer's or a model's own configuration; empty where it has none."""
    config = entry.get("config") if isinstance(entry, Mapping) else None
    return config if isinstance(config, Mapping) else {}
