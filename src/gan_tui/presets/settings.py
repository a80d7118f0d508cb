"""A setting of a preset: what it means, its possible values, its default; and the settings that every task has."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gan_tui.presets.checks import AUTO, Check, Takes, choice, must_be, number, path, takes, whole, written
from gan_tui.presets.keras_names import OPTIMIZERS
from gan_tui.text import harmless


@dataclass(frozen=True)
class Setting:
    """One setting of a run."""

    name: str
    about: str
    default: Any
    check: Check
    datasets: tuple[str, ...] = ()
    """The data sets it means something for; none named: all."""
    is_file: Callable[[object, Path | None], bool] = lambda value, folder: False
    """Whether a value is the path of a file: relative to the preset's own folder, if any, and copied into a run."""
    is_place: Callable[[object], bool] = lambda value: False
    """Whether a value is another path, such as that of data: relative to the preset's own folder, and never copied."""
    may_change: bool = False
    """Whether a run that goes on may do so with another value."""

    @property
    def takes(self) -> str:
        """Which values it may have, in words; empty where its check does not say."""
        return "; ".join(filter(None, (self.check.words, self.check.more))) if isinstance(self.check, Takes) else ""

    @property
    def choices(self) -> tuple[str, ...]:
        """All of its values, as they may be typed, where these are few."""
        return self.check.choices if isinstance(self.check, Takes) else ()

    def is_path(self, value: object, folder: Path) -> bool:
        """Whether a value is relative to the preset's own folder."""
        return self.is_file(value, folder) or (isinstance(value, str) and bool(value.strip()) and self.is_place(value))

    @property
    def is_word(self) -> bool:
        """Whether its values are words or paths, and never numbers, however much they look like some."""
        return isinstance(self.default, str) and self.default != AUTO

    def means_something_for(self, dataset: str | None) -> bool:
        return dataset is None or not self.datasets or dataset in self.datasets

    def checked(self, value: object) -> Any:
        """The value in canonical form; raises ValueError with a sentence that names the setting."""
        try:
            return self.check(value)
        except ValueError as error:
            raise ValueError(f"{self.name} {error}") from None


def by_name(*groups: Sequence[Setting]) -> dict[str, Setting]:
    """Name → setting, in order; a later one takes the place of an earlier one of its name."""
    return {setting.name: setting for group in groups for setting in group}


def value_words(value: object, longest: int = 60) -> str:
    """A setting's value as a person may type it; of words, so many characters."""
    if isinstance(value, tuple | list):
        return "[" + ",".join(value_words(item, longest) for item in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        short = f"{value:g}"
        return short if float(short) == value else repr(value)
    return harmless(str(value), longest)


def or_zero(check: Takes) -> Takes:
    """The same, with 0 as a value, too."""
    words = f"{check.words}, or 0"

    @takes(words)
    def checked(value: object) -> Any:
        if value == 0 and isinstance(value, int) and not isinstance(value, bool):
            return 0
        try:
            return check(value)
        except ValueError:
            raise must_be(words, value) from None

    return checked


def or_same(check: Check, same: Any) -> Takes:
    """The same, with one more value, which stands for that of another setting."""
    words, choices = (check.words, check.choices) if isinstance(check, Takes) else ("", ())

    @takes(f"{words}, or {written(same)}", (*choices, str(same)) if choices else ())
    def checked(value: object) -> Any:
        return same if value == same and not isinstance(value, bool) else check(value)

    return checked


BATCHES = whole(1, 1_000_000)
BATCH_SIZE = Setting("batch_size", "examples in one step; on points, 0 means all of them", 32, BATCHES)

MOST_SEEDS = 2**31

COMMON = (
    Setting("epochs", "passes over the training data", 10, whole(1, 10_000_000), may_change=True),
    Setting("steps", "steps to train for; 0 means: as many as the epochs have",
            0, whole(0, 1_000_000_000), may_change=True),
    BATCH_SIZE,
    Setting("learning_rate", "size of an update", 0.001, number(1e-12, 1000), may_change=True),
    Setting("learning_rate_decay", "inverse-time decay per step: rate / (1 + decay × step)", 0.0, number(0, 10)),
    Setting("optimizer", "update rule", "adam", choice(*OPTIMIZERS)),
    Setting("beta_1", "decay rate for the mean gradient, of Adam and its kin", 0.9, number(0, 0.9999)),
    Setting("seed", "seed of all random numbers", 42, whole(0, MOST_SEEDS - 1)),
    Setting("autosave_minutes", "minutes between automatic checkpoints; 0 means none",
            5.0, number(0, 100_000), may_change=True),
    Setting("autosave_epochs", "epochs between automatic checkpoints; 0 means none",
            0, whole(0, 10_000_000), may_change=True),
    Setting("autosave_keep", "automatic checkpoints to keep: this many of the newest, and the best",
            3, whole(1, 1000), may_change=True),
    Setting("tensorboard", "a folder, where the run gets one of its own for TensorBoard, written while it trains",
            "", Takes("the path of a folder", path), is_place=lambda value: True, may_change=True),
    Setting("restarts", "how many times the trainer, if it dies, is restarted from its last checkpoint",
            0, whole(0, 1000), may_change=True),
)  # fmt: skip
"""What every task has."""
