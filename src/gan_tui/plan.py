"""What a preset will do with the data at hand, worked out before anything heavy is loaded."""

from dataclasses import dataclass
from pathlib import Path

from gan_tui import data
from gan_tui.errors import UserError
from gan_tui.presets import DATASETS, Preset


@dataclass(frozen=True)
class Plan:
    """Numbers of examples and of steps."""

    origin: str
    """Where the data come from, in words."""
    full: bool
    """Whether that is all there is of the set."""
    train: int
    validation: int
    steps_per_epoch: int
    steps_total: int


def plan(preset: Preset) -> Plan:
    """The plan of a preset. Raises UserError when its data cannot be found, or are fewer than a batch."""
    facts, settings = DATASETS[preset.dataset], preset.settings
    if facts.count is not None:
        count, origin, full = facts.count, "made by gan-tui", True
    else:
        named = settings.get("data_folder")
        source = data.find(preset.dataset, Path(named) if named else None)
        count, origin, full = source.count, source.origin, source.full
    validation = round(count * settings.get("validation_split", 0.0))
    train, batch = count - validation, settings["batch_size"]
    if batch > train:
        raise UserError(
            f"batch_size {batch:,} is more than the {train:,} training examples of {preset.dataset}; "
            "choose a smaller one."
        )
    per_epoch = train // batch if preset.task == "gan" else -(-train // batch)
    return Plan(origin, full, train, validation, per_epoch, settings["steps"] or settings["epochs"] * per_epoch)
