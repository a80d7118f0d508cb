"""Layers of products: each output is a weighted sum of inputs, or a row of a table."""

from gan_tui.presets.checks import flag
from gan_tui.presets.layers.common import ACTIVATION, POSITIVE, same
from gan_tui.presets.layers.kind import Arguments, Kind, Parameters, Shape
from gan_tui.presets.layers.weights import ACTIVITY, BIAS, weighted


def _dense_parameters(shape: Shape, a: Arguments) -> Parameters:
    return shape[-1] * a["units"] + (a["units"] if a.get("use_bias", True) else 0), 0


KINDS = {
    "Dense": Kind(
        {"units": POSITIVE, "activation": ACTIVATION, **BIAS, **weighted(kernel=2), **ACTIVITY},
        lambda shape, a: (*shape[:-1], a["units"]), _dense_parameters, ("units",),
    ),
    "Embedding": Kind(
        {"input_dim": POSITIVE, "output_dim": POSITIVE, **weighted(embeddings=2), "mask_zero": flag},
        lambda shape, a: (*shape, a["output_dim"]), lambda shape, a: (a["input_dim"] * a["output_dim"], 0),
        ("input_dim", "output_dim"),
    ),
    "Identity": Kind({}, same, moves=True),
}  # fmt: skip
