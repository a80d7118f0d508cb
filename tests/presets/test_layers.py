"""Shapes and parameters worked out without TensorFlow. (tests/training compares every kind with Keras itself.)"""

import pytest

from gan_tui.presets.layers import KINDS, LARGEST_LAYER, checked_arguments, layer_row


def row(kind: str, shape: tuple[int, ...], **arguments: object) -> tuple[tuple[int, ...], int, int]:
    """(output shape, trainable, fixed)"""
    found = layer_row("it", kind, (shape,), checked_arguments(kind, arguments))
    return found.output_shape, found.trainable, found.fixed


@pytest.mark.parametrize(
    ("kind", "shape", "arguments", "expected"),
    [
        ("Dense", (100,), {"units": 256}, ((256,), 25_856, 0)),
        ("Dense", (7, 7, 8), {"units": 4, "use_bias": False}, ((7, 7, 4), 32, 0)),
        ("Conv2D", (28, 28, 1), {"filters": 32, "kernel_size": 3}, ((26, 26, 32), 320, 0)),
        (
            "Conv2D",
            (28, 28, 3),
            {"filters": 8, "kernel_size": 5, "strides": 2, "padding": "same"},
            ((14, 14, 8), 608, 0),
        ),
        ("Conv2D", (9, 12, 2), {"filters": 4, "kernel_size": [2, 3], "strides": 2}, ((4, 5, 4), 52, 0)),
        (
            "Conv2DTranspose",
            (7, 7, 8),
            {"filters": 4, "kernel_size": 5, "strides": 2, "padding": "same"},
            ((14, 14, 4), 804, 0),
        ),
        ("Conv2DTranspose", (7, 7, 8), {"filters": 4, "kernel_size": 5, "strides": 2}, ((17, 17, 4), 804, 0)),
        ("MaxPooling2D", (9, 9, 4), {}, ((4, 4, 4), 0, 0)),
        ("MaxPooling2D", (9, 9, 4), {"padding": "same"}, ((5, 5, 4), 0, 0)),
        ("AveragePooling2D", (28, 28, 32), {"pool_size": 3}, ((9, 9, 32), 0, 0)),
        ("AveragePooling2D", (9, 9, 1), {"pool_size": 3, "strides": 1}, ((7, 7, 1), 0, 0)),
        ("UpSampling2D", (7, 7, 64), {}, ((14, 14, 64), 0, 0)),
        ("GlobalAveragePooling2D", (7, 7, 64), {}, ((64,), 0, 0)),
        ("Flatten", (7, 7, 64), {}, ((3136,), 0, 0)),
        ("Reshape", (12_544,), {"target_shape": [7, 7, 256]}, ((7, 7, 256), 0, 0)),
        ("Dropout", (10,), {"rate": 0.4}, ((10,), 0, 0)),
        ("BatchNormalization", (12_544,), {"momentum": 0.9}, ((12_544,), 25_088, 25_088)),
        ("Activation", (3,), {"activation": "tanh"}, ((3,), 0, 0)),
        ("ReLU", (3,), {}, ((3,), 0, 0)),
        ("LeakyReLU", (3,), {"negative_slope": 0.2}, ((3,), 0, 0)),
    ],
)
def test_output_shape_and_parameters(kind: str, shape: tuple[int, ...], arguments: dict, expected) -> None:
    assert row(kind, shape, **arguments) == expected


@pytest.mark.parametrize(
    ("kind", "shape", "arguments", "sentence"),
    [
        ("Dense", (4,), {"unit": 3}, 'Dense has no argument "unit", did you mean "units"?'),
        ("Dense", (4,), {}, "Dense needs units"),
        ("Dense", (4,), {"units": 0}, "Dense's units must be a whole number from 1"),
        ("Dense", (4,), {"units": 2, "activation": "rely"}, 'Dense\'s activation cannot be "rely", did you mean'),
        (
            "Dense",
            (4,),
            {"units": 2, "kernel_initialiser": "zeros"},
            'Dense has no argument "kernel_initialiser", did',
        ),
        ("LeakyReLU", (4,), {"alpha": 0.2}, 'LeakyReLU has no argument "alpha"'),
        ("Conv2D", (784,), {"filters": 2, "kernel_size": 3}, "Conv2D needs an input of 3 axes"),
        ("Conv2D", (2, 2, 1), {"filters": 2, "kernel_size": 3}, "Conv2D makes [2, 2, 1] smaller than one pixel"),
        ("MaxPooling2D", (1, 1, 8), {}, "MaxPooling2D makes [1, 1, 8] smaller than one pixel"),
        ("Reshape", (10,), {"target_shape": [3, 3]}, "target_shape [3, 3] holds 9 numbers, but 10 come in"),
        ("Dropout", (10,), {"rate": 1.5}, "Dropout's rate must be a number from 0 to 0.999"),
        ("Dense", (1_000_000,), {"units": 1000}, "Dense is too large: at most 200,000,000"),
        ("UpSampling2D", (1000, 1000, 1), {"size": 1000}, "UpSampling2D is too large"),
    ],
)
def test_what_cannot_be_is_refused_with_the_layer_and_the_argument(
    kind: str, shape: tuple[int, ...], arguments: dict, sentence: str
) -> None:
    with pytest.raises(ValueError) as caught:
        row(kind, shape, **arguments)
    assert str(caught.value).startswith(sentence)


def test_the_largest_layer_is_refused_before_anything_of_its_size_is_made() -> None:
    side = 1_000_000
    with pytest.raises(ValueError, match="too large"):
        row("Dense", (side,), units=side)
    assert side * side > LARGEST_LAYER


def test_only_layers_that_run_no_code_are_known() -> None:
    assert "Lambda" not in KINDS
    assert "TorchModuleWrapper" not in KINDS
