"""A run's networks written as ONNX: `python -m gan_tui.training.onnx_export DESCRIPTOR`, which leaves nothing else.

What is asked comes on standard input, as JSON: {"run", "into", "step"}. What was done goes to the descriptor, as one
line of JSON: {"step", "networks", "apart", "passed_over"}, or {"failed"}.

Weights are put into networks that are built from the run's preset, as when it goes on: no `.keras` file is loaded, and
no data are read. All is computed in float32, also of a run that trained in half precision. tf2onnx converts, since
Keras's own way to ONNX names inputs and outputs by numbers; ONNX Runtime's numbers are then compared with Keras's.
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from gan_tui import presets
from gan_tui.errors import UserError
from gan_tui.presets import Network, Preset
from gan_tui.run import checkpoint
from gan_tui.run.checkpoint_arrays import Arrays, require
from gan_tui.run.folder import RunFolder
from gan_tui.run.manifests import folder_name
from gan_tui.system.answering import own_answers
from gan_tui.training import environment
from gan_tui.training.failures import in_words

LARGEST = 1 << 32
"""Bytes of a checkpoint's file; ONNX itself has room for half of that."""
_RANDOM_STATE = "seed_generator_state"

environment.prepare()


def main() -> None:
    answers = own_answers()
    os.dup2(2, 1)  # libraries print
    try:
        asked = orjson.loads(sys.stdin.buffer.read())
        words = written(RunFolder(Path(asked["run"])), Path(asked["into"]), asked["step"])
    except Exception as error:  # noqa: BLE001 (whatever it was, whoever asked must be told)
        words = {"failed": in_words(error)}
    os.write(answers, orjson.dumps(words))
    os._exit(0)  # at once: there is nothing to be finished


def written(folder: RunFolder, into: Path, step: int | None) -> Mapping[str, object]:
    """Write each network's file, and compare what it computes."""
    from gan_tui.training import onnx_network

    preset = presets.of_run(folder)
    found, arrays, passed_over = _arrays(folder, step)
    documents = _documents(folder.checkpoints / folder_name(found))
    apart, names = 0.0, []
    for network in _networks(preset, arrays):
        model = _restored(network, arrays)
        told = onnx_network.Told(preset, network, folder.name, found, documents)
        apart = max(apart, onnx_network.write(model, told, into / f"{network.name}.onnx"))
        names.append(network.name)
    return {"step": found, "networks": names, "apart": apart, "passed_over": passed_over}


def _arrays(folder: RunFolder, step: int | None) -> tuple[int, Arrays, list[str]]:
    """What a checkpoint holds: of a step, or the newest that is sound. Raises UserError."""
    if step is not None:
        return step, checkpoint.read(folder.checkpoints / folder_name(step), LARGEST), []
    taken: Arrays = {}
    found, passed_over = checkpoint.restore_newest(folder.checkpoints, lambda _, arrays: taken.update(arrays), LARGEST)
    if found is None:
        raise UserError("there is no checkpoint")
    return found, taken, passed_over


def _documents(folder: Path) -> Mapping[str, str]:
    """What else a checkpoint has for whoever uses its networks elsewhere, by what it is called there."""
    from gan_tui.system.untrusted_files import read

    try:
        return {"columns": read(folder / "columns.json", 1 << 20, follow=False).decode()}
    except (OSError, ValueError):
        return {}


def _networks(preset: Preset, arrays: Arrays) -> list[Network]:
    """Those that the run trained, and a generator with averaged weights, where the run kept one."""
    from gan_tui.training.models.generator_average import NAME

    averaged = [replace(network, name=NAME) for network in preset.networks if network.name == "generator"]
    has_average = any(name.startswith(f"{NAME}/") for name in arrays)
    return [*preset.networks, *(averaged if has_average else [])]


def _restored(network: Network, arrays: Arrays) -> Any:
    """A Keras model with a checkpoint's weights; random states stay as they are, since nothing is drawn."""
    from gan_tui.training.models.build import build_network

    model = build_network(network)
    for layer in model.layers:
        for position, variable in enumerate(layer.variables):
            if variable.name != _RANDOM_STATE:
                name = f"{network.name}/{layer.name}/{position}.{variable.name}"
                require(arrays, name, tuple(variable.shape))
                variable.assign(arrays[name])
    return model


if __name__ == "__main__":
    main()
