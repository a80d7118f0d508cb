"""Keeps a run's checkpoints: saves when asked, by the clock, at the best epoch; deletes what is superseded."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import keras
from numpy.typing import NDArray

from gan_tui.training import checkpoint
from gan_tui.training.report import Report

KEPT = {"autosave": 3, "best": 1}
"""How many of a kind are kept; those that a person asked for, and a run's last, all are."""


class Keeper:
    """Saves what `gather` returns as a checkpoint of the run."""

    def __init__(
        self,
        report: Report,
        networks: list[keras.Model],
        gather: Callable[[], Mapping[str, NDArray[Any]]],
        minutes: float,
    ) -> None:
        """`minutes` lie between two automatic checkpoints; 0 means none."""
        self._report, self._networks, self._gather, self._seconds = report, networks, gather, 60 * minutes
        self._saved_at = time.monotonic()
        self._asked: set[str] = set()
        self._kept: dict[str, list[str]] = {why: [] for why in KEPT}
        checkpoint.clean(report.folder.checkpoints)
        for folder in reversed(checkpoint.complete_folders(report.folder.checkpoints)):  # of earlier attempts
            self._register(str(folder.relative_to(report.folder.path)), checkpoint.reason(folder))

    def save(self, step: int, why: str) -> str:
        """Save and return the folder's name inside the run. Raises OSError when the disk is full or gone."""
        self._saved_at = time.monotonic()
        folder = checkpoint.save(self._report.folder.checkpoints, step, why, self._gather(), self._networks)
        name = str(folder.relative_to(self._report.folder.path))
        self._report.checkpoint(step, name, why)
        self._register(name, why)
        return name

    def _register(self, name: str, why: str) -> None:
        """Note what a checkpoint is kept for, and delete what it supersedes; one that was asked for stays."""
        if why not in KEPT:
            self._asked.add(name)
        for names in self._kept.values():
            if name in names:
                names.remove(name)  # saved anew for another reason
        if why in KEPT and name not in self._asked:
            self._kept[why].append(name)
            for old in self._kept[why][: -KEPT[why]]:
                checkpoint.remove(self._report.folder.path / old)
            del self._kept[why][: -KEPT[why]]

    def try_to_save(self, step: int, why: str) -> str:
        """Save; where that fails, say so in an alert and train on. Returns what was wrong, or nothing."""
        try:
            self.save(step, why)
        except OSError as error:
            problem = f"Cannot save a checkpoint: {error.strerror}; free some space."
            self._report.alert("save", problem, step)
            return problem
        return ""

    def save_if_due(self, step: int) -> None:
        """The automatic checkpoint, when it is time."""
        if self._seconds and time.monotonic() - self._saved_at >= self._seconds:
            self.try_to_save(step, "autosave")
