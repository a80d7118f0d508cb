"""How the learning rate changes while a network learns: what there is to set, and what fits what.

Keras computes it in the graph, from the optimizer's count of steps, so that a resumed run has the rates of one that
was never stopped.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from gan_tui.presets.checks import choice, flag, number, numbers, rising, shares, whole
from gan_tui.presets.settings import Setting
from gan_tui.run.metrics import Metric
from gan_tui.text import counted

CONSTANT, EXPONENTIAL, COSINE, RESTARTS, PIECEWISE = "constant", "exponential", "cosine", "cosine-restarts", "piecewise"
MOST_STEPS = 1_000_000_000

SETTINGS = (
    Setting("schedule", "how the learning rate changes: constant, exponential, cosine, cosine-restarts or piecewise "
            "(inverse-time decay is learning_rate_decay)",
            CONSTANT, choice(CONSTANT, EXPONENTIAL, COSINE, RESTARTS, PIECEWISE)),
    Setting("schedule_steps", "steps in which an exponential rate falls to schedule_rate of itself, or a cosine to its "
            "end; 0: to the last step of the run",
            0, whole(0, MOST_STEPS)),
    Setting("schedule_rate", "exponential: what the rate is multiplied by in schedule_steps", 0.1, number(1e-9, 1000)),
    Setting("schedule_stairs", "exponential: fall all at once, after each schedule_steps", False, flag),
    Setting("schedule_end", "cosine: the last rate, as a share of the first", 0.0, number(0, 1)),
    Setting("schedule_at", "piecewise: steps after which the rate is another, such as [1000, 2000]",
            (), rising(numbers(0, 100, 1, MOST_STEPS, (1000, 2000)))),
    Setting("schedule_factors", "piecewise: what it then is, as shares of learning_rate, such as [0.1, 0.01]",
            (), shares),
    Setting("warmup_steps", "steps in which the rate rises evenly from 0, before anything else; 0: none",
            0, whole(0, MOST_STEPS)),
)  # fmt: skip

_OF = {
    "schedule_steps": (EXPONENTIAL, COSINE, RESTARTS), "schedule_rate": (EXPONENTIAL,),
    "schedule_stairs": (EXPONENTIAL,), "schedule_end": (COSINE, RESTARTS), "schedule_at": (PIECEWISE,),
    "schedule_factors": (PIECEWISE,),
}  # fmt: skip
"""Setting → the schedules that it means something to."""

LEARNING_RATE = Metric("learning_rate", "learning_rate", "learning rate", "learning rate", low=0.0)


def is_drawn(settings: Mapping[str, Any]) -> bool:
    """Whether the rates of a run are among what it measures: where its settings name a schedule or a warm-up."""
    return bool(settings["schedule"] != CONSTANT or settings["warmup_steps"])


def follows_length(settings: Mapping[str, Any]) -> bool:
    """Whether a run of another length would have had other rates from the beginning."""
    return settings["schedule"] in (EXPONENTIAL, COSINE) and not settings["schedule_steps"]


def rest(total: int, warmup_steps: int) -> int:
    """The steps that a warm-up leaves of a run of so many in all for a schedule that follows its length."""
    return max(1, total - warmup_steps)


def check(settings: Mapping[str, Any]) -> None:
    """Raises ValueError where settings of a schedule do not fit each other."""
    kind = settings["schedule"]
    if kind != CONSTANT and settings["learning_rate_decay"]:
        raise ValueError(f"learning_rate_decay: it is a schedule of its own; make it 0, or leave out schedule {kind}")
    if kind == RESTARTS and not settings["schedule_steps"]:
        raise ValueError(f"schedule_steps: {RESTARTS} needs to know after how many steps it starts again")
    if kind == EXPONENTIAL and settings["schedule_stairs"] and not settings["schedule_steps"]:
        raise ValueError("schedule_steps: with schedule_stairs, it must be as long as one of them")
    if settings["optimizer"] == "ftrl" and _reaches_zero(settings):
        raise ValueError("optimizer: ftrl divides by the learning rate, so no warm-up or schedule may bring it to 0")
    at, factors = settings["schedule_at"], settings["schedule_factors"]
    if kind == PIECEWISE and not at:
        raise ValueError("schedule_at: piecewise needs the steps after which the rate is another, such as [1000, 2000]")
    if kind == PIECEWISE and len(at) != len(factors):
        raise ValueError(f"schedule_factors must be as many as schedule_at has steps, {len(at)}, not {len(factors)}")


def _reaches_zero(settings: Mapping[str, Any]) -> bool:
    """Whether a rate is 0 at some step."""
    kind = settings["schedule"]
    falls = kind in (COSINE, RESTARTS) and not settings["schedule_end"]
    return bool(settings["warmup_steps"] or falls or (kind == PIECEWISE and 0 in settings["schedule_factors"]))


def _whose(settings: Mapping[str, Any]) -> str:
    """The weights that are learnt once a step."""
    return "the generator's weights" if settings.get("d_steps", 1) > 1 else "the weights"


def check_length(settings: Mapping[str, Any], total: int) -> None:
    """Raises ValueError where a run of so many steps changes no weight, or leaves no room for its schedule."""
    batches, warmup = settings["accumulate"], settings["warmup_steps"]
    if not (updates := total // batches):
        raise ValueError(
            f"accumulate {batches:,} is more than the run's {counted(total, 'step')}, so {_whose(settings)} would "
            "never change; make it smaller, or train longer"
        )
    if follows_length(settings) and warmup >= updates:
        raise ValueError(
            f"warmup_steps {warmup:,} leave none of the run's {_updates_of(settings, total)} for the schedule; make "
            "them fewer, or train longer"
        )


def to_know(settings: Mapping[str, Any], total: int) -> Iterator[str]:
    """Sentences of what a run of so many steps does not come to, for it ends before."""
    batches, warmup, length = settings["accumulate"], settings["warmup_steps"], _updates_of(settings, total)
    if left := total % batches:
        yield (
            f"The last {counted(left, 'step')} of {total:,} will not change {_whose(settings)}: accumulate makes one "
            f"update of {batches:,}."
        )
    updates = total // batches
    if warmup and warmup >= updates:
        yield f"warmup_steps {warmup:,} take all of the run's {length}: it ends before its learning rate has risen."
    elif settings["schedule"] == PIECEWISE and settings["schedule_at"][0] >= updates - warmup:
        after = f" after its warm-up of {warmup:,}" if warmup else ""
        yield f"schedule_at {settings['schedule_at'][0]:,} is never reached: the run ends with its {length}{after}."


def _updates_of(settings: Mapping[str, Any], total: int) -> str:
    """'75 steps', of which each is an update; else both, as rates follow updates."""
    updates = total // settings["accumulate"]
    return counted(total, "step") if updates == total else f"{counted(updates, 'update')} in {total:,} steps"


def without_effect(settings: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(setting, when) of each that means nothing to the schedule, and is not as it is by default."""
    for setting in SETTINGS:
        kinds = _OF.get(setting.name)
        if kinds and settings["schedule"] not in kinds and settings[setting.name] != setting.default:
            yield setting.name, f"with the schedule {settings['schedule']}"
