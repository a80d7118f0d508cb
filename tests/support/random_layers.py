"""Layers of any kind with arguments drawn at random, of those that a preset may write."""

# ruff: noqa: E501 (a table reads best with a row a line)

from collections.abc import Callable
from typing import Any

import numpy as np

from gan_tui.presets.layers import KINDS, Merging, Wrapping, checked_arguments, layer_row

Draw = Callable[[np.random.Generator, tuple[int, ...]], Any]
"""From a generator, and the shape that a layer is given."""
IMAGES_OF_COLOUR = frozenset(
    ["RandomGrayscale", "RandomSaturation", "RandomHue", "RandomColorDegeneration", "RandomColorJitter", "RandAugment"]
)  # fmt: skip
INITIALIZERS = [
    "zeros", "ones", "he_normal", "HeUniform", "lecun_normal", "glorot_normal", "random_normal", "uniform",
    {"name": "Constant", "value": 0.1}, {"name": "RandomNormal", "stddev": 0.02, "seed": 3},
    {"name": "VarianceScaling", "scale": 2.0, "mode": "fan_avg", "distribution": "uniform"},
    {"name": "RandomUniform", "minval": -0.1, "maxval": 0.2}, "orthogonal", "identity",
]  # fmt: skip
REGULARIZERS = [
    "l1", "l2", "L1L2", "l1_l2", {"name": "L1", "l1": 0.1}, {"name": "L1L2", "l1": 0.1, "l2": 0.2},
    {"name": "OrthogonalRegularizer", "factor": 0.1, "mode": "columns"},
]  # fmt: skip
CONSTRAINTS = [
    "max_norm", "NonNeg", "unit_norm", {"name": "MaxNorm", "max_value": 1, "axis": 0},
    {"name": "MinMaxNorm", "min_value": 0.1, "max_value": 1.0, "rate": 0.5}, {"name": "UnitNorm", "axis": [0, 1]},
]  # fmt: skip


def whole(low: int, high: int) -> Draw:
    return lambda random, shape: int(random.integers(low, high + 1))


def real(low: float, high: float) -> Draw:
    return lambda random, shape: round(float(random.uniform(low, high)), 4)


def one(*choices: Any) -> Draw:
    return lambda random, shape: choices[random.integers(len(choices))]


def window(high: int, low: int = 1, fewer: int = 0) -> Draw:
    """A number, or one an axis but the channels; `fewer` axes where the first is that of steps."""

    def draw(random: np.random.Generator, shape: tuple[int, ...]) -> Any:
        several = random.integers(low, high + 1, len(shape) - 1 - fewer).tolist()
        return several if random.random() < 0.5 else several[0]

    return draw


def share(low: float = 0, high: float = 1) -> Draw:
    def draw(random: np.random.Generator, shape: tuple[int, ...]) -> Any:
        pair = sorted(round(float(each), 3) for each in random.uniform(low, high, 2))
        return pair if random.random() < 0.5 else pair[1]

    return draw


def sides(random: np.random.Generator, shape: tuple[int, ...]) -> Any:
    each = random.integers(0, 3, (len(shape) - 1, 2)).tolist()
    return each[0] if len(shape) == 2 else (each if random.random() < 0.7 else each[0][0])


def axis(random: np.random.Generator, shape: tuple[int, ...]) -> Any:
    return int(random.integers(1, len(shape) + 1)) * (1 if random.random() < 0.5 else -1)


def axes(random: np.random.Generator, shape: tuple[int, ...]) -> Any:
    several = sorted(random.permutation(len(shape))[: random.integers(1, len(shape) + 1)].tolist())
    return [each + 1 for each in several] if random.random() < 0.5 else axis(random, shape)


def channels(random: np.random.Generator, shape: tuple[int, ...]) -> Any:
    return random.uniform(0.1, 2, shape[-1]).round(3).tolist() if random.random() < 0.5 else 0.7


def noise(random: np.random.Generator, shape: tuple[int, ...]) -> Any:
    return [length if random.random() < 0.5 else 1 for length in shape]


