"""What a block of an event file holds, sorted by kind: points by tag, and all that is read one by one."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from gan_tui.integrations.logs.tensorboard import tensors
from gan_tui.integrations.logs.tensorboard.found import SESSION_START, Found, Value, events_in
from gan_tui.integrations.logs.tensorboard.scalars import Points, scalars
from gan_tui.integrations.logs.tensorboard.tf_records import Block, Places

_SHOWN = ("scalars", "images", "histograms", "text", "hparams")
_PLUGINS = {
    "audio": "audio clips", "pr_curves": "precision-recall curves", "mesh": "meshes", "projector": "embeddings",
    "custom_scalars": "layouts of charts",
}  # fmt: skip
MOST_TAGS = 10_000
"""Of which it is remembered what they are."""


@dataclass(frozen=True)
class Item:
    """A value that is read by itself."""

    place: int
    """Where its record begins in the block."""
    index: int
    """Which of the event's values it is."""
    step: int
    value: Value


@dataclass
class Contents:
    """Of one block."""

    points: dict[str, Points] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)
    """Images, histograms, texts, hyperparameters: `value.plugin` says which."""
    starts: list[tuple[int, int]] = field(default_factory=list)
    """(place, step) of sessions that begin."""
    damaged: int = 0


def contents(block: Block, plugins: dict[str, str], not_shown: Counter[str]) -> Contents:
    """`plugins` has what each tag is, which only its first event says."""
    fast = scalars(block)
    found, singles = Contents(damaged=fast.damaged), dict[str, list[tuple[int, int, float, float]]]()
    rest: Places = np.sort(np.concatenate(fast.rest)) if fast.rest else np.zeros(0, np.int64)
    for place, event in events_in(block, rest):
        if event is None:
            found.damaged += 1
            continue
        not_shown.update(event.others)
        if event.session == SESSION_START:
            found.starts.append((place, event.step))
        for item in _items(block, place, event, plugins):
            if item.value.plugin == "scalars":
                point = (place, event.step, item.value.number, event.time)
                singles.setdefault(item.value.tag, []).append(point)
            elif item.value.plugin in _SHOWN:
                found.items.append(item)
            else:
                not_shown[_in_words(item.value.plugin)] += 1
    parts = {tag.decode(errors="replace"): pieces for tag, pieces in fast.points.items()}
    for tag, points in singles.items():
        parts.setdefault(tag, []).append(_points(points))
    found.points = {tag: _in_order(pieces) for tag, pieces in parts.items()}
    return found


def _in_words(plugin: str) -> str:
    return "graphs" if "graph" in plugin else _PLUGINS.get(plugin, "values of other kinds")


def _items(block: Block, place: int, event: Found, plugins: dict[str, str]) -> Iterator[Item]:
    for index, value in enumerate(event.values):
        if value.plugin and len(plugins) < MOST_TAGS:
            plugins[value.tag] = value.plugin
        value.plugin = value.plugin or plugins.get(value.tag, "")
        value.plugin = _plugin_of(block.data, value)
        yield Item(place, index, event.step, value)


def _plugin_of(data: bytes, value: Value) -> str:
    """What shows a value: what it says, or else what it is. A single number is a scalar."""
    if value.kind != "tensor":
        by_kind = {"scalar": "scalars", "image": "images", "histogram": "histograms", "audio": "audio"}
        return "hparams" if value.plugin == "hparams" else by_kind.get(value.kind, value.plugin)
    if value.plugin not in ("", "scalars"):
        return value.plugin
    try:
        tensor = tensors.tensor(data, *value.span)
        if tensor.kind == tensors.STRING:
            return "text"
        value.number = float(tensors.numbers(data, tensor).reshape(()))
    except ValueError:
        return "tensors"
    return "scalars"


def _points(found: list[tuple[int, int, float, float]]) -> Points:
    places, steps, values, times = zip(*found, strict=True)
    with np.errstate(over="ignore"):
        return Points(
            np.array(places, np.int64), np.array(steps, np.int64), np.array(values, np.float32),
            np.array(times, np.float64),
        )  # fmt: skip


def _in_order(pieces: list[Points]) -> Points:
    """In the order of the file."""
    if len(pieces) == 1:
        return pieces[0]
    places = np.concatenate([piece.places for piece in pieces])
    order = np.argsort(places, kind="stable")
    return Points(
        places[order],
        np.concatenate([piece.steps for piece in pieces])[order],
        np.concatenate([piece.values for piece in pieces])[order],
        np.concatenate([piece.times for piece in pieces])[order],
    )
