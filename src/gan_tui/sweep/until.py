"""What ends a training of a sweep: the first epoch at which a metric is good enough."""

import math
import re
from dataclasses import dataclass

from gan_tui.errors import UserError
from gan_tui.presets import Preset
from gan_tui.presets.plan import Plan
from gan_tui.run.metrics import Metric, guessed
from gan_tui.text import harmless, nearest

_PARTS = re.compile(r"(.*?)(<=|>=|=)([^<>=]*)", re.DOTALL)


@dataclass(frozen=True)
class Until:
    """What ends a training: a metric, at an epoch's end, at or above a value, or at or below it."""

    metric: str
    value: float
    falling: bool
    """Whether at or below is what is asked for."""

    def is_met_by(self, value: float) -> bool:
        return value <= self.value if self.falling else value >= self.value

    def __str__(self) -> str:
        return f"{self.metric} {'<=' if self.falling else '>='} {self.value:g}"


def asked(text: str) -> Until:
    """What --until says: accuracy=1.0, loss<=0.1. Raises UserError."""
    name, sign, value = parts(text)
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not name or not math.isfinite(number):
        raise UserError(f'--until takes NAME=VALUE, such as --until accuracy=1.0, not "{harmless(text, 60)}".')
    falls = guessed(name).falls if sign == "=" else sign == "<="
    return Until(name, number, falls)


def parts(text: str) -> tuple[str, str, str]:
    """(name, sign, value): of several signs the last, as names may have some; all empty where there is none."""
    found = _PARTS.fullmatch(text)
    return (found[1].strip(), found[2], found[3].strip()) if found else ("", "", "")


def refuse_out_of_reach(until: Until, metric: Metric) -> None:
    """Raises UserError where a metric never has such a value."""
    if not metric.can_reach(until.value, until.falling):
        bound = f"below {metric.low:g}" if until.falling else f"above {metric.high:g}"
        raise UserError(f"{until} cannot be reached: {until.metric} is never {bound}.")


def check(until: Until, preset: Preset, plan: Plan, having: str) -> None:
    """Raises UserError where it can never happen in a training of a preset, which `having` names with its values."""
    known = {metric.name: metric for metric in preset.metrics}
    if until.metric not in known:
        name = harmless(until.metric, 60)
        raise UserError(f'{having} has no metric "{name}", {nearest(until.metric, known)}.')
    refuse_out_of_reach(until, known[until.metric])
    if plan.steps_total < plan.steps_per_epoch:
        raise UserError(
            f"--until needs a whole epoch, and {having} trains only {plan.steps_total:,} of the "
            f"{plan.steps_per_epoch:,} steps of one; give more --steps, or --epochs."
        )
