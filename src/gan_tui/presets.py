"""A preset: what to train, on what, and how, in a TOML file checked to the last key. It never runs code."""

import dataclasses
import math
import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import platformdirs

from gan_tui import settings
from gan_tui.checks import user_path
from gan_tui.data import points, shapes
from gan_tui.errors import UserError
from gan_tui.layers import KINDS, LayerRow, Shape, checked_arguments, layer_row
from gan_tui.text import harmless, harmless_paragraphs, nearest

LARGEST_FILE = 1_000_000
"""Bytes; a longer preset is refused unread."""

NETWORKS = {"plane": ("classifier",), "classifier": ("classifier",), "gan": ("generator", "discriminator")}
"""Task → the networks it trains."""

_KEYS = ("name", "title", "about", "help", "task", "dataset", "settings", "networks")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,40}")


def _numbered(count: int) -> tuple[str, ...]:
    return tuple(f"class {n}" for n in range(1, count + 1))


@dataclass(frozen=True)
class DatasetFacts:
    """What a network must fit."""

    shape: Shape
    """One example, channels last."""
    names: tuple[str, ...]
    """What each class is called."""
    tasks: tuple[str, ...]
    count: int | None = None
    """Examples, where gan-tui makes them itself; None where it depends on which files are at hand."""

    @property
    def classes(self) -> int:
        return len(self.names)


_CLOTHES = (
    *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
    *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
)

DATASETS = {
    "xor": DatasetFacts((2,), _numbered(2), ("plane",), 4),
    "simple": DatasetFacts((2,), _numbered(2), ("plane",), 2),
    "triples": DatasetFacts((3,), _numbered(3), ("plane",), 3),
    "points": DatasetFacts((2,), _numbered(2), ("plane",)),
    "shapes": DatasetFacts((8, 8, 1), shapes.NAMES, ("classifier",), shapes.COUNT),
    "mnist": DatasetFacts((28, 28, 1), tuple("0123456789"), ("classifier", "gan")),
    "fashion-mnist": DatasetFacts((28, 28, 1), _CLOTHES, ("classifier", "gan")),
}
"""The data sets there are. How many points and classes `points` has depends on a setting: `facts` tells."""

_FROM_SETTINGS = ("hidden", "activation")
"""Settings that a network on `points` is made from, where its preset does not write one out."""
_TAPE = {
    "loss": "sparse_categorical_crossentropy", "metrics": ("accuracy",), "optimizer": "sgd", "learning_rate_decay": 0.0,
}  # fmt: skip
"""All that the tape engine can be asked for."""
_TAPE_LAYERS = ("Conv2D", "MaxPooling2D", "Flatten", "Dense")


@dataclass(frozen=True)
class Layer:
    """One layer of a network: a Keras class name, its name in the network, its checked arguments."""

    kind: str
    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True)
class Network:
    """A stack of layers over an input shape."""

    name: str
    input: Shape
    layers: tuple[Layer, ...]

    @cached_property
    def rows(self) -> tuple[LayerRow, ...]:
        """The layer table. Raises ValueError where a layer does not fit the one before it."""
        rows: list[LayerRow] = []
        for position, layer in enumerate(self.layers, start=1):
            shape = rows[-1].output_shape if rows else self.input
            try:
                rows.append(layer_row(layer.name, layer.kind, shape, layer.arguments))
            except ValueError as error:
                raise ValueError(f"networks.{self.name}, layer {position}: {error}") from None
        return tuple(rows)

    @property
    def output(self) -> Shape:
        return self.rows[-1].output_shape

    @property
    def parameters(self) -> int:
        return sum(row.parameters for row in self.rows)

    @property
    def trainable(self) -> int:
        return sum(row.trainable for row in self.rows)

    @property
    def fixed(self) -> int:
        return sum(row.fixed for row in self.rows)


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
        return all(name in self.settings for name in _FROM_SETTINGS)

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
        _refuse_written(changes, self.settings)
        changed = dataclasses.replace(self, settings={**self.settings, **checked})
        if changed.networks_made:
            changed = dataclasses.replace(changed, networks=(_made_network(changed.settings),))
        _check_fit(changed)
        _check_settings(changed)
        if "engine" in checked and checked["engine"] == "keras" and not _ends_in(changed, "softmax"):
            raise ValueError('engine: "keras" needs a network that ends in softmax')
        return changed

    def as_document(self) -> dict[str, Any]:
        """The preset as TOML would hold it: every setting written out, networks unless settings make them."""
        return {
            "name": self.name, "title": self.title, "about": self.about,
            **({"help": self.help} if self.help else {}),
            "task": self.task, "dataset": self.dataset,
            "settings": {name: _listed(value) for name, value in self.settings.items()},
            **({} if self.networks_made else {
                "networks": {network.name: _network_document(network) for network in self.networks}
            }),
        }  # fmt: skip


def facts(preset: Preset) -> DatasetFacts:
    """What is known of a preset's data set. Raises UserError when its file of points is no good."""
    return _facts(preset.dataset, preset.settings)


