"""How long a step of a preset takes here, and how much memory: measured in a process of its own, by the real thing."""

import sys
from dataclasses import dataclass, replace

import tomli_w

from gan_tui.presets import Preset
from gan_tui.supervision.asking import answer

MEASURE = (sys.executable, "-P", "-m", "gan_tui.training.measure")


@dataclass(frozen=True)
class Measured:
    """What was measured."""

    step: float
    """Seconds that a step takes."""
    steps: int
    """How many were measured."""
    validation: float
    """Seconds after each epoch; 0 where nothing is held back."""
    memory: int
    """Bytes of the whole process, at the most."""
    device: str
    """What it was computed on, in words."""

    @property
    def gpus(self) -> int:
        """How many GPUs TensorFlow has found."""
        return sum(each.startswith("GPU") for each in self.device.split("; "))


def measured(preset: Preset) -> Measured:
    """Train some steps of a preset that is ready, in a process that ends with this call, however that ends.

    Raises UserError, half a sentence that says why it could not be measured.
    """
    anew = replace(preset, start=None)  # whatever weights are, a step of them takes as long
    asked = tomli_w.dumps(anew.as_document()).encode()
    return Measured(**answer(MEASURE, asked, "the process that measured"))
