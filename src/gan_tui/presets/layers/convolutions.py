"""Convolutions: windows of weights that slide over sequences, images and volumes."""

import math
from collections.abc import Sequence

from gan_tui.presets.checks import choice, sizes, whole
from gan_tui.presets.layers.common import ACTIVATION, AXES, PADDING, POSITIVE, Checks, data_format
from gan_tui.presets.layers.kind import Arguments, Kind, Parameters, Shape
from gan_tui.presets.layers.weights import ACTIVITY, BIAS, weighted


def along(length: int, window: int, stride: int, padding: str, dilation: int = 1) -> int:
    """Outputs of a window sliding along one axis."""
    reach = (window - 1) * dilation + 1
    return (length - reach) // stride + 1 if padding == "valid" else math.ceil(length / stride)


def windows(
    shape: Sequence[int], window: Sequence[int], strides: Sequence[int], padding: str, dilation: Sequence[int] = ()
) -> Shape:
    """Outputs along each of the axes that a window slides over; the channels of `shape` are left out."""
    dilation = dilation or (1,) * len(window)
    return tuple(
        along(length, *each, padding, rate)
        for length, each, rate in zip(shape, zip(window, strides, strict=True), dilation, strict=False)
    )


def slid(shape: Shape, a: Arguments) -> Shape:
    """Outputs along each axis that a convolution's window slides over. Raises ValueError for what no window can do."""
    once = (1,) * len(a["kernel_size"])
    strides, dilation = a.get("strides", once), a.get("dilation_rate", once)
    _refuse_both(strides, dilation)
    return windows(shape, a["kernel_size"], strides, a.get("padding", "valid"), dilation)


def _refuse_both(strides: Sequence[int], dilation: Sequence[int]) -> None:
    if max(strides) > 1 and max(dilation) > 1:
        raise ValueError("strides and dilation_rate cannot both be above 1; leave one of them out")


def bias(a: Arguments, count: int) -> int:
    return count if a.get("use_bias", True) else 0


def _convolved(shape: Shape, a: Arguments) -> Shape:
    groups = a.get("groups", 1)
    for what, count in (("filters", a["filters"]), ("the input's channels", shape[-1])):
        if count % groups:
            raise ValueError(f"groups {groups:,} must divide {what}, and {count:,} they do not")
    return (*slid(shape, a), a["filters"])


def _convolution_parameters(shape: Shape, a: Arguments) -> Parameters:
    weights = math.prod(a["kernel_size"]) * shape[-1] // a.get("groups", 1) * a["filters"]
    return weights + bias(a, a["filters"]), 0


def _deconvolved(shape: Shape, a: Arguments) -> Shape:
    once = (1,) * len(a["kernel_size"])
    strides, dilation = a.get("strides", once), a.get("dilation_rate", once)
    _refuse_both(strides, dilation)
    given: Sequence[int | None] = a.get("output_padding", (None,) * len(once))
    same = a.get("padding", "valid") == "same"
    reaches = ((window - 1) * rate + 1 for window, rate in zip(a["kernel_size"], dilation, strict=True))
    axes = zip(shape, reaches, strides, given, strict=False)
    return (*(_grown(length, reach, stride, same, extra) for length, reach, stride, extra in axes), a["filters"])


def _grown(length: int, window: int, stride: int, same: bool, extra: int | None) -> int:
    """Outputs of a transposed convolution along one axis; `extra` is its output padding."""
    if extra is None:
        return length * stride + (0 if same else max(window - stride, 0))
    if extra >= stride:
        raise ValueError(f"output_padding must be below the stride, and {extra} is not below {stride}")
    grown = (length - 1) * stride + (window % 2 if same else window) + extra
    if along(grown, window, stride, "same" if same else "valid") != length:
        raise ValueError("output_padding fits neither this kernel_size nor these strides; leave it out")
    if window == 1 < stride:
        raise ValueError("output_padding does not go with a kernel_size of 1 and strides; leave it out")
    return grown


def _transposed_parameters(shape: Shape, a: Arguments) -> Parameters:
    return math.prod(a["kernel_size"]) * shape[-1] * a["filters"] + bias(a, a["filters"]), 0


def window_arguments(rank: int) -> Checks:
    """How a window slides over so many axes."""
    return {
        "kernel_size": sizes(rank), "strides": sizes(rank), "padding": PADDING, "data_format": data_format,
        "dilation_rate": sizes(rank), "activation": ACTIVATION, **BIAS, **ACTIVITY,
    }  # fmt: skip


def _arguments(rank: int) -> Checks:
    return {"filters": POSITIVE, **window_arguments(rank), **weighted(kernel=rank + 2)}


def _convolution(rank: int) -> Kind:
    causal: Checks = {"padding": choice("valid", "same", "causal")} if rank == 1 else {}
    return Kind(
        {**_arguments(rank), **causal, "groups": POSITIVE}, _convolved, _convolution_parameters,
        ("filters", "kernel_size"), AXES[rank],
    )  # fmt: skip


def _transposed(rank: int) -> Kind:
    return Kind(
        {**_arguments(rank), "output_padding": sizes(rank, 0)}, _deconvolved, _transposed_parameters,
        ("filters", "kernel_size"), AXES[rank],
    )  # fmt: skip


# A filter a channel ------------------------------------------------------------


def _depthwise(shape: Shape, a: Arguments) -> Shape:
    _refuse_uneven(a)
    return (*slid(shape, a), shape[-1] * a.get("depth_multiplier", 1))


def _depthwise_parameters(shape: Shape, a: Arguments) -> Parameters:
    made = shape[-1] * a.get("depth_multiplier", 1)
    return math.prod(a["kernel_size"]) * made + bias(a, made), 0


def _separable(shape: Shape, a: Arguments) -> Shape:
    _refuse_uneven(a)
    return (*slid(shape, a), a["filters"])


def _separable_parameters(shape: Shape, a: Arguments) -> Parameters:
    made = shape[-1] * a.get("depth_multiplier", 1)
    return math.prod(a["kernel_size"]) * made + made * a["filters"] + bias(a, a["filters"]), 0


def _between(shape: Shape, a: Arguments) -> int:
    """What a separable convolution makes before it mixes channels."""
    return math.prod(slid(shape, a)) * shape[-1] * int(a.get("depth_multiplier", 1))


def _refuse_uneven(a: Arguments) -> None:
    if len({*a.get("strides", (1,))}) > 1:
        raise ValueError("strides must be the same along each axis: others are not computed on every machine")


def _by_channel(rank: int) -> dict[str, Kind]:
    common: Checks = {**window_arguments(rank), "depth_multiplier": whole(1, 10_000), **weighted(depthwise=rank + 2)}
    separable: Checks = {"filters": POSITIVE, **common, **weighted(pointwise=rank + 2)}
    return {
        f"DepthwiseConv{rank}D": Kind(common, _depthwise, _depthwise_parameters, ("kernel_size",), AXES[rank]),
        f"SeparableConv{rank}D": Kind(
            separable, _separable, _separable_parameters, ("filters", "kernel_size"), AXES[rank], _between
        ),
    }  # fmt: skip


KINDS = {
    **{f"Conv{rank}D": _convolution(rank) for rank in (1, 2, 3)},
    **{f"Conv{rank}DTranspose": _transposed(rank) for rank in (1, 2, 3)},
    **_by_channel(1), **_by_channel(2),
}  # fmt: skip
