"""What TensorFlow and Keras read when they are imported, to be set before; and what is set once they are."""

import gc
import os
import sys

from gan_tui.data.sources import hide_keras_home
from gan_tui.training.lazy_modules import LazyModules

_UNUSED = ("matplotlib", "pandas", "scipy", "sklearn")
"""Keras imports them when they are there: 3 s for nothing we use."""


def prepare() -> None:
    """Choose Keras's backend and how much TensorFlow says, and load nothing that neither needs.

    Keras is told nothing else, by variables or a person's keras.json: with some it does not load. It makes none,
    either.

    No garbage is looked for until `settle`: whatever is loaded stays, and looking at it again and again takes a tenth
    of the time that loading takes.
    """
    gc.disable()
    LazyModules("tensorflow._api.").install()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    hide_keras_home()
    for name in ("KERAS_MAX_EPOCHS", "KERAS_MAX_STEPS_PER_EPOCH", "KERAS_NNX_ENABLED"):
        os.environ.pop(name, None)
    os.environ["KERAS_BACKEND"] = "tensorflow"
    os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")  # several trainings may share one, and others' programs
    os.environ.setdefault("CUDA_DEVICE_ORDER", "PCI_BUS_ID")  # numbers as nvidia-smi has them
    os.environ["RUST_BACKTRACE"] = "0"  # where memory ends, safetensors would wait for itself, telling where it failed
    for module in _UNUSED:
        sys.modules[module] = None  # type: ignore[assignment]


def settle() -> None:
    """Set what numbers depend on, whatever the person's own keras.json says: networks are as `show` lists them."""
    import keras

    gc.enable()
    gc.freeze()  # what was loaded is no garbage: a training is not held up by looking through it
    keras.config.set_floatx("float32")
    keras.config.set_epsilon(1e-7)
    keras.config.set_image_data_format("channels_last")
    keras.config.set_dtype_policy("float32")
