"""What a network's inputs and its output are called where it is used elsewhere, so that they explain themselves."""

from gan_tui.presets.graphs import INPUT
from gan_tui.presets.networks import Network
from gan_tui.presets.preset import Preset

_BY_ACTIVATION = {"softmax": "probabilities", "sigmoid": "probability"}


def input_names(preset: Preset, network: Network) -> tuple[str, ...]:
    """As the preset calls them; the only one of a network whose preset gives it no name, by what it is."""
    first, *others = network.inputs
    given, _ = _told(preset, network)
    return (given if first == INPUT and given else first, *others)


def output_name(preset: Preset, network: Network) -> str:
    """By what it makes, or by what its numbers are; none of its inputs is called so."""
    _, made = _told(preset, network)
    logits = "logits" if preset.rules.learns_classes else "score"
    name = made or _BY_ACTIVATION.get(network.activation, logits)
    return f"{name}_output" if name in input_names(preset, network) else name


def _told(preset: Preset, network: Network) -> tuple[str, str]:
    """By the task; of one with averaged weights, which is called NAME_average, as of the other."""
    known = dict(zip(preset.rules.networks, preset.rules.ends, strict=False))
    return known.get(network.name.removesuffix("_average"), ("", ""))
