"""A task made ready to train: what the loop drives, and every array that a checkpoint must hold."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
from numpy.typing import NDArray

from gan_tui.errors import UserError
from gan_tui.presets import Preset, schedules
from gan_tui.presets.checks import number
from gan_tui.run.checkpoint_arrays import Arrays, require
from gan_tui.run.recorder import Contents, Snapshot
from gan_tui.training import starting_weights
from gan_tui.training.models.augmentation import Augmentation
from gan_tui.training.models.examples import Dataset
from gan_tui.training.models.learner import Learner
from gan_tui.training.models.rates import rates
from gan_tui.training.models.steps import Steps
from gan_tui.training.models.validation import Validation

if TYPE_CHECKING:
    from gan_tui.training.group.group import Group

_UNNAMED = re.compile(r"^variable_\d+$")
"""What Keras calls a variable that has no name, by how many there were before: one of Nadam's."""


@dataclass(frozen=True)
class Settable:
    """Something that a person may set while a run is alive."""

    set: Callable[[Any], Any]
    """Takes a value as it was sent, and gives it as it is told. Raises ValueError with a sentence."""
    redraws: tuple[Snapshot, ...] = ()
    """What is drawn anew at once."""
    only_looks: bool = False
    """Whether it changes nothing but what is looked at, so that a run that is over can be asked for it, too."""
    keep: Callable[[Path], None] | None = None
    """Writes what was set into the run's folder. Raises OSError."""
    kept_as: str = ""
    """The file that `keep` writes there."""


def _begin(learner: Learner, preset: Preset) -> tuple[list[str], UserError | None]:
    """Give a preset's networks the weights that a run begins with, where they are others than new ones.

    Returns what there is to say of that, and why it cannot be done: a run that goes on from a checkpoint needs none.
    """
    if preset.start is None:
        return [], None
    names = [network.name for network in preset.networks]
    try:
        said = starting_weights.take([each for each in learner.networks if each.name in names], preset.start)
    except UserError as error:
        return [], error
    learner.begun()
    return said, None


