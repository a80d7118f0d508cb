"""Layers with all their arguments, as presets write them: what comes of them, and what is refused and how.

(tests/training compares shapes and parameters of every kind with Keras itself.)
"""

# ruff: noqa: E501 (a table reads best with a row a line)

import copy
import re
from pathlib import Path
from typing import Any

import pytest

from gan_tui import presets
from gan_tui.presets import sizes
from gan_tui.presets.layer_table import layer_rows
from gan_tui.presets.layers import KINDS, checked_arguments, layer_row
from gan_tui.presets.made_of import differences
from gan_tui.presets.networks import network_document, read_networks
from gan_tui.run.layer_words import argument_words, described


def row(kind: str, shape: tuple[int, ...], **arguments: object) -> tuple[tuple[int, ...], int, int]:
    """(output shape, trainable, fixed)"""
    found = layer_row("it", kind, (shape,), checked_arguments(kind, arguments))
    return found.output_shape, found.trainable, found.fixed


def network(*layers: dict[str, Any], shape: tuple[int, ...] = (8, 8, 1)) -> presets.Network:
    (made,) = read_networks({"it": {"input": list(shape), "layers": list(layers)}}, ("it",))
    return made


COUNTED = [
    ("Conv1D", (10, 3), {"filters": 4, "kernel_size": 3, "dilation_rate": 2}, ((6, 4), 40, 0)),
    ("Conv1D", (10, 3), {"filters": 4, "kernel_size": 3, "padding": "causal", "strides": 2}, ((5, 4), 40, 0)),
    ("Conv2D", (8, 8, 4), {"filters": 6, "kernel_size": 3, "groups": 2}, ((6, 6, 6), 114, 0)),
    ("Conv3D", (4, 6, 8, 1), {"filters": 2, "kernel_size": [1, 2, 3]}, ((4, 5, 6, 2), 14, 0)),
    (
        "Conv2DTranspose",
        (4, 4, 2),
        {"filters": 3, "kernel_size": 3, "strides": 2, "padding": "same", "output_padding": 0},
        ((7, 7, 3), 57, 0),
    ),
    ("Conv1DTranspose", (5, 2), {"filters": 3, "kernel_size": 3, "dilation_rate": 2}, ((9, 3), 21, 0)),
    ("DepthwiseConv2D", (8, 8, 3), {"kernel_size": 3, "depth_multiplier": 2}, ((6, 6, 6), 60, 0)),
    ("SeparableConv1D", (8, 3), {"filters": 5, "kernel_size": 3, "use_bias": False}, ((6, 5), 24, 0)),
    ("GlobalMaxPooling3D", (2, 3, 4, 5), {"keepdims": True}, ((1, 1, 1, 5), 0, 0)),
    ("AdaptiveAveragePooling1D", (9, 2), {"output_size": 4}, ((4, 2), 0, 0)),
    ("BatchNormalization", (6, 3), {"axis": 1, "renorm": True, "center": False}, ((6, 3), 6, 30)),
    ("LayerNormalization", (6, 3), {"axis": [1, 2]}, ((6, 3), 36, 0)),
    ("GroupNormalization", (6, 6), {"groups": 3, "scale": False}, ((6, 6), 6, 0)),
    ("RMSNormalization", (6, 4), {}, ((6, 4), 4, 0)),
    ("Normalization", (3,), {"mean": [0, 1, 2], "variance": [1, 1, 4]}, ((3,), 0, 0)),
    ("PReLU", (4, 4, 3), {"shared_axes": [1, 2]}, ((4, 4, 3), 3, 0)),
    ("Embedding", (7,), {"input_dim": 10, "output_dim": 4}, ((7, 4), 40, 0)),
    ("LSTM", (5, 3), {"units": 4}, ((4,), 128, 0)),
    ("GRU", (5, 3), {"units": 4, "return_sequences": True}, ((5, 4), 108, 0)),
    ("GRU", (5, 3), {"units": 4, "reset_after": False}, ((4,), 96, 0)),
    ("SimpleRNN", (5, 3), {"units": 4, "use_bias": False}, ((4,), 28, 0)),
    ("ConvLSTM2D", (5, 6, 6, 2), {"filters": 3, "kernel_size": 3, "padding": "same"}, ((6, 6, 3), 552, 0)),
    ("MultiHeadAttention", (5, 8), {"num_heads": 2, "key_dim": 3}, ((5, 8), 218, 0)),
    ("GroupQueryAttention", (5, 8), {"head_dim": 3, "num_query_heads": 4, "num_key_value_heads": 2}, ((5, 8), 320, 0)),
    ("Permute", (2, 3, 4), {"dims": [3, 1, 2]}, ((4, 2, 3), 0, 0)),
    ("RepeatVector", (4,), {"n": 3}, ((3, 4), 0, 0)),
    ("ZeroPadding2D", (4, 4, 1), {"padding": [[0, 1], [2, 3]]}, ((5, 9, 1), 0, 0)),
    ("Cropping1D", (6, 2), {}, ((4, 2), 0, 0)),
    ("UpSampling1D", (5, 2), {"size": 3}, ((15, 2), 0, 0)),
    ("EinsumDense", (5, 2), {"equation": "abc,cd->abd", "output_shape": [5, 3], "bias_axes": "d"}, ((5, 3), 9, 0)),
    ("EinsumDense", (5, 2), {"equation": "...c,cd->...d", "output_shape": [3]}, ((5, 3), 6, 0)),
    ("Discretization", (4,), {"bin_boundaries": [0, 1], "output_mode": "one_hot"}, ((4, 3), 0, 0)),
    ("UpSampling3D", (2, 2, 2, 1), {"size": [1, 2, 3]}, ((2, 4, 6, 1), 0, 0)),
    ("Resizing", (4, 4, 1), {"height": 9, "width": 7}, ((9, 7, 1), 0, 0)),
    ("RandomCrop", (8, 8, 3), {"height": 5, "width": 6}, ((5, 6, 3), 0, 0)),
    (
        "SpectralNormalization",
        (8, 8, 3),
        {"wraps": {"layer": "Conv2D", "filters": 5, "kernel_size": 3}},
        ((6, 6, 5), 140, 5),
    ),
    ("Bidirectional", (5, 3), {"wraps": {"layer": "LSTM", "units": 4}}, ((8,), 256, 0)),
    ("Bidirectional", (5, 3), {"wraps": {"layer": "LSTM", "units": 4}, "merge_mode": "sum"}, ((4,), 256, 0)),
    ("TimeDistributed", (5, 4, 3), {"wraps": {"layer": "BatchNormalization"}}, ((5, 4, 3), 6, 6)),
    ("Dense", (4,), {"units": 3, "trainable": False}, ((3,), 0, 15)),
    ("BatchNormalization", (4,), {"trainable": False}, ((4,), 0, 16)),
    ("TimeDistributed", (5, 3), {"wraps": {"layer": "Dense", "units": 2, "trainable": False}}, ((5, 2), 0, 8)),
]


