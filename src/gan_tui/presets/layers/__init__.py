"""The Keras layers a preset may use: their arguments, shapes and parameters, worked out without TensorFlow.

A layer's shape rule is Keras's own (https://keras.io/api/layers/); a test compares every row with the model
that Keras builds. Shapes leave out the batch axis, as `keras.Input(shape=…)` does.

The menu must show layer tables at once, so they cannot wait the seconds that TensorFlow takes to load.

A file here is a family of layers: what each may be given, and what comes out.
"""

from gan_tui.presets.layers.checked import KINDS, WRAPS, checked_arguments, ends_in, instead_of, layer_row, split
from gan_tui.presets.layers.common import ACTIVATIONS
from gan_tui.presets.layers.kind import (
    LARGEST_LAYER,
    Arguments,
    Kind,
    LayerRow,
    Merging,
    Shape,
    UnlikeShapesError,
    Wrapping,
)

__all__ = [
    "ACTIVATIONS", "KINDS", "LARGEST_LAYER", "WRAPS", "Arguments", "Kind", "LayerRow", "Merging", "Shape",
    "UnlikeShapesError", "Wrapping", "checked_arguments", "ends_in", "instead_of", "layer_row", "split",
]  # fmt: skip
