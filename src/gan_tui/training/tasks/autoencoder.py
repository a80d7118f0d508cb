"""Autoencoders: images beside what the network gives back, the same at every time."""

from functools import cached_property
from pathlib import Path

from gan_tui.presets import Preset
from gan_tui.run.recorder import Snapshot
from gan_tui.training.models.autoencoder import Autoencoder
from gan_tui.training.models.examples import Dataset, images_dataset
from gan_tui.training.models.validation import Validation
from gan_tui.training.snapshots.autoencoder import Reconstructions
from gan_tui.training.snapshots.classifier import ConvolutionKernels
from gan_tui.training.snapshots.images import ImageForm, augmented
from gan_tui.training.snapshots.weights import SmallKernels, WeightStatistics
from gan_tui.training.tasks.base import Task


class AutoencoderTask(Task):
    learner: Autoencoder

    @classmethod
    def load(cls, preset: Preset, folder: Path | None) -> Dataset:
        return images_dataset(preset, folder)

    def made_learner(self) -> Autoencoder:
        return Autoencoder(self.preset)

    def made_validation(self, measured: tuple[str, ...]) -> Validation | None:
        held_back = self.dataset.validation
        return Validation(self.learner.examine, held_back) if held_back is not None else None

    @cached_property
    def snapshots(self) -> list[Snapshot]:
        network, form = self.networks[0], ImageForm.of(self.preset)
        reconstructions = Reconstructions(network, self.dataset.validation or self.dataset.train, form)
        weights = [ConvolutionKernels(network), SmallKernels(network), WeightStatistics(self.networks)]
        return [reconstructions, *augmented(self.preset, self.dataset.train), *weights]