def _facts(dataset: str, values: Mapping[str, Any]) -> DatasetFacts:
    known = DATASETS[dataset]
    if dataset != "points":
        return known
    name = values["points"]
    if settings.is_csv(name):
        extent = points.extent(Path(name))
        names = tuple(f"class {n}" for n in range(extent.classes))  # by the numbers in the file
    else:
        extent = points.PLANE[name]
        names = points.CLASS_NAMES.get(name, _numbered(extent.classes))
    return dataclasses.replace(known, names=names, count=extent.count)


def points_file(preset: Preset) -> Path | None:
    """The CSV file that a preset's points come from; None where they come from none.

    A preset file may name it relative to its own folder.
    """
    named = preset.settings.get("points", "")
    return Path(named) if settings.is_csv(named) else None


def _listed(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _network_document(network: Network) -> dict[str, Any]:
    layers = [
        {
            "layer": layer.kind,
            "name": layer.name,
            **{key: _listed(value) for key, value in layer.arguments.items()},
        }
        for layer in network.layers
    ]
    return {"input": list(network.input), "layers": layers}


# Reading and checking --------------------------------------------------------------


def read(path: Path, name: str | None = None) -> Preset:
    """The preset in a file. Raises UserError: a sentence with the file, the key and the nearest right one."""
    name = name or path.stem
    try:
        with path.open("rb") as file:
            text = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise UserError(f"Cannot read the preset {harmless(str(path))}: {error.strerror}; check the path.") from None
    if len(text) > LARGEST_FILE:
        raise UserError(f"{harmless(str(path))} is larger than {LARGEST_FILE:,} bytes; a preset is a short TOML file.")
    try:
        return from_document(tomllib.loads(text.decode()), name, path.parent)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UserError(f"{harmless(str(path))} is not valid TOML: {harmless(str(error))}.") from None
    except ValueError as error:
        raise UserError(f"{harmless(str(path))}: {harmless(str(error))}.") from None


def from_document(document: Mapping[str, Any], name: str, folder: Path | None = None) -> Preset:
    """A checked preset; paths of points in it are relative to `folder`.

    Raises ValueError with a sentence that begins with the key, UserError when a file of points is no good.
    """
    _only(document, _KEYS, "")
    name = document.get("name", name)
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ValueError("a preset's name must be lower-case letters, digits, - and _, at most 41 of them")
    task = _word(document, "task", list(settings.TASKS))
    dataset = _word(document, "dataset", [key for key, facts in DATASETS.items() if task in facts.tasks])
    given = _table(document.get("settings", {}), "settings")
    tables = _table(document.get("networks", {}), "networks")
    try:
        values = settings.complete(task, _placed(given, folder), dataset)
        if dataset == "points" and tables:
            values = {key: value for key, value in values.items() if key not in _FROM_SETTINGS}
            _refuse_written(given, values)
    except ValueError as error:
        raise ValueError(f"settings: {error}") from None
    made = dataset == "points" and not tables
    preset = Preset(
        name, harmless(_string(document, "title"), 80), harmless_paragraphs(_string(document, "about")),
        task, dataset, values, (_made_network(values),) if made else tuple(_networks(tables, task)),
        harmless_paragraphs(_string(document, "help")) if "help" in document else "",
    )  # fmt: skip
    _check_fit(preset)
    try:
        _check_settings(preset)
    except ValueError as error:
        raise ValueError(f"settings: {error}") from None
    return preset


def _placed(given: Mapping[str, Any], folder: Path | None) -> Mapping[str, Any]:
    """Settings with the path of a CSV file put into the folder, unless it is absolute."""
    named = given.get("points")
    if folder is None or not isinstance(named, str) or not settings.is_csv(named):
        return given
    return {**given, "points": str(folder / user_path(named))}


def _made_network(values: Mapping[str, Any]) -> Network:
    """The network on points that settings describe: hidden layers, then softmax with an output a class."""
    layers: list[dict[str, Any]] = [{"units": units, "activation": values["activation"]} for units in values["hidden"]]
    layers.append({"units": _facts("points", values).classes, "activation": "softmax"})
    table = {"input": [2], "layers": [{"layer": "Dense", **layer} for layer in layers]}
    return next(_networks({"classifier": table}, "plane"))


def _refuse_written(given: Iterable[str], known: Mapping[str, Any]) -> None:
    """Settings that make networks change nothing where a network is written out."""
    for name in given:
        if name not in known:
            raise ValueError(f"{name}: this preset's network is written out; change its layers instead")


def _only(table: Mapping[str, Any], known: Sequence[str], where: str) -> None:
    for key in table:
        if key not in known:
            raise ValueError(f'{where}unknown key "{harmless(key, 60)}", {nearest(key, known)}')


def _string(document: Mapping[str, Any], key: str) -> str:
    value = document.get(key)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f'{key} is missing; add {key} = "…" to the file')
    return value


def _word(document: Mapping[str, Any], key: str, words: Sequence[str]) -> str:
    value = _string(document, key)
    if value not in words:
        raise ValueError(f'{key} cannot be "{harmless(value, 60)}", {nearest(value, words)}')
    return value


