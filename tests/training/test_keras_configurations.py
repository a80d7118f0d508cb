"""What Keras writes of a layer, read as a preset would have it: the same layer again."""

# ruff: noqa: E501 (a table reads best with a row a line)

import inspect
import json
from typing import Any

import keras
import pytest

from gan_tui.presets.layers import KINDS, Wrapping
from gan_tui.presets.networks import network_document, read_networks
from gan_tui.presets.saved import values
from gan_tui.presets.saved.networks import network_of
from gan_tui.training.models.build import build_network

NOT_SAID = ("linear", "channels_last")
"""What Keras writes for None."""


@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if not isinstance(kind, Wrapping)])
def test_what_is_left_out_is_what_keras_takes_anyway(kind: str) -> None:
    known = KINDS[kind]
    for name, parameter in inspect.signature(getattr(keras.layers, kind).__init__).parameters.items():
        if name not in known.arguments or name in known.required or name == "seed" or kind.startswith("ZeroPadding"):
            continue  # the padding of those is below
        ours, keras_takes = values.default_of(kind, name), parameter.default
        if ours is None:
            continue  # it is always written out
        if name.endswith("_initializer"):
            ours, keras_takes = (type(keras.initializers.get(each)).__name__ for each in (ours, keras_takes))
        same = [ours] * len(keras_takes) if isinstance(keras_takes, tuple) and not isinstance(ours, list) else ours
        assert json.dumps(same) == json.dumps(keras_takes) or (keras_takes is None and ours in NOT_SAID), name


def test_where_weights_lie_follows_from_the_names_of_keras_own_classes() -> None:
    other = {name: kind.__name__ for name in KINDS if (kind := getattr(keras.layers, name)).__name__ != name}
    assert other == {"GroupQueryAttention": "GroupedQueryAttention"}


WRITTEN: list[tuple[tuple[int, ...], dict[str, Any]]] = [
    ((8, 8, 4), {"layer": "Conv2D", "filters": 6, "kernel_size": 3, "groups": 2, "dilation_rate": 2, "use_bias": False}),
    ((8, 8, 2), {"layer": "Conv2D", "filters": 2, "kernel_size": 3, "padding": "same", "strides": 2, "activation": "gelu",
                 "kernel_initializer": {"name": "RandomNormal", "stddev": 0.02}, "bias_initializer": "ones",
                 "kernel_regularizer": {"name": "L2", "l2": 0.01}, "kernel_constraint": {"name": "MaxNorm", "max_value": 3}}),
    ((4,), {"layer": "Dense", "units": 3, "kernel_initializer": "he_normal", "trainable": False}),
    ((4,), {"layer": "Dense", "units": 3, "kernel_regularizer": {"name": "L1L2", "l1": 0.1, "l2": 0.2}}),
    ((10, 3), {"layer": "Conv1D", "filters": 4, "kernel_size": 3, "padding": "causal"}),
    ((4, 4, 2), {"layer": "Conv2DTranspose", "filters": 3, "kernel_size": 3, "strides": 2, "padding": "same", "output_padding": 0}),
    ((8, 8, 1), {"layer": "DepthwiseConv2D", "kernel_size": 3, "depth_multiplier": 2}),
    ((8, 8, 1), {"layer": "MaxPooling2D", "pool_size": 3, "strides": 2, "padding": "same"}),
    ((8, 8, 1), {"layer": "AveragePooling2D", "pool_size": 2}),
    ((8, 8, 1), {"layer": "GlobalAveragePooling2D", "keepdims": True}),
    ((8, 8, 1), {"layer": "UpSampling2D", "size": [2, 3], "interpolation": "bilinear"}),
    ((8, 8, 1), {"layer": "ZeroPadding2D", "padding": [[0, 1], [2, 3]]}),
    ((8, 8, 1), {"layer": "ZeroPadding2D"}),
    ((8, 3), {"layer": "ZeroPadding1D"}),
    ((4, 4, 4, 1), {"layer": "ZeroPadding3D"}),
    ((8, 8, 1), {"layer": "MaxPooling2D", "pool_size": 2, "strides": 1}),
    ((8, 8, 1), {"layer": "Cropping2D", "cropping": [[1, 1], [0, 2]]}),
    ((8, 8, 1), {"layer": "BatchNormalization", "momentum": 0.9, "axis": 3, "center": False}),
    ((8, 8, 1), {"layer": "LayerNormalization", "axis": [1, 2]}),
    ((8, 8, 6), {"layer": "GroupNormalization", "groups": 3}),
    ((3,), {"layer": "Normalization", "mean": [0, 1, 2], "variance": [1, 1, 4]}),
    ((5, 3), {"layer": "LSTM", "units": 4, "return_sequences": True, "dropout": 0.1, "recurrent_activation": "hard_sigmoid"}),
    ((5, 3), {"layer": "GRU", "units": 4, "reset_after": False, "activation": "relu"}),
    ((5, 3), {"layer": "Bidirectional", "wraps": {"layer": "LSTM", "units": 4}, "merge_mode": "sum"}),
    ((8, 8, 3), {"layer": "SpectralNormalization", "wraps": {"layer": "Conv2D", "filters": 8, "kernel_size": 3}}),
    ((5, 3), {"layer": "TimeDistributed", "wraps": {"layer": "Dense", "units": 2, "activation": "relu"}}),
    ((7,), {"layer": "Embedding", "input_dim": 10, "output_dim": 4}),
    ((8, 8, 3), {"layer": "Rescaling", "scale": 1.0, "offset": -1.0}),
    ((8, 8, 3), {"layer": "Resizing", "height": 4, "width": 6}),
    ((8, 8, 3), {"layer": "RandomRotation", "factor": [-0.1, 0.1]}),
    ((8, 8, 3), {"layer": "RandomFlip", "mode": "horizontal"}),
    ((8, 8, 3), {"layer": "RandomZoom", "height_factor": [-0.2, 0.2]}),
    ((8, 8, 3), {"layer": "Dropout", "rate": 0.2, "noise_shape": [8, 1, 3]}),
    ((8, 8, 3), {"layer": "SpatialDropout2D", "rate": 0.2}),
    ((8, 8, 3), {"layer": "GaussianNoise", "stddev": 0.2}),
    ((8, 8, 3), {"layer": "LeakyReLU"}),
    ((8, 8, 3), {"layer": "ReLU", "max_value": 6}),
    ((8, 8, 3), {"layer": "PReLU", "shared_axes": [1, 2]}),
    ((8, 8, 3), {"layer": "Permute", "dims": [3, 1, 2]}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("shape", "layer"), WRITTEN, ids=[f"{number}-{row['layer']}" for number, (_, row) in enumerate(WRITTEN)]
)
def test_a_layer_that_keras_writes_is_the_one_that_the_preset_wrote(
    shape: tuple[int, ...], layer: dict[str, Any]
) -> None:
    table = {"net": {"input": list(shape), "layers": [layer]}}
    (network,) = read_networks(table, ("net",))
    config = json.loads(json.dumps(keras.saving.serialize_keras_object(build_network(network))))
    (again,) = read_networks({"net": network_of(config).table()}, ("net",))
    assert network_document(again) == network_document(network)
