"""What must be read before training can begin: a person's images, once in each form that is asked for; and what must
be as it was before it goes on."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from gan_tui.data import own
from gan_tui.data.own import Form, Wish
from gan_tui.errors import UserError
from gan_tui.presets import made_of, own_data, start
from gan_tui.presets.plan import origin_of, planned, settled
from gan_tui.presets.preset import Preset
from gan_tui.run.folder import RunFolder

OnRead = own.OnRead


def prepared(preset: Preset, on_read: OnRead | None = None) -> Preset:
    """The preset once its data have been read, unless they were before: its numbers are exact then.

    `on_read` may raise whatever it likes to end it. Raises UserError.
    """
    if preset.found is None or preset.found.form is not Form.IMAGES:
        return preset
    preset = settled(preset)
    assert preset.found is not None
    found = own.read_once(preset.found, wish_of(preset), on_read)
    own_data.refuse_unfit(preset.rules, found)
    try:
        return dataclasses.replace(preset, found=found).with_settings({})  # there may be another class since
    except ValueError as error:
        raise UserError(f"{preset.name}: {error}.") from None


def refuse_changed(folder: RunFolder, preset: Preset) -> None:
    """Raises UserError where the data of a run are gone, or others as far as can be told before they are read."""
    own_data.refuse_missing(preset.settings)
    if not made_of.of_checkpoints(folder):
        start.refuse_missing(preset.start)
    if preset.found is None:
        return
    now = own_data.found_again(preset.rules, preset.settings, preset.found)
    if own.is_exact(now) and made_of.of_checkpoints(folder):
        made_of.changes(folder, preset)  # says so where another preset is why there are more or fewer
        train = planned(dataclasses.replace(preset, found=now)).train
        made_of.refuse_other_number(folder, made_of.Data(origin_of(now), train))


def prepare_all(presets: Iterable[Preset], on_read: OnRead | None = None) -> None:
    """Have the data of all of them read. Raises as `prepared`."""
    forms = {
        (preset.found.path, wish_of(preset)): preset
        for preset in presets
        if preset.found and preset.found.form is Form.IMAGES
    }
    for preset in forms.values():
        prepared(preset, on_read)


def wish_of(preset: Preset) -> Wish:
    """The form in which a preset takes a person's images."""
    height, width, channels = preset.facts.shape
    return Wish(height, width, channels, preset.settings["resize"])


def words(done: int, count: int) -> str:
    """What is told while images are read."""
    return f"Reading {done:,} of {count:,} images"
