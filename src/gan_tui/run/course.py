"""What became of a run on its way, by step: how long it has trained until then, and what happened there."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from gan_tui.run.series import Series

MOST_MARKS = 1000
"""Of one run: those that come later take the place of the first ones."""
_FINEST = 0.25
_FINEST_SHARE = 1 / 4000
"""Seconds, and the share of all of them, between two steps whose time is kept: a run of weeks takes little room."""


@dataclass(frozen=True)
class Mark:
    """Something that happened at a step."""

    step: int
    kind: str
    """pause, setting, checkpoint, alert, …"""
    words: str


@dataclass(frozen=True)
class Course:
    """Immutable, as the state that it is part of."""

    seconds: float = 0.0
    """Of training, pauses and starts left out."""
    times: Series = field(default_factory=Series.empty)
    """Step → seconds of training until then; not every step has one."""
    marks: tuple[Mark, ...] = ()
    """Pauses and changed settings."""

    def marked(self, mark: Mark) -> "Course":
        return replace(self, marks=(*self.marks, mark)[-MOST_MARKS:])

    def trained(self, since: float | None, reports: Iterable[tuple[int, float]]) -> "Course":
        """After reports, (step, time) each, of an uninterrupted stretch; `since` is when it was heard of last."""
        seconds, kept = self.seconds, self.times.last or 0.0
        steps, values = list[int](), list[float]()
        for step, time in reports:
            seconds += max(0.0, time - (time if since is None else since))
            since = time
            if seconds - kept >= max(_FINEST, seconds * _FINEST_SHARE):
                steps.append(step)
                values.append(seconds)
                kept = seconds
        return replace(self, seconds=seconds, times=self.times.extended(steps, values))

    def up_to(self, step: int) -> "Course":
        """What counts where training goes on from a step."""
        times = self.times.up_to(step)
        marks = tuple(mark for mark in self.marks if mark.step <= step)
        return replace(self, seconds=times.last or 0.0, times=times, marks=marks)
