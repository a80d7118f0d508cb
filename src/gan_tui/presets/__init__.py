"""What to train, checked to the last key before anything heavy is loaded. Knows nothing of Keras or of a screen."""

from gan_tui.presets.datasets import DATASETS, DatasetFacts
from gan_tui.presets.files import bundled_folder, every, files, find, from_document, read, user_folder
from gan_tui.presets.networks import NETWORKS, Layer, Network
from gan_tui.presets.of_runs import new_run, of_run
from gan_tui.presets.preset import Preset, facts, points_file

__all__ = [
    "DATASETS", "NETWORKS", "DatasetFacts", "Layer", "Network", "Preset", "bundled_folder", "every", "facts", "files",
    "find", "from_document", "new_run", "of_run", "points_file", "read", "user_folder",
]  # fmt: skip
