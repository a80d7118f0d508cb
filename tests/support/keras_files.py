"""`.keras` files made by hand, as Keras writes them, for tests that load neither Keras nor TensorFlow."""

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import h5py
import numpy as np

Table = dict[str, Any]
METADATA = {"keras_version": "3.15.1", "date_saved": "2026-11-28@10:00:00"}
FLOATS = {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": None}


def layer(kind: str, name: str, module: str = "keras.layers", **config: object) -> Table:
    config = {"name": name, "trainable": True, "dtype": FLOATS, **config}
    return {"module": module, "class_name": kind, "config": config, "registered_name": None}


def given(*shape: int | None, name: str = "input_layer") -> Table:
    return layer("InputLayer", name, batch_shape=[None, *shape])


def dense(name: str, units: int, activation: str = "linear", **config: object) -> Table:
    return layer("Dense", name, units=units, activation=activation, use_bias=True, **config)


def sequential(*layers: Table, name: str = "net") -> Table:
    return _model("Sequential", {"name": name, "layers": list(layers)})


def functional(layers: Mapping[str, tuple[Table, list[str]]], outputs: list[str], name: str = "net") -> Table:
    """Layers by their names, each with the names of those that it takes."""
    written = [
        {**table, "name": key, "inbound_nodes": [{"args": [_tensors(takes)], "kwargs": {}}] if takes else []}
        for key, (table, takes) in layers.items()
    ]
    inputs = [[key, 0, 0] for key, (_, takes) in layers.items() if not takes]
    ends = [[key, 0, 0] for key in outputs]
    return _model("Functional", {"name": name, "layers": written, "input_layers": inputs, "output_layers": ends})


def _tensors(names: list[str]) -> Any:
    found = [
        {"class_name": "__keras_tensor__", "config": {"shape": [], "dtype": "float32", "keras_history": [name, 0, 0]}}
        for name in names
    ]
    return found if len(found) > 1 else found[0]


def _model(kind: str, config: Table) -> Table:
    return {"module": "keras", "class_name": kind, "config": config, "registered_name": None}


def weights(arrays: Mapping[str, Any]) -> bytes:
    """The HDF5 file with these arrays by their paths."""
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        for path, array in arrays.items():
            file[path] = np.asarray(array, np.float32)
    return content.getvalue()


def written(path: Path, config: object, hdf5: bytes | None = b"", **parts: bytes) -> Path:
    """The file; `config` is written as JSON unless it is bytes, `hdf5` None leaves the weights out."""
    content = config if isinstance(config, bytes) else json.dumps(config).encode()
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("metadata.json", json.dumps(METADATA))
        file.writestr("config.json", content)
        if hdf5 is not None:
            file.writestr("model.weights.h5", hdf5)
        for name, part in parts.items():
            file.writestr(name, part)
    return path
