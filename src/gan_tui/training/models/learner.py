"""What computes a step: networks that learn, their optimizers, and whatever else a step changes."""

from collections.abc import Iterator
from typing import Any

import keras

from gan_tui.training.models import schedules


class Learner:
    """Driven by `steps.Steps`, which compiles `train_step`; a checkpoint holds all of its variables."""

    networks: list[keras.Model]
    optimizers: dict[str, keras.optimizers.Optimizer]
    """By the name that a checkpoint has for each."""

    def train_step(self, data: Any) -> dict[str, Any]:
        """One update on a batch (x, y); returns the step's metrics, scalars by name."""
        raise NotImplementedError

    def prepare(self, x: Any, y: Any) -> None:
        """Make all variables that a step changes, for examples like these: replicas of a group can make none."""

    def reset_metrics(self) -> None:
        """Begin the metrics anew, so that a step's are its own."""

    def begun(self) -> None:
        """Whatever follows from the networks' weights follows from other ones, with which they begin."""

    def own_variables(self) -> Iterator[tuple[str, keras.Variable]]:
        """What a step changes beside the networks and the optimizers, by the names that a checkpoint has for it."""
        return iter(())

    @property
    def steered(self) -> list[keras.optimizers.Optimizer]:
        """The optimizers whose rate is the setting `learning_rate`."""
        return list(self.optimizers.values())

    def lasts(self, total: int) -> None:
        """Have learning rates that follow the run's length do so: it trains for so many steps in all."""
        for optimizer in map(_inner, self.optimizers.values()):
            schedules.lasts(optimizer, total)

    def end(self) -> bool:
        """Give the networks the weights that a run ends with, where those are an average of what they were; whether
        they are.
        """
        averaging = [o for o in map(_inner, self.optimizers.values()) if o.use_ema and not o.ema_overwrite_frequency]
        for optimizer in averaging:
            optimizer.finalize_variable_values(optimizer._trainable_variables)
        return bool(averaging)

    def set_learning_rate(self, rate: float) -> None:
        """Learn at this rate from the next step on. Raises ValueError where the rate follows a schedule."""
        for optimizer in map(_inner, self.steered):
            schedule = getattr(optimizer, "_learning_rate", None)
            if isinstance(schedule, schedules.Schedule):
                without = "schedule=constant, warmup_steps=0 and learning_rate_decay=0"
                raise ValueError(f"this run's learning rate follows a schedule; start a run with {without}")
            optimizer.learning_rate = rate


class Classifier(Learner):
    """One network that gives a probability for each class."""

    def examine(self, x: Any, y: Any) -> tuple[Any, Any]:
        """(mean loss, (batch, classes) of probabilities) of a batch, without learning from it."""
        raise NotImplementedError

    def probabilities(self, x: Any) -> Any:
        """(batch, classes), whatever the network's outputs are."""
        raise NotImplementedError


def _inner(optimizer: Any) -> Any:
    """What learns, of an optimizer that scales the loss for another."""
    return getattr(optimizer, "inner_optimizer", optimizer)
