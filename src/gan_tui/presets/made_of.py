"""What a run is made of, as its checkpoints say: settings, networks and data, so that what goes on is the same run.

A run of an earlier version, whose checkpoints do not say it, goes on as it did then.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from gan_tui.errors import UserError
from gan_tui.presets.layer_table import described
from gan_tui.presets.networks import listed, network_document
from gan_tui.presets.preset import Preset
from gan_tui.presets.settings import value_words
from gan_tui.run import manifests
from gan_tui.run.folder import RunFolder
from gan_tui.system.shell_words import shell_word
from gan_tui.text import harmless

MADE_OF = "made_of"
"""Its key in a manifest."""
MOST_TOLD = 5
"""Differences that are named; of more, it is said how many there are."""


@dataclass(frozen=True)
class Data:
    """What is known of a run's data."""

    origin: str
    examples: int
    sha256: str = ""
    """Of their content; empty for what gan-tui makes itself."""


def made_of(preset: Preset, data: Data) -> dict[str, Any]:
    """All of it, as plain values."""
    networks = () if preset.networks_made else preset.networks  # else the settings tell them
    return {
        "settings": {name: listed(value) for name, value in preset.settings.items()},
        "networks": {network.name: network_document(network) for network in networks},
        "data": {"name": preset.dataset, **vars(data)},
    }


def of_checkpoints(folder: RunFolder, step: int | None = None) -> Mapping[str, Any]:
    """What a step's checkpoint, or the newest, says that it is made of; nothing where an earlier version saved it."""
    return _table(manifests.newest(folder.checkpoints, step).get(MADE_OF))


def changes(folder: RunFolder, preset: Preset, step: int | None = None) -> dict[str, str]:
    """The settings that are others than those of a step's checkpoint, or the newest, and may be: 'epochs is 20, …'.

    Raises UserError naming whatever else is another: what was trained with one cannot go on with the other.
    """
    then, now = of_checkpoints(folder, step), made_of(preset, Data("", 0))
    settings = dict(_settings(_table(then.get("settings")), _plain(now["settings"])))
    known = preset.rules.settings_for(preset.dataset)
    refused = [said for name, said in settings.items() if not known[name].may_change]
    if (before := _table(then.get("data")).get("name", preset.dataset)) != preset.dataset:
        refused.insert(0, f"dataset is {preset.dataset}, and was {harmless(str(before), 60)}")
    refused += _networks(_table(then.get("networks")), _plain(now["networks"]))
    if refused:
        more = f"; and {len(refused) - MOST_TOLD:,} more" if len(refused) > MOST_TOLD else ""
        raise UserError(
            f"The preset.toml of {folder.name} is not what its checkpoints were made with: "
            f"{'; '.join(refused[:MOST_TOLD])}{more}. Put that back, or start another run: "
            f"gan-tui train {shell_word(folder.preset_file)}."
        )
    return {name: said for name, said in settings.items() if known[name].may_change}


def refuse_other_data(folder: RunFolder, data: Data) -> None:
    """Raises UserError where the newest checkpoint was trained on other data than these."""
    then = _table(of_checkpoints(folder).get("data"))
    sha256, examples = then.get("sha256"), then.get("examples")
    if sha256 and data.sha256 and sha256 != data.sha256:
        count = f"{examples:,} examples, " if isinstance(examples, int) else ""
        raise UserError(
            f"{folder.name} was trained on other data ({count}{harmless(str(then.get('origin')), 200)}) than are there "
            f"now ({data.examples:,} examples, {data.origin}); restore them, or start another run."
        )


def _settings(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(name, what is said) of each setting that differs."""
    for name, value in now.items():
        if name in then and then[name] != value and name not in _ELSEWHERE:
            yield name, f"{name} is {value_words(value)}, and was {value_words(then[name])}"


_ELSEWHERE = ("data_folder", "points")
"""Where data lie may change as long as they are the same."""


def _networks(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    return [
        said for name in now if name in then for said in _network(f"networks.{name}", _table(then[name]), now[name])
    ]


def _network(name: str, then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    if then.get("input") != now["input"]:
        yield f"{name}'s input is {now['input']}, and was {harmless(str(then.get('input')), 60)}"
    before = then.get("layers")
    before = before if isinstance(before, list) else []
    if len(before) != len(now["layers"]):
        yield f"{name} has {len(now['layers'])} layers, and had {len(before)}"
        return
    for position, (old, new) in enumerate(zip(before, now["layers"], strict=True), start=1):
        if old != new:
            yield f"{name}, layer {position}, is {_layer(new)}, and was {_layer(_table(old))}"


def _layer(table: Mapping[str, Any]) -> str:
    """'Conv2D 32 3×3 relu (conv2d)'"""
    arguments = {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
    kind, name = arguments.pop("layer", ""), arguments.pop("name", "")
    try:
        return harmless(f"{described(str(kind), arguments)} ({name})", 80)
    except (TypeError, ValueError, IndexError):  # an untrue manifest
        return harmless(str(table), 80)


def _table(value: object) -> Mapping[str, Any]:
    """A table of an untrusted file; empty where it is none."""
    return value if isinstance(value, dict) else {}


def _plain(value: object) -> Any:
    """As JSON would give it back."""
    return orjson.loads(orjson.dumps(value))
