"""Networks drawn at random, up to 30 layers: shapes and parameters are Keras's, and so is what pairs compute sooner."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from proving import Line, judge

from gan_tui.training.fast import forward
from gan_tui.training.models.build import build_network
from random_graphs import drawn

pytestmark = [pytest.mark.prove, pytest.mark.timeout(3600)]
GRAPHS = 200


def test_shapes_and_parameters_of_random_graphs(lines: list[Line]) -> None:
    layers = wrong = 0
    for seed in range(GRAPHS):
        network = drawn(seed)
        model = build_network(network)
        for row in network.rows:
            layer = model.get_layer(row.name)
            layers += 1
            wrong += (tuple(layer.output.shape[1:]), layer.count_params()) != (row.output_shape, row.parameters)
        keras.backend.clear_session()
    what = f"{GRAPHS} random graphs of {layers:,} layers: shapes and parameters that are not Keras's"
    lines.append(Line(what, "0", "0", str(wrong), not wrong))
    judge(lines)


def test_what_is_computed_sooner_of_random_graphs(lines: list[Line]) -> None:
    worst = 0.0
    for seed in range(GRAPHS):
        network = drawn(1000 + seed)
        model = build_network(network)
        numbers = np.random.default_rng(seed)
        x = [tf.constant(numbers.normal(size=(2, *shape)).astype(np.float32)) for shape in network.inputs.values()]
        given = x if len(x) > 1 else x[0]
        theirs, ours = model(given, training=False), forward.run(model, given, training=False)
        scale = max(1.0, float(np.abs(theirs).max()))
        worst = max(worst, float(np.abs(np.asarray(theirs) - np.asarray(ours)).max()) / scale)
        keras.backend.clear_session()
    what = f"{GRAPHS} random graphs, what they give: greatest difference from Keras, of the greatest number"
    lines.append(Line(what, "0", "≤ 1e-5", f"{worst:.1e}", worst <= 1e-5))
    judge(lines)
