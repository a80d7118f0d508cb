"""A Keras model as an ONNX file that explains itself: names, a free batch size, what run it is of."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import keras
import numpy as np
import onnx
import onnxruntime
import tensorflow as tf
import tf2onnx
from numpy.typing import NDArray

from gan_tui.errors import UserError
from gan_tui.presets import Network, Preset
from gan_tui.presets.ends import input_names, output_name
from gan_tui.training.fast.compiled import compiled
from gan_tui.training.onnx_apart import apart

OPSET = 17
"""Of 2022: what runs ONNX at all has it, and it has all that layers here need."""
BATCH = "batch"
"""What the first axis is called, whose length is free."""
TOO_FAR = 1e-3
"""Beyond what rounding explains."""
_ROWS = (1, 3)
"""Batch sizes that are compared."""
_WHOLE_NUMBERS = ("Embedding", "CategoryEncoding")
"""Layers that take nothing else."""


@dataclass(frozen=True)
class Told:
    """What a file says of its network."""

    preset: Preset
    network: Network
    run: str
    step: int
    documents: Mapping[str, str]

    def properties(self) -> dict[str, str]:
        """As ONNX keeps them: texts by name. Lists are JSON."""
        preset, settings = self.preset, self.preset.settings
        told = {
            "run": self.run, "step": str(self.step), "network": self.network.name, "preset": preset.name,
            "task": preset.task, "data": preset.data_name, "gan_tui": version("gan-tui"), **self.documents,
        }  # fmt: skip
        if preset.facts.names:
            told["classes"] = json.dumps(preset.facts.names, ensure_ascii=False)
        if preset.facts.label:
            told["label"] = preset.facts.label
        told |= {name: json.dumps(settings[name]) for name in ("image_range", "latent") if name in settings}
        return told

    def sentence(self) -> str:
        return f"The {self.network.name} of the run {self.run} after {self.step:,} steps: {self.preset.title}."


def write(model: keras.Model, told: Told, file: Path) -> float:
    """Write the file; returns how far ONNX Runtime's numbers are from the model's. Raises UserError."""
    inputs, output = input_names(told.preset, told.network), output_name(told.preset, told.network)
    made = _converted(model, told.network, inputs, output)
    made.producer_name, made.producer_version, made.doc_string = "gan-tui", version("gan-tui"), told.sentence()
    made.graph.name = told.network.name
    onnx.helper.set_model_props(made, told.properties())
    onnx.checker.check_model(made)
    onnx.save(made, file)
    far = _apart(model, file, told.network, inputs)
    if not far < TOO_FAR:
        raise UserError(f"ONNX computes the {told.network.name} otherwise than Keras: numbers differ by {far:.2g}")
    return far


@contextmanager
def _seen_through() -> Iterator[None]:
    """What Keras has compiled by itself, such as grouped convolutions, is part of what calls it."""
    tf.config.run_functions_eagerly(True)
    try:
        yield
    finally:
        tf.config.run_functions_eagerly(False)


def _converted(model: keras.Model, network: Network, inputs: Sequence[str], output: str) -> onnx.ModelProto:
    specs = [
        tf.TensorSpec((None, *shape), tf.float32, name=name)
        for name, shape in zip(inputs, network.inputs.values(), strict=True)
    ]

    @compiled(input_signature=specs)  # type: ignore[untyped-decorator]
    def computed(*given: Any) -> Any:
        return {output: model(list(given) if len(given) > 1 else given[0], training=False)}

    for layer in model._flatten_layers(include_self=False):
        layer.activity_regularizer = None  # what it adds to a loss, whoever converts trips over
    with _seen_through():
        made, _ = tf2onnx.convert.from_function(computed, input_signature=specs, opset=OPSET)
    _without_erfc(made)
    if unknown := sorted({node.op_type for node in made.graph.node if not onnx.defs.has(node.op_type, node.domain)}):
        raise UserError(f"the {network.name} computes what ONNX has no operation for: {', '.join(unknown)}")
    _rename(made, dict(zip([each.name for each in made.graph.input], inputs, strict=True)))
    _rename(made, {made.graph.output[0].name: output})
    for each, shape in zip(made.graph.input, network.inputs.values(), strict=True):
        _have_shape(each, shape)
    for each, shape in zip(made.graph.output, [network.output], strict=True):
        _have_shape(each, shape)
    return made


def _without_erfc(model: onnx.ModelProto) -> None:
    """The complement of the error function, by which Keras computes gelu, is no operation of ONNX; it is 1 - Erf."""
    nodes = list(model.graph.node)
    if not any(node.op_type == "Erfc" for node in nodes):
        return
    one = onnx.numpy_helper.from_array(np.float32(1), "one_of_erfc")
    model.graph.initializer.append(one)
    del model.graph.node[:]
    for node in nodes:
        if node.op_type == "Erfc":
            (taken,), (given,) = node.input, node.output
            model.graph.node.append(onnx.helper.make_node("Erf", [taken], [f"{given}_erf"]))
            node = onnx.helper.make_node("Sub", [one.name, f"{given}_erf"], [given])
        model.graph.node.append(node)


def _rename(model: onnx.ModelProto, names: Mapping[str, str]) -> None:
    """Values of the graph, wherever they stand."""
    for each in (*model.graph.input, *model.graph.output, *model.graph.value_info):
        each.name = names.get(each.name, each.name)
    for node in model.graph.node:
        for words in (node.input, node.output):
            for place, name in enumerate(words):
                words[place] = names.get(name, name)


def _have_shape(value: onnx.ValueInfoProto, shape: Sequence[int]) -> None:
    """Rows of such examples, however many."""
    kind = value.type.tensor_type
    kind.shape.ClearField("dim")
    kind.shape.dim.add().dim_param = BATCH
    for length in shape:
        kind.shape.dim.add().dim_value = length


# Compared --------------------------------------------------------------


def _apart(model: keras.Model, file: Path, network: Network, names: Sequence[str]) -> float:
    """The largest difference of what both compute of some made-up examples, as a share of the largest number, or of
    1."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    generator, found = np.random.default_rng(0), 0.0
    for rows in _ROWS:
        given = [_examples(generator, rows, shape, network) for shape in network.inputs.values()]
        (theirs,) = session.run(None, dict(zip(names, given, strict=True)))
        with _seen_through():
            ours = np.asarray(model(given if len(given) > 1 else given[0], training=False))
        if theirs.shape != ours.shape:
            raise UserError(f"ONNX gives {list(theirs.shape)} numbers where Keras gives {list(ours.shape)}")
        found = max(found, apart(theirs, ours))
    return found


def _examples(generator: np.random.Generator, rows: int, shape: Sequence[int], network: Network) -> NDArray[np.float32]:
    if any(layer.kind in _WHOLE_NUMBERS for layer in network.layers):
        return generator.integers(0, 2, (rows, *shape)).astype(np.float32)
    return generator.standard_normal((rows, *shape), np.float32)
