"""The weights of a `.keras` file: an HDF5 file inside it, of which only plain arrays are read, each of a known size.

What leads out of the file (links to others, data kept elsewhere) is refused, and so is what declares to be far larger
than its layer. Reading is done before a run begins: nothing of a run ever opens HDF5.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from math import prod
from typing import TYPE_CHECKING, Any

from gan_tui.errors import UserError
from gan_tui.presets.networks import Network
from gan_tui.presets.saved.keras_file import KerasFile
from gan_tui.presets.saved.models import SavedLayer
from gan_tui.presets.saved.networks import SavedNetwork
from gan_tui.presets.saved.values import short
from gan_tui.text import harmless

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FLOAT = 4
_SLOTS = 6
"""The weights themselves and what an optimizer keeps of each, which is there, too, and is not read."""
_SPARE = 1 << 24
_TWICE = 2
"""A wrapper may have the weights of the layer in it, too."""
_DEEPEST = 6
"""Groups inside a layer: a wrapper's layer, its cell, …"""
_MOST_MEMBERS = 512
"""Groups and arrays of a layer, all together: links make the same one lie in many places."""
_MOST_ADAPTED = 10_000
"""Numbers of one mean or variance."""
_RANDOM_STATE = "seed_generator"


def arrays(file: KerasFile, saved: SavedNetwork, network: Network) -> dict[str, NDArray[np.float32]]:
    """Layer/place in the layer → weights: "dense/vars/0", as float32. `network` is what is known of `saved`.

    Raises UserError where the file is not what its layers say, or is not to be read.
    """
    rows = {row.name: row for row in network.rows if row.parameters}
    found: dict[str, NDArray[np.float32]] = {}
    with _read(file, network) as content:
        for layer in saved.layers:
            if row := rows.get(layer.name):
                read = {f"{layer.name}/{place}": array for place, array in _layer(content, layer.place, row.parameters)}
                if not row.parameters <= sum(array.size for array in read.values()) <= _TWICE * row.parameters:
                    raise ValueError(f"its weights of {layer.name} are not those of its configuration")
                found |= read
    return found


def with_adapted(file: KerasFile, saved: SavedNetwork, network: Network) -> SavedNetwork:
    """The network with the means and variances that were found in data: presets write them out. Raises UserError."""
    if not any(layer.is_adapted for layer in saved.layers):
        return saved
    with _read(file, network) as content:
        return replace(
            saved, layers=tuple(_adapted(content, layer) if layer.is_adapted else layer for layer in saved.layers)
        )


def _adapted(content: Any, layer: SavedLayer) -> SavedLayer:
    found = dict(_layer(content, layer.place, _MOST_ADAPTED))
    mean, variance = ([short(value) for value in found[f"vars/{n}"].ravel().tolist()] for n in (0, 1))
    return replace(layer, table={**layer.table, "mean": mean, "variance": variance})


@contextmanager
def _read(file: KerasFile, network: Network) -> Iterator[Any]:
    """The weights' file, opened. Raises UserError for whatever is wrong with it meanwhile."""
    import h5py  # brings numpy

    try:
        content = io.BytesIO(file.weights(_FLOAT * _SLOTS * network.parameters + _SPARE))
        with h5py.File(content, "r") as opened:
            yield opened
    except UserError:
        raise
    except Exception as error:  # noqa: BLE001 (h5py raises whatever HDF5 and its own code come upon)
        what = str(error) if type(error) is ValueError else "its weights cannot be read"
        raise UserError(f"{file.name}: {harmless(what, 200)}; save the model again.") from None


def _layer(content: Any, place: str, most: int) -> Iterator[tuple[str, NDArray[np.float32]]]:
    """(place in the layer, array) of all that a layer keeps, of at most so many numbers."""
    group = content
    for part in place.split("/"):
        if part not in group:
            return  # a layer without weights
        group = _member(group, part)
    yield from _arrays(group, "", most, iter(range(_MOST_MEMBERS)))


def _arrays(
    group: Any, at: str, most: int, left: Iterator[int], depth: int = 0
) -> Iterator[tuple[str, NDArray[np.float32]]]:
    import h5py
    import numpy as np

    for name in group:
        if depth > _DEEPEST or next(left, None) is None:
            raise ValueError("its weights lie deeper than those of any layer, or are more")
        member = _member(group, name)
        if isinstance(member, h5py.Group):
            if name != _RANDOM_STATE:
                yield from _arrays(member, f"{at}{name}/", most, left, depth + 1)
            continue
        if not isinstance(member, h5py.Dataset) or not _is_plain(member) or prod(member.shape) > most:
            raise ValueError(f"its weights {harmless(f'{at}{name}', 60)} are not those of its configuration")
        yield f"{at}{name}", np.asarray(member[()], np.float32)


def _is_plain(dataset: Any) -> bool:
    """Whether it is numbers in one piece that the file really has, as Keras writes them: pieces may be packed, and far
    larger than the whole, and an array that was never written takes no room.
    """
    in_one = dataset.dtype.kind in "fiu" and dataset.chunks is None
    return bool(in_one and dataset.id.get_storage_size() >= dataset.nbytes)


def _member(group: Any, name: str) -> Any:
    """What lies there in the file itself. Raises ValueError for a link to elsewhere."""
    import h5py

    if not isinstance(group.get(name, getlink=True), h5py.HardLink):
        raise ValueError(f"its weights {harmless(name, 60)} are a link, which gan-tui does not follow")
    member = group[name]
    if isinstance(member, h5py.Dataset) and (member.is_virtual or member.external):
        raise ValueError(f"its weights {harmless(name, 60)} lie in another file, which gan-tui does not open")
    return member
