"""Starting weights as a person names them: a run's checkpoint, or a saved model; and what of them fits a preset."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gan_tui.errors import UserError, told
from gan_tui.presets import saved
from gan_tui.presets.layer_table import shape
from gan_tui.presets.of_runs import of_run
from gan_tui.presets.preset import Preset
from gan_tui.presets.start import Start
from gan_tui.run import catalog, documents, manifests
from gan_tui.run.folder import RunFolder
from gan_tui.system import untrusted_files
from gan_tui.system.paths import user_path
from gan_tui.text import harmless, shown_path

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Arrays = dict[str, NDArray[Any]]

_STATE = "state.safetensors"
_LARGEST = 2**32
"""Bytes."""
_RANDOM_STATE = "seed_generator_state"
MOST_NAMED = 5
"""Steps or layers in a sentence."""


def begun_with(preset: Preset, named: str, runs: Path) -> Preset:
    """The preset with the weights of what is `named`: RUN, RUN@STEP, or a .keras file.

    Raises UserError where that cannot be read, or where nothing of it fits.
    """
    if preset.start:
        raise UserError(f"{preset.start.origin} has weights of its own, so leave out --from.")
    if not named.strip():
        raise UserError("--from needs a run, RUN@STEP, or the path of a .keras file.")
    if saved.is_model(named):
        model = saved.read(user_path(named))
        return with_weights(preset, model.path.name, {model.network.name: model.weights()})
    folder, step = _checkpoint(named, runs)
    return with_weights(preset, f"{folder.name} at step {step:,}", _of_checkpoint(folder, step))


def with_weights(preset: Preset, origin: str, networks: Mapping[str, Arrays]) -> Preset:
    """The preset, begun with the weights of networks by their names: layer/place → weights. Raises UserError."""
    origin = harmless(origin, 200)
    own = [network.name for network in preset.networks]
    names = {name: name for name in networks if name in own}
    if not names and len(own) == len(networks) == 1:
        names = {next(iter(networks)): own[0]}
    if not names:
        raise UserError(
            f"Nothing of {origin} fits {preset.name}: there is the network {', '.join(networks)}, and here "
            f"{', '.join(own)}; begin with one that has a network of the same name."
        )
    layers = {f"{to}/{layer}": of for name, to in names.items() for layer, of in _by_layer(networks[name]).items()}
    here = {f"{network.name}/{row.name}": row.parameters for network in preset.networks for row in network.rows}
    fitting = {name for name, of in layers.items() if here.get(name) and _may_fit(of, here[name])}
    others = {name: shape(next(iter(of.values())).shape) for name, of in layers.items() if name not in fitting}
    if not fitting:
        raise UserError(f"Nothing of {origin} fits {preset.name}: {_unlike(layers, here)}.")
    arrays = {f"{name}/{place}": array for name in fitting for place, array in layers[name].items()}
    return dataclasses.replace(preset, start=Start.of(origin, arrays, others))


def _by_layer(arrays: Arrays) -> dict[str, Arrays]:
    """Layer → place in it → weights."""
    found: dict[str, Arrays] = {}
    for name, array in arrays.items():
        layer, _, place = name.partition("/")
        found.setdefault(layer, {})[place] = array
    return found


def _may_fit(arrays: Arrays, parameters: int) -> bool:
    """Whether a layer has about as many weights: a wrapper's are there twice. Shapes are known to the trainer."""
    return parameters <= sum(array.size for array in arrays.values()) <= 2 * parameters


def _unlike(layers: Mapping[str, Arrays], here: Mapping[str, int]) -> str:
    """How no layer is like one there."""
    there = {name: sum(array.size for array in arrays.values()) for name, arrays in layers.items()}
    alike = [
        f"{_short(name)} has {count:,} weights there and {here[name]:,} here"
        for name, count in there.items()
        if here.get(name)
    ]
    others = (
        f"{_some(map(_short, there))} there, and {_some(_short(name) for name, count in here.items() if count)} here"
    )
    return _some(alike) or others


def _short(name: str) -> str:
    return name.partition("/")[2]


def _some(words: Iterable[str]) -> str:
    words = list(words)
    more = f" and {len(words) - MOST_NAMED:,} more" if len(words) > MOST_NAMED else ""
    return ", ".join(words[:MOST_NAMED]) + more


# Of runs ------------------------------------------------------------


def _checkpoint(named: str, runs: Path) -> tuple[RunFolder, int]:
    """The run and the step that are named: without a step, the newest that is sound."""
    run, at, step = named.rpartition("@")
    if at and not manifests.is_step(step) and "/" not in step:
        raise UserError(f'--from takes RUN@STEP with the step of a checkpoint, not "{harmless(named, 60)}".')
    folder = catalog.find(run if at and manifests.is_step(step) else named, runs)
    if documents.is_script(folder):
        raise UserError(
            f"{folder.name} was made by a script, whose networks no preset describes; name a .keras file of its "
            f"checkpoints: {shown_path(folder.path / 'checkpoints')}."
        )
    if at and manifests.is_step(step):
        manifests.refuse_missing(folder.checkpoints, int(step), folder.name)
        return folder, int(step)
    newest = manifests.newest(folder.checkpoints).get("step")
    if not isinstance(newest, int):
        raise UserError(
            f"{folder.name} has no checkpoint that can be used; let it train until it saves one, or name another run."
        )
    return folder, newest


def _of_checkpoint(folder: RunFolder, step: int) -> dict[str, Arrays]:
    """Network → layer/place → weights, moving averages among them; random states and optimizers stay behind."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    place = folder.checkpoints / manifests.folder_name(step)
    try:
        says, sound = manifests.manifest(place)
        content = untrusted_files.read(place / _STATE, _LARGEST, follow=False)
        if not sound or says["sha256"][_STATE] != hashlib.sha256(content).hexdigest():
            raise ValueError("it was changed since it was saved")
        arrays = load(content)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, SafetensorError) as error:
        why = told(error) if isinstance(error, OSError) else "it is not what was saved"
        raise UserError(f"The checkpoint {step:,} of {folder.name} cannot be used: {why}; name another.") from None
    return {
        network.name: {
            name.partition("/")[2]: array
            for layer in network.layers
            for name, array in sorted(arrays.items())
            if name.startswith(f"{network.name}/{layer.name}/") and not name.endswith(_RANDOM_STATE)
        }
        for network in of_run(folder).networks
    }
