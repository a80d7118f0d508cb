"""Every kind of layer, with hundreds of arguments drawn at random, is what Keras builds of it."""

import time

import numpy as np
import pytest
from proving import Line, judge

from gan_tui.presets.layers import KINDS
from layers_are_keras import assert_layer_is_keras
from random_layers import drawn

pytestmark = [pytest.mark.prove, pytest.mark.timeout(3600)]

DRAWS = 200


def test_shapes_and_parameters_are_those_of_keras(lines: list[Line]) -> None:
    begin, wrong = time.monotonic(), []
    for number, kind in enumerate(KINDS):
        random = np.random.default_rng(number)
        for _ in range(DRAWS):
            shapes, arguments = drawn(kind, random)
            try:
                assert_layer_is_keras(kind, shapes, arguments, trained=True)
            except Exception as problem:  # noqa: BLE001 (all that Keras may raise is told)
                wrong.append((kind, shapes, arguments, str(problem)[:300]))
    ours = f"{len(wrong)} of {len(KINDS) * DRAWS:,} ({time.monotonic() - begin:.0f} s)"
    print(*wrong[:20], sep="\n")
    what = f"layers: {len(KINDS)} kinds, {DRAWS} random arguments each: differ from Keras in shape or parameters"
    lines.append(Line(what, "0", "0", ours, not wrong))
    judge(lines)
