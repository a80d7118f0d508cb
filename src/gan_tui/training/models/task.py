"""A task made ready to train: its model, its compiled steps, and every array that a checkpoint must hold."""

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from gan_tui.data.points import Points
from gan_tui.errors import TRAINING_FAILED, UserError
from gan_tui.presets import Preset
from gan_tui.training.models import build, gan, tape
from gan_tui.training.models.examples import Dataset, with_points
from gan_tui.training.models.steps import Steps
from gan_tui.training.models.tape import TapeClassifier
from gan_tui.training.models.validation import Validation

Array = NDArray[Any]


class Task:
    """What the loop drives."""

    def __init__(self, preset: Preset, dataset: Dataset) -> None:
        settings = preset.settings
        keras.utils.set_random_seed(settings["seed"])
        self.preset, self.dataset = preset, dataset
        self.model: keras.Model | TapeClassifier
        self.networks: list[keras.Model]
        self.optimizers: dict[str, keras.optimizers.Optimizer]
        if preset.task == "gan":
            self.model = gan.AdversarialPair(preset)
            self.networks = [self.model.generator, self.model.discriminator]
            self.optimizers = {"g_optimizer": self.model.g_optimizer, "d_optimizer": self.model.d_optimizer}
            metrics: tuple[str, ...] = gan.METRICS
        elif settings.get("engine") == "tape":
            self.model = TapeClassifier(preset)
            self.networks, self.optimizers, metrics = [self.model.network], {}, tape.METRICS
        else:
            self.model = build.build_classifier(preset)
            self.networks = [self.model]
            self.optimizers = {"optimizer": self.model.optimizer}
            metrics = ("loss", *settings["metrics"])
        self.steps = Steps(
            self.model,
            dataset.train,
            dataset.batch_size,
            settings["seed"],
            metrics,
            whole_batches=preset.whole_batches,
            growing=preset.dataset == "points",
        )
        held_back = dataset.validation
        self.validation = Validation(self.model, held_back, metrics[1:]) if held_back is not None else None
        self.steps_total: int = settings["steps"] or settings["epochs"] * self.steps.per_epoch

    def set_points(self, points: Points) -> None:
        """Train on other points from the next step on. Raises ValueError where that cannot be."""
        if self.preset.dataset != "points":
            raise ValueError("only a run on points can be given other points")
        if self.dataset.batch_size < len(self.dataset.train):
            raise ValueError("points can be changed while training only where batch_size is 0, all in one step")
        if points.count_classes > self.networks[0].output_shape[-1]:
            raise ValueError(f"this network tells {self.networks[0].output_shape[-1]} classes apart, not more")
        self.dataset = with_points(self.dataset, points, self.preset)
        self.steps.replace(self.dataset.train)

    def weights(self) -> list[Array]:
        """A copy of all weights of the networks."""
        return [np.array(weight) for network in self.networks for weight in network.get_weights()]

    def set_weights(self, weights: list[Array]) -> None:
        """Put back what `weights` returned."""
        for network in self.networks:
            count = len(network.weights)
            network.set_weights(weights[:count])
            weights = weights[count:]

    def arrays(self) -> dict[str, Array]:
        """Everything that training changes: weights, moving averages, random states, optimizer slots."""
        return {name: np.asarray(variable) for name, variable in self._variables()}

    def restore(self, arrays: dict[str, Array]) -> None:
        """Put back what `arrays` returned. Raises UserError naming the first that is missing or misshapen."""
        for name, variable in self._variables():
            require(arrays, name, tuple(variable.shape))
            variable.assign(arrays[name])

    def restart(self, preset: Preset) -> None:
        """Begin again as a new task of this preset, which differs by its seed alone, would; nothing is compiled anew.

        Its variables (weights, optimizer slots, random states) are copied from such a new task, so nothing of what was
        trained before is left in it.
        """
        self.restore(Task(preset, self.dataset).arrays())
        self.preset = preset
        self.steps.restart(preset.settings["seed"])

    def _variables(self) -> Iterator[tuple[str, keras.Variable]]:
        """Every variable under a name that does not depend on how often Keras has named things before."""
        owners: dict[str, list[keras.Variable]] = {network.name: network.layers for network in self.networks}
        for owner, layers in owners.items():
            for layer in layers:
                for position, variable in enumerate(layer.variables):
                    yield f"{owner}/{layer.name}/{position}.{variable.name}", variable
        if isinstance(self.model, gan.AdversarialPair):
            yield "latents/seed_state", self.model.seeds.state
        if isinstance(self.model, TapeClassifier):
            yield "tape/learning_rate", self.model.learning_rate
        for owner, optimizer in self.optimizers.items():
            for position, variable in enumerate(optimizer.variables):
                yield f"{owner}/{position}.{variable.name}", variable


def require(arrays: dict[str, Array], name: str, shape: tuple[int, ...]) -> None:
    """Raises UserError when a checkpoint's arrays lack one of that name and shape."""
    if name not in arrays or arrays[name].shape != shape:
        raise UserError(f"The checkpoint lacks {name} in the shape {shape}.", TRAINING_FAILED)