@pytest.mark.parametrize(("kind", "shape", "arguments", "expected"), COUNTED, ids=lambda each: str(each)[:40])
def test_shapes_and_parameters(kind: str, shape: tuple[int, ...], arguments: dict[str, Any], expected: object) -> None:
    assert row(kind, shape, **arguments) == expected


BROKEN = [
    ({"layer": "Lambda", "function": "x"}, "Keras has Lambda, which runs code of its own: gan-tui takes none from a preset"),
    ({"layer": "TorchModuleWrapper"}, "Keras has TorchModuleWrapper, which runs another library's code"),
    ({"layer": "TextVectorization"}, "Keras has TextVectorization, which holds a vocabulary: data here are numbers"),
    ({"layer": "LSTMCell", "units": 3}, "Keras has LSTMCell, which is the inside of a layer: write LSTM, GRU or SimpleRNN"),
    ({"layer": "MixUp"}, "Keras has MixUp, which changes labels or boxes, too"),
    ({"layer": "AvgPool1D"}, 'unknown layer "AvgPool1D", write "AveragePooling1D"'),
    ({"layer": "Convolution4D"}, 'unknown layer "Convolution4D", choose one of the'),
    ({"layer": "SeparableConv2d", "filters": 1}, 'unknown layer "SeparableConv2d", did you mean "SeparableConv2D"?'),
    ({"layer": "Conv2D", "filters": 2, "kernel_size": 3, "data_format": "channels_first"}, "Conv2D's data_format must be \"channels_last\", as images are here, not \"channels_first\""),
    ({"layer": "Conv2D", "filters": 2, "kernel_size": 3, "strides": 2, "dilation_rate": 2}, "strides and dilation_rate cannot both be above 1; leave one of them out"),
    ({"layer": "Conv2D", "filters": 3, "kernel_size": 3, "groups": 2}, "groups 2 must divide filters, and 3 they do not"),
    ({"layer": "Conv2D", "filters": 2, "kernel_size": 3, "groups": 2}, "groups 2 must divide the input's channels, and 1 they do not"),
    ({"layer": "Conv2D", "filters": 10**9, "kernel_size": 3}, "Conv2D's filters must be a whole number from 1 to 1,000,000, not 1000000000"),
    ({"layer": "Conv2D", "filters": 10**6, "kernel_size": 1000, "padding": "same"}, "Conv2D is too large: at most 200,000,000 parameters or outputs per layer"),
    ({"layer": "Conv3D", "filters": 2, "kernel_size": 3}, "Conv3D needs an input of 4 axes (depth, height, width, channels), not [8, 8, 1]"),
    ({"layer": "DepthwiseConv2D", "kernel_size": 3, "strides": [1, 2]}, "strides must be the same along each axis"),
    ({"layer": "DepthwiseConv2D", "kernel_size": 200, "depth_multiplier": 10_000, "padding": "same"}, "DepthwiseConv2D is too large: at most 200,000,000"),
    ({"layer": "RepeatVector", "n": 10**9}, "RepeatVector's n must be a whole number from 1 to 1,000,000, not 1000000000"),
    ({"layer": "Conv2DTranspose", "filters": 2, "kernel_size": 3, "strides": 2, "output_padding": 2}, "output_padding must be below the stride, and 2 is not below 2"),
    ({"layer": "AdaptiveMaxPooling2D", "output_size": [1, 4]}, "output_size must be 2 or more along each axis, and at most what comes in, [8, 8]; GlobalMaxPooling2D"),
    ({"layer": "AdaptiveMaxPooling2D", "output_size": 9}, "output_size must be 2 or more along each axis, and at most what comes in, [8, 8]"),
    ({"layer": "LSTM", "units": 4}, "LSTM needs an input of 2 axes (steps, channels), not [8, 8, 1]"),
    ({"layer": "LSTM", "units": 4, "stateful": True}, "LSTM's stateful cannot be set: batches are shuffled"),
    ({"layer": "LSTM", "units": 4, "return_state": True}, "LSTM's return_state cannot be set: a layer here gives one output"),
    ({"layer": "GRU", "units": 4, "reset_aftr": True}, 'GRU has no argument "reset_aftr", did you mean "reset_after"?'),
    ({"layer": "BatchNormalization", "axis": 0}, "BatchNormalization's axis must be an axis: 1, 2, … from the first of an example"),
    ({"layer": "BatchNormalization", "axis": 5}, "axis 5 is none of an input of [8, 8, 1], which has 1 to 3 or -3 to -1"),
    ({"layer": "BatchNormalization", "renorm_clipping": {"rmax": 1, "rmin": 2}}, "BatchNormalization's renorm_clipping must have an rmin below its rmax"),
    ({"layer": "LayerNormalization", "axis": [1, -2]}, "axis [1, -2] counts from both ends; count all from the first"),
    ({"layer": "RMSNormalization", "axis": 1}, "axis must be the last one here, or the last ones; Permute others to the end"),
    ({"layer": "GroupNormalization", "groups": 3}, "groups 3 must divide the 1 channels; choose another, or -1 for one each"),
    ({"layer": "Normalization", "mean": [1, 2], "variance": [1, 2]}, "mean and variance must both be one number, or 1 of them, one a channel"),
    ({"layer": "Normalization", "mean": 1}, "Normalization needs variance"),
    ({"layer": "PReLU", "shared_axes": -1}, "shared_axes must be counted from the first: 1, 2, …"),
    ({"layer": "Dropout", "rate": 0.5, "noise_shape": [3, 1, 1]}, "noise_shape must be [8, 8, 1] with 1 where all are dropped together, not [3, 1, 1]"),
    ({"layer": "Cropping2D", "cropping": 4}, "cropping leaves nothing of [8, 8, 1]; cut off less"),
    ({"layer": "ZeroPadding2D", "padding": [1, 2, 3]}, "ZeroPadding2D's padding must be a whole number from 0 to 10,000, or how many before and after"),
    ({"layer": "Permute", "dims": [1, 1, 2]}, "dims must name each of the input's 3 axes once, from 1 on, not [1, 1, 2]"),
    ({"layer": "RandomHue", "factor": 0.5}, "it changes colours, so it needs 3 channels, not 1"),
    ({"layer": "RandomFlip", "mode": "sideways"}, 'RandomFlip\'s mode cannot be "sideways", choose from horizontal, vertical'),
    ({"layer": "RandomGaussianBlur", "kernel_size": 4}, "RandomGaussianBlur's kernel_size must be an odd number from 1 to 99"),
    ({"layer": "RandomZoom", "height_factor": [0.5, 0.1]}, "RandomZoom's height_factor must be a number from -0.999 to 1, or [least, most]"),
    ({"layer": "Dense", "units": 2, "kernel_initializer": "he_norml"}, 'Dense\'s kernel_initializer cannot be "he_norml", did you mean "he_normal"?'),
    ({"layer": "Dense", "units": 2, "kernel_initializer": {"name": "RandomNormal", "std": 1}}, 'Dense\'s kernel_initializer is RandomNormal, which has no argument "std", did you mean "stddev"?'),
    ({"layer": "Dense", "units": 2, "kernel_initializer": {"name": "RandomNormal", "stddev": -1}}, "Dense's kernel_initializer is RandomNormal, whose stddev must be a number from 0 to 1e+06, not -1"),
    ({"layer": "Dense", "units": 2, "kernel_initializer": {"stddev": 1}}, 'Dense\'s kernel_initializer must be a word such as "zeros", or a table such as {name = "Zeros"}'),
    ({"layer": "Dense", "units": 2, "kernel_initializer": {"name": "RandomUniform", "minval": 1}}, "Dense's kernel_initializer is RandomUniform, which has a minval above its maxval"),
    ({"layer": "Dense", "units": 2, "bias_initializer": "orthogonal"}, 'Dense\'s bias_initializer cannot be "orthogonal", which is for weights of other axes'),
    ({"layer": "Dense", "units": 2, "kernel_regularizer": "l3"}, 'Dense\'s kernel_regularizer cannot be "l3", choose from l1, l2'),
    ({"layer": "Dense", "units": 2, "kernel_constraint": {"name": "MaxNorm", "axis": 2}}, "Dense's kernel_constraint is MaxNorm, whose axis must be one from 0 to 1 of the weights"),
    ({"layer": "Dense", "units": 2, "trainable": "no"}, "Dense's trainable must be true or false, not \"no\""),
    ({"layer": "Dense", "units": 2, "dtype": "float16"}, "Dense's dtype cannot be set: all of a network is computed with the same precision"),
    ({"layer": "SpectralNormalization"}, "SpectralNormalization needs wraps"),
    ({"layer": "SpectralNormalization", "wraps": "Conv2D"}, "SpectralNormalization's wraps must be a layer without a name, such as"),
    ({"layer": "SpectralNormalization", "wraps": {"layer": "Lambda"}}, "SpectralNormalization's wraps: Keras has Lambda, which runs code"),
    ({"layer": "SpectralNormalization", "wraps": {"layer": "ReLU"}}, "SpectralNormalization cannot wrap ReLU; it takes Dense, Embedding, Conv1D"),
    ({"layer": "SpectralNormalization", "wraps": {"layer": "Dense", "unit": 3}}, 'SpectralNormalization\'s wraps: Dense has no argument "unit", did you mean "units"?'),
    ({"layer": "SpectralNormalization", "wraps": {"layer": "Dense", "units": 3}, "trainable": False}, "a kernel that stands still has no norm to keep: take the layer without SpectralNormalization"),
    ({"layer": "Bidirectional", "wraps": {"layer": "Dense", "units": 3}}, "Bidirectional cannot wrap Dense; it takes LSTM, GRU, SimpleRNN"),
    ({"layer": "TimeDistributed", "wraps": {"layer": "TimeDistributed", "wraps": {}}}, "TimeDistributed cannot wrap TimeDistributed"),
    ({"layer": "TimeDistributed", "wraps": {"layer": "Dense", "units": 3, "activity_regularizer": "l2"}}, "TimeDistributed's wraps: activity_regularizer does nothing in TimeDistributed"),
    ({"layer": "TimeDistributed", "wraps": {"layer": "Conv1D", "filters": 3, "kernel_size": 9}}, 'Conv1D makes [8, 1] smaller than one pixel; use padding "same"'),
    ({"layer": "EinsumDense", "equation": "ab", "output_shape": 3}, "EinsumDense's equation must be an equation such as \"abc,cd->abd\""),
    ({"layer": "EinsumDense", "equation": "abcd,de->abc", "output_shape": [8, 8]}, "EinsumDense's equation has \"e\" in one part alone; each letter must be in two"),
    ({"layer": "EinsumDense", "equation": "abcd,de->abce", "output_shape": [8, 7, 2]}, 'output_shape has 7 for "c", of which 8 come in'),
    ({"layer": "EinsumDense", "equation": "...c,cd->...d", "output_shape": [2]}, "equation leaves 2 axes beside the batch to the dots; name all but one"),
    ({"layer": "Discretization", "bin_boundaries": [1, 0]}, "Discretization's bin_boundaries must be a list of rising numbers"),
    ({"layer": "AugMix"}, "Keras has AugMix, which draws its changes outside the network, once for all steps: take RandAugment"),
    ({"layer": "Equalization"}, "Keras has Equalization, which Keras cannot put into a network"),
    ({"layer": "STFTSpectrogram"}, "Keras has STFTSpectrogram, which is for sound"),
    ({"layer": "Attention"}, "Attention takes 2 to 3 inputs, not 1"),
]  # fmt: skip


