"""Networks drawn at random: layers of many kinds that take what any of those above them give."""

import math
import random
from typing import Any

from gan_tui.presets import Network
from gan_tui.presets.layers import Shape, checked_arguments, layer_row
from gan_tui.presets.networks import read_networks

Entry = dict[str, Any]
MOST_LAYERS = 30
MOST_NUMBERS = 30_000
"""Of one layer's output."""

IMAGES: list[Entry] = [
    {"layer": "Conv2D", "filters": 4, "kernel_size": 3, "padding": "same", "activation": "tanh"},
    {"layer": "Conv2D", "filters": 8, "kernel_size": 1},
    {"layer": "Conv2D", "filters": 4, "kernel_size": 1, "strides": 2},
    {"layer": "Conv2D", "filters": 4, "kernel_size": 3, "strides": 2, "padding": "same", "use_bias": False},
    {"layer": "Conv2D", "filters": 4, "kernel_size": 5, "padding": "same"},
    {"layer": "Conv2DTranspose", "filters": 4, "kernel_size": 5, "padding": "same"},
    {"layer": "UpSampling2D"},
    {"layer": "UpSampling2D"},
    {"layer": "UpSampling2D"},
    {"layer": "MaxPooling2D", "padding": "same"},
    {"layer": "DepthwiseConv2D", "kernel_size": 3, "padding": "same"},
    {"layer": "SeparableConv2D", "filters": 4, "kernel_size": 3, "strides": 2, "padding": "same"},
    {"layer": "BatchNormalization"},
    {"layer": "LayerNormalization"},
    {"layer": "ReLU"},
    {"layer": "GlobalAveragePooling2D"},
    {"layer": "Flatten"},
]
STEPS: list[Entry] = [
    {"layer": "Dense", "units": 8},
    {"layer": "Conv1D", "filters": 8, "kernel_size": 3, "padding": "causal"},
    {"layer": "GRU", "units": 4, "return_sequences": True},
    {"layer": "Bidirectional", "wraps": {"layer": "LSTM", "units": 3}},
    {"layer": "UnitNormalization"},
    {"layer": "BatchNormalization"},
    {"layer": "Flatten"},
]
FLAT: list[Entry] = [
    {"layer": "Dense", "units": 8, "activation": "tanh"},
    {"layer": "Dense", "units": 400, "activation": "tanh"},
    {"layer": "BatchNormalization"},
    {"layer": "LeakyReLU", "negative_slope": 0.2},
    {"layer": "Reshape", "target_shape": [2, 4]},
]
OF_ONE = {1: FLAT, 2: STEPS, 3: IMAGES}
MERGING: list[Entry] = [
    *({"layer": kind} for kind in ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate")),
    {"layer": "Concatenate"},
    {"layer": "Concatenate", "axis": 1},
    {"layer": "Dot", "axes": 1, "normalize": True},
    {"layer": "Attention", "use_scale": True},
    {"layer": "AdditiveAttention"},
    {"layer": "MultiHeadAttention", "num_heads": 2, "key_dim": 3},
    {"layer": "GroupQueryAttention", "head_dim": 3, "num_query_heads": 4, "num_key_value_heads": 2},
]


def drawn(seed: int) -> Network:
    """A network of at most 30 layers, each of which is of use."""
    chance = random.Random(seed)
    while True:
        inputs = {"image": [8, 8, 3], "label": [8]} if chance.random() < 0.3 else {"input": [8, 8, 3]}
        layers = _layers(chance, inputs, chance.randrange(3, 22))
        layers += _end(layers, inputs)
        if len(layers) <= MOST_LAYERS:
            (network,) = read_networks({"graph": {"inputs": inputs, "layers": layers}}, ("graph",))
            return network


def _layers(chance: random.Random, inputs: Entry, count: int) -> list[Entry]:
    shapes: dict[str, Shape] = {name: tuple(shape) for name, shape in inputs.items()}
    layers: list[Entry] = []
    while len(layers) < count:
        entry = _of_one(chance, shapes) if chance.random() < 0.4 else _of_several(chance, shapes)
        name = f"l{len(layers)}"
        if shape := _shape(entry, shapes):
            layers.append({**entry, "name": name})
            shapes[name] = shape
    return layers


def _of_one(chance: random.Random, shapes: dict[str, Shape]) -> Entry:
    source = chance.choice(list(shapes)[-5:])  # so that some paths are long
    return {**chance.choice(OF_ONE[len(shapes[source])]), "from": [source]}


def _of_several(chance: random.Random, shapes: dict[str, Shape]) -> Entry:
    """Of any, which mostly do not fit each other, or of those of one shape."""
    shape = chance.choice(list(shapes.values()))
    alike = [name for name, other in shapes.items() if other == shape or chance.random() < 0.04]
    return {**chance.choice(MERGING), "from": chance.sample(alike, min(len(alike), chance.choice([1, 2, 2, 3])))}


def _shape(entry: Entry, shapes: dict[str, Shape]) -> Shape | None:
    """What it gives; None where it cannot be, is large, or has more axes than images have."""
    given = {key: value for key, value in entry.items() if key not in ("layer", "from")}
    try:
        row = layer_row("it", entry["layer"], [shapes[source] for source in entry["from"]],
                        checked_arguments(entry["layer"], given))  # fmt: skip
    except ValueError:
        return None
    fits = math.prod(row.output_shape) <= MOST_NUMBERS and len(row.output_shape) <= 3
    return row.output_shape if fits else None


def _end(layers: list[Entry], inputs: Entry) -> list[Entry]:
    """Layers that take whatever nothing takes yet."""
    used = {source for layer in layers for source in layer["from"]}
    left = [name for name in (*inputs, *(layer["name"] for layer in layers)) if name not in used][:16]
    flat = [{"layer": "Flatten", "name": f"flat_{name}", "from": [name]} for name in left]
    if len(left) == 1:
        return flat
    return [*flat, {"layer": "Concatenate", "from": [layer["name"] for layer in flat]}]
