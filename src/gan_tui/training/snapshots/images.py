"""Pictures of the data's own form, such as generated and real ones, and what becomes of them in training."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gan_tui.presets import Preset
from gan_tui.presets.augmentation import SHOWN, TIMES
from gan_tui.run.pictures import Tiles
from gan_tui.run.recorder import Contents, Snapshot
from gan_tui.training.models.augmentation import Augmentation
from gan_tui.training.models.examples import Examples


@dataclass(frozen=True)
class ImageForm:
    """What one picture of a data set is like."""

    shape: tuple[int, ...]
    """(height, width, channels)"""
    low: float
    high: float
    """The values that black and white are."""

    @staticmethod
    def of(preset: Preset) -> "ImageForm":
        return ImageForm(preset.facts.shape, *preset.settings["image_range"])

    def above_another(self) -> "ImageForm":
        """What two pictures are like, one above the other."""
        height, *others = self.shape
        return replace(self, shape=(2 * height, *others))

    def tiles(self, tag: str, kind: str, numbers: Any, labels: tuple[str, ...] = ()) -> Tiles:
        """Pictures, flat or in their shape, as tiles."""
        return Tiles.of_numbers(tag, kind, numbers.reshape(-1, *self.shape), self.low, self.high, labels=labels)


class AugmentedImages(Snapshot):
    """Some examples, each followed by what training may see of it instead."""

    share = 0.001
    least_seconds = 1e9  # what is possible does not change

    def __init__(self, augmentation: Augmentation, examples: Examples, form: ImageForm) -> None:
        """`augmentation` is one of its own: what training draws next depends on nobody who looks."""
        self._augmentation, self._examples, self._form = augmentation, examples, form

    def draw(self) -> Contents:
        originals = self._examples.numbers(np.arange(min(SHOWN, len(self._examples))))
        rows = self._augmentation.beside(originals, TIMES)
        labels = ("as it is", *[""] * TIMES) * len(originals)
        yield self._form.tiles("augmented", "augmented", rows, labels=labels)


def augmented(preset: Preset, examples: Examples) -> list[Snapshot]:
    """What training makes of images, where it changes them."""
    augmentation = Augmentation.of(preset)
    return [AugmentedImages(augmentation, examples, ImageForm.of(preset))] if augmentation else []
