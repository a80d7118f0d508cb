"""One line about a run: its state, step, speed, time left and newest values; for people, programs and prompts."""

import math
from collections.abc import Container
from dataclasses import asdict
from string import Formatter
from typing import Any

from gan_tui.cli.json_output import print_json
from gan_tui.errors import DONE, UserError
from gan_tui.run import group
from gan_tui.run.folder import RunFolder
from gan_tui.run.glance import Glance, glance
from gan_tui.text import duration, four_digits, harmless, nearest

_UNKNOWN = "-"
"""What --format has for what is not known."""


def show(folder: RunFolder, as_json: bool, form: str | None) -> int:
    """Print it. Raises UserError where the run was deleted meanwhile, or `form` names what there is not."""
    try:
        seen = glance(folder)
    except FileNotFoundError:
        raise UserError(folder.deleted()) from None
    if as_json:
        print_json(document(seen))
    else:
        print(line(seen) if form is None else formatted(seen, form))
    return DONE


def document(seen: Glance) -> dict[str, Any]:
    """All of it, as JSON has it."""
    run = seen.summary
    values = {name: value if value is None or math.isfinite(value) else None for name, value in seen.values.items()}
    return {
        "run": run.folder.name, "folder": str(run.folder.path), "state": run.state, "alive": run.alive,
        "reason": run.reason, "step": run.step, "steps_total": run.steps_total, "epoch": seen.epoch,
        "epochs": seen.epochs, "speed": seen.speed, "seconds_left": seen.seconds_left, "values": values,
        "trouble": run.folder.trouble(), "changed": run.changed,
        **({"waits": run.standing.waits} if run.standing.waits else {}), **_group(seen),
    }  # fmt: skip


def _group(seen: Glance) -> dict[str, Any]:
    """Of a run whose steps are taken by several workers."""
    workers = [asdict(worker) for worker in seen.workers]
    return {"workers": workers, "examples_per_second": seen.examples_per_second} if workers else {}


def line(seen: Glance) -> str:
    """All of it in words, as much as there is."""
    run = seen.summary
    step = f"step {run.step:,} of {run.steps_total:,}" if run.steps_total else f"step {run.step:,}"
    parts = [run.folder.name, run.shown, step]
    if seen.speed is not None:
        parts.append(f"{seen.speed:,.1f} steps/s")
    if seen.workers:
        parts += group.headline(seen.workers, seen.speed, seen.batch_size)
    if seen.seconds_left is not None:
        parts.append(f"{duration(seen.seconds_left)} left")
    parts += [f"{name} {four_digits(value)}" for name, value in seen.values.items()]
    gone = group.advice(seen.workers) if run.alive else ""
    return "  ".join([*parts, *filter(None, (_about(seen), gone, run.folder.trouble()))])


def _about(seen: Glance) -> str:
    """Why it does not train, where a person could not guess it."""
    run = seen.summary
    return run.reason if run.shown == "failed" else run.standing.about if run.shown == run.standing.word else ""


def formatted(seen: Glance, form: str) -> str:
    """A text with what its {names} stand for; `{loss:.2f}` has two digits. Raises UserError."""
    told = document(seen)
    values, left = told.pop("values"), told["seconds_left"]
    known = {**values, "waits": "", **told, "time_left": None if left is None else duration(left)}
    try:
        return "".join(text + _filled(name, how, known) for text, name, how, _ in Formatter().parse(form))
    except ValueError as error:
        raise UserError(f'--format cannot be "{harmless(form, 60)}": {harmless(str(error))}.') from None


def _parted(name: str, how: str, known: Container[str]) -> tuple[str, str]:
    """A name, which may have colons, and how it is to be written."""
    words = how.split(":")
    for count in range(len(words), 0, -1):
        if (longer := ":".join([name, *words[:count]])) in known:
            return longer, ":".join(words[count:])
    return name, how


def _filled(name: str | None, how: str | None, known: dict[str, Any]) -> str:
    if name is None:
        return ""
    name, how = _parted(name, how or "", known)
    if name not in known:
        raise UserError(f'--format has no "{harmless(name, 60)}", {nearest(name, known)} (--json shows what each is).')
    value = known[name]
    if value is None:
        return _UNKNOWN
    if how:
        return format(value, how)
    return four_digits(value) if isinstance(value, float) and name != "changed" else str(value)
