"""What classifiers have in common, whether of points or of pictures: their loss, metrics and targets."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from gan_tui.presets import losses
from gan_tui.presets.checks import choice, choices, flag, number, whole
from gan_tui.presets.datasets import DatasetFacts
from gan_tui.presets.networks import Network
from gan_tui.presets.settings import Setting
from gan_tui.presets.tasks.base import Described, TaskRules, check_input
from gan_tui.run.metrics import ACCURACY, LOSS, MAE, Metric

MONITORED = "val_loss"
TOP_K = Metric("top_k", "top_k", "accuracy among the likeliest", "training", low=0.0, high=1.0)
_OF_STEPS = {"accuracy": ACCURACY, "mae": MAE, "top_k": TOP_K}
_OF_EPOCHS = {
    name: Metric(f"val_{name}", "by class", "mean over classes", label, color, 0.0, 1.0, each="epoch")
    for color, (name, label) in enumerate(
        {"precision": "precision", "recall": "recall", "f1": "F1", "auc": "AUC"}.items()
    )
}
"""What only all held-back examples together can say: of few, it would be another number."""

MEASURED = (*_OF_STEPS, *_OF_EPOCHS)

SUPERVISED = (
    Setting("loss", "what is minimized", losses.ONE_HOT, choice(*losses.OF_CLASSES)),
    Setting(
        "metrics",
        "metrics besides the loss: accuracy, mae, top_k; of validation also precision, recall, f1, auc",
        ("accuracy",),
        choices(*MEASURED),
    ),
)
LEARNING = (
    *losses.SETTINGS,
    Setting("top_k", "how many of the likeliest classes count as an answer, for the metric top_k", 3, whole(1, 1000)),
)
"""Beside them, of every classifier."""
_DEFAULTS = {setting.name: setting.default for setting in LEARNING}


def validated(*datasets: str, metrics: Sequence[str] = ()) -> tuple[Setting, ...]:
    """The settings of whatever holds examples back, on some data sets; none named: all.

    `metrics` may be validated beside the loss.
    """
    return (
        Setting("validation_split", "share of the data kept for validation", 0.0, number(0, 0.9), datasets),
        Setting("patience", "epochs without a better validation loss before stopping early; 0 means never",
                0, whole(0, 100_000), datasets, may_change=True),
        Setting("restore_best", "end with the weights of the best epoch", False, flag, datasets),
        *((_monitor(metrics, datasets),) if metrics else ()),
    )  # fmt: skip


def _monitor(metrics: Sequence[str], datasets: tuple[str, ...]) -> Setting:
    words = choice(MONITORED, *(f"val_{name}" for name in metrics))
    return Setting(
        "monitor", "what says which epoch is the best: val_loss, or a validated metric", MONITORED, words, datasets
    )


def without_validation(preset: Described) -> Iterator[tuple[str, str]]:
    """(setting, when) of each that changes nothing as examples are held back, or not."""
    settings = preset.settings
    judged = settings.get("patience") or settings.get("restore_best")
    if not settings.get("validation_split"):
        for name in ("patience", "restore_best"):
            if settings.get(name):
                yield name, "without a validation_split"
    if settings.get("monitor", MONITORED) != MONITORED and not (judged and settings.get("validation_split")):
        yield "monitor", "without a validation_split, and patience or restore_best"


def check_monitor(settings: Mapping[str, Any]) -> None:
    """Raises ValueError where what says which epoch is best is not measured."""
    name = settings.get("monitor", MONITORED).removeprefix("val_")
    if name != "loss" and name not in settings["metrics"]:
        raise ValueError(f'monitor: val_{name} is not measured; add "{name}" to metrics')


class SupervisedRules(TaskRules):
    """One network that gives a probability for each class."""

    networks = ("classifier",)
    learns_classes = True

    def metrics(self, values: Mapping[str, Any]) -> tuple[Metric, ...]:
        known = _OF_STEPS | {"top_k": replace(TOP_K, unit=f"top-{values['top_k']} accuracy")}
        measured = (LOSS, *(known[name] for name in values["metrics"] if name in known))
        if not values.get("validation_split"):
            return measured
        of_all = (_OF_EPOCHS[name] for name in values["metrics"] if name in _OF_EPOCHS)
        return (*measured, *(metric.validated() for metric in measured), *of_all)

    def without_effect(self, preset: Described) -> Iterator[tuple[str, str]]:
        yield from super().without_effect(preset)
        yield from losses.without_effect(preset.settings)
        yield from without_validation(preset)
        settings = preset.settings
        of_all = [name for name in settings["metrics"] if name in _OF_EPOCHS]
        if of_all and not settings.get("validation_split"):
            yield "metrics", f"for {', '.join(of_all)} without a validation_split"
        if "top_k" not in settings["metrics"] and settings["top_k"] != _DEFAULTS["top_k"]:
            yield "top_k", "without top_k among the metrics"

    def compared(self, metric: Metric, preset: Described) -> Metric:
        """Beside what guessing among the classes would give."""
        classes, settings = max(2, preset.networks[0].output[-1]), preset.settings
        if metric.group == LOSS.group:
            guessing = losses.of_guessing(settings, classes)
            return metric.with_references(guessing) if guessing else metric
        chance = {ACCURACY.group: 1 / classes, TOP_K.group: settings["top_k"] / classes}.get(metric.group)
        return metric if chance is None else metric.with_references((chance, f"{chance:.2g}: guessing"))

    def check_shapes(self, networks: Sequence[Network], facts: DatasetFacts, data: str) -> None:
        (classifier,) = networks
        check_input(classifier, facts.shape, f"an example of {data}")
        of_two = classifier.output == (1,) and facts.classes == 2  # then the loss says whether that is meant
        if classifier.output != (facts.classes,) and not of_two:
            ends = f"must end in {facts.classes} outputs, one per class, not in {list(classifier.output)}"
            raise ValueError(f"networks.classifier {ends}; end it in a Dense layer of {facts.classes} units")

    def check_trains(self, preset: Described) -> None:
        super().check_trains(preset)
        losses.check_end(preset.settings, preset.networks[0])

    def check_settings(self, preset: Described) -> None:
        super().check_settings(preset)
        settings, (classifier,) = preset.settings, preset.networks
        losses.check_outputs(settings, classifier, preset.facts.classes)
        check_monitor(settings)
        _check_metrics(settings, preset.facts.classes, losses.gives_logits(classifier))


def _check_metrics(settings: Mapping[str, Any], classes: int, logits: bool) -> None:
    """Raises ValueError where a metric says nothing of such a classifier."""
    measured, binary = settings["metrics"], losses.is_binary(settings["loss"])
    if "mae" in measured and not (losses.wants_rows(settings) or binary):
        raise ValueError(f'metrics: "mae" needs one-hot targets; choose loss "{losses.ONE_HOT}"')
    if "mae" in measured and logits:
        raise ValueError('metrics: "mae" is of probabilities; end networks.classifier in softmax, or leave it out')
    if "top_k" in measured and binary:
        raise ValueError(f'metrics: "top_k" needs an output a class; leave it out, or choose loss "{losses.ONE_HOT}"')
    if "top_k" in measured and settings["top_k"] >= classes:
        raise ValueError(f"top_k must be less than {classes}, the number of classes: else it is always right")
