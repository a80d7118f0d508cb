"""A run's networks as ONNX: converted, and compared, in a process of its own that may load TensorFlow."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import orjson

from gan_tui import presets
from gan_tui.errors import TRAINING_FAILED, UserError
from gan_tui.run import documents, manifests
from gan_tui.run.folder import RunFolder
from gan_tui.supervision.asking import answer

CONVERT = (sys.executable, "-P", "-m", "gan_tui.training.onnx_export")
AVERAGE = "generator_average"
"""The setting by which a run keeps one more generator, which is called so, too."""
EXTRA = ("tf2onnx", "onnx", "onnxruntime")
"""What `pip install 'gan-tui[onnx]'` brings."""


@dataclass(frozen=True)
class Converted:
    """What was written."""

    step: int
    """That the networks had come to."""
    files: Mapping[str, Path]
    """Network → its file."""
    apart: float
    """How far ONNX Runtime's numbers were from Keras's at the most, as a share of the largest or of 1."""
    passed_over: tuple[str, ...]
    """Why newer checkpoints were not taken, in sentences."""


def refuse(folder: RunFolder, step: int | None = None) -> None:
    """Raises UserError where a run has no networks that can be converted here, as far as is seen at once."""
    if type(folder) is not RunFolder:
        raise UserError(f"{folder.name} is another tool's log, which has no networks; export what it measured.")
    if documents.is_script(folder):
        raise UserError(
            f"{folder.name} was made by a script, whose networks no preset describes; export the model in the script: "
            'model.export("model.onnx", format="onnx").'
        )
    if missing := [name for name in EXTRA if find_spec(name) is None]:
        raise UserError(f"ONNX needs {' and '.join(missing)}: pip install 'gan-tui[onnx]'.")
    if not manifests.goes_on_from(folder.checkpoints):
        way = f"gan-tui save {folder.word} makes one" if folder.is_alive() else "train it until it saves one"
        raise UserError(f"{folder.name} has no checkpoint whose networks could be exported; {way}.")
    if step is not None:
        manifests.refuse_missing(folder.checkpoints, step, folder.name)


def convert(folder: RunFolder, into: Path, step: int | None = None) -> Converted:
    """Write NETWORK.onnx for each network of the newest sound checkpoint, or of a step's, into an empty folder.

    Raises UserError.
    """
    asked = {"run": str(folder.path), "into": str(into), "step": step}
    try:
        words = answer(CONVERT, orjson.dumps(asked), "the process that converts")
    except UserError as error:
        raise UserError(f"The networks of {folder.name} cannot be exported: {error}.", TRAINING_FAILED) from None
    files = {name: into / f"{name}.onnx" for name in words["networks"]}
    return Converted(words["step"], files, words["apart"], tuple(words["passed_over"]))


def names_of(folder: RunFolder) -> tuple[str, ...]:
    """The networks that the newest checkpoint has, a generator with averaged weights among them. Raises UserError."""
    preset = presets.of_run(folder)
    averaged = (AVERAGE,) if preset.settings.get(AVERAGE) else ()
    return (*(network.name for network in preset.networks), *averaged)
