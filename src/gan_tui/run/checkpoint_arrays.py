"""The arrays of a checkpoint, by name."""

from typing import Any

from numpy.typing import NDArray

from gan_tui.errors import TRAINING_FAILED, UserError

Arrays = dict[str, NDArray[Any]]


def require(arrays: Arrays, name: str, shape: tuple[int, ...]) -> None:
    """Raises UserError when a checkpoint's arrays lack one of that name and shape."""
    if name not in arrays or arrays[name].shape != shape:
        raise UserError(f"The checkpoint lacks {name} in the shape {shape}.", TRAINING_FAILED)
