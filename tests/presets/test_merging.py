"""Layers of several inputs: what comes out, and what does not go together. (tests/training compares with Keras.)"""

# ruff: noqa: E501 (a table reads best with a row a line)

import pytest

from gan_tui.presets.layers import UnlikeShapesError, checked_arguments, layer_row

IMAGE, SQUEEZED, STEPS = (9, 7, 8), (1, 1, 8), (10, 16)
HEADS = {"num_heads": 4, "key_dim": 8}


@pytest.mark.parametrize(
    ("kind", "shapes", "arguments", "output", "parameters"),
    [
        ("Add", [IMAGE, IMAGE, IMAGE], {}, IMAGE, 0),
        ("Multiply", [SQUEEZED, IMAGE], {}, IMAGE, 0),
        ("Maximum", [(4, 1), (1, 5)], {}, (4, 5), 0),
        ("Subtract", [(3,), (3,)], {}, (3,), 0),
        ("Concatenate", [(9, 7, 8), (9, 7, 3), (9, 7, 1)], {}, (9, 7, 12), 0),
        ("Concatenate", [(4, 6), (9, 6)], {"axis": 1}, (13, 6), 0),
        ("Concatenate", [(4, 6), (4, 3)], {"axis": -1}, (4, 9), 0),
        ("Dot", [(3, 5), (10, 3)], {"axes": [1, 2]}, (5, 10), 0),
        ("Dot", [(8,), (8,)], {"axes": 1, "normalize": True}, (1,), 0),
        ("Dot", [(4, 8), (8,)], {"axes": -1}, (4,), 0),
        ("Attention", [STEPS, (6, 16)], {}, (10, 16), 0),
        ("Attention", [STEPS, (6, 5), (6, 16)], {"use_scale": True, "score_mode": "concat"}, (10, 5), 2),
        ("AdditiveAttention", [STEPS, (6, 16)], {}, (10, 16), 16),
        ("AdditiveAttention", [STEPS, (6, 16)], {"use_scale": False}, (10, 16), 0),
        ("MultiHeadAttention", [STEPS], HEADS, STEPS, 3 * (16 * 32 + 32) + 32 * 16 + 16),
        ("MultiHeadAttention", [STEPS, (6, 5)], HEADS | {"value_dim": 3, "use_bias": False}, STEPS,
         16 * 32 + 5 * 32 + 5 * 12 + 12 * 16),
        ("MultiHeadAttention", [STEPS, (6, 5), (6, 7)], HEADS | {"output_shape": [2, 3]}, (10, 2, 3),
         (16 + 5 + 7) * 32 + 3 * 32 + 32 * 6 + 6),
        ("MultiHeadAttention", [STEPS], HEADS | {"use_gate": True}, STEPS, 4 * (16 * 32 + 32) + 32 * 16 + 16),
    ],
)  # fmt: skip
def test_what_comes_out(
    kind: str, shapes: list[tuple[int, ...]], arguments: dict, output: tuple[int, ...], parameters: int
) -> None:
    row = layer_row("it", kind, shapes, checked_arguments(kind, arguments))
    assert (row.output_shape, row.trainable, row.fixed) == (output, parameters, 0)


@pytest.mark.parametrize(
    ("kind", "shapes", "arguments", "sentence"),
    [
        ("Add", [IMAGE, (9, 7, 4)], {}, "a [9, 7, 8] and b [9, 7, 4]: they must be of the same shape, but for axes of 1"),
        ("Add", [SQUEEZED, IMAGE, (9, 6, 8)], {}, "b [9, 7, 8] and c [9, 6, 8]: they must be of the same shape, but for axes of 1"),
        ("Concatenate", [(4, 6), (4, 6), (5, 6)], {}, "a [4, 6] and c [5, 6]: they may differ in the last axis alone, along which they are joined"),
        ("Dot", [(3, 5), (10, 3)], {"axes": 1}, "a [3, 5] and b [10, 3]: products are made along axes of the same length, not of 3 and 10"),
        ("Attention", [STEPS, (6, 15)], {}, "a [10, 16] and b [6, 15]: they must agree in their features, by which they are compared"),
        ("Attention", [STEPS, (6, 5), (7, 16)], {}, "b [6, 5] and c [7, 16]: they must agree in their steps: a value for each key"),
        ("Attention", [(2, *STEPS), (3, 6, 16)], {}, "a [2, 10, 16] and b [3, 6, 16]: they must agree in all axes but the last two"),
        ("MultiHeadAttention", [STEPS, (6, 5), (7, 5)], HEADS, "b [6, 5] and c [7, 5]: they must agree in their steps: a value for each key"),
        ("MultiHeadAttention", [IMAGE, (9, 8, 8)], HEADS | {"attention_axes": [1]},
         "a [9, 7, 8] and b [9, 8, 8]: they must agree in axis 2, which attention_axes leave out"),
        ("MultiHeadAttention", [IMAGE, STEPS], HEADS, "a [9, 7, 8] and b [10, 16]: they must have the same number of axes; Reshape one of them"),
    ],
)  # fmt: skip
def test_which_two_do_not_go_together(kind: str, shapes: list[tuple[int, ...]], arguments: dict, sentence: str) -> None:
    with pytest.raises(UnlikeShapesError) as caught:
        layer_row("it", kind, shapes, checked_arguments(kind, arguments))
    assert caught.value.told(kind, "abc") == f"{kind} cannot merge {sentence}"


@pytest.mark.parametrize(
    ("kind", "shapes", "arguments", "sentence"),
    [
        ("MultiHeadAttention", [(8,)], HEADS, "attention needs inputs of steps and features, as [10, 64] is, not [8]"),
        ("MultiHeadAttention", [STEPS] * 4, HEADS, "MultiHeadAttention takes 1 to 3 inputs, not 4"),
        ("MultiHeadAttention", [STEPS], {"num_heads": 4}, "MultiHeadAttention needs key_dim"),
        ("MultiHeadAttention", [STEPS], HEADS | {"attention_axes": [2]}, "attention_axes [2] must be some of 1, the steps of an input of [10, 16]"),
        ("MultiHeadAttention", [STEPS], HEADS | {"flash_attention": True}, "MultiHeadAttention's flash_attention cannot be set: TensorFlow takes the fastest way"),
        ("MultiHeadAttention", [(56, 56, 8)], {"num_heads": 64, "key_dim": 8}, "MultiHeadAttention is too large"),
        ("Attention", [STEPS], {}, "Attention takes 2 to 3 inputs, not 1"),
        ("Attention", [STEPS] * 2, {"score_mode": "product"}, 'Attention\'s score_mode cannot be "product", choose from dot, concat'),
    ],
)  # fmt: skip
def test_what_attention_cannot_be_given(
    kind: str, shapes: list[tuple[int, ...]], arguments: dict, sentence: str
) -> None:
    with pytest.raises(ValueError) as caught:
        layer_row("it", kind, shapes, checked_arguments(kind, arguments))
    assert str(caught.value).startswith(sentence)
