"""Arguments that layers of several families have."""

from collections.abc import Callable

from gan_tui.presets import keras_names
from gan_tui.presets.checks import Check, choice, shown, whole
from gan_tui.presets.layers.kind import Arguments, Shape

ACTIVATIONS = (
    "linear", "relu", "sigmoid", "tanh", "softmax", "elu", "selu", "softplus", "leaky_relu", "swish", "gelu", "silu",
    "relu6", "celu", "mish", "exponential", "softsign", "squareplus", "hard_sigmoid", "hard_silu", "hard_swish",
    "hard_tanh", "hard_shrink", "soft_shrink", "tanh_shrink", "log_sigmoid", "log_softmax", "sparsemax", "sparse_plus",
    "sparse_sigmoid",
)  # fmt: skip
"""All of Keras's but for threshold, which needs arguments, and glu, which halves what it is given."""

POSITIVE = whole(1, 1_000_000)
ACTIVATION = choice(*ACTIVATIONS, of_keras=keras_names.ACTIVATIONS)
PADDING = choice("valid", "same")
SEED = whole(0, 2**31 - 1)
AXES = {1: ("steps", "channels"), 2: ("height", "width", "channels"), 3: ("depth", "height", "width", "channels")}
"""What a window of so many axes slides over."""


def data_format(value: object) -> str:
    """Only the order of axes that everything here has."""
    if value != "channels_last":
        raise ValueError(f'must be "channels_last", as images are here, not {shown(value)}')
    return "channels_last"


def same(shape: Shape, a: Arguments) -> Shape:
    """What comes out is of the shape that goes in."""
    return shape


def ends_in(word: str) -> Callable[[Arguments], str]:
    """Of a kind whose output always goes through the same."""
    return lambda a: word


Checks = dict[str, Check]

# Axes, counted as Keras does: the batch is 0, the first of an example's 1, the last -1 --------------------------


def axis(value: object) -> int:
    """An axis as Keras counts them, the batch's left out: from 1 on, or from -1 back."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= abs(value) <= 8:
        raise ValueError(
            f"must be an axis: 1, 2, … from the first of an example, or -1, -2, … back, not {shown(value)}"
        )
    return value


def axes(value: object) -> int | tuple[int, ...]:
    """An axis, or a list of some."""
    if isinstance(value, list | tuple) and value:
        return tuple(map(axis, value))
    return axis(value)


def place(axis: int, shape: Shape) -> int:
    """Which axis of an example that is. Raises ValueError where it has none such."""
    found = axis - 1 if axis > 0 else len(shape) + axis
    if not 0 <= found < len(shape):
        reach = f"1 to {len(shape)} or -{len(shape)} to -1"
        raise ValueError(f"axis {axis} is none of an input of {list(shape)}, which has {reach}")
    return found


def places(given: int | tuple[int, ...], shape: Shape) -> tuple[int, ...]:
    """As `place`, of one or several. Raises ValueError also where they are not told apart, or not from one end."""
    several = given if isinstance(given, tuple) else (given,)
    found = tuple(place(each, shape) for each in several)
    if len({*found}) < len(found):
        raise ValueError(f"axis {list(several)} names one axis twice")
    if len({each > 0 for each in several}) > 1:  # Keras sorts them as they are written
        raise ValueError(f"axis {list(several)} counts from both ends; count all from the first")
    return found
