"""What to train, checked to the last key before anything heavy is loaded. Knows nothing of Keras or of a screen."""

from gan_tui.presets.datasets import DATASETS, DatasetFacts
from gan_tui.presets.files import bundled_folder, every, files, find, from_document, place_of, read, user_folder
from gan_tui.presets.networks import Layer, Network
from gan_tui.presets.of_runs import new_run, of_run, other_seed, set_length
from gan_tui.presets.preset import Preset
from gan_tui.presets.tasks import TASKS

__all__ = [
    "DATASETS", "TASKS", "DatasetFacts", "Layer", "Network", "Preset", "bundled_folder", "every", "files",
    "find", "from_document", "new_run", "of_run", "other_seed", "place_of", "read", "set_length", "user_folder",
]  # fmt: skip