@pytest.mark.parametrize(("layer", "sentence"), BROKEN, ids=[str(row[0])[10:60] for row in BROKEN])
def test_what_cannot_be_is_refused_in_one_sentence(layer: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError) as caught:
        network(layer)
    assert str(caught.value).startswith(f"networks.it, layer 1: {sentence}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("steps", [257, 10_000])
def test_what_is_written_out_step_by_step_is_bounded(steps: int) -> None:
    for layer in (
        {"layer": "LSTM", "units": 2, "unroll": True},
        {"layer": "TimeDistributed", "wraps": {"layer": "ReLU"}},
    ):
        with pytest.raises(ValueError, match=f"takes at most 256 steps, not {steps:,}"):
            network(layer, shape=(steps, 1))


def test_scores_of_long_sequences_count_as_what_a_layer_makes() -> None:
    attention = {"layer": "MultiHeadAttention", "num_heads": 8, "key_dim": 1}
    assert network(attention, shape=(4000, 2))
    with pytest.raises(ValueError, match="MultiHeadAttention is too large"):
        network(attention, shape=(6000, 2))


# What they are in words, in documents, and at the end of a network ----------------------------------------


@pytest.mark.parametrize(
    ("kind", "arguments", "words"),
    [
        ("Conv2D", {"filters": 8, "kernel_size": 3, "kernel_initializer": "he_normal", "dilation_rate": 2}, "Conv2D 8 3×3 dilation 2×2"),
        ("Conv3D", {"filters": 8, "kernel_size": 3, "strides": 2, "groups": 2}, "Conv3D 8 3×3×3/2 groups 2"),
        ("Dense", {"units": 4, "use_bias": False, "trainable": False}, "Dense 4 no bias fixed"),
        ("BatchNormalization", {"momentum": 0.9, "center": False}, "BatchNormalization 0.9 no center"),
        ("LSTM", {"units": 4, "return_sequences": True, "dropout": 0.1, "seed": 3}, "LSTM 4 sequences dropout 0.1"),
        ("ZeroPadding2D", {"padding": 2}, "ZeroPadding2D 2×2"),
        ("SpectralNormalization", {"wraps": {"layer": "Conv2D", "filters": 8, "kernel_size": 3}}, "SpectralNormalization(Conv2D 8 3×3)"),
        ("Bidirectional", {"wraps": {"layer": "GRU", "units": 8}, "merge_mode": "sum"}, "Bidirectional(GRU 8) sum"),
    ],
)  # fmt: skip
def test_a_table_has_few_words_for_a_layer(kind: str, arguments: dict[str, Any], words: str) -> None:
    assert described(kind, checked_arguments(kind, arguments)) == words


def test_a_document_gives_the_same_network_again() -> None:
    made = network(
        {"layer": "ZeroPadding2D", "padding": [[0, 1], [2, 3]]},
        {"layer": "Conv2D", "filters": 2, "kernel_size": 3, "kernel_initializer": {"name": "RandomNormal", "stddev": 0.02}},
        {"layer": "SpectralNormalization", "wraps": {"layer": "Conv2D", "filters": 2, "kernel_size": [1, 2]}},
        {"layer": "LayerNormalization", "axis": [1, 2], "trainable": False},
    )  # fmt: skip
    (again,) = read_networks({"it": network_document(made)}, ("it",))
    assert again == made
    assert layer_rows(made)[3]["arguments"]["wraps"] == {"layer": "Conv2D", "filters": 2, "kernel_size": [1, 2]}


def test_what_a_table_does_not_tell_is_told_where_it_differs() -> None:
    def of(initializer: object) -> dict[str, Any]:
        return network_document(network({"layer": "Dense", "units": 2, "kernel_initializer": initializer}))

    told = [*differences("networks.it", of("zeros"), of({"name": "RandomNormal", "stddev": 0.5}))]
    assert told == ["networks.it, layer 1, has kernel_initializer RandomNormal stddev 0.5, and had zeros"]


ENDS = [
    ([{"layer": "Dense", "units": 3}, {"layer": "Softmax"}], "softmax"),
    ([{"layer": "Dense", "units": 3, "activation": "softmax"}, {"layer": "GlobalMaxPooling2D"}], "linear"),
    ([{"layer": "Dense", "units": 3, "activation": "softmax"}, {"layer": "AveragePooling2D", "pool_size": 2}], "softmax"),
    ([{"layer": "SpectralNormalization", "wraps": {"layer": "Dense", "units": 1, "activation": "sigmoid"}}], "sigmoid"),
    ([{"layer": "Reshape", "target_shape": [8, 8]}, {"layer": "LSTM", "units": 1}], "LSTM"),
    ([{"layer": "Reshape", "target_shape": [8, 8]}, {"layer": "SimpleRNN", "units": 1}], "tanh"),
    ([{"layer": "Dense", "units": 3, "activation": "sigmoid"}, {"layer": "Identity"}], "sigmoid"),
    ([{"layer": "Softmax", "axis": 1}], "softmax over other axes"),
    ([{"layer": "ELU"}], "elu"),
]  # fmt: skip


@pytest.mark.parametrize(("layers", "word"), ENDS, ids=[row[1] + str(n) for n, row in enumerate(ENDS)])
def test_what_a_network_ends_in_is_known(layers: list[dict[str, Any]], word: str) -> None:
    assert network(*layers).activation == word


def test_fixed_layers_are_marked_and_counted_apart() -> None:
    made = network(
        {"layer": "Flatten"}, {"layer": "Dense", "units": 2, "trainable": False}, {"layer": "Dense", "units": 1}
    )
    assert (made.trainable, made.fixed) == (3, 130)
    rows = layer_rows(made)
    assert [row["layer"] for row in rows] == ["input", "Flatten", "Dense 2 fixed", "Dense 1"]
    assert (rows[2]["parameters"], rows[2]["trainable"]) == (130, 0)


def test_a_network_of_fixed_layers_alone_has_nothing_to_learn() -> None:
    document = copy.deepcopy(presets.find("xor").as_document())
    for layer in document["networks"]["classifier"]["layers"]:
        layer["trainable"] = False
    with pytest.raises(ValueError, match=r"networks\.classifier has nothing to learn; give it a layer with weights"):
        presets.from_document(document, "mine")


@pytest.mark.parametrize(
    "argument", [{"kernel_regularizer": "l2"}, {"kernel_constraint": "non_neg"}, {"trainable": False}]
)
def test_the_tape_engine_refuses_what_it_lacks_by_name(argument: dict[str, Any]) -> None:
    document = copy.deepcopy(presets.find("conv10-tape").as_document())
    document["networks"]["classifier"]["layers"][-1].update(argument)
    with pytest.raises(ValueError, match=f"engine: the tape engine has no {next(iter(argument))} "):
        presets.from_document(document, "mine")


def test_sizes_follow_the_data_inside_wrappers_too() -> None:
    document = copy.deepcopy(presets.find("gan").as_document())
    layers = document["networks"]["generator"]["layers"]
    layers[-1] = {
        "layer": "SpectralNormalization",
        "wraps": {"layer": "Dense", "units": "inputs", "activation": "tanh"},
    }
    document["networks"]["discriminator"]["input"] = "data"
    if "Flatten" not in {layer["layer"] for layer in document["networks"]["discriminator"]["layers"]}:
        document["networks"]["discriminator"]["layers"].insert(0, {"layer": "Flatten"})
    assert presets.from_document(document, "mine").network("generator").output == (784,)


def test_whatever_is_nested_deeply_is_refused_or_told_shortly() -> None:
    deep: Any = {"layer": "Dense", "units": 2}
    for _ in range(5000):
        deep = {"layer": "TimeDistributed", "wraps": deep}
    with pytest.raises(ValueError, match="TimeDistributed cannot wrap TimeDistributed"):
        network(deep)
    (again,) = sizes.put_in({"it": {"layers": [deep]}}, presets.find("xor").facts)["it"]["layers"]
    assert again["wraps"]["layer"] == "TimeDistributed"
    assert argument_words([[[[[[1]]]]]]) == "…"
    assert described("TimeDistributed", {"wraps": deep}) == "TimeDistributed(TimeDistributed)"


def test_the_page_about_layers_names_each() -> None:
    page = (Path(__file__).parents[2] / "docs" / "own-networks" / "layers.md").read_text()
    for kind in KINDS:
        of_images = re.sub(r"(?<=Pooling|ampling|Padding|ropping)[13]D", "2D", kind)  # named once for all three
        assert f"`{kind}`" in page or f"`{of_images}`" in page, kind


def test_every_kind_takes_trainable_and_says_what_it_needs() -> None:
    for kind, known in KINDS.items():
        if known.required:
            with pytest.raises(ValueError, match=f"{kind} needs {known.required[0]}"):
                checked_arguments(kind, {"trainable": False})
