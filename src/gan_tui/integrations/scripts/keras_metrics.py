"""What Keras's logs are, declared: which chart each is on, and what it can be."""

from collections.abc import Iterable
from dataclasses import replace

from gan_tui.run.metrics import ACCURACY, LOSS, Metric

_SHARES = ("accuracy", "acc", "precision", "recall", "auc")
_FALLING = ("error", "loss", "mae", "mse", "divergence", "logarithmic_error")
_RATE = "learning_rate"


def declared(names: Iterable[str]) -> list[Metric]:
    """A metric for each log, and for what validation gives of it."""
    found: list[Metric] = []
    colors: dict[str, int] = {}
    for name in names:
        metric = _metric(name)
        metric = replace(metric, color=colors.get(metric.group, 0))
        if name.endswith(_RATE):
            found.append(metric)
            continue
        label = "validation" if metric.label == "training" else f"validation {metric.label}"
        found += [metric, replace(metric.validated(), label=label, color=metric.color + 1)]
        colors[metric.group] = metric.color + 2
    return found


def _metric(name: str) -> Metric:
    if name.endswith(_RATE):
        label = name.removesuffix(_RATE).strip("_") or "now"
        return Metric(name, _RATE, "learning rate", label, low=0.0, each="epoch")
    for group, known in (("loss", LOSS), ("accuracy", ACCURACY)):
        if name == group or name.endswith(f"_{group}"):
            label = name.removesuffix(group).strip("_") or known.label
            return replace(known, name=name, label=label, low=None if group == "loss" else 0.0)
    share = name.endswith(_SHARES)
    low, high = (0.0, 1.0) if share else (None, None)
    return Metric(name, name, name.replace("_", " "), "training", 0, low, high, name.endswith(_FALLING))
