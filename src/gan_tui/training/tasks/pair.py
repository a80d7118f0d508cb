"""Adversarial pairs: what the generator makes, beside real pictures."""

from functools import cached_property
from pathlib import Path
from typing import Any

from gan_tui.presets import Preset
from gan_tui.run.recorder import Snapshot
from gan_tui.training.models.examples import Dataset, images_dataset
from gan_tui.training.models.gan import AdversarialPair
from gan_tui.training.snapshots.images import ImageForm, augmented
from gan_tui.training.snapshots.pair import GeneratedWall, OneSample, RealWall
from gan_tui.training.snapshots.weights import WeightStatistics
from gan_tui.training.tasks.base import Settable, Task


class PairTask(Task):
    learner: AdversarialPair

    @classmethod
    def load(cls, preset: Preset, folder: Path | None) -> Dataset:
        return images_dataset(preset, folder)

    def made_learner(self) -> AdversarialPair:
        return AdversarialPair(self.preset)

    @cached_property
    def snapshots(self) -> list[Snapshot]:
        form = ImageForm.of(self.preset)
        wall = GeneratedWall(self.learner, form, self.preset.settings["seed"], self.preset.facts.names)
        real = [RealWall(self.dataset.train, form, wall.classes), *augmented(self.preset, self.dataset.train)]
        return [wall, self._one, *real, WeightStatistics(self.networks[:2])]

    @cached_property
    def _one(self) -> OneSample:
        form, names = ImageForm.of(self.preset), self.preset.facts.names
        return OneSample(self.learner, form, self.preset.settings["seed"], names)

    def settable(self) -> dict[str, Settable]:
        return {**super().settable(), "latent": Settable(self._choose_latent, (self._one,), only_looks=True)}

    def _choose_latent(self, value: Any) -> int:
        self._one.choose(self._one.number + 1 if value == "new" else _whole(value))
        return self._one.number


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise ValueError('latent must be "new" or a whole number')
    return value
