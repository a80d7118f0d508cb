"""Pictures of the data's own form, such as generated and real ones."""

from dataclasses import dataclass
from typing import Any

from gan_tui import presets
from gan_tui.presets import Preset
from gan_tui.run.pictures import Tiles


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
        return ImageForm(presets.facts(preset).shape, *preset.settings["image_range"])

    def tiles(self, tag: str, kind: str, numbers: Any, labels: tuple[str, ...] = ()) -> Tiles:
        """Pictures, flat or in their shape, as tiles."""
        return Tiles.of_numbers(tag, kind, numbers.reshape(-1, *self.shape), self.low, self.high, labels=labels)
