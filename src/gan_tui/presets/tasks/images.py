"""The settings of whatever trains on pictures."""

from gan_tui.presets.checks import path, rising_pair
from gan_tui.presets.settings import Setting

IMAGE_RANGE = Setting("image_range", "pixel values of black and white", (0.0, 1.0), rising_pair)
DATA_FOLDER = Setting(
    "data_folder", "folder to read the data set from; empty means: search the usual places",
    "", path, ("mnist", "fashion-mnist"), is_folder=True,
)  # fmt: skip
