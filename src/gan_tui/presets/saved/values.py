"""What stands in a configuration of Keras as a preset would write it: words, numbers, lists, and tables for objects.

Keras writes every argument out; what is as it would be anyway is left out, so that tables stay short.
"""

import re
import struct
from collections.abc import Mapping
from typing import Any

from gan_tui.text import harmless

_DEFAULTS: Mapping[str, object] = {
    "activation": "linear", "recurrent_activation": "sigmoid", "use_bias": True, "padding": "valid",
    "data_format": "channels_last", "strides": 1, "dilation_rate": 1, "groups": 1, "depth_multiplier": 1,
    "keepdims": False, "trainable": True, "autocast": True, "axis": -1,
    "kernel_initializer": "glorot_uniform", "depthwise_initializer": "glorot_uniform",
    "pointwise_initializer": "glorot_uniform", "recurrent_initializer": "orthogonal", "bias_initializer": "zeros",
    "embeddings_initializer": "random_uniform", "beta_initializer": "zeros", "gamma_initializer": "ones",
    "alpha_initializer": "zeros", "moving_mean_initializer": "zeros", "moving_variance_initializer": "ones",
    "center": True, "scale": True, "momentum": 0.99, "epsilon": 0.001, "synchronized": False, "renorm": False,
    "renorm_momentum": 0.99, "dropout": 0.0, "recurrent_dropout": 0.0, "return_sequences": False,
    "return_state": False, "go_backwards": False, "stateful": False, "unroll": False, "use_cudnn": "auto",
    "unit_forget_bias": True, "reset_after": True, "mask_zero": False,
    "mask_value": 0.0, "merge_mode": "concat", "power_iterations": 1, "negative_slope": 0.0, "threshold": 0.0,
    "normalize": False, "offset": 0.0, "value_range": [0, 255], "fill_mode": "reflect", "fill_value": 0.0,
    "interpolation": "bilinear", "crop_to_aspect_ratio": False, "pad_to_aspect_ratio": False, "antialias": False,
    "alpha": 1.0, "l1": 0.0, "l2": 0.0, "use_scale": True, "score_mode": "dot", "use_gate": False, "scaling": "density",
    "rms_scaling": False, "invert": False,
}  # fmt: skip
"""Argument → what nearly every layer takes for it where nothing is said. All others are always written: for most that
is nothing at all, and the sizes of windows are better read.
"""
_DEFAULTS_OF: Mapping[str, Mapping[str, object]] = {
    "LeakyReLU": {"negative_slope": 0.3}, "RMSNormalization": {"epsilon": 1e-6},
    "UpSampling2D": {"interpolation": "nearest"},
    "SimpleRNN": {"activation": "tanh"}, "LSTM": {"activation": "tanh"}, "GRU": {"activation": "tanh"},
    "ConvLSTM1D": {"activation": "tanh"}, "ConvLSTM2D": {"activation": "tanh"}, "ConvLSTM3D": {"activation": "tanh"},
    "ZeroPadding1D": {"padding": 1}, "ZeroPadding2D": {"padding": [[1, 1], [1, 1]]},
    "ZeroPadding3D": {"padding": [[1, 1], [1, 1], [1, 1]]}, "GroupNormalization": {"groups": 32},
    "Discretization": {"epsilon": 0.01},
    "Attention": {"use_scale": False}, "Resizing": {"fill_mode": "constant"}, "RandomPerspective": {"scale": 1.0},
    "RandomElasticTransform": {"scale": 1.0}, "RandomErasing": {"scale": [0.02, 0.33], "fill_value": None},
    **{f"{what}Pooling{n}D": {"strides": None} for what in ("Max", "Average") for n in (1, 2, 3)},
}  # fmt: skip
"""The same, of layers that take something else."""
_OF_NO_EFFECT = ("name", "dtype", "seed", "zero_output_for_mask")
"""Read elsewhere, said by a run's own settings (all of its random numbers follow from one seed), or what Keras sets
itself."""
_OBJECTS: Mapping[str, Mapping[str, object]] = {
    "Orthogonal": {"gain": 1.0}, "RandomUniform": {"minval": -0.05, "maxval": 0.05},
    "RandomNormal": {"mean": 0.0, "stddev": 0.05}, "TruncatedNormal": {"mean": 0.0, "stddev": 0.05},
    "VarianceScaling": {"scale": 1.0, "mode": "fan_in", "distribution": "truncated_normal"},
    "MaxNorm": {"axis": 0}, "UnitNorm": {"axis": 0}, "MinMaxNorm": {"axis": 0},
}  # fmt: skip
"""Initializers and constraints → what they take where nothing is said."""
_MODULES = ("keras.initializers", "keras.regularizers", "keras.constraints")


