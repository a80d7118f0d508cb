"""What is known of a task without Keras: its settings, data, networks and metrics, and what must fit what."""

import math
import re
import tomllib
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Protocol

from gan_tui.data.own import Form
from gan_tui.presets import graphs, optimizers, schedules
from gan_tui.presets.datasets import DatasetFacts
from gan_tui.presets.layers import Shape
from gan_tui.presets.networks import Network
from gan_tui.presets.settings import COMMON, Setting, by_name
from gan_tui.run.metrics import Metric
from gan_tui.text import harmless, nearest


class Described(Protocol):
    """What rules look at of a preset."""

    @property
    def dataset(self) -> str: ...
    @property
    def data_name(self) -> str: ...
    @property
    def facts(self) -> DatasetFacts: ...
    @property
    def settings(self) -> Mapping[str, Any]: ...
    @property
    def networks(self) -> tuple[Network, ...]: ...
    def network(self, name: str) -> Network:
        """The network of that name."""


_SHORT_NUMBER = re.compile(r"[+-]?(\d+\.|\.\d+)([eE][+-]?\d+)?")


class TaskRules(ABC):
    """One task: an object in a file of its own, registered in `tasks`. What computes it is in `training/tasks`."""

    name: ClassVar[str]
    """As presets write it."""
    heading: ClassVar[str]
    """Over its presets in the menu."""
    networks: ClassVar[tuple[str, ...]]
    """Those it trains, by name, in order."""
    datasets: ClassVar[tuple[str, ...]]
    """Those it can train on."""
    settings: ClassVar[Sequence[Setting]]
    """Its own; one with the name of a setting that every task has takes its place."""
    takes: ClassVar[Form] = Form.IMAGES
    """What its data are."""
    learns_classes: ClassVar[bool] = False
    """Whether it learns to tell apart what the labels of its data name."""
    learns_number: ClassVar[bool] = False
    """Whether it learns the numbers that the label of a table holds."""
    batches_in_step: ClassVar[str] = ""
    """The setting that says how many batches of examples one step takes; none: one."""
    ends: ClassVar[tuple[tuple[str, str], ...]] = ()
    """What the first input and the output of each network are called elsewhere; no word: by what it ends in."""
    same_on_one_thread: ClassVar[bool] = False
    """Whether small networks compute the same numbers, to the bit, on one thread as on several."""

    # Settings --------------------------------------------------------------

    def settings_for(self, dataset: str | None = None) -> dict[str, Setting]:
        """The settings that mean something, on a data set where one is named."""
        every = by_name(COMMON, optimizers.SETTINGS, schedules.SETTINGS, self.settings)
        return {name: setting for name, setting in every.items() if setting.means_something_for(dataset)}

    def checked(self, name: str, value: object, dataset: str | None = None) -> Any:
        """The value in canonical form; raises ValueError with a sentence that names the setting."""
        known = self.settings_for(dataset)
        if name not in known:
            whom = "this data set" if name in self.settings_for() else "this task"
            raise ValueError(f'unknown setting "{harmless(name, 60)}" for {whom}, {nearest(name, known)}')
        return known[name].checked(value)

    def from_text(self, name: str, text: str, dataset: str | None = None) -> Any:
        """The value that a person typed: a TOML value, a bare word, or some in brackets; for a setting that is a word
        or a path, what was typed, however much it looks like a number or a date.

        Raises ValueError as `checked` does.
        """
        setting = self.settings_for(dataset).get(name)
        read = _word if setting and setting.is_word else _value
        return self.checked(name, read(text.strip()), dataset)

    def complete(self, given: Mapping[str, object], dataset: str | None = None) -> dict[str, Any]:
        """All settings, on a data set where one is named: those given, checked, and defaults for the rest."""
        values = {name: self.checked(name, value, dataset) for name, value in given.items()}
        return {name: values.get(name, setting.default) for name, setting in self.settings_for(dataset).items()}

    # Networks --------------------------------------------------------------

    def network_settings(self, dataset: str) -> tuple[str, ...]:
        """Settings that the networks are made from where a preset writes none out; none: it must write them."""
        return ()

    def made_networks(self, values: Mapping[str, Any], facts: DatasetFacts) -> tuple[Network, ...]:
        """The networks that those settings describe, on such data."""
        raise NotImplementedError

    # What it measures, and what must fit what --------------------------------------------------------------

    @abstractmethod
    def metrics(self, values: Mapping[str, Any]) -> tuple[Metric, ...]:
        """What is measured with some settings: first each step's, in their order, then what each epoch adds."""

    def step_metrics(self, values: Mapping[str, Any]) -> tuple[str, ...]:
        """The names of what each step measures, in the order of their rows."""
        return tuple(metric.name for metric in self.measured(values) if metric.each == "step")

    def measured(self, values: Mapping[str, Any]) -> tuple[Metric, ...]:
        """`metrics`, and the learning rate, last of each step, where it follows a schedule that settings name."""
        every = self.metrics(values)
        of_steps = [metric for metric in every if metric.each == "step"]
        rate = [schedules.LEARNING_RATE] if schedules.is_drawn(values) else []
        return (*of_steps, *rate, *(metric for metric in every if metric.each != "step"))

    def compared(self, metric: Metric, preset: Described) -> Metric:
        """A metric with the values that say what others mean, of this preset's networks and data."""
        return metric

    def whole_batches(self, values: Mapping[str, Any]) -> bool:
        """Whether the last examples of an epoch are left out where they do not fill a batch."""
        return False

    @abstractmethod
    def check_shapes(self, networks: Sequence[Network], facts: DatasetFacts, data: str) -> None:
        """Raises ValueError where networks do not fit data of this form, which are called so."""

    def check_settings(self, preset: Described) -> None:
        """Raises ValueError where settings do not fit each other, the data or the networks."""
        optimizers.check(preset.settings)
        schedules.check(preset.settings)

    def check_trains(self, preset: Described) -> None:
        """Raises ValueError where training would run and not learn what is meant; a run of before may have begun so."""
        for network in preset.networks:
            if not network.trainable:
                raise ValueError(f"networks.{network.name} has nothing to learn; give it a layer with weights")
            refuse_stopped(network, {row.name for row in network.rows if row.trainable})

    def kept_of_weights(self, network: str, settings: Mapping[str, Any]) -> int:
        """Numbers that are kept for each parameter of a network beside itself and its gradient, at the least."""
        return optimizers.slots(settings)

    def without_effect(self, preset: Described) -> Iterator[tuple[str, str]]:
        """(setting, when) of each that changes nothing, as the others are."""
        settings, default = preset.settings, {setting.name: setting.default for setting in COMMON}
        yield from optimizers.without_effect(settings)
        yield from schedules.without_effect(settings)
        by_itself = settings["autosave_minutes"] or settings["autosave_epochs"]
        if settings["autosave_keep"] != default["autosave_keep"] and not by_itself:
            yield "autosave_keep", "without automatic checkpoints"