def _table(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{where} must be a table: [{where}]")
    return value


def _networks(tables: Mapping[str, Any], task: str) -> Iterator[Network]:
    _only(tables, NETWORKS[task], "networks: ")
    for name in NETWORKS[task]:
        if name not in tables:
            raise ValueError(f"networks.{name} is missing; this task trains " + " and ".join(NETWORKS[task]))
        table = _table(tables[name], f"networks.{name}")
        _only(table, ("input", "layers"), f"networks.{name}: ")
        try:
            shape = KINDS["Reshape"].arguments["target_shape"](table.get("input"))
        except ValueError as error:
            raise ValueError(f"networks.{name}: input {error}") from None
        network = Network(name, shape, tuple(_layers(table.get("layers"), f"networks.{name}")))
        assert network.rows  # works the shapes out, and says which layer does not fit
        yield network


def _layers(value: object, where: str) -> Iterator[Layer]:
    if not isinstance(value, list) or not 1 <= len(value) <= 200:
        raise ValueError(f'{where}: layers must be a list of 1 to 200 layers such as {{layer = "Dense", units = 2}}')
    names: set[str] = set()
    for position, entry in enumerate(value, start=1):
        spot = f"{where}, layer {position}"
        table = dict(_table(entry, spot))
        kind = table.pop("layer", None)
        if not isinstance(kind, str):
            raise ValueError(f'{spot}: layer is missing; say which, as in {{layer = "Dense", units = 2}}')
        if kind not in KINDS:
            raise ValueError(f'{spot}: unknown layer "{harmless(kind, 60)}", {nearest(kind, KINDS)}')
        name = table.pop("name", None) or _free_name(kind, names)
        if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z0-9_]{1,40}", name) or name in names:
            raise ValueError(f"{spot}: a name must be new in its network, and up to 40 letters, digits and _")
        names.add(name)
        try:
            yield Layer(kind, name, checked_arguments(kind, table))
        except ValueError as error:
            raise ValueError(f"{spot}: {error}") from None


def _free_name(kind: str, taken: set[str]) -> str:
    """Keras's own way of naming: dense, dense_1, dense_2, …"""
    stem = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", kind).lower().replace("2_d", "2d")
    stem = {"leaky_re_lu": "leaky_relu", "re_lu": "relu"}.get(stem, stem)
    return next(name for n in range(1000) if (name := f"{stem}_{n}" if n else stem) not in taken)


def _check_fit(preset: Preset) -> None:
    """Networks and data must fit each other."""
    facts = _facts(preset.dataset, preset.settings)
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


def _check_settings(preset: Preset) -> None:
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
    return f'"{value}"' if isinstance(value, str) else str(_listed(value)).replace("'", '"')


def _same_size(what: str, shape: Shape, other: Shape, other_what: str) -> None:
    if shape != other and math.prod(shape) != math.prod(other):
        raise ValueError(f"{what} {list(shape)} does not fit {other_what} {list(other)}")


# Finding --------------------------------------------------------------


def bundled_folder() -> Path:
    """The presets that come with the product: inside an installed package, at the top level of a checkout."""
    packaged = Path(__file__).parent / "bundled_presets"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "presets"


def user_folder() -> Path:
    """Where a user's own presets lie: $GAN_TUI_PRESETS, else `presets` in the user's configuration folder."""
    named = os.environ.get("GAN_TUI_PRESETS")
    return user_path(named) if named else Path(platformdirs.user_config_dir("gan-tui")) / "presets"


def files() -> dict[str, Path]:
    """Name → file of every preset at hand; a user's own goes before a bundled one of the same name."""
    found = {path.stem: path for path in sorted(bundled_folder().glob("*.toml"))}
    try:
        found.update({path.stem: path for path in sorted(user_folder().glob("*.toml"))})
    except OSError:
        return found  # a folder that cannot be listed holds no presets
    return found


def find(name_or_path: str) -> Preset:
    """The preset of that name, or in that TOML file. Raises UserError with the nearest names."""
    if name_or_path.endswith(".toml") or "/" in name_or_path:
        path = user_path(name_or_path)
        return read(path, _NAME_OF_FILE.sub("-", path.stem.lower()).strip("-")[:40] or "preset")
    known = files()
    if name_or_path not in known:
        raise UserError(
            f'There is no preset "{harmless(name_or_path, 60)}", {nearest(name_or_path, known)} '
            "(gan-tui presets lists them; a path to a TOML file works too)."
        )
    return read(known[name_or_path])


_NAME_OF_FILE = re.compile(r"[^a-z0-9_-]+")


def every() -> tuple[list[Preset], list[str]]:
    """All presets that can be read, grouped by task as in the menu, and a sentence for each that cannot."""
    presets, problems = [], []
    for name, path in files().items():
        try:
            presets.append(read(path, name))
        except UserError as error:
            problems.append(str(error))
    order = list(settings.TASKS)
    return sorted(
        presets, key=lambda preset: (order.index(preset.task), sum(n.parameters for n in preset.networks))
    ), problems
