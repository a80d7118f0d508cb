"""Networks begun with weights that a run keeps: layer by layer, wherever name and shapes are the same."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import keras
from numpy.typing import NDArray

from gan_tui.errors import TRAINING_FAILED, UserError
from gan_tui.presets.layer_table import shape
from gan_tui.presets.start import Start
from gan_tui.run.checkpoint_arrays import Arrays

_RANDOM_STATE = "seed_generator_state"
MOST_TOLD = 5
"""Layers of each kind in a sentence."""


def take(networks: Iterable[keras.Model], start: Start) -> list[str]:
    """Give networks the weights that fit; returns what was taken, in a sentence, and one for each way in which the rest
    did not fit.

    Raises UserError where nothing fits, or the weights are gone.
    """
    layers = dict(_layers(networks))
    there = _by_layer(start.arrays(sum(layer.count_params() for layer in layers.values())))
    taken, anew = [], []
    for name, layer in layers.items():
        if why := _differs(layer, there.get(name), start.others.get(name, "")):
            anew.append(f"{name.partition('/')[2]} ({why})")
        else:
            _assign(layer, there[name])
            taken.append(name)
    if not taken:
        raise UserError(f"Nothing of {start.origin} fits: {_some(anew)}; begin without it.", TRAINING_FAILED)
    unused = [name.partition("/")[2] for name in (*there, *start.others) if name not in layers]
    return [
        f"The weights are taken from {start.origin}: of {len(taken)} of {len(layers)} layers.",
        *([f"Begun anew: {_some(anew)}."] if anew else []),
        *([f"Left there: {_some(unused)}."] if unused else []),
    ]


def _some(layers: list[str]) -> str:
    more = f" and {len(layers) - MOST_TOLD:,} more" if len(layers) > MOST_TOLD else ""
    return ", ".join(layers[:MOST_TOLD]) + more


def _by_layer(arrays: Arrays) -> dict[str, Arrays]:
    """network/layer → place in the layer → weights."""
    found: dict[str, Arrays] = {}
    for name, array in arrays.items():
        network, layer, place = name.split("/", 2)
        found.setdefault(f"{network}/{layer}", {})[place] = array
    return found


def _layers(networks: Iterable[keras.Model]) -> Iterator[tuple[str, keras.layers.Layer]]:
    """network/layer → each layer that has weights."""
    for network in networks:
        for layer in network.layers:
            if _of_checkpoint(layer):
                yield f"{network.name}/{layer.name}", layer


def _differs(layer: keras.layers.Layer, there: Arrays | None, other: str) -> str:
    """Why a layer cannot have the weights of the one of its name there, whose shape may be another one; nothing where
    it can.
    """
    if there is None:
        first = next(iter(_of_checkpoint(layer).values()))
        return f"{other} there, {shape(first.shape)} here" if other else "not there"
    here = _named_as(layer, there)
    if set(there) != set(here):
        return f"{len(there)} arrays there, {len(here)} here"
    for place, variable in here.items():
        if there[place].shape != tuple(variable.shape):
            return f"{shape(there[place].shape)} there, {shape(variable.shape)} here"
    return ""


def _assign(layer: keras.layers.Layer, there: Mapping[str, NDArray[Any]]) -> None:
    for place, variable in _named_as(layer, there).items():
        variable.assign(there[place])


def _named_as(layer: keras.layers.Layer, there: Iterable[str]) -> dict[str, keras.Variable]:
    """A layer's weights by their places, as a checkpoint or as a `.keras` file has them."""
    of_keras = any("vars/" in place for place in there)
    return dict(_of_keras(layer, "", set())) if of_keras else _of_checkpoint(layer)


def _of_checkpoint(layer: keras.layers.Layer) -> dict[str, keras.Variable]:
    return {
        f"{position}.{variable.name}": variable
        for position, variable in enumerate(layer.variables)
        if variable.name != _RANDOM_STATE
    }


def _of_keras(layer: keras.layers.Layer, at: str, seen: set[int]) -> Iterator[tuple[str, keras.Variable]]:
    """In the places that `Model.save` gives them: its own, then those of the layers in it by their attributes, of
    which public ones go first.
    """
    seen.add(id(layer))
    own: dict[str, keras.Variable] = {}
    layer.save_own_variables(own)
    yield from ((f"{at}vars/{key}", variable) for key, variable in own.items())
    for attribute in sorted(vars(layer).keys() | _properties(type(layer)), key=lambda name: (name[0] == "_", name)):
        inner = getattr(layer, attribute, None)
        if isinstance(inner, keras.layers.Layer) and id(inner) not in seen:
            yield from _of_keras(inner, f"{at}{attribute}/", seen)


def _properties(kind: type) -> set[str]:
    """What a layer's own classes add to every layer's attributes."""
    return {name for name in dir(kind) if isinstance(getattr(kind, name), property)} - set(dir(keras.layers.Layer))