FLAG = one(True, False)
VALUES: dict[str, Draw] = {
    "filters": whole(1, 6), "units": whole(1, 7), "kernel_size": window(4), "strides": window(3),
    "dilation_rate": window(3), "depth_multiplier": whole(1, 3), "padding": one("valid", "same", "causal"),
    "groups": one(1, 2, 3, -1), "output_padding": window(2, 0), "pool_size": window(3), "output_size": window(6),
    "data_format": one("channels_last"), "input_dim": whole(3, 20), "output_dim": whole(1, 6),
    "max_value": real(0, 9), "negative_slope": real(0, 1), "threshold": real(0, 1), "alpha": real(0.1, 2),
    "shared_axes": axes, "axis": axis, "rate": real(0, 0.9), "stddev": real(0, 1), "noise_shape": noise,
    "l1": real(0, 1), "l2": real(0, 1), "momentum": real(0, 1), "epsilon": real(1e-4, 0.1), "mean": channels,
    "variance": channels, "renorm_momentum": real(0, 1), "renorm_clipping": one({"rmax": 3.0, "rmin": 0.3, "dmax": 5.0}),
    "target_shape": lambda random, shape: [shape[-1], *shape[:-1]], "size": window(3), "n": whole(1, 5),
    "dims": lambda random, shape: (random.permutation(len(shape)) + 1).tolist(), "cropping": sides,
    "interpolation": one("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"), "num_heads": whole(1, 3),
    "axes": one(1, 2, -1), "key_dim": whole(1, 5), "value_dim": whole(1, 5), "head_dim": whole(1, 4), "num_query_heads": one(2, 4),
    "num_key_value_heads": one(1, 2), "output_shape": one([3], [2, 3]), "sliding_window": whole(1, 4),
    "attention_axes": lambda random, shape: sorted((random.permutation(len(shape) - 1) + 1)[:2].tolist()),
    "score_mode": one("dot", "concat"), "dropout": real(0, 0.9), "recurrent_dropout": real(0, 0.9),
    "power_iterations": whole(1, 3), "merge_mode": one("concat", "sum", "mul", "ave"), "height": whole(1, 12),
    "width": whole(1, 12), "scale": channels, "offset": channels, "fill_mode": one("constant", "reflect", "wrap", "nearest"),
    "fill_value": real(0, 1), "value_range": one([0, 1], [-1, 1], [0, 255]), "bins": whole(2, 256),
    "clip_limit": real(0.1, 9), "tile_grid_size": one(2, [2, 3], 4), "factor": share(), "height_factor": share(-0.5, 0.5),
    "width_factor": share(-0.5, 0.5), "x_factor": share(), "y_factor": share(), "sigma": share(0.1, 1),
    "mode": one("horizontal", "vertical", "horizontal_and_vertical"), "addition_factor": share(),
    "threshold_factor": share(), "brightness_factor": share(-1, 1), "contrast_factor": share(),
    "saturation_factor": share(), "hue_factor": share(), "num_ops": whole(1, 3), 
     "bin_boundaries": one([0.5], [-1, 0.2, 0.7]), "num_tokens": whole(2, 9),
    "output_mode": one("int", "one_hot", "multi_hot", "count"), "seed": whole(0, 99), "mask_value": real(0, 1),
}  # fmt: skip
OF_KIND: dict[str, dict[str, Draw]] = {
    "RandomPosterization": {"factor": one(3, [2, 6])}, "RandomGaussianBlur": {"kernel_size": one(3, 5, [3, 5])},
    "ZeroPadding1D": {"padding": sides}, "ZeroPadding2D": {"padding": sides}, "ZeroPadding3D": {"padding": sides},
    "LayerNormalization": {"axis": axes}, "RMSNormalization": {"axis": axes}, "UnitNormalization": {"axis": axes},
    "Softmax": {"axis": axes}, "RandomGrayscale": {"factor": real(0, 1)}, "RandomPerspective": {"scale": real(0, 1)},
    "RandomErasing": {"scale": share()}, "RandomElasticTransform": {"scale": share()},
    "BatchNormalization": {"scale": FLAG}, "GroupNormalization": {"scale": FLAG},
    **{f"ConvLSTM{n}D": {name: window(3, fewer=1) for name in ("kernel_size", "strides", "dilation_rate")}
       for n in (1, 2, 3)},
}  # fmt: skip
OF_KIND["LayerNormalization"]["scale"] = FLAG
OF_KIND["EinsumDense"] = {
    "equation": one("ab,bc->ac", "abc,cd->abd", "abc,bcd->ad", "...c,cd->...d", "ab,b->ab", "abcd,db->acb"),
    "output_shape": lambda random, shape: random.integers(1, 6, random.integers(1, 4)).tolist(),
    "bias_axes": one("c", "d", "b", "bd", "bc"),
}


def drawn(kind: str, random: np.random.Generator) -> tuple[list[tuple[int, ...]], dict[str, Any]]:
    """The shapes of what a layer of a kind is given, and arguments that fit them, as a preset writes both."""
    for _ in range(10_000):
        shapes = _shapes(kind, random)
        arguments = _arguments(kind, random, shapes[0])
        try:
            layer_row("it", kind, shapes, checked_arguments(kind, arguments))
        except ValueError:
            continue
        return shapes, arguments
    raise AssertionError(f"nothing drawn for {kind} fits")


def _shapes(kind: str, random: np.random.Generator) -> list[tuple[int, ...]]:
    known = KINDS[kind]
    axes = len(known.axes) or int(random.integers(1, 4))
    if isinstance(known, Merging) or kind in ("Bidirectional"):
        axes = 2
    if kind == "TimeDistributed":
        axes = int(random.integers(2, 5))
    shape = tuple(random.integers(2, 7 if axes > 3 else 10, axes).tolist())
    if kind in IMAGES_OF_COLOUR:
        shape = (*shape[:-1], 3)
    elif axes > 1:
        shape = (*shape[:-1], int(random.integers(1, 5)))
    count = known.fewest if isinstance(known, Merging) else 1
    return [shape] * count


def _arguments(kind: str, random: np.random.Generator, shape: tuple[int, ...]) -> dict[str, Any]:
    known, arguments = KINDS[kind], {}
    for name, check in known.arguments.items():
        if name in known.required or random.random() < 0.3:
            value = _value(kind, name)(random, shape)
            try:
                check(value)
            except ValueError:
                if name not in known.required:
                    continue
            arguments[name] = value
    if random.random() < 0.1:
        arguments["trainable"] = bool(random.random() < 0.3)
    if isinstance(known, Wrapping):
        held = list(known.holds) or [name for name in KINDS if not isinstance(KINDS[name], Merging | Wrapping)]
        taken = shape[1:] if kind == "TimeDistributed" else shape
        inner = str(random.choice([name for name in held if len(KINDS[name].axes) in (0, len(taken))]))
        arguments["wraps"] = {"layer": inner, **_arguments(inner, random, taken)}
    return arguments


def _value(kind: str, name: str) -> Draw:
    if name in OF_KIND.get(kind, {}):
        return OF_KIND[kind][name]
    for end, choices in (("initializer", INITIALIZERS), ("regularizer", REGULARIZERS), ("constraint", CONSTRAINTS)):
        if name.endswith(end):
            return one(*choices)
    if name.endswith("activation"):
        return one("relu", "tanh", "softmax", "gelu", "hard_silu", "log_sigmoid", "squareplus", "sparsemax")
    return VALUES.get(name, FLAG)
