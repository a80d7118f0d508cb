"""The settings of whatever trains on pictures."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from gan_tui.data.own import is_name
from gan_tui.presets.augmentation import AMOUNTS, augmentations
from gan_tui.presets.checks import choice, image_size, path, place, rising_pair
from gan_tui.presets.networks import Network
from gan_tui.presets.settings import Setting

IMAGE_RANGE = Setting("image_range", "pixel values of black and white", (0.0, 1.0), rising_pair)
AUGMENT = Setting(
    "augment", 'random changes of images in training: "flip", "rotate 0.1", "zoom 0.1", "shift 0.1", "contrast 0.2"',
    (), augmentations(*AMOUNTS),
)  # fmt: skip
FLIP = Setting("augment", 'random changes of images in training: "flip"', (), augmentations("flip"))
"""For those that learn to make images: what else is changed they would make so, too."""
FLOAT32 = "float32"
PRECISION = Setting(
    "precision", "numbers that layers compute with: float32, or half as long ones, sooner on GPUs that are made for "
    "it: mixed_bfloat16, mixed_float16; weights are float32 always",
    FLOAT32, choice(FLOAT32, "mixed_bfloat16", "mixed_float16"),
)  # fmt: skip
DATA_FOLDER = Setting(
    "data_folder", "folder to read the data set from; empty means: search the usual places",
    "", path, ("mnist", "fashion-mnist"), is_place=lambda value: True,
)  # fmt: skip
IMAGES = (
    DATA_FOLDER,
    Setting("data", "your own images, a folder, .npz, .npy or IDX, or a set's name; empty means the preset's data",
            "", place, is_place=lambda value: not is_name(str(value))),
    Setting("image_size", "side of each image in pixels, or [height, width]; 0 means what fits data and networks",
            (), image_size),
    Setting("color", "grey or rgb; auto means what the data are", "auto", choice("auto", "grey", "rgb")),
    Setting("resize", "how images of other proportions are fitted: cut the middle out, pad, or stretch",
            "crop", choice("crop", "pad", "stretch")),
)  # fmt: skip
"""What says which images are learnt from."""

_REACHED = {
    **dict.fromkeys(("sigmoid", "softmax", "hard_sigmoid", "sparse_sigmoid", "sparsemax"), (0, 1)),
    **dict.fromkeys(("tanh", "hard_tanh", "softsign"), (-1, 1)),
    **dict.fromkeys(("relu", "softplus", "exponential", "squareplus", "sparse_plus"), (0, math.inf)),
    **dict.fromkeys(("log_sigmoid", "log_softmax"), (-math.inf, 0)),
    "relu6": (0, 6), **dict.fromkeys(("LSTM", "ConvLSTM2D"), (-1, 1)),
}  # fmt: skip
"""Activations → what their outputs lie between."""


def check_reaches(network: Network, image_range: tuple[float, float]) -> None:
    """Raises ValueError where a network that makes images cannot make all of their range."""
    low, high = image_range
    least, most = _REACHED.get(network.activation, (-math.inf, math.inf))
    if low < least or high > most:
        raise ValueError(
            f"networks.{network.name} ends in {network.activation}, from {least:g} to {most:g}, and cannot reach all "
            f"of image_range [{low:g}, {high:g}]; change one of them"
        )


def without_effect(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(setting, when) of each that changes nothing, as the others are."""
    if values["data"]:
        if values.get("data_folder"):
            yield "data_folder", "where data is set"
        return
    for setting in IMAGES:
        if setting.name in ("image_size", "color", "resize") and values[setting.name] != setting.default:
            yield setting.name, "without data of your own"
