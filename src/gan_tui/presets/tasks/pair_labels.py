"""Pairs that are told a class, Mirza and Osindero 2014 (https://arxiv.org/abs/1411.1784): labels go to both networks.

Each takes one more input, after its first: as many numbers as there are classes, 1 for the class that is meant.
"""

from collections.abc import Sequence

from gan_tui.presets.datasets import DatasetFacts
from gan_tui.presets.networks import Network

_FIRST = {"generator": "latent", "discriminator": "image"}


def check_fit(network: Network, facts: DatasetFacts, data: str) -> None:
    """Raises ValueError where what a network takes beside its first input is no label of such data."""
    first, *others = network.inputs
    if not others:
        return
    label, *more = others
    if more:
        raise ValueError(
            f"networks.{network.name} is given {first} and {label}; leave {', '.join(more)} out of its inputs"
        )
    if not facts.classes:
        raise ValueError(
            f"networks.{network.name}'s input {label} is for labels, and {data} has none; {WITHOUT_LABELS}"
        )
    if network.inputs[label] != (facts.classes,):
        raise ValueError(
            f"networks.{network.name}'s input {label} {list(network.inputs[label])} does not fit the {facts.classes} "
            f'classes of {data}; write {label} = ["classes"]'
        )


WITHOUT_LABELS = "give each class a folder of its own, or take a pair that is not conditional"
"""What helps whose images have no labels."""


def check_told(networks: Sequence[Network], conditional: bool) -> None:
    """Raises ValueError where labels go to networks that take none, or the other way round."""
    for network in networks:
        first, *labels = network.inputs
        if conditional and not labels:
            named = f'{{{_FIRST[network.name]} = {list(network.input)}, label = ["classes"]}}'
            raise ValueError(
                f"conditional: networks.{network.name} takes no label; write inputs = {named}, or false here"
            )
        if labels and not conditional:
            raise ValueError(
                f"conditional: networks.{network.name} takes {labels[0]} beside {first}; write true here, or leave "
                f"{labels[0]} out of its inputs"
            )
