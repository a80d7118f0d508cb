"""What runs were made with, in one level, so that what differs between them can be told: settings, data and layers."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gan_tui.text import counted, harmless

ABSENT = object()
"""What a run has in place of a setting that it lacks."""
MOST = 2000
"""Settings of one run: those that come later are passed over."""
_OF_ITSELF = ("title", "about", "help", "mark", "restarts")
"""What a document says that changes nothing of what is trained."""
_LONGEST = 2000
"""Characters of a value; nothing longer is looked at by anybody."""
_SEEDS = ("seed", "random_seed", "random_state")
_NO_MATTER = ("autosave_minutes", "autosave_epochs", "autosave_keep", "restarts", "tensorboard")
"""Settings that two trainings may differ in and be the same but for their seed."""


def settings_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """Name → value, of what a run's preset.toml says: its preset, data, settings, and each layer of its networks."""
    found = dict[str, Any]()
    for name, value in _flat(document):
        if len(found) >= MOST:
            break
        found.setdefault(harmless(name, 80), _plain(value))
    return found


def _flat(document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in document.items():
        if name in ("settings", "config") and isinstance(value, Mapping):
            yield from _entries(value)
        elif name == "networks" and isinstance(value, Mapping):
            yield from _layers(value)
        elif isinstance(value, Mapping):  # what was found of a person's data, what it began with
            yield from ((f"{name}.{key}", one) for key, one in value.items() if not isinstance(one, Mapping | list))
        elif name not in _OF_ITSELF:
            yield "preset" if name == "name" else name, value


def _entries(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Tables' names stand before those of what is in them."""
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _entries(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value


def _layers(networks: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """(network/layer, all that is said of it); a layer without a name is called by its place."""
    for network, table in networks.items():
        rest = dict(table) if isinstance(table, Mapping) else {"network": table}
        layers = rest.pop("layers", [])
        yield from ((f"{network}/{name}", value) for name, value in rest.items())
        for place, layer in enumerate(layers if isinstance(layers, list) else [], 1):
            name = layer.get("name") if isinstance(layer, Mapping) else None
            yield f"{network}/{name or place}", layer


def without_lacked_networks(every: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """All settings, but of a network that some run has not, how many layers it has, and not each of them."""
    networks = {_network(name) for settings in every for name, value in settings.items() if _is_layer(value)}
    lacked = {one for one in networks for settings in every if not any(_network(name) == one for name in settings)}
    found = list[dict[str, Any]]()
    for settings in every:
        kept = {name: value for name, value in settings.items() if _network(name) not in lacked}
        for network in lacked:
            count = sum(_network(name) == network and _is_layer(value) for name, value in settings.items())
            kept |= {network: counted(count, "layer")} if count else {}
        found.append(kept)
    return found


def _network(name: str) -> str:
    return name.partition("/")[0] if "/" in name else ""


def _is_layer(value: Any) -> bool:
    return isinstance(value, Mapping) and "layer" in value


def _plain(value: Any) -> Any:
    """As JSON has it: a document may hold dates, and numbers that are not finite."""
    if isinstance(value, Mapping):
        return {harmless(str(name), 80): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if isinstance(value, bool | int | float) else harmless(str(value), _LONGEST)


def differing(every: Sequence[Mapping[str, Any]]) -> list[str]:
    """The names of what is not the same in all of them, in the order in which they come."""
    names = dict.fromkeys(name for settings in every for name in settings)
    return [name for name in names if len({_exactly(one.get(name, ABSENT)) for one in every}) > 1]


def _exactly(value: Any) -> str:
    """The same for the same values alone: 1 and true are two, 1 and 1.0 are one."""
    if value is ABSENT:
        return ""
    return json.dumps(float(value) if type(value) is int and abs(value) < 1 << 53 else value, sort_keys=True)


def seed_of(settings: Mapping[str, Any]) -> Any:
    """The seed of its random numbers; None where it tells none."""
    return next((value for name, value in settings.items() if _is_seed(name)), None)


def but_seed(settings: Mapping[str, Any]) -> str:
    """The same for runs that were made the same but for their seed."""
    kept = {
        name: _exactly(_without_seed(value) if name == "command" else value)
        for name, value in settings.items()
        if not _is_seed(name) and name not in _NO_MATTER
    }
    return json.dumps(kept, sort_keys=True)


def _without_seed(command: Any) -> Any:
    """The words of a script's command but for --seed 1, --seed=1 and seed=1."""
    if not isinstance(command, list):
        return command
    words, kept = iter(map(str, command)), list[str]()
    for word in words:
        name, sign, _ = word.partition("=")
        is_option, name = name.startswith("-"), name.lstrip("-").replace("-", "_")
        if not _is_seed(name) or not (sign or is_option):
            kept.append(word)
        elif not sign:
            next(words, "")
    return kept


def _is_seed(name: str) -> bool:
    return name.rpartition(".")[2] in _SEEDS
