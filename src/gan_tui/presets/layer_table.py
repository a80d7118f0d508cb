"""A network as a table of layers: in words, and as plain values for events and screens."""

from collections.abc import Sequence
from typing import Any

from gan_tui.presets.networks import Network, listed


def shape(dimensions: Sequence[int]) -> str:
    """28 × 28 × 1"""
    return " × ".join(str(n) for n in dimensions)


def described(kind: str, arguments: object) -> str:
    """'Conv2D 32 3×3 relu': a layer with the arguments that matter, as short as they can be told apart."""
    given = dict(arguments)  # type: ignore[call-overload]
    words = [kind]
    for key, value in given.items():
        if key == "strides":
            words[-1] += "" if tuple(value) == (1, 1) else f"/{_window(value)}"
        elif key == "use_bias":
            words += [] if value else ["no bias"]
        elif isinstance(value, tuple):
            words.append(shape(value).replace(" ", ""))
        else:
            words.append(f"{value:g}" if isinstance(value, float) else str(value))
    return " ".join(words)


def _window(value: Sequence[int]) -> str:
    """2 for a square one, 1×2 for another."""
    return str(value[0]) if value[0] == value[1] else shape(value).replace(" ", "")


def layer_rows(network: Network) -> list[dict[str, Any]]:
    """The layer table as plain values, for events and screens; the input is its first row."""
    head = {
        "name": "input",
        "kind": "Input",
        "layer": "input",
        "output_shape": list(network.input),
        "parameters": 0,
        "trainable": 0,
    }
    return [
        head,
        *(
            {
                "name": row.name,
                "kind": row.kind,
                "layer": described(row.kind, row.arguments),
                "arguments": {name: listed(value) for name, value in row.arguments.items()},
                "output_shape": list(row.output_shape),
                "parameters": row.parameters,
                "trainable": row.trainable,
            }
            for row in network.rows
        ),
    ]
