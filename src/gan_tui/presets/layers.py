"""The Keras layers a preset may use: their arguments, shapes and parameters, worked out without TensorFlow.

A layer's shape rule is Keras's own (https://keras.io/api/layers/); a test compares every row with the model
that Keras builds. Shapes leave out the batch axis, as `keras.Input(shape=…)` does.

The menu must show layer tables at once, so they cannot wait the seconds that TensorFlow takes to load.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gan_tui.presets import keras_names
from gan_tui.presets.checks import Check, choice, flag, number, numbers, size_pair, whole
from gan_tui.presets.keras_names import lacked
from gan_tui.text import nearest

Shape = tuple[int, ...]
Arguments = Mapping[str, Any]

ACTIVATIONS = (
    "linear",
    "relu",
    "sigmoid",
    "tanh",
    "softmax",
    "elu",
    "selu",
    "softplus",
    "leaky_relu",
    "swish",
    "gelu",
)
LARGEST_LAYER = 200_000_000
"""Parameters or outputs of one layer beyond which a preset is refused: 800 MB of float32."""


@dataclass(frozen=True)
class LayerRow:
    """A line of a layer table."""

    name: str
    kind: str
    output_shape: Shape
    trainable: int
    """Parameters that training changes."""
    fixed: int
    """Parameters that it does not, such as a batch normalization's moving averages."""
    arguments: Arguments

    @property
    def parameters(self) -> int:
        return self.trainable + self.fixed


@dataclass(frozen=True)
class Kind:
    """What is known of one kind of layer."""

    arguments: Mapping[str, Check]
    output: Callable[[Shape, Arguments], Shape]
    parameters: Callable[[Shape, Arguments], tuple[int, int]] = lambda shape, a: (0, 0)
    required: tuple[str, ...] = ()
    rank: int | None = None
    """The number of axes its input must have, if it matters."""


def _along(length: int, window: int, stride: int, padding: str) -> int:
    """Outputs of a window sliding along one axis."""
    return math.ceil(length / stride) if padding == "same" else (length - window) // stride + 1


def _windows(shape: Shape, window: tuple[int, int], strides: tuple[int, int], padding: str) -> tuple[int, int]:
    return _along(shape[0], window[0], strides[0], padding), _along(shape[1], window[1], strides[1], padding)


def _convolved(shape: Shape, a: Arguments) -> Shape:
    return (
        *_windows(shape, a["kernel_size"], a.get("strides", (1, 1)), a.get("padding", "valid")),
        a["filters"],
    )


def _deconvolved(shape: Shape, a: Arguments) -> Shape:
    grown = []
    for length, window, stride in zip(shape, a["kernel_size"], a.get("strides", (1, 1)), strict=False):
        overhang = 0 if a.get("padding", "valid") == "same" else max(window - stride, 0)
        grown.append(length * stride + overhang)
    return (*grown, a["filters"])


def _pooled(shape: Shape, a: Arguments) -> Shape:
    window = a.get("pool_size", (2, 2))
    return (*_windows(shape, window, a.get("strides", window), a.get("padding", "valid")), shape[2])


def _upsampled(shape: Shape, a: Arguments) -> Shape:
    factor = a.get("size", (2, 2))
    return (shape[0] * factor[0], shape[1] * factor[1], shape[2])


def _reshaped(shape: Shape, a: Arguments) -> Shape:
    target: Shape = a["target_shape"]
    if math.prod(target) != math.prod(shape):
        raise ValueError(
            f"target_shape {list(target)} holds {math.prod(target)} numbers, but {math.prod(shape)} come in"
        )
    return target


def _kernel_parameters(shape: Shape, a: Arguments) -> tuple[int, int]:
    weights = math.prod(a["kernel_size"]) * shape[-1] * a["filters"]
    return weights + (a["filters"] if a.get("use_bias", True) else 0), 0


def _dense_parameters(shape: Shape, a: Arguments) -> tuple[int, int]:
    return shape[-1] * a["units"] + (a["units"] if a.get("use_bias", True) else 0), 0


def _same(shape: Shape, a: Arguments) -> Shape:
    return shape


