"""Which metrics of a run are columns of its lines of text, and what stands in them."""

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import TextIO

from gan_tui.run.metrics import groups
from gan_tui.run.state import RunState
from gan_tui.text import counted, duration, four_digits, padded, width

NARROWEST = 10
BESIDE = 42
"""Cells of a line beside the metrics: step, epoch, speed and time left."""
_IN_A_FILE = 160
"""Cells of a line that goes into no terminal."""


class MetricColumns:
    """Of what presets measure all are shown; of what scripts and others' logs tell, as many as have room."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._header: tuple[str, ...] = ()
        self._told_until: dict[str, int] = {}
        """Name → the step of the value that was shown last."""

    def begin(self) -> None:
        """The names are told again before the next values."""
        self._header = ()

    @property
    def are_named(self) -> bool:
        """Whether their names were told."""
        return bool(self._header)

    def lines(self, state: RunState) -> Iterator[str]:
        """A line of the newest values, below one of their names where these are others than before."""
        names = self.names(state)
        if names != self._header:
            self._header = names
            if state.is_of_others and (more := self.left_out(state)):
                yield f"{counted(more, 'metric')} more, which have no room here, are on its screen: gan-tui attach."
            yield self._line(state, "step", "epoch", [*names, "steps/s"], "time left" if state.steps_total else "")
        epoch, epochs = state.current_epoch()
        speed, left = state.speed, state.seconds_left
        yield self._line(
            state,
            f"{state.step:,} of {state.steps_total:,}" if state.steps_total else f"{state.step:,}",
            f"{epoch:,}/{epochs:,}" if state.has_epochs else f"{state.epoch:,}" if state.epoch else "",
            [*self.values(state, names), f"{speed:,.1f}" if speed else ""],
            duration(left) if left is not None else "",
        )

    def _line(self, state: RunState, step: str, epoch: str, values: Sequence[str], left: str) -> str:
        """A line of metrics, or their names: each value ends below its name, the last step's like the first's."""
        total, epochs = f"{state.steps_total:,}", f"{state.current_epoch()[1]:,}"
        wide = [max(17, 2 * len(total) + len(" of ")), max(9, 2 * len(epochs) + 1)]
        wide += [*(max(NARROWEST, width(name)) for name in self._header), 8]
        cells = [padded(cell, room, right=True) for cell, room in zip((step, epoch, *values), wide, strict=True)]
        return "  ".join([*cells, left]).rstrip()

    def names(self, state: RunState) -> tuple[str, ...]:
        """Those that are measured from step to step; losses and accuracies come first where not all have room."""
        if not state.is_of_others:
            return tuple(name for name, one in state.series.items() if one.length and state.metric(name).each == "step")
        by_epoch = {name for name, metric in state.declared.items() if metric.each == "epoch"} | state.by_epoch
        found = [name for name, one in state.series.items() if one.length and name not in by_epoch]
        order = groups(state.metric(name) for name in found)
        shown, room = list[str](), self._columns - BESIDE
        for name in sorted(found, key=lambda name: order.index(state.metric(name).group)):
            room -= max(NARROWEST, width(name)) + 2
            if room < 0 and shown:
                break
            shown.append(name)
        return tuple(shown)

    def left_out(self, state: RunState) -> int:
        """How many have no room."""
        return sum(name not in state.by_epoch for name in state.series) - len(self.names(state))

    def values(self, state: RunState, names: tuple[str, ...]) -> list[str]:
        """The newest of each; of what is measured seldom, nothing where it was shown before."""
        values = []
        for name in names:
            series = state.series[name]
            is_new = not state.is_of_others or self._told_until.get(name) != series.last_step
            self._told_until[name] = series.last_step
            values.append(four_digits(series.last) if is_new else "")
        return values

    def of_epoch(self, state: RunState, values: Mapping[str, float | None]) -> str:
        """What an epoch came to, in a line."""
        words = [f"{name} {four_digits(value)}" for name, value in values.items()]
        most = len(words)
        while state.is_of_others and most > 1 and width("  ".join(words[:most])) > self._columns - BESIDE:
            most -= 1
        more = [f"and {len(words) - most} more"] if most < len(words) else []
        return "  ".join([*words[:most], *more])

    @property
    def _columns(self) -> int:
        try:
            return os.get_terminal_size(self._stream.fileno()).columns
        except (OSError, ValueError):
            return _IN_A_FILE
