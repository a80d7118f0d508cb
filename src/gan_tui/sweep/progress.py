"""A sweep while it runs: one line that changes on a terminal, a line for each training elsewhere."""

import sys
import time
from collections.abc import Callable
from typing import TextIO

from gan_tui.sweep.engines.local import Failed, Happening, Tick, Told, Trained
from gan_tui.sweep.result import Result
from gan_tui.sweep.sweep import Job, Sweep, words
from gan_tui.system.painted_line import PaintedLine
from gan_tui.text import counted, duration, not_quite


class SweepProgress:
    """Shows what happens to a sweep. Failures are told on `errors` whatever else is shown."""

    def __init__(
        self, sweep: Sweep, done: dict[Job, Result], workers: int, quiet: bool = False,
        clock: Callable[[], float] = time.monotonic, out: TextIO | None = None, errors: TextIO | None = None,
    ) -> None:  # fmt: skip
        """`quiet` keeps standard output for the table alone."""
        self._sweep, self._total, self._workers, self._clock = sweep, len(sweep.jobs), workers, clock
        self._out, self._errors = out or sys.stdout, errors or sys.stderr
        self._live = self._errors.isatty()
        self._quiet = quiet or self._live
        self._before = self._done = len(done)
        self._failed = 0
        self._reached = sum(result.reached is not None for result in done.values())
        self._began, self._painted = clock(), PaintedLine(self._errors)
        if done:
            self._line(f"{self._done:,} of {self._total:,} were already trained; continuing with the rest.")

    def show(self, happening: Happening) -> None:
        if isinstance(happening, Trained):
            self._done += 1
            self._reached += happening.result.reached is not None
            self._line(f"{self._done:,} of {self._total:,}  {self._result(happening)}")
        elif isinstance(happening, Failed):
            self._failed += 1
            self.clear()
            reason = happening.reason.rstrip(".")
            print(f"gan-tui: {job_words(self._sweep, happening.job)} failed: {reason}.", file=self._errors)
        elif isinstance(happening, Told):
            self._tell(happening)
        elif isinstance(happening, Tick):
            if happening.loading == self._workers:
                self._began = self._clock()  # loading says nothing about how long a training takes
            if self._live:
                self._draw(happening)

    def _tell(self, told: Told) -> None:
        """Trouble among the errors, and else where lines are shown; on a terminal in any case."""
        self.clear()
        again = f"; {job_words(self._sweep, told.again)} is trained again" if told.again else ""
        if told.is_trouble:
            print(f"gan-tui: {told.text}{again}.", file=self._errors, flush=True)
        elif self._live:
            print(f"{told.text}.", file=self._errors, flush=True)
        else:
            self._line(f"{told.text}.")

    def _line(self, text: str) -> None:
        if not self._quiet:
            print(text, file=self._out, flush=True)

    def _result(self, trained: Trained) -> str:
        result = trained.result
        if result.reached:
            became = f"reached {self._sweep.until} at epoch {result.reached:,}"
        else:
            ended = {"done": "done", "early stopping": "stopped early"}.get(result.ended, result.ended)
            last = [f"{name} {not_quite(value):.4g}" for name, value in result.last.items() if value is not None]
            became = f"{ended} after {counted(result.epochs, 'epoch')}{': ' if last else ''}{', '.join(last[:4])}"
        at = f", {trained.where}" if trained.where else ""
        return f"{job_words(self._sweep, trained.job)}: {became} ({result.seconds:.1f} s{at})"

    # On a terminal --------------------------------------------------------------------------------

    def _draw(self, tick: Tick) -> None:
        parts = [f"{self._done:,} of {self._total:,} trained"]
        if self._sweep.until:
            parts.append(f"{self._reached:,} reached {self._sweep.until}")
        if self._failed:
            parts.append(f"{self._failed:,} failed")
        if tick.epochs:
            parts.append(f"{len(tick.epochs)} training, at epoch " + ", ".join(f"{epoch:,}" for epoch in tick.epochs))
        if tick.where:
            parts.append("training: " + ", ".join(f"{place} {count:,}" for place, count in tick.where))
        if tick.loading:
            parts.append(f"{tick.loading} loading TensorFlow")
        if left := self._seconds_left():
            parts.append(f"about {duration(left)} left")
        self._painted.paint(" | ".join(parts))

    def _seconds_left(self) -> float | None:
        done = self._done - self._before
        left = self._total - self._done - self._failed
        return (self._clock() - self._began) / done * left if done >= self._workers else None

    def clear(self) -> None:
        """Take the line away."""
        self._painted.clear()


def job_words(sweep: Sweep, job: Job) -> str:
    """'batch_size=4 seed=42'"""
    return words({**sweep.combinations[job.combination], "seed": job.seed})
