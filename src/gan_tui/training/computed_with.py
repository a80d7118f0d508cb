"""What the last bits of a run's numbers depend on beside what it is made of: libraries, threads and the processor.

Measured: another number of threads changes a convolution's sums after 25 steps, and not a dense network's; without
oneDNN both differ. OMP_NUM_THREADS and TF_XLA_FLAGS change nothing.
"""

from collections.abc import Mapping
from functools import cache
from importlib.metadata import version

from gan_tui.run import manifests
from gan_tui.run.folder import RunFolder
from gan_tui.system import machine
from gan_tui.system.computing import computing
from gan_tui.text import harmless

COMPUTED_WITH = "computed_with"
"""Its key in a manifest."""
GPU = "GPU"


@cache
def devices() -> list[str]:
    """The devices TensorFlow will use, in words."""
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    if gpus:
        names = [tf.config.experimental.get_device_details(gpu).get("device_name", "GPU") for gpu in gpus]
        return [f"{GPU}: {name}" for name in names]
    return [f"CPU: {machine.cores()}"]


def has_gpu() -> bool:
    return any(device.startswith(GPU) for device in devices())


@cache
def computed_with() -> Mapping[str, str]:
    """All of it in this process, by name."""
    return {
        **{library: version(library) for library in ("tensorflow", "keras", "numpy")},
        **computing(),
        **({"processor": devices()[0]} if has_gpu() else {}),
    }


def otherwise(folder: RunFolder, step: int) -> list[str]:
    """What there is to say where a step's checkpoint was computed with something else than what is here now."""
    then = manifests.newest(folder.checkpoints, step).get(COMPUTED_WITH)
    before = then if isinstance(then, dict) else {}  # an earlier version saved it
    other = [
        f"{name} {here} instead of {harmless(str(before[name]), 60)}"
        for name, here in computed_with().items()
        if before.get(name, here) != here
    ]
    return [f"From here on, numbers may differ in their last bits: {'; '.join(other)}."] if other else []
