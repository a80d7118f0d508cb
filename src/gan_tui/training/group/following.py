"""What every worker but the first does: it takes part in whatever worker 0 says, until that is the end."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from gan_tui.training.group import words
from gan_tui.training.group.beginning import take_arrays, take_settings
from gan_tui.training.group.steps import GroupSteps

if TYPE_CHECKING:
    from gan_tui.training.tasks import Task


def follow(task: "Task", usage: Callable[[], Sequence[float]] = list) -> int:
    """Follow worker 0 to the end, and return how many steps were taken; `usage` gives as many numbers as worker 0's."""
    steps, taken = task.steps, 0
    assert isinstance(steps, GroupSteps)
    while (word := (agreed := steps.say(0))[0]) != words.END:
        if word == words.USAGE:
            steps.rounds.numbers(usage())
        elif word == words.SET:
            take_settings(task, steps.rounds.told())
        elif word == words.ARRAYS:
            take_arrays(task, steps.rounds.told())
        taken += len(agreed[1])
    return taken