_POSITIVE = whole(1, 1_000_000)
_ACTIVATION = choice(*ACTIVATIONS, of_keras=keras_names.ACTIVATIONS)
_PADDING = choice("valid", "same")
_CONVOLUTION: dict[str, Check] = {
    "filters": _POSITIVE, "kernel_size": size_pair, "strides": size_pair, "padding": _PADDING,
    "activation": _ACTIVATION, "use_bias": flag,
}  # fmt: skip
_POOLING: dict[str, Check] = {"pool_size": size_pair, "strides": size_pair, "padding": _PADDING}

KINDS: dict[str, Kind] = {
    "Dense": Kind(
        {"units": _POSITIVE, "activation": _ACTIVATION, "use_bias": flag},
        lambda shape, a: (*shape[:-1], a["units"]), _dense_parameters, ("units",),
    ),
    "Conv2D": Kind(_CONVOLUTION, _convolved, _kernel_parameters, ("filters", "kernel_size"), rank=3),
    "Conv2DTranspose": Kind(
        _CONVOLUTION, _deconvolved, _kernel_parameters, ("filters", "kernel_size"), rank=3
    ),
    "MaxPooling2D": Kind(_POOLING, _pooled, rank=3),
    "AveragePooling2D": Kind(_POOLING, _pooled, required=("pool_size",), rank=3),
    "UpSampling2D": Kind(
        {"size": size_pair, "interpolation": choice("nearest", "bilinear")}, _upsampled, rank=3
    ),
    "GlobalAveragePooling2D": Kind({}, lambda shape, a: (shape[2],), rank=3),
    "Flatten": Kind({}, lambda shape, a: (math.prod(shape),)),
    "Reshape": Kind(
        {"target_shape": numbers(1, 4, 1, 100_000_000, (28, 28, 1))}, _reshaped, required=("target_shape",)
    ),
    "Dropout": Kind({"rate": number(0, 0.999)}, _same, required=("rate",)),
    "BatchNormalization": Kind(
        {"momentum": number(0, 1), "epsilon": number(1e-9, 1)}, _same, lambda s, a: (2 * s[-1], 2 * s[-1])
    ),
    "Activation": Kind({"activation": _ACTIVATION}, _same, required=("activation",)),
    "ReLU": Kind({"max_value": number(0, 1e9), "negative_slope": number(0, 1)}, _same),
    "LeakyReLU": Kind({"negative_slope": number(0, 1)}, _same),
}  # fmt: skip


def checked_arguments(kind: str, given: Mapping[str, object]) -> dict[str, Any]:
    """The arguments of a layer, each checked and in its canonical form (sizes as pairs).

    Raises ValueError with a sentence that names the argument and, for a misspelt one, the nearest right one.
    """
    known = KINDS[kind]
    checked = {}
    for key, value in given.items():
        if key not in known.arguments:
            has = [*known.arguments, "name"]
            why = lacked(key, keras_names.arguments(kind), has) or nearest(key, has)
            raise ValueError(f'{kind} has no argument "{key}", {why}')
        try:
            checked[key] = known.arguments[key](value)
        except ValueError as error:
            raise ValueError(f"{kind}'s {key} {error}") from None
    for key in known.required:
        if key not in checked:
            raise ValueError(f"{kind} needs {key}")
    return checked


def layer_row(name: str, kind: str, shape: Shape, arguments: Arguments) -> LayerRow:
    """The table row of a layer that receives `shape`; raises ValueError when the two do not fit."""
    known = KINDS[kind]
    if known.rank is not None and len(shape) != known.rank:
        raise ValueError(f"{kind} needs an input of {known.rank} axes (height, width, channels), not {list(shape)}")
    output = known.output(shape, arguments)
    if min(output) < 1:
        raise ValueError(f'{kind} makes {list(shape)} smaller than one pixel; use padding "same" or a smaller window')
    trainable, fixed = known.parameters(shape, arguments)
    if max(trainable, math.prod(output)) > LARGEST_LAYER:
        raise ValueError(f"{kind} is too large: at most {LARGEST_LAYER:,} parameters or outputs per layer")
    return LayerRow(name, kind, output, trainable, fixed, arguments)
