"""Settings in groups, as a person looks for them."""

import re
from collections.abc import Sequence

from gan_tui.presets.settings import Setting

LENGTH, STEPS, TASK, RATE, OPTIMIZER, DATA, KEPT = (
    "How long", "Each step", "The task", "The learning rate", "The optimizer", "The data", "What is kept"
)  # fmt: skip
"""In the order in which they are shown: what is changed most comes first."""
_NAMES = {
    LENGTH: "epochs|steps|patience|restore_best|monitor",
    STEPS: "batch_size|seed|optimizer|learning_rate|engine|precision",
    RATE: "learning_rate_.*|schedule.*|warmup_.*",
    OPTIMIZER: "beta_.*|epsilon.*|rho|momentum|nesterov|amsgrad|centered|weight_decay|(global_)?clip_.*|ftrl_.*"
    "|initial_accumulator|accumulate|ema.*|ns_steps|rms_rate|adam_lr_ratio",
    DATA: "data|data_folder|label|image_.*|color|resize|augment|points|validation_split|class_weight",
    KEPT: "autosave_.*|save_.*|restarts|tensorboard",
}
"""Group → the names of its settings; all others are the task's own."""


def group_of(name: str) -> str:
    """The group of the setting of that name."""
    return next((group for group, names in _NAMES.items() if re.fullmatch(names, name)), TASK)


def grouped(settings: Sequence[Setting]) -> dict[str, list[Setting]]:
    """Group → its settings, each in the order in which they are given; no group is empty."""
    groups = {
        group: [one for one in settings if group_of(one.name) == group]
        for group in (LENGTH, STEPS, TASK, RATE, OPTIMIZER, DATA, KEPT)
    }
    return {group: members for group, members in groups.items() if members}