def refuse_stopped(network: Network, learn: Collection[str], whose: str = "its layers above it") -> None:
    """Raises ValueError where a layer lets no gradient back to what is to learn: layers, or what gives an input."""
    if name := graphs.stopped(network.sources, {layer.name: layer.kind for layer in network.layers}, learn):
        kind = next(layer.kind for layer in network.layers if layer.name == name)
        raise ValueError(
            f'networks.{network.name}: {kind} ("{name}") lets no gradient back, so {whose} would never learn; put it '
            "before all that learns, or leave it out"
        )


def check_input(network: Network, given: Shape, whose: str) -> None:
    """Raises ValueError where a network does not take just as many numbers as it is given."""
    check_one_input(network)
    check_first_input(network, given, whose)


def check_first_input(network: Network, given: Shape, whose: str) -> None:
    """The same of a network that may be given more beside them."""
    _check_size(f"networks.{network.name}'s input", network.input, given, whose, f"write input = {list(given)}")


def check_one_input(network: Network) -> None:
    """Raises ValueError where a network takes more than the examples, or whatever its only input is."""
    first, *others = network.inputs
    if others:
        named = ", ".join(others)
        raise ValueError(f"networks.{network.name} is given one input, {first}; leave {named} out of its inputs")


def check_output(network: Network, wanted: Shape, whose: str) -> None:
    """Raises ValueError where a network does not end in as many numbers as are wanted."""
    remedy = f"it must have {math.prod(wanted)} numbers"
    _check_size(f"networks.{network.name}'s output", network.output, wanted, whose, remedy)


def _check_size(what: str, shape: Shape, other: Shape, whose: str, remedy: str) -> None:
    if shape != other and math.prod(shape) != math.prod(other):
        raise ValueError(f"{what} {list(shape)} does not fit {whose} {list(other)}; {remedy}")


def _toml(text: str) -> object:
    """The TOML value that a text is; None where it is none."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except ValueError:
        return None


def _word(text: str) -> str:
    """A text as it is, but for quotes around it."""
    value = _toml(text)
    return value if isinstance(value, str) else text


def _value(text: str) -> object:
    value = _toml(text)
    if value is not None:
        return value
    in_brackets = text.startswith("[") and text.endswith("]")
    return [word.strip() for word in text[1:-1].split(",")] if in_brackets else _number(text)


def _number(text: str) -> float | str:
    """What a person writes for a number and TOML does not know, such as .001 and 1.; other text as it is."""
    return float(text) if _SHORT_NUMBER.fullmatch(text) else text
