"""A saved model: its network, what it was saved with, and its weights."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gan_tui.errors import UserError
from gan_tui.presets.networks import Network, read_networks
from gan_tui.presets.saved import keras_file, networks, weights
from gan_tui.presets.saved.keras_file import KerasFile
from gan_tui.presets.saved.networks import SavedNetwork
from gan_tui.text import harmless

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class SavedModel:
    """What a file holds, checked as a preset's network is."""

    file: KerasFile
    saved: SavedNetwork
    network: Network

    @property
    def path(self) -> Path:
        return self.file.path

    @property
    def name(self) -> str:
        """What the file is called, where a person reads it."""
        return harmless(self.path.name, 80)

    def table(self) -> dict[str, Any]:
        """The network as a preset has it."""
        return self.saved.table()

    def weights(self) -> dict[str, NDArray[np.float32]]:
        """Layer/place → weights. Raises UserError."""
        return weights.arrays(self.file, self.saved, self.network)


def read(path: Path) -> SavedModel:
    """The model in a file. Raises UserError with the file's name: one sentence that says what gan-tui lacks."""
    file = keras_file.read(path)
    try:
        saved = networks.network_of(file.config)
        adapted = weights.with_adapted(file, saved, _checked(saved))
        return SavedModel(file, adapted, _checked(adapted))
    except ValueError as error:
        raise UserError(f"{file.name}: {error}.") from None


def _checked(saved: SavedNetwork) -> Network:
    (network,) = read_networks({saved.name: saved.table()}, (saved.name,))
    return network
