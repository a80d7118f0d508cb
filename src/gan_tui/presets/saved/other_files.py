"""What models are saved as beside `.keras`, and what to do with each: gan-tui reads none of it."""

from pathlib import Path

from gan_tui.errors import UserError
from gan_tui.system.paths import user_path
from gan_tui.system.untrusted_files import opened
from gan_tui.text import shown_path

KERAS = ".keras"
_SAVE = 'load it where it was made, and save it with model.save("NAME.keras")'
_OLD = f"is in HDF5, the format of Keras before version 3: {_SAVE}"
_PICKLE = "is a pickle, which runs code when it is read: save the model as a .keras file where it was made"
_TORCH = "is a model of PyTorch, and gan-tui trains models of Keras alone"
_WEIGHTS = 'has weights without layers: save the whole model with model.save("NAME.keras")'
_EXPORTED = f"was exported to be run, not trained: {_SAVE}"
_TF = f"is TensorFlow's own format: {_SAVE}"
_OTHERS = {
    ".weights.h5": _WEIGHTS, ".h5": _OLD, ".hdf5": _OLD, ".pkl": _PICKLE, ".pickle": _PICKLE, ".joblib": _PICKLE,
    ".pt": _TORCH, ".pth": _TORCH, ".ckpt": _WEIGHTS, ".safetensors": _WEIGHTS, ".onnx": _EXPORTED,
    ".tflite": _EXPORTED, ".pb": _TF,
}  # fmt: skip
"""How a name ends → what is said of it."""
_BEGINNINGS = {b"\x89HDF\r\n\x1a\n": _OLD, b"\x80\x02": _PICKLE, b"\x80\x03": _PICKLE, b"\x80\x04": _PICKLE,
               b"\x80\x05": _PICKLE}  # fmt: skip
"""How a file begins, whatever it is called → what is said of it."""


def is_model(name: str) -> bool:
    """Whether a name or path is that of a saved model, of whatever kind, rather than of a preset.

    Raises UserError where there is no home folder for it.
    """
    return name.lower().endswith((KERAS, *_OTHERS)) or ("/" in name and _is_exported(user_path(name)))


def refuse(path: Path) -> None:
    """Raises UserError for what is known to be something else than a `.keras` file."""
    if _is_exported(path):
        raise UserError(f"{shown_path(path)} {_TF}.")
    said = next((words for ending, words in _OTHERS.items() if path.name.lower().endswith(ending)), "")
    if said and path.exists():
        raise UserError(f"{shown_path(path)} {said}.")
    try:
        with opened(path) as file:
            first = file.read(8)
    except OSError:
        return  # whoever reads it says why
    for beginning, words in _BEGINNINGS.items():
        if first.startswith(beginning):
            raise UserError(f"{shown_path(path)} {words}.")


def _is_exported(path: Path) -> bool:
    """Whether a folder is what `model.export` made."""
    try:
        return (path / "saved_model.pb").is_file()
    except OSError:
        return False
