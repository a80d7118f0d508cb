"""Image classifiers: feature maps and kernels to look at, and a validation that says what is taken for what."""

from dataclasses import replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gan_tui.presets import Preset
from gan_tui.run.recorder import Contents, Snapshot
from gan_tui.training.models import class_weights
from gan_tui.training.models.compiled_classifier import CompiledClassifier
from gan_tui.training.models.examples import Dataset, images_dataset
from gan_tui.training.models.learner import Classifier
from gan_tui.training.models.tape import TapeClassifier
from gan_tui.training.models.validation import ClassifierValidation
from gan_tui.training.snapshots.classifier import ConvolutionKernels, FeatureMaps, validation_contents
from gan_tui.training.snapshots.images import ImageForm, augmented
from gan_tui.training.snapshots.weights import SmallKernels, WeightStatistics
from gan_tui.training.tasks.base import Settable, Task


class ClassifierTask(Task):
    learner: Classifier
    validation: ClassifierValidation | None

    @classmethod
    def load(cls, preset: Preset, folder: Path | None) -> Dataset:
        dataset = images_dataset(preset, folder)
        weights = _weights(preset, dataset)
        if weights is None:
            return dataset
        return replace(dataset, notes=(*dataset.notes, class_weights.in_words(weights, preset.facts.names)))

    def made_learner(self) -> Classifier:
        if self.preset.settings["engine"] == "tape":
            return TapeClassifier(self.preset)
        return CompiledClassifier(self.preset, _weights(self.preset, self.dataset))

    def made_validation(self, measured: tuple[str, ...]) -> ClassifierValidation | None:
        held_back, settings = self.dataset.validation, self.preset.settings
        if held_back is None:
            return None
        return ClassifierValidation(self.learner, held_back, settings["metrics"], settings["top_k"])

    @cached_property
    def snapshots(self) -> list[Snapshot]:
        network = self.networks[0]
        weights = [ConvolutionKernels(network), SmallKernels(network), WeightStatistics(self.networks)]
        return [self._maps, *augmented(self.preset, self.dataset.train), *weights]

    @cached_property
    def _maps(self) -> FeatureMaps:
        examples = self.dataset.validation or self.dataset.train
        return FeatureMaps(self.learner, examples, ImageForm.of(self.preset), self.preset.settings["seed"])

    def settable(self) -> dict[str, Settable]:
        return {**super().settable(), "image": Settable(self._maps.choose, (self._maps,), only_looks=True)}

    def after_validation(self) -> Contents:
        if self.validation is None or self.dataset.validation is None:
            return iter(())
        names = self.preset.facts.names
        return validation_contents(self.validation, self.dataset.validation, names, ImageForm.of(self.preset))


def _weights(preset: Preset, dataset: Dataset) -> NDArray[np.float32] | None:
    """How much each class counts; None where all examples count the same."""
    if preset.settings["class_weight"] == "none":
        return None
    return class_weights.balanced(dataset.train, preset.facts.classes)