class Task(ABC):
    """One kind of training: a subclass in a file of its own, registered in `tasks`."""

    begun_with: list[str]
    """What there is to say of the weights that it begins with, where they are others than new ones: sentences."""
    cannot_begin: UserError | None
    """Why it has not the weights that it is to begin with."""

    def __init__(self, preset: Preset, dataset: Dataset, group: "Group | None" = None) -> None:
        """`group`: the replicas that take its steps together, of which this process has one or some."""
        settings = preset.settings
        keras.utils.set_random_seed(settings["seed"])
        self.preset, self.dataset, self.group = preset, dataset, group
        self.begun_on = dataset
        """What it was given, though others may be trained on since."""
        with group.scope() if group else nullcontext():
            self.learner = self.made_learner()
            self.augmentation = Augmentation.of(preset)
        measured = preset.rules.step_metrics(settings)
        self.steps = self._made_steps()(
            self.learner, dataset.train, dataset.batch_size, settings["seed"], measured,
            whole_batches=preset.whole_batches, growing=self.examples_may_change,
            augmented=self.augmentation, rates=self._rates if schedules.is_drawn(settings) else None,
        )  # fmt: skip
        self.validation = self.made_validation(measured)
        self.begun_with, self.cannot_begin = _begin(self.learner, preset)
        self.steps_total: int = settings["steps"] or settings["epochs"] * self.steps.per_epoch
        self.learner.lasts(self.steps_total)

    def _made_steps(self) -> Callable[..., Steps]:
        """What makes the steps of its learner, which a group prepares."""
        if self.group is None:
            return Steps
        from gan_tui.training.group import local_updates  # lives on Keras's own names, which one process does without
        from gan_tui.training.group.steps import GroupSteps

        examples = self.dataset.train
        with self.group.scope():
            self.learner.prepare(examples.numbers(np.arange(min(2, len(examples)))), examples.y[:2])
        local_updates.put_together(self.learner.optimizers.values())
        return partial(GroupSteps, self.group, self.preset.batches_in_step)

    # What each task is made of --------------------------------------------------------------

    @classmethod
    @abstractmethod
    def load(cls, preset: Preset, folder: Path | None) -> Dataset:
        """The data of a preset, from a folder where one is named.

        Raises UserError when a file is damaged or the batch is larger than the data.
        """

    @abstractmethod
    def made_learner(self) -> Learner:
        """What computes a step."""

    def made_validation(self, measured: tuple[str, ...]) -> Validation | None:
        """What looks at examples that were held back, after each epoch."""
        return None

    @property
    @abstractmethod
    def snapshots(self) -> list[Snapshot]:
        """Everything there is to see of it beside its metrics; made when first asked for, which sweeps never do."""

    def settable(self) -> dict[str, Settable]:
        """What may be set while it trains, by name."""
        return {"learning_rate": Settable(self._set_learning_rate)}

    @property
    def examples_may_change(self) -> bool:
        """Whether others may be trained on while training goes on."""
        return False

    def documents(self) -> dict[str, bytes]:
        """Name → content of each file that must stand beside the networks for them to be of use elsewhere."""
        return {}

    def after_validation(self) -> Contents:
        """What there is to see of the last validation."""
        return iter(())

    def facts(self) -> dict[str, Any]:
        """What its run tells of the data beside their name and number."""
        return {}

    def recall(self, folder: Path) -> None:  # noqa: B027 (most keep nothing there)
        """Take up what was set before the first checkpoint, as `Settable.keep` kept it in the run's folder."""

    def own_arrays(self) -> Arrays:
        """What a checkpoint must hold beside variables."""
        return {}

    def restore_own(self, arrays: Arrays) -> None:  # noqa: B027 (most have none)
        """Put back what `own_arrays` returned. Raises UserError where it is missing or no good."""

    # The same for every task --------------------------------------------------------------

    @property
    def networks(self) -> list[keras.Model]:
        return self.learner.networks

    @property
    def optimizers(self) -> dict[str, keras.optimizers.Optimizer]:
        return self.learner.optimizers

    def weights(self) -> list[NDArray[Any]]:
        """A copy of all weights of the networks."""
        return [np.array(weight) for network in self.networks for weight in network.get_weights()]

    def set_weights(self, weights: list[NDArray[Any]]) -> None:
        """Put back what `weights` returned."""
        for network in self.networks:
            count = len(network.weights)
            network.set_weights(weights[:count])
            weights = weights[count:]

    def restart(self, preset: Preset) -> None:
        """Begin again as a new task of this preset, which differs by its seed alone, would; nothing is compiled anew.

        Its variables (weights, optimizer slots, random states) are copied from such a new task, so nothing of what was
        trained before is left in it.
        """
        self.restore(type(self)(preset, self.dataset, self.group).arrays())
        self.preset = preset
        self.steps.restart(preset.settings["seed"])

    def arrays(self) -> Arrays:
        """Everything that training changes: weights, moving averages, random states, optimizer slots."""
        return {name: np.asarray(variable) for name, variable in self._variables()}

    def restore(self, arrays: Arrays) -> None:
        """Put back what `arrays` returned. Raises UserError naming the first that is missing or misshapen."""
        self.restore_some(None, arrays)

    def restore_some(self, names: Iterable[str] | None, arrays: Arrays) -> None:
        """Put back some of what `arrays` returned, or all. Raises as `restore`."""
        wanted = None if names is None else set(names)
        for name, variable in self._variables():
            if wanted is None or name in wanted:
                require(arrays, name, tuple(variable.shape))
                variable.assign(arrays[name])

    def _variables(self) -> Iterator[tuple[str, keras.Variable]]:
        """Every variable under a name that does not depend on how often Keras has named things before."""
        for network in self.networks:
            for layer in network.layers:
                for position, variable in enumerate(layer.variables):
                    yield f"{network.name}/{layer.name}/{position}.{variable.name}", variable
        yield from self.learner.own_variables()
        if self.augmentation:
            yield from self.augmentation.variables()
        for owner, optimizer in self.optimizers.items():
            for position, variable in enumerate(optimizer.variables):
                name = _UNNAMED.sub("variable", variable.name)
                yield f"{owner}/{position}.{name}", variable

    def share_settings(self) -> None:
        """Give the other workers of its group, if it has one, what was set since."""
        if self.group:
            self.group.share_settings(self)

    def _rates(self, steps: NDArray[np.int64]) -> NDArray[np.float32]:
        """The learning rates of some steps, the first of which is 0."""
        return rates(self.preset.settings, steps, self.steps_total)

    def _set_learning_rate(self, value: Any) -> float:
        try:
            rate: float = number(1e-12, 1000)(value)
        except ValueError as error:
            raise ValueError(f"learning_rate {error}") from None
        self.learner.set_learning_rate(rate)
        return rate
