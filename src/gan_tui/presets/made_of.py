"""What a run is made of, as its checkpoints say: settings, networks and data, so that what goes on is the same run.

A run of an earlier version, whose checkpoints do not say it, goes on as it did then.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from gan_tui.errors import UserError
from gan_tui.presets import schedules
from gan_tui.presets.networks import listed, network_document
from gan_tui.presets.preset import Preset
from gan_tui.presets.settings import value_words
from gan_tui.run import manifests
from gan_tui.run.folder import RunFolder
from gan_tui.run.layer_words import argument_words, described
from gan_tui.system.shell_words import shell_word
from gan_tui.text import counted, harmless

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
    sum: int = 0
    """Of all numbers in them, in whatever order; 0 where it was not worked out."""


def made_of(preset: Preset, data: Data) -> dict[str, Any]:
    """All of it, as plain values."""
    networks = () if preset.networks_made else preset.networks  # else the settings tell them
    return {
        "settings": {name: listed(value) for name, value in preset.settings.items()},
        "networks": {network.name: network_document(network) for network in networks},
        "data": {"name": preset.dataset, **{key: value for key, value in vars(data).items() if key != "sum" or value}},
    }


def of_checkpoints(folder: RunFolder, step: int | None = None) -> Mapping[str, Any]:
    """What a step's checkpoint, or the newest, says that it is made of; nothing where an earlier version saved it."""
    return _table(manifests.newest(folder.checkpoints, step).get(MADE_OF))


def changes(folder: RunFolder, preset: Preset, step: int | None = None) -> dict[str, str]:
    """The settings that are others than those of a step's checkpoint, or the newest, and may be: 'epochs is 20, …'.

    Raises UserError naming whatever else is another: what was trained with one cannot go on with the other.
    """
    then, now = of_checkpoints(folder, step), made_of(preset, Data("", 0))
    known = preset.rules.settings_for(preset.dataset)
    defaults = _plain({name: listed(setting.default) for name, setting in known.items()})
    settings = dict(_settings(_table(then.get("settings")), _plain(now["settings"]), defaults))
    refused = [said for name, said in settings.items() if not known[name].may_change]
    if (before := _table(then.get("data")).get("name", preset.dataset)) != preset.dataset:
        refused.insert(0, f"dataset is {preset.dataset}, and was {harmless(str(before), 60)}")
    refused += _another_length(_table(then.get("settings")), now["settings"])
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
    sha256 = then.get("sha256")
    if sha256 and data.sha256 and sha256 != data.sha256:
        raise _other_data(folder, then, data)


def refuse_other_number(folder: RunFolder, data: Data) -> None:
    """As `refuse_other_data`, of data that were not read: how many there are tells most that are others."""
    then = _table(of_checkpoints(folder).get("data"))
    if isinstance(examples := then.get("examples"), int) and examples != data.examples:
        raise _other_data(folder, then, data)


def _other_data(folder: RunFolder, then: Mapping[str, Any], data: Data) -> UserError:
    examples = then.get("examples")
    count = f"{examples:,} examples, " if isinstance(examples, int) else ""
    return UserError(
        f"{folder.name} was trained on other data ({count}{harmless(str(then.get('origin')), 200)}) than are there "
        f"now ({data.examples:,} examples, {data.origin}{_what_differs(then, data)}); restore them, or start another "
        "run."
    )


def _what_differs(then: Mapping[str, Any], now: Data) -> str:
    """', the same ones in another order or split', as far as it can be told."""
    examples = then.get("examples")
    if not isinstance(examples, int) or not (now.sum or not now.sha256):
        return ""
    if examples != now.examples:
        return f", {abs(examples - now.examples):,} {'fewer' if now.examples < examples else 'more'}"
    return ", the same ones in another order or split" if then.get("sum") == now.sum else ", some of them changed"


def _settings(
    then: Mapping[str, Any], now: Mapping[str, Any], defaults: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """(name, what is said) of each setting that differs; one that an earlier version did not know was as by default."""
    for name, value in now.items():
        before = then.get(name, defaults[name])
        if then and before != value and name not in _ELSEWHERE:
            yield name, f"{name} is {value_words(value)}, and was {value_words(before)}"


def _another_length(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """What is said where a schedule follows the length of a run, and that is another."""
    before, after = _length(then), _length(now)
    if schedules.follows_length(now) and then.get("epochs") and before != after:
        yield f"the run is of {after}, and was of {before}, which its learning rate follows"


def _length(settings: Mapping[str, Any]) -> str:
    unit = "steps" if settings.get("steps") else "epochs"
    return f"{value_words(settings.get(unit))} {unit}"


_ELSEWHERE = ("data_folder", "data", "points")
"""Where data lie may change as long as they are the same."""


def _networks(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    return [
        said for name in now if name in then for said in differences(f"networks.{name}", _table(then[name]), now[name])
    ]


def differences(name: str, then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """What differs between two documents of a network, in words."""
    for key in ("input", "inputs"):
        if then.get(key) != now.get(key):
            yield f"{name}'s {key} is {_input(now.get(key))}, and was {_input(then.get(key))}"
    before = then.get("layers")
    before = before if isinstance(before, list) else []
    if len(before) != len(now["layers"]):
        yield f"{name} has {counted(len(now['layers']), 'layer')}, and had {len(before)}"
        return
    for position, (old, new) in enumerate(zip(before, now["layers"], strict=True), start=1):
        if old != new:
            yield f"{name}, layer {position}, {_what_changed(_table(old), new)}"


def _what_changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """Of a layer: what it is and was; where a table has the same words for both, the first argument that differs."""
    now, before = _layer(new), _layer(old)
    if now != before:
        return f"is {now}, and was {before}"
    key = next(key for key in {**new, **old} if new.get(key) != old.get(key))
    has, had = (harmless(argument_words(table.get(key, "none")), 60) for table in (new, old))
    return f"has {harmless(key, 60)} {has}, and had {had}"


def _input(value: object) -> str:
    """[28, 28, 1], or image [28, 28, 1], label [10]; none without any."""
    if value is None:
        return "none"
    shapes = ", ".join(f"{name} {shape}" for name, shape in value.items()) if isinstance(value, dict) else str(value)
    return harmless(shapes, 80)


def _layer(table: Mapping[str, Any]) -> str:
    """'Conv2D 32 3×3 relu (conv2d)', 'Add (add, from stem and body)'"""
    arguments = {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
    kind, name, sources = arguments.pop("layer", ""), arguments.pop("name", ""), arguments.pop("from", ())
    try:
        taken = [sources] if isinstance(sources, str) else map(str, sources)
        named = ", from ".join(filter(None, (str(name), " and ".join(taken))))
        return harmless(f"{described(str(kind), arguments)} ({named})", 80)
    except (TypeError, ValueError, LookupError, AttributeError):  # an untrue manifest
        return harmless(str(table), 80)


def _table(value: object) -> Mapping[str, Any]:
    """A table of an untrusted file; empty where it is none."""
    return value if isinstance(value, dict) else {}


def _plain(value: object) -> Any:
    """As JSON would give it back."""
    return orjson.loads(orjson.dumps(value))
