"""What TensorFlow and Keras read when they are imported: to be set before."""

import os
import sys

_UNUSED = ("matplotlib", "pandas", "scipy", "sklearn")
"""Keras imports them when they are there: 3 s for nothing we use."""


def prepare() -> None:
    """Choose Keras's backend and how much TensorFlow says, and hide what neither needs."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    os.environ["KERAS_BACKEND"] = "tensorflow"
    for module in _UNUSED:
        sys.modules[module] = None  # type: ignore[assignment]
