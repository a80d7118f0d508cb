"""How fast a run trains of late: what of its reports tells it. Without numpy, so that a glance at a run is quick."""

from collections.abc import Iterable

from gan_tui.run.events import Metrics, Record

SPEED_WINDOW = 10.0
"""Seconds of training over which the steps a second are averaged."""

Pace = tuple[tuple[float, int], ...]
"""(`at`, step) of late metrics of one uninterrupted stretch of training."""


def at(record: Record) -> float:
    """Seconds that differ by the time that has passed, whatever became of the clock on the wall."""
    return record.time if record.clock is None else record.clock


def paced(pace: Pace, records: list[Record], reached: int = 0) -> Pace:
    """The pace after metrics that follow each other, each with a step at least, of a run that had `reached` a step."""
    for record in _last_of_each_quarter(records, at(records[-1]) - SPEED_WINDOW):
        assert isinstance(record.event, Metrics)
        pace = _with(pace, at(record), max(reached, int(record.event.steps[-1])))
    return pace


def speed_of(pace: Pace) -> float | None:
    """Steps a second; None until two reports have come."""
    if len(pace) < 2:
        return None
    (first_time, first_step), (last_time, last_step) = pace[0], pace[-1]
    return (last_step - first_step) / (last_time - first_time) if last_time > first_time else None


def _last_of_each_quarter(records: list[Record], since: float) -> Iterable[Record]:
    """What was measured last in each quarter of a second, and before them all."""
    return {int(4 * max(at(record), since - 1)): record for record in records}.values()


def _with(pace: Pace, time: float, step: int) -> Pace:
    """The points that tell the speed, with another: those of late, one each quarter of a second.

    Where no clock but that on the wall was written down, and it was set back, they begin anew.
    """
    before = tuple(point for point in pace if point[0] <= time)
    recent = tuple(point for point in before if point[0] >= time - SPEED_WINDOW)
    recent = recent or before[-1:]  # a step may take longer
    if len(recent) > 1 and int(recent[-1][0] * 4) == int(time * 4):
        recent = recent[:-1]
    return (*recent, (time, step))
