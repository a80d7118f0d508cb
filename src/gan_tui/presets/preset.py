"""A preset: what to train, on what, and how; its settings, networks and data always fit each other."""

import dataclasses
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gan_tui.presets import settings
from gan_tui.presets.datasets import DatasetFacts, facts_of
from gan_tui.presets.layers import Shape
from gan_tui.presets.networks import Network, listed, network_document, read_networks

FROM_SETTINGS = ("hidden", "activation")
"""Settings that a network on `points` is made from, where its preset does not write one out."""


_TAPE = {
    "loss": "sparse_categorical_crossentropy", "metrics": ("accuracy",), "optimizer": "sgd", "learning_rate_decay": 0.0,
}  # fmt: skip
"""All that the tape engine can be asked for."""
_TAPE_LAYERS = ("Conv2D", "MaxPooling2D", "Flatten", "Dense")


@dataclass(frozen=True)
class Preset:
    """A checked preset; `settings` holds a value for every setting its task knows."""

    name: str
    title: str
    about: str
    task: str
    dataset: str
    settings: Mapping[str, Any]
    networks: tuple[Network, ...]
    help: str = ""
    """A page for a learner: paragraphs, each after one with its heading, which begins with ##."""

    def network(self, name: str) -> Network:
        return next(network for network in self.networks if network.name == name)

    @property
    def networks_made(self) -> bool:
        """Whether the networks are made from settings instead of written out."""
        return all(name in self.settings for name in FROM_SETTINGS)

    @property
    def whole_batches(self) -> bool:
        """Whether the last examples of an epoch are left out where they do not fill a batch."""
        return self.task == "gan" or self.settings.get("engine") == "tape"

    @property
    def saves_epochs(self) -> bool:
        """Whether there are epochs after which the networks are saved."""
        return bool(self.settings.get("save_every") or self.settings.get("save_epochs"))

    def saves_after(self, epoch: int) -> bool:
        """Whether the networks are saved after an epoch."""
        every = self.settings.get("save_every", 0)
        return epoch in self.settings.get("save_epochs", ()) or bool(every and epoch % every == 0)

    def with_settings(self, changes: Mapping[str, object]) -> "Preset":
        """A copy with some settings changed, its networks made anew where they depend on them.

        Raises ValueError with a sentence that names the setting, UserError when a file of points is no good.
        """
        checked = {name: settings.checked(self.task, name, value, self.dataset) for name, value in changes.items()}
        refuse_written(changes, self.settings)
        changed = dataclasses.replace(self, settings={**self.settings, **checked})
        if changed.networks_made:
            changed = dataclasses.replace(changed, networks=(made_network(changed.settings),))
        check_fit(changed)
        check_settings(changed)
        if "engine" in checked and checked["engine"] == "keras" and not _ends_in(changed, "softmax"):
            raise ValueError('engine: "keras" needs a network that ends in softmax')
        return changed

    def as_document(self) -> dict[str, Any]:
        """The preset as TOML would hold it: every setting written out, networks unless settings make them."""
        return {
            "name": self.name, "title": self.title, "about": self.about,
            **({"help": self.help} if self.help else {}),
            "task": self.task, "dataset": self.dataset,
            "settings": {name: listed(value) for name, value in self.settings.items()},
            **({} if self.networks_made else {
                "networks": {network.name: network_document(network) for network in self.networks}
            }),
        }  # fmt: skip


def facts(preset: Preset) -> DatasetFacts:
    """What is known of a preset's data set. Raises UserError when its file of points is no good."""
    return facts_of(preset.dataset, preset.settings)


def points_file(preset: Preset) -> Path | None:
    """The CSV file that a preset's points come from; None where they come from none.

    A preset file may name it relative to its own folder.
    """
    named = preset.settings.get("points", "")
    return Path(named) if settings.is_csv(named) else None


def made_network(values: Mapping[str, Any]) -> Network:
    """The network on points that settings describe: hidden layers, then softmax with an output a class."""
    layers: list[dict[str, Any]] = [{"units": units, "activation": values["activation"]} for units in values["hidden"]]
    layers.append({"units": facts_of("points", values).classes, "activation": "softmax"})
    table = {"input": [2], "layers": [{"layer": "Dense", **layer} for layer in layers]}
    return next(read_networks({"classifier": table}, "plane"))


def refuse_written(given: Iterable[str], known: Mapping[str, Any]) -> None:
    """Settings that make networks change nothing where a network is written out."""
    for name in given:
        if name not in known:
            raise ValueError(f"{name}: this preset's network is written out; change its layers instead")


def check_fit(preset: Preset) -> None:
    """Networks and data must fit each other."""
    facts = facts_of(preset.dataset, preset.settings)
    if preset.task == "gan":
        generator, discriminator = preset.networks
        _same_size("networks.generator's output", generator.output, facts.shape, f"an image of {preset.dataset}")
        _same_size("networks.discriminator's input", discriminator.input, generator.output, "the generator's output")
        if discriminator.output != (1,):
            raise ValueError(f"networks.discriminator must end in one number, not in {list(discriminator.output)}")
        return
    (classifier,) = preset.networks
    _same_size("networks.classifier's input", classifier.input, facts.shape, f"an example of {preset.dataset}")
    if classifier.output != (facts.classes,):
        ends = f"must end in {facts.classes} outputs, one a class, not in {list(classifier.output)}"
        raise ValueError(f"networks.classifier {ends}")


def check_settings(preset: Preset) -> None:
    """Settings must fit each other, the data and the networks."""
    given = preset.settings
    if "mae" in given.get("metrics", ()) and given["loss"] == "sparse_categorical_crossentropy":
        raise ValueError('metrics: "mae" needs one-hot targets; choose loss "categorical_crossentropy"')
    if not given["batch_size"] and preset.dataset != "points":
        raise ValueError("batch_size must be a whole number from 1 to 1,000,000, not 0")
    if given.get("engine") == "tape":
        _check_tape(preset)


def _check_tape(preset: Preset) -> None:
    """The tape engine computes few layers, and steps in one way."""
    for name, value in _TAPE.items():
        if preset.settings[name] != value:
            raise ValueError(f"{name}: the tape engine needs {name} = {_toml(value)}")
    for layer in preset.network("classifier").layers:
        if layer.kind not in _TAPE_LAYERS or not layer.arguments.get("use_bias", True):
            has = ", ".join(_TAPE_LAYERS)
            raise ValueError(
                f"engine: the tape engine has no {layer.kind} such as {layer.name}; it has {has} with biases"
            )
    if not _ends_in(preset, "linear"):
        raise ValueError("engine: the tape engine needs a network that ends in plain numbers (logits), no softmax")


def _ends_in(preset: Preset, activation: str) -> bool:
    last = preset.networks[-1].layers[-1]
    return bool(last.arguments.get("activation", "linear") == activation)


def _toml(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(listed(value)).replace("'", '"')


def _same_size(what: str, shape: Shape, other: Shape, other_what: str) -> None:
    if shape != other and math.prod(shape) != math.prod(other):
        raise ValueError(f"{what} {list(shape)} does not fit {other_what} {list(other)}")
