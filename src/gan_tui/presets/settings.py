"""Every setting a preset can have: what it means, its possible values, and its default."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gan_tui.data.points import PLANE
from gan_tui.presets.checks import Check, choice, choices, flag, number, numbers, path, rising_pair, whole
from gan_tui.presets.layers import ACTIVATIONS
from gan_tui.text import harmless, nearest

TASKS = {
    "plane": "First networks on the plane",
    "classifier": "Image classifiers",
    "gan": "Generative adversarial pairs",
}
"""Task → heading in the menu, in the menu's order."""

_SUPERVISED = ("plane", "classifier")
_EVERY = tuple(TASKS)


@dataclass(frozen=True)
class Setting:
    """One setting of a run."""

    name: str
    about: str
    default: Any
    check: Check
    tasks: tuple[str, ...] = _EVERY
    datasets: tuple[str, ...] = ()
    """The data sets it means something for; none named: all."""
    zero_for: tuple[str, ...] = ()
    """Tasks for which 0 is a value, too."""


def is_csv(points: str) -> bool:
    """Whether a value of the setting `points` is the path of a file rather than the name of a set."""
    return points.lower().endswith(".csv") or "/" in points


def _points(value: object) -> str:
    """The name of a set of points, or the path of a CSV file, made absolute."""
    if isinstance(value, str) and is_csv(value):
        return str(path(value))
    try:
        return str(choice(*PLANE)(value))
    except ValueError as error:
        raise ValueError(f"{error} (the path of a CSV file works, too)") from None


SETTINGS: dict[str, Setting] = {
    setting.name: setting
    for setting in (
        Setting("epochs", "passes over the training data", 10, whole(1, 10_000_000)),
        Setting("steps", "updates to train for; 0 means: as many as the epochs hold",
                0, whole(0, 1_000_000_000)),
        Setting("batch_size", "examples in one step; on points, 0 means all of them",
                32, whole(1, 1_000_000), zero_for=("plane",)),
        Setting("learning_rate", "size of an update", 0.001, number(1e-12, 1000)),
        Setting("learning_rate_decay", "inverse-time decay a step: rate / (1 + decay × step)",
                0.0, number(0, 10)),
        Setting("optimizer", "rule of the update", "adam", choice("adam", "rmsprop", "sgd")),
        Setting("beta_1", "Adam's memory of the gradient", 0.9, number(0, 0.9999)),
        Setting("seed", "where all randomness starts", 42, whole(0, 2**31 - 1)),
        Setting("autosave_minutes", "minutes between automatic checkpoints; 0 means none",
                5.0, number(0, 100_000)),
        Setting("autosave_epochs", "epochs between automatic checkpoints; 0 means none", 0, whole(0, 10_000_000)),
        Setting("autosave_keep", "automatic checkpoints that are kept: the last so many, and the best",
                3, whole(1, 1000)),
        Setting("restarts", "times a trainer that died is started again from its last checkpoint",
                0, whole(0, 1000)),
        Setting("loss", "what is minimized", "categorical_crossentropy",
                choice("categorical_crossentropy", "sparse_categorical_crossentropy"), _SUPERVISED),
        Setting("metrics", "what is measured beside the loss",
                ("accuracy",), choices("accuracy", "mae"), _SUPERVISED),
        Setting("image_range", "values that black and white become",
                (0.0, 1.0), rising_pair, ("classifier", "gan")),
        Setting("validation_split", "share of the data kept for validation",
                0.0, number(0, 0.9), ("classifier",)),
        Setting("patience", "epochs without a better validation loss before stopping early; 0 means never",
                0, whole(0, 100_000), ("classifier",)),
        Setting("restore_best", "end with the weights of the best epoch", False, flag, ("classifier",)),
        Setting("latent", "distribution of the latent vectors",
                "normal", choice("normal", "uniform"), ("gan",)),
        Setting("data_folder", "folder to read the data set from; empty means: wherever it is found",
                "", path, ("classifier", "gan"), ("mnist", "fashion-mnist")),
        Setting("real_label", "the discriminator's target for real images", 1.0, number(0.5, 1), ("gan",)),
        Setting("save_epochs", "epochs after which the networks are saved",
                (), numbers(0, 100, 1, 10_000_000), ("gan",)),
        Setting("save_every", "epochs from one saving of the networks to the next; 0 means none",
                0, whole(0, 10_000_000), ("gan",)),
        Setting("engine", "what computes a step: Keras's layers, or TensorFlow's own operations on raw variables",
                "keras", choice("keras", "tape"), ("classifier",)),
        Setting("points", "what to learn: a named set of points, or the path of a CSV file of x,y,class",
                "circle", _points, ("plane",), ("points",)),
        Setting("hidden", "units of each hidden layer", (16, 16), numbers(0, 8, 1, 1000), ("plane",), ("points",)),
        Setting("activation", "activation of the hidden layers", "tanh", choice(*ACTIVATIONS), ("plane",), ("points",)),
    )
}  # fmt: skip


def settings_for(task: str, dataset: str | None = None) -> dict[str, Setting]:
    """The settings that a task knows, on a data set where one is named."""
    return {
        name: setting
        for name, setting in SETTINGS.items()
        if task in setting.tasks and (dataset is None or not setting.datasets or dataset in setting.datasets)
    }


def checked(task: str, name: str, value: object, dataset: str | None = None) -> Any:
    """The value in canonical form; raises ValueError with a sentence that names the setting."""
    known = settings_for(task, dataset)
    if name not in known:
        whom = "this data set" if name in settings_for(task) else "this task"
        raise ValueError(f'there is no setting "{harmless(name, 60)}" for {whom}, {nearest(name, known)}')
    setting = known[name]
    if task in setting.zero_for and value == 0 and isinstance(value, int) and not isinstance(value, bool):
        return 0
    try:
        return setting.check(value)
    except ValueError as error:
        raise ValueError(f"{name} {error}") from None


def from_text(task: str, name: str, text: str) -> Any:
    """The value that a person typed: a TOML value, or a bare word. Raises ValueError as `checked` does."""
    try:
        value = tomllib.loads(f"value = {text.strip()}")["value"]
    except (tomllib.TOMLDecodeError, ValueError):
        value = text.strip()
    return checked(task, name, value)


def complete(task: str, given: Mapping[str, object], dataset: str | None = None) -> dict[str, Any]:
    """All settings of a task, on a data set where one is named: those given, checked, and defaults for the rest."""
    values = {name: checked(task, name, value, dataset) for name, value in given.items()}
    return {name: values.get(name, setting.default) for name, setting in settings_for(task, dataset).items()}