def arguments(kind: str, config: Mapping[str, Any], required: tuple[str, ...]) -> dict[str, Any]:
    """The arguments of a layer that are not as they would be anyway; those that are `required` are always there.

    Raises ValueError, half a sentence, for what is no plain value.
    """
    given = {}
    for key, value in config.items():
        if key in _OF_NO_EFFECT:
            continue
        try:
            plain = _plain(value)
        except ValueError as error:
            raise ValueError(f"is {kind}, whose {harmless(key, 40)} {error}") from None
        if key in required or not _is_default(kind, key, plain):
            given[key] = plain
    if "pool_size" in config and given.get("strides") == config["pool_size"]:
        del given["strides"]  # which is what pooling does
    if isinstance(axis := given.get("axis"), list) and len(axis) == 1:
        given["axis"] = axis[0]
    if isinstance(shape := given.get("noise_shape"), list) and shape[:1] == [None]:
        given["noise_shape"] = shape[1:]  # without the batch
    return given


def default_of(kind: str, key: str) -> object:
    """What a layer takes for an argument where nothing is said; None where that is nothing, or is not known here."""
    return _DEFAULTS_OF.get(kind, {}).get(key, _DEFAULTS.get(key))


def _is_default(kind: str, key: str, value: object) -> bool:
    default = default_of(kind, key)
    if isinstance(value, list) and not isinstance(default, list) and value:
        return all(_equal(each, default) for each in value)
    return _equal(value, default)


def _equal(value: object, default: object) -> bool:
    return value is default or (value == default and isinstance(value, bool) == isinstance(default, bool))


def _plain(value: object) -> Any:
    """A value as TOML has it; None for nothing."""
    if isinstance(value, Mapping):
        return _object(value)
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return short(value) if isinstance(value, float) else value


def short(value: float) -> float:
    """The number with the fewest digits that is the same in float32, of one that Keras has had in that: 0.01 of
    0.009999999776482582.
    """
    try:
        packed = struct.pack("f", value)
    except OverflowError:
        return value
    if struct.unpack("f", packed)[0] != value:
        return value
    every = (float(f"{value:.{digits}g}") for digits in range(1, 10))
    return next((each for each in every if struct.pack("f", each) == packed), value)


def _object(value: Mapping[str, Any]) -> object:
    """What Keras writes for an initializer, a regularizer or a constraint: its name, or a table with its arguments."""
    kind, config, module = value.get("class_name"), value.get("config"), value.get("module")
    if kind in ("function", "__lambda__") or module == "builtins":
        raise ValueError("is a function of somebody's own, which gan-tui does not run; use one of Keras's")
    if not isinstance(kind, str) or not isinstance(config, Mapping) or module not in _MODULES:
        what = harmless(str(kind), 40) if isinstance(kind, str) else "a table"
        raise ValueError(f"is {what}, which gan-tui does not take there; use one of Keras's by its name")
    if value.get("registered_name"):
        raise ValueError(f"is {harmless(kind, 40)}, a class of somebody's own, which gan-tui does not run")
    usual = _OBJECTS.get(kind, {})
    own = {
        key: plain
        for key, each in config.items()
        if key != "seed" and (plain := _plain(each)) is not None and plain != usual.get(key)
    }
    return {"name": kind, **own} if own else snake_case(kind)


def snake_case(name: str) -> str:
    """As Keras does: GlorotUniform → glorot_uniform, Conv2D → conv2d, LeakyReLU → leaky_re_lu."""
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()
