"""What computes a step: networks that learn, their optimizers, and whatever else a step changes."""

from collections.abc import Iterator
from typing import Any

import keras


class Learner:
    """Driven by `steps.Steps`, which compiles `train_step`; a checkpoint holds all of its variables."""

    networks: list[keras.Model]
    optimizers: dict[str, keras.optimizers.Optimizer]
    """By the name that a checkpoint has for each."""

    def train_step(self, data: Any) -> dict[str, Any]:
        """One update on a batch (x, y); returns the step's metrics, scalars by name."""
        raise NotImplementedError

    def reset_metrics(self) -> None:
        """Begin the metrics anew, so that a step's are its own."""

    def own_variables(self) -> Iterator[tuple[str, keras.Variable]]:
        """What a step changes beside the networks and the optimizers, by the names that a checkpoint has for it."""
        return iter(())

    def set_learning_rate(self, rate: float) -> None:
        """Learn at this rate from the next step on. Raises ValueError where the rate follows a schedule."""
        for optimizer in self.optimizers.values():
            if isinstance(getattr(optimizer, "_learning_rate", None), keras.optimizers.schedules.LearningRateSchedule):
                raise ValueError("this run's learning rate follows a schedule; start a run with learning_rate_decay=0")
            optimizer.learning_rate = rate


class Classifier(Learner):
    """One network that gives a probability for each class."""

    def examine(self, x: Any, y: Any) -> tuple[Any, Any]:
        """(mean loss, (batch, classes) of probabilities) of a batch, without learning from it."""
        raise NotImplementedError
