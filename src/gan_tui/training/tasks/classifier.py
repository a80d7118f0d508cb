"""Image classifiers: feature maps and kernels to look at, and a validation that says what is taken for what."""

from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from gan_tui import presets
from gan_tui.presets import Preset
from gan_tui.run.recorder import Contents, Snapshot
from gan_tui.training.models.compiled_classifier import CompiledClassifier
from gan_tui.training.models.examples import Dataset, images_dataset
from gan_tui.training.models.learner import Classifier
from gan_tui.training.models.tape import TapeClassifier
from gan_tui.training.models.validation import Validation
from gan_tui.training.snapshots.classifier import ConvolutionKernels, FeatureMaps, validation_contents
from gan_tui.training.snapshots.images import ImageForm
from gan_tui.training.snapshots.weights import SmallKernels, WeightStatistics
from gan_tui.training.tasks.base import Settable, Task

ENGINES: dict[str, Callable[[Preset], Classifier]] = {"keras": CompiledClassifier, "tape": TapeClassifier}
"""By the values of the setting `engine`."""


class ClassifierTask(Task):
    learner: Classifier

    @classmethod
    def load(cls, preset: Preset, folder: Path | None) -> Dataset:
        return images_dataset(preset, folder)

    def made_learner(self) -> Classifier:
        return ENGINES[self.preset.settings["engine"]](self.preset)

    def made_validation(self, measured: tuple[str, ...]) -> Validation | None:
        held_back = self.dataset.validation
        return Validation(self.learner, held_back, measured) if held_back is not None else None

    @cached_property
    def snapshots(self) -> list[Snapshot]:
        network = self.networks[0]
        return [self._maps, ConvolutionKernels(network), SmallKernels(network), WeightStatistics(self.networks)]

    @cached_property
    def _maps(self) -> FeatureMaps:
        examples = self.dataset.validation or self.dataset.train
        return FeatureMaps(self.learner, examples, ImageForm.of(self.preset), self.preset.settings["seed"])

    def settable(self) -> dict[str, Settable]:
        return {**super().settable(), "image": Settable(self._maps.choose, (self._maps,), only_looks=True)}

    def after_validation(self) -> Contents:
        if self.validation is None or self.dataset.validation is None:
            return iter(())
        names = presets.facts(self.preset).names
        return validation_contents(self.validation, self.dataset.validation, names, ImageForm.of(self.preset))
