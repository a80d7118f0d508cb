"""Models that Keras saved (`.keras`), read without Keras: nothing in one is run, and what gan-tui lacks is named."""

from gan_tui.presets.saved.model import SavedModel, read
from gan_tui.presets.saved.other_files import is_model

__all__ = ["SavedModel", "is_model", "read"]
