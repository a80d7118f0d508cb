"""What `gan-tui train --dry-run` prints: all that would be trained, without training it."""

from typing import Any

from gan_tui.cli import settings_shown, tables
from gan_tui.cli.shared_steps import ALONE, Asked, SharedSteps
from gan_tui.errors import UserError
from gan_tui.presets import Preset, schedules
from gan_tui.presets.networks import listed
from gan_tui.presets.plan import memory_needed, planned, settled
from gan_tui.presets.settings import value_words
from gan_tui.supervision.measuring import Measured, measured
from gan_tui.system import machine
from gan_tui.system.painted_line import meanwhile
from gan_tui.text import aligned, counted, duration, flowed, harmless, size


class DryRun:
    """A preset that is ready, beside what its file has; its steps are measured once."""

    def __init__(self, preset: Preset, own: Preset, asked: Asked = ALONE) -> None:
        """`own` is the preset as its file has it. Raises UserError where it cannot be trained."""
        self.preset, self._own, self.plan = preset, own, planned(preset)
        self.needed = memory_needed(preset, preset.settings["batch_size"] or self.plan.batch_size)
        self.measured: Measured | None = None
        self.not_measured = ""
        """Why, as half a sentence."""
        try:
            with meanwhile("loading TensorFlow, and measuring some steps …"):
                self.measured = measured(settled(preset))
        except UserError as error:
            self.not_measured = str(error)
        gpus = self.measured.gpus if self.measured else None
        self.shared = SharedSteps(preset, self.plan, asked, gpus) if asked.source else None
        """What several would do, where one process is not to train alone."""

    @property
    def changed(self) -> dict[str, Any]:
        """The settings that are not those of the file."""
        own = self._own.settings
        return {name: value for name, value in self.preset.settings.items() if own.get(name, value) != value}

    @property
    def seconds(self) -> float | None:
        """How long it would take, but for what is saved and drawn."""
        if self.measured is None:
            return None
        return self.measured.step * self.plan.steps_total + self.measured.validation * self.epochs

    @property
    def epochs(self) -> float:
        return self.plan.steps_total / self.plan.steps_per_epoch

    # As text ----------------------------------------------------------

    def text(self, columns: int | None) -> str:
        head = f"{self.preset.title} ({self.preset.name}): what would be trained"
        rows = [("data", self._data()), ("settings", self._changed()), ("length", self._length())]
        rows += [("start", f"the weights of {self.preset.start.origin}")] if self.preset.start else []
        rows += [("memory", self._memory()), ("time", self._time())]
        rows += [("group", self.shared.words())] if self.shared else []
        parts = [flowed(head, columns), aligned(rows, (), columns)]
        if self.shared and self.shared.too_small:
            parts.append(flowed(self.shared.too_small, columns))
        if idle := [*self.preset.without_effect(), *self._to_know]:
            parts.append(flowed("\n".join(idle), columns))
        return "\n\n".join([*parts, *(tables.network_table(network, columns) for network in self.preset.networks)])

    @property
    def _to_know(self) -> list[str]:
        return list(schedules.to_know(self.preset.settings, self.plan.steps_total))

    def _data(self) -> str:
        plan, names = self.plan, self.preset.facts.names
        validation = f", and {plan.validation:,} for validation" if plan.validation else ""
        classes = f", in {len(names):,} classes" if names else ""
        origin = plan.origin + ("" if plan.full else f" (gan-tui data fetch {self.preset.dataset} gets the full set)")
        name = harmless(self.preset.data_name, 80)
        return f"{name}: {plan.train:,} examples to train on{validation}{classes}; {origin}"

    def _changed(self) -> str:
        own = self._own.settings
        changes = (
            f"{name} {value_words(value) or 'empty'} (the preset has {value_words(own[name]) or 'none'})"
            for name, value in self.changed.items()
        )
        return ", ".join(changes) or "as in the preset"

    def _length(self) -> str:
        plan = self.plan
        epochs = f"{self.epochs:,.1f}".removesuffix(".0")
        per = f"{counted(plan.steps_per_epoch, 'step')}, each of {counted(plan.batch_size, 'example')}"
        return f"{counted(plan.steps_total, 'step')}; {epochs} {'epoch' if epochs == '1' else 'epochs'} of {per}"

    def _memory(self) -> str:
        there = f"this machine has {size(machine.memory())}"
        if self.measured:
            return (
                f"{size(self.measured.memory)}, measured, {size(self.needed)} of it for networks and a batch; {there}"
            )
        return f"{size(self.needed)} for networks and a batch, beside TensorFlow; {there}"

    def _time(self) -> str:
        if self.measured is None or self.seconds is None:
            return f"not measured: {self.not_measured}"
        over = f"{counted(self.measured.steps, 'step')} on {self.measured.device}"
        alone = " in one process" if self.shared else ""
        step = f"{_short(self.measured.step)} a step{alone}, measured over {over}"
        return f"about {duration(self.seconds)}: {step}; saving and pictures come on top"

    # For scripts ----------------------------------------------------------

    def as_document(self) -> dict[str, Any]:
        plan, had = self.plan, self.measured
        return {
            **settings_shown.as_document(self.preset),
            "data": {
                "name": self.preset.data_name, "origin": plan.origin, "full": plan.full, "train": plan.train,
                "validation": plan.validation, "classes": list(self.preset.facts.names),
            },
            "changed": {name: {"value": listed(value), "own": listed(self._own.settings[name])}
                        for name, value in self.changed.items()},
            **({"start": self.preset.start.origin} if self.preset.start else {}),
            "without_effect": self.preset.without_effect(), "to_know": self._to_know,
            "steps": plan.steps_total, "steps_per_epoch": plan.steps_per_epoch, "epochs": self.epochs,
            "batch_size": self.preset.settings["batch_size"] or plan.batch_size, "examples_per_step": plan.batch_size,
            "memory": {"needed": self.needed, "machine": machine.memory(), "measured": had.memory if had else None},
            "time": {
                "seconds": self.seconds, "step": had.step, "validation": had.validation, "measured_steps": had.steps,
                "device": had.device,
            } if had else None,
            "not_measured": self.not_measured,
            "group": self.shared.as_document() if self.shared else None,
        }  # fmt: skip


def _short(seconds: float) -> str:
    """16.2 ms"""
    scale, unit = next(((scale, unit) for scale, unit in ((1, "s"), (1e3, "ms")) if seconds * scale >= 1), (1e6, "µs"))
    return f"{seconds * scale:.3g} {unit}"
