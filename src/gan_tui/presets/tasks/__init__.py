"""The tasks there are, one a file: what of each is known without Keras. `training/tasks` has what computes them."""

from gan_tui.presets.tasks.autoencoder import AutoencoderRules
from gan_tui.presets.tasks.base import TaskRules
from gan_tui.presets.tasks.classifier import ClassifierRules
from gan_tui.presets.tasks.pair import PairRules
from gan_tui.presets.tasks.plane import PlaneRules
from gan_tui.presets.tasks.regression import RegressionRules

__all__ = ["TASKS", "TaskRules", "register"]

TASKS: dict[str, TaskRules] = {}
"""Name → task, in the menu's order."""


def register(rules: TaskRules) -> None:
    """Add a task, so that presets may name it."""
    TASKS[rules.name] = rules


for _rules in (PlaneRules(), RegressionRules(), ClassifierRules(), AutoencoderRules(), PairRules()):
    register(_rules)
