"""What a preset will do with the data at hand, worked out before anything heavy is loaded."""

import math
from dataclasses import dataclass
from pathlib import Path

from gan_tui import data
from gan_tui.data.own import Found
from gan_tui.data.own.found import COLOR
from gan_tui.errors import UserError
from gan_tui.presets import schedules
from gan_tui.presets.layers import LayerRow
from gan_tui.presets.preset import Preset
from gan_tui.system import machine
from gan_tui.text import harmless, size

IMAGE_AXES = 3
"""Of one image: height, width, channels."""
_AS_IT_COMES = ("Flatten", "Reshape", "Identity", "ActivityRegularization")
"""Layers that give on what they are given, without a copy."""
_FLOAT = 4
"""Bytes of a float32."""


@dataclass(frozen=True)
class Plan:
    """Numbers of examples and of steps."""

    origin: str
    """Where the data come from, in words."""
    full: bool
    """Whether that is all there is of the set."""
    train: int
    validation: int
    steps_per_epoch: int
    steps_total: int
    batch_size: int
    """Examples in one step, never 0."""


def planned(preset: Preset) -> Plan:
    """The plan of a preset.

    Raises UserError when its data cannot be found or are fewer than a batch, it needs more memory than there is, or its
    learning rate more steps.
    """
    known, settings = preset.facts, preset.settings
    if preset.found is not None:
        count, origin, full = preset.found.count, origin_of(preset.found), True
    elif known.count is not None:
        count, origin, full = known.count, made_by(preset), True
    else:
        source = source_of(preset)
        count, origin, full = source.count, source.origin, source.full
        _refuse_single_class(preset, source)
    share = settings.get("validation_split", 0.0)
    validation = preset.found.held_back if preset.found and preset.found.held_back else round(count * share)
    if share and not validation and not preset.begun:
        raise UserError(
            f"validation_split {share:g} of {count:,} examples is not a single one; make it at least "
            f"{math.ceil(1000 / count) / 1000:g}, or 0."
        )
    train = count - validation
    batch = batch_size(preset, train)
    check_memory(preset, settings["batch_size"] or batch)
    per_epoch = train // batch if preset.whole_batches else -(-train // batch)
    total = settings["steps"] or settings["epochs"] * per_epoch
    try:
        if not preset.begun:
            schedules.check_length(settings, total)
    except ValueError as error:
        raise UserError(f"{error}.") from None
    return Plan(origin, full, train, validation, per_epoch, total, batch)


def _refuse_single_class(preset: Preset, source: data.Source) -> None:
    if preset.rules.learns_classes and len(source.classes) == 1 and not preset.begun:
        raise UserError(
            f"All {source.count:,} labels of {source.name}, {source.origin}, are {source.classes[0]}, so there is "
            "nothing to tell apart; use data of at least two classes."
        )


def source_of(preset: Preset) -> data.Source:
    """Where the data of a preset are found that gan-tui does not make. Raises as `data.find`."""
    named = preset.settings.get("data_folder")
    return data.find(preset.dataset, Path(named) if named else None, preset.origin)


def settled(preset: Preset) -> Preset:
    """The preset with the folder written out in which a person's own data were found: whatever is named another time,
    what is begun with it stays there. Raises as `data.find`.
    """
    if preset.found:
        return _in_its_form(preset)
    if preset.settings.get("data_folder", "unknown"):
        return preset
    folder = source_of(preset).folder
    return preset.with_settings({"data_folder": str(folder)}) if folder else preset


def _in_its_form(preset: Preset) -> Preset:
    """The preset with the form of its images written out: whatever is found another time, a run keeps it."""
    if len(preset.facts.shape) != IMAGE_AXES:
        return preset
    height, width, channels = preset.facts.shape
    form: dict[str, object] = {"image_size": (height, width), "color": "rgb" if channels == COLOR else "grey"}
    assert preset.found is not None
    if preset.found.held_back and "validation_split" in preset.settings:  # what follows from it is measured, too
        form["validation_split"] = min(round(preset.found.held_back / preset.found.count, 4) or 0.0001, 0.9)
    return preset.with_settings(form)


def origin_of(found: Found) -> str:
    """Where data of a person's own come from, in words."""
    return str(found.path)


def made_by(preset: Preset) -> str:
    """Where the data of a set come from that lies in no data folder."""
    files = [harmless(file.name, 60) for file in preset.files().values()]
    return f"file {files[0]}" if files else "made by gan-tui"


def batch_size(preset: Preset, train: int) -> int:
    """Examples in one step, where so many are there to train on. Raises UserError when that is fewer than a batch."""
    batch: int = preset.settings["batch_size"] or train
    batches = preset.batches_in_step
    if batches * batch > train:
        times = f" × {preset.rules.batches_in_step} {batches}" if batches > 1 else ""
        raise UserError(
            f"batch_size {batch:,}{times} is more than the {train:,} training examples of {preset.data_name}; "
            "choose a smaller one."
        )
    return batches * batch


def memory_needed(preset: Preset, batch: int) -> int:
    """Bytes that training needs at the least, beside what TensorFlow itself takes."""
    return sum(_needed_by_layer(preset, batch).values())


def _needed_by_layer(preset: Preset, batch: int) -> dict[str, int]:
    """Layer, in words → bytes."""
    return {
        f"{row.name} of the {network.name}": _needed(
            row, preset.rules.kept_of_weights(network.name, preset.settings), batch
        )
        for network in preset.networks
        for row in network.rows
    }


def check_memory(preset: Preset, batch: int) -> None:
    """Raises UserError when training needs more memory than this machine has: else it would end in the middle."""
    have, needed = machine.memory(), _needed_by_layer(preset, batch)
    if (need := sum(needed.values())) > have:
        most = max(needed, key=needed.__getitem__)
        smaller = "that, image_size" if preset.found and len(preset.facts.shape) == IMAGE_AXES else "that"
        raise UserError(
            f"{preset.name} needs about {size(need)} of memory, and this machine has {size(have)}: "
            f"{size(needed[most])} for {most} alone; make {smaller} or batch_size smaller."
        )


def _needed(row: LayerRow, slots: int, batch: int) -> int:
    """Bytes at the least: weights, their gradients, the optimizer's slots, and what the layer makes of a batch."""
    weights = row.trainable * (2 + slots) + row.fixed
    made = row.inner + (0 if row.kind in _AS_IT_COMES else math.prod(row.output_shape))
    return _FLOAT * (weights + batch * made)
