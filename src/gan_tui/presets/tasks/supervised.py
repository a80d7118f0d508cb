"""What classifiers have in common, whether of points or of pictures: their loss, metrics and targets."""

import math
from collections.abc import Mapping
from typing import Any

from gan_tui.presets.checks import choice, choices
from gan_tui.presets.datasets import facts_of
from gan_tui.presets.settings import Setting
from gan_tui.presets.tasks.base import Described, TaskRules, check_input
from gan_tui.run.metrics import ACCURACY, LOSS, MAE, Metric

ONE_HOT = "categorical_crossentropy"
"""The loss whose targets are rows with a 1 at the class; the other takes the class's number."""
CLASS_NUMBERS = "sparse_categorical_crossentropy"
_MEASURED = {"accuracy": ACCURACY, "mae": MAE}

SUPERVISED = (
    Setting("loss", "what is minimized", ONE_HOT, choice(ONE_HOT, CLASS_NUMBERS)),
    Setting("metrics", "metrics besides the loss", ("accuracy",), choices(*_MEASURED)),
)


class SupervisedRules(TaskRules):
    """One network that gives a probability for each class."""

    networks = ("classifier",)
    learns_classes = True

    def metrics(self, values: Mapping[str, Any]) -> tuple[Metric, ...]:
        measured = (LOSS, *(_MEASURED[name] for name in values["metrics"]))
        return measured + tuple(metric.validated() for metric in measured if values.get("validation_split"))

    def compared(self, metric: Metric, preset: Described) -> Metric:
        """Beside what guessing among the classes would give."""
        classes = preset.networks[0].output[-1]
        if metric.group == LOSS.group:
            return metric.with_references((math.log(classes), f"ln {classes}: guessing"))
        if metric.group == ACCURACY.group:
            return metric.with_references((1 / classes, f"{1 / classes:.2g}: guessing"))
        return metric

    def check_fit(self, preset: Described) -> None:
        (classifier,), known = preset.networks, facts_of(preset.dataset, preset.settings)
        check_input(classifier, known.shape, f"an example of {preset.dataset}")
        if classifier.output != (known.classes,):
            ends = f"must end in {known.classes} outputs, one per class, not in {list(classifier.output)}"
            raise ValueError(f"networks.classifier {ends}")

    def check_trains(self, preset: Described) -> None:
        super().check_trains(preset)
        (classifier,) = preset.networks
        if classifier.activation != "softmax":
            raise ValueError(
                f"networks.classifier must end in softmax, not in {classifier.activation}: its outputs are taken for "
                "probabilities"
            )

    def check_settings(self, preset: Described) -> None:
        if "mae" in preset.settings["metrics"] and preset.settings["loss"] == CLASS_NUMBERS:
            raise ValueError(f'metrics: "mae" needs one-hot targets; choose loss "{ONE_HOT}"')
