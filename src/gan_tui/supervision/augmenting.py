"""Images as training may see them, changed at random: drawn by Keras's own layers, in a process of its own."""

import sys
from base64 import b64decode, b64encode
from collections.abc import Sequence
from typing import TYPE_CHECKING

import orjson

from gan_tui.errors import TRAINING_FAILED, UserError
from gan_tui.presets.augmentation import TIMES
from gan_tui.supervision.asking import Question

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DRAW = (sys.executable, "-P", "-m", "gan_tui.training.augmented")
PATIENCE_SECONDS = 300.0
"""TensorFlow has loaded by then, also from a slow disk."""


class Augmenting:
    """One question; take it back where nobody waits for the answer any more."""

    def __init__(self, changes: Sequence[str], seed: int) -> None:
        """`changes` are as a preset has them, checked; the same seed draws the same."""
        self._changes, self._seed = changes, seed
        self._question = Question(DRAW, "the process that draws them", PATIENCE_SECONDS)

    def take_back(self) -> None:
        self._question.take_back()

    def rows(self, originals: "NDArray[np.uint8]") -> "NDArray[np.uint8]":
        """Each of (count, height, width, channels) images, followed by what training may see of it instead.

        Returns (count, 1 + TIMES, height, width, channels). Raises UserError, a sentence.
        """
        import numpy as np

        count, *shape = originals.shape
        asked = {
            "augment": list(self._changes), "seed": self._seed, "times": TIMES, "shape": [count, *shape],
            "images": b64encode(originals.tobytes()).decode(),
        }  # fmt: skip
        try:
            words = self._question.answer(orjson.dumps(asked))
        except UserError as error:
            raise UserError(f"Augmented examples cannot be shown: {error}.", TRAINING_FAILED) from None
        return np.frombuffer(b64decode(words["images"]), np.uint8).reshape(count, 1 + TIMES, *shape)
