"""What trains a run, by which is known what may be done with it once it is over."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from gan_tui.run.events import LOG, SCRIPT


class Maker(Enum):
    """Who made a run."""

    TRAINER = "gan-tui's own trainer, from a preset"
    SWEEP = "a sweep, which keeps no networks of it"
    COMMAND = "a script, of which the command is known that starts it again"
    PROCESS = "a script that somebody has started in a way of their own"
    LOGGER = "another program, whose log is looked at"

    @property
    def starts_again(self) -> bool:
        """Whether a run can be gone on with from here."""
        return self in (Maker.TRAINER, Maker.COMMAND)


def maker_of(task: str, document: Mapping[str, Any]) -> Maker:
    """By what the `started` event calls the task, if it is known, and by what preset.toml says."""
    task = task or str(document.get("task", ""))
    if task == LOG:
        return Maker.LOGGER
    if task != SCRIPT:
        return Maker.TRAINER
    return Maker.COMMAND if document.get("command") else Maker.PROCESS
