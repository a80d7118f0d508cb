"""Layers that go through a sequence step by step, and keep something in mind."""

import math

from gan_tui.presets.checks import flag, number
from gan_tui.presets.layers.common import ACTIVATION, AXES, POSITIVE, SEED, Checks
from gan_tui.presets.layers.convolutions import slid, window_arguments
from gan_tui.presets.layers.kind import Arguments, Kind, Parameters, Shape
from gan_tui.presets.layers.weights import ACTIVITY, BIAS, weighted

MOST_UNROLLED = 256
"""Steps that are written out one by one: each makes the compiled step larger."""
_GATES = {"LSTM": 4, "GRU": 3, "SimpleRNN": 1, "ConvLSTM": 4}
_SEQUENCE = AXES[1]
_FILM = {1: ("steps", "length", "channels"), 2: ("steps", *AXES[2]), 3: ("steps", *AXES[3])}
_RATE = number(0, 0.999)
_REMEMBERING: Checks = {
    "return_sequences": flag, "go_backwards": flag, "dropout": _RATE, "recurrent_dropout": _RATE, "seed": SEED,
}  # fmt: skip
_UNITS: Checks = {
    "units": POSITIVE, "activation": ACTIVATION, **BIAS, **weighted(kernel=2, recurrent=2), **ACTIVITY, **_REMEMBERING,
    "unroll": flag,
}  # fmt: skip
_GATED: Checks = {"recurrent_activation": ACTIVATION}


def refuse_many_steps(steps: int, what: str) -> None:
    if steps > MOST_UNROLLED:
        raise ValueError(f"{what} takes at most {MOST_UNROLLED} steps, not {steps:,}")


def _gone_through(shape: Shape, a: Arguments) -> Shape:
    if a.get("unroll"):
        refuse_many_steps(shape[0], "unroll")
    return (shape[0], a["units"]) if a.get("return_sequences") else (a["units"],)


def _recurrent(name: str, more: Checks) -> Kind:
    gates = _GATES[name]

    def parameters(shape: Shape, a: Arguments) -> Parameters:
        units = a["units"]
        biases = 2 if name == "GRU" and a.get("reset_after", True) else 1
        return gates * units * (shape[1] + units + (biases if a.get("use_bias", True) else 0)), 0

    return Kind(
        {**_UNITS, **more}, _gone_through, parameters, ("units",), _SEQUENCE,
        lambda shape, a: shape[0] * a["units"] * (gates + 1),
        (lambda a: str(a.get("activation", "tanh"))) if name == "SimpleRNN" else lambda a: name,
    )  # fmt: skip


# Convolutions that remember ------------------------------------------------------------


def _frame(shape: Shape, a: Arguments) -> Shape:
    """What comes of one step. Raises ValueError where no window fits."""
    if set(a["kernel_size"]) == {1} and max(a.get("strides", (1,))) > 1:
        raise ValueError("a kernel_size of 1 takes no strides here; take a larger one, or pool before it")
    return (*slid(shape[1:], a), a["filters"])


def _filmed(shape: Shape, a: Arguments) -> Shape:
    return (shape[0], *_frame(shape, a)) if a.get("return_sequences") else _frame(shape, a)


def _film_parameters(shape: Shape, a: Arguments) -> Parameters:
    filters = a["filters"]
    weights = math.prod(a["kernel_size"]) * (shape[-1] + filters)
    return _GATES["ConvLSTM"] * filters * (weights + (1 if a.get("use_bias", True) else 0)), 0


def _convolutional(rank: int) -> Kind:
    arguments: Checks = {
        "filters": POSITIVE, **window_arguments(rank), **weighted(kernel=rank + 2, recurrent=rank + 2), **_GATED,
        "unit_forget_bias": flag, **_REMEMBERING,
    }  # fmt: skip
    return Kind(
        arguments, _filmed, _film_parameters, ("filters", "kernel_size"), _FILM[rank],
        lambda shape, a: shape[0] * math.prod(_frame(shape, a)) * 5, lambda a: f"ConvLSTM{rank}D",
    )  # fmt: skip


KINDS = {
    "LSTM": _recurrent("LSTM", {**_GATED, "unit_forget_bias": flag}),
    "GRU": _recurrent("GRU", {**_GATED, "reset_after": flag}),
    "SimpleRNN": _recurrent("SimpleRNN", {}),
    **{f"ConvLSTM{rank}D": _convolutional(rank) for rank in (1, 2, 3)},
}
