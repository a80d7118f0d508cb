"""The settings of a preset, each with all there is to know of it: as text, and for scripts."""

from typing import Any

from gan_tui.presets import Preset
from gan_tui.presets.layer_table import layer_rows
from gan_tui.presets.networks import listed
from gan_tui.presets.setting_groups import group_of, grouped
from gan_tui.presets.settings import Setting, value_words
from gan_tui.text import aligned, flowed

LONGEST = 4_000
"""Characters of a value, such as a path: a table gets narrower by parting it."""


def text(preset: Preset, columns: int | None) -> str:
    """In groups; one that differs from its default is marked, and those that do nothing are named below."""
    head = f"{preset.title} ({preset.name})"
    lead = "* marks what differs from its default; gan-tui train takes another value as --set KEY=VALUE."
    rows: list[tuple[str, str, str]] = []
    for group, settings in grouped(_settings(preset)).items():
        rows += [("", "", ""), (group, "", "")]
        for setting in settings:
            mark = "*" if preset.settings[setting.name] != setting.default else " "
            rows += [(f"{mark} {setting.name}", value_words(preset.settings[setting.name], LONGEST), setting.about)]
            usual = f"by default {value_words(setting.default) or 'empty'}"
            rows += [("", "", "; ".join(filter(None, (setting.takes, usual))))]
    idle = flowed("\n".join(preset.without_effect()), columns)
    return "\n".join([head, "", flowed(lead, columns), aligned(rows, (), columns), *(["", idle] if idle else [])])


def as_document(preset: Preset) -> dict[str, Any]:
    """What a preset is, for scripts: its networks as rows of layers, and each setting."""
    idle = dict(preset.rules.without_effect(preset))
    return {
        "name": preset.name, "title": preset.title, "about": preset.about, "task": preset.task,
        "data": preset.data_name,
        "networks": {
            one.name: {"layers": layer_rows(one), "parameters": one.parameters, "trainable": one.trainable}
            for one in preset.networks
        },
        "settings": [
            {"name": each.name, "group": group_of(each.name), "value": listed(preset.settings[each.name]),
             "default": listed(each.default), "takes": each.takes, "choices": list(each.choices), "about": each.about,
             **({"does_nothing": idle[each.name]} if each.name in idle else {})}
            for each in _settings(preset)
        ],
    }  # fmt: skip


def _settings(preset: Preset) -> list[Setting]:
    """Those that the preset has: where it lists its layers, those that would make them are none."""
    known = preset.rules.settings_for(preset.dataset)
    return [known[name] for name in preset.settings]
