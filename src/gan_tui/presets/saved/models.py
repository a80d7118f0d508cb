"""A model of a configuration, layer by layer: what each takes, and where its weights lie. Models inside it are put in
their place.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gan_tui.presets.saved import layers
from gan_tui.presets.saved.layers import Config, config_of
from gan_tui.presets.saved.values import snake_case
from gan_tui.text import harmless

_DEEPEST = 8
"""Models inside each other."""
_SEQUENTIAL, _FUNCTIONAL = "Sequential", ("Functional", "Model")
_INPUT = "InputLayer"
_CLASSES = {"GroupQueryAttention": "GroupedQueryAttention"}
"""Layers that Keras's own code calls something else."""
_INPUTS = ("inputs", "query", "value", "key")
"""What layers call their inputs, in the order in which they take them."""

Names = tuple[str, ...]
"""Of layers and inputs, in the network."""


@dataclass(frozen=True)
class SavedLayer:
    """A layer with weights, or without."""

    table: Mapping[str, Any]
    """As a preset has it, but for what it takes."""
    place: str
    """Where its weights lie in the file of weights: layers/conv2d."""
    takes: Names
    is_adapted: bool = False
    """Whether its mean and variance were found in data, and lie in the file of weights; in the table are others."""

    @property
    def name(self) -> str:
        return str(self.table["name"])


def kind_of_model(entry: object) -> str:
    """Sequential or Functional; nothing where it is no model of Keras's own classes."""
    table = entry if isinstance(entry, Mapping) else {}
    kind, module = table.get("class_name"), str(table.get("module", ""))
    own = table.get("registered_name") not in (None, kind)
    if own or not (module == "keras" or module.startswith("keras.src.models")):
        return ""
    return "Functional" if kind in _FUNCTIONAL else "Sequential" if kind == _SEQUENTIAL else ""


class Model:
    """A model, or one inside another."""

    def __init__(self, config: Config, kind: str, place: str = "", depth: int = 0) -> None:
        """`place` is where its weights lie; empty for the outermost, whose layers lie at layers/…

        Raises ValueError where it has no layers.
        """
        self._config, self._is_functional, self._place, self._depth = (
            config_of(config),
            kind != _SEQUENTIAL,
            place,
            depth,
        )
        entries = self._config.get("layers")
        if not isinstance(entries, list) or not entries:
            raise ValueError("it lists no layers; save the model once it is built")
        self._entries: Sequence[Any] = entries
        self._names: dict[str, Names] = {}
        """Its layers by their names in the file → those whose outputs are meant: of a model inside, its last."""
        self._counts: dict[str, int] = {}

    def inputs(self) -> dict[str, tuple[int, ...]]:
        """Name → shape of each input. Raises ValueError where it has none, or one of no fixed size."""
        found = {layers.name_of(entry): _shape(entry) for entry in self._entries if _is_input(entry)}
        if not found:
            raise ValueError("it does not say what it takes; begin it with keras.Input(shape=…) and save it again")
        return found

    def layers(self, takes: Names = ()) -> Iterator[SavedLayer]:
        """All layers in order. What its input is given comes from those that it `takes`, or is the input itself.

        Raises ValueError that says at which layer something is that presets cannot say.
        """
        before, position = takes, 0
        for entry in self._entries:
            name = str(config_of(entry).get("name"))
            if _is_input(entry):
                before = self._names[name] = takes or (layers.name_of(entry),)
                self._count(entry)
                continue
            position += 1
            where = f'layer {position} ("{layers.name_of(entry)}")'
            sources = self._sources(entry, where) if self._is_functional else before
            for layer in self._made(entry, where, sources):
                before = (layer.name,)
                yield layer
            self._names[name] = before
        self._refuse_other_ends(before)

    def _made(self, entry: Any, where: str, sources: Names) -> Iterator[SavedLayer]:
        """A layer, or those of a model inside."""
        place = f"{self._place}layers/{self._count(entry)}"
        try:
            if kind := kind_of_model(entry):
                if self._depth == _DEEPEST or len(sources) != 1:
                    raise ValueError("is a model inside the model, which gan-tui cannot take apart; save it as one")
                yield from Model(entry, kind, f"{place}/", self._depth + 1).layers(sources)
            else:
                neutral = layers.neutral(entry)
                yield SavedLayer(layers.table_of(neutral or entry), place, sources, bool(neutral))
        except ValueError as error:
            said = str(error)
            raise ValueError(f"{where}{' ' if said.startswith('is ') else ', '}{said}") from None

    def _count(self, entry: Any) -> str:
        """What Keras calls a layer among those of its class in the file of weights: conv2d, conv2d_1, …"""
        if not self._is_functional and _is_input(entry):
            return ""  # is none of a Sequential's layers
        kind = str(entry.get("class_name")) if isinstance(entry, Mapping) else ""
        stem = snake_case(_CLASSES.get(kind, kind))
        number = self._counts[stem] = self._counts.get(stem, -1) + 1
        return f"{stem}_{number}" if number else stem

    # What a Functional's layers take --------------------------------------------------------------

    def _sources(self, entry: Any, where: str) -> Names:
        nodes = entry.get("inbound_nodes") if isinstance(entry, Mapping) else None
        if not isinstance(nodes, list) or len(nodes) != 1:
            times = len(nodes) if isinstance(nodes, list) else 0
            raise ValueError(
                f"{where} is used {times} times, and in gan-tui each layer is used once; give each use its own layer"
            )
        node = nodes[0] if isinstance(nodes[0], Mapping) else {}
        kwargs = node.get("kwargs")
        words = kwargs if isinstance(kwargs, Mapping) else {}
        _refuse_words({name: value for name, value in words.items() if name not in _INPUTS}, where)
        given = [node.get("args"), *(words.get(name) for name in _INPUTS)]
        found = tuple(source for name in _tensors(given) for source in self._names.get(name, ()))
        if not found:
            raise ValueError(f"{where} takes what is not above it; save the model again")
        return found

    def _refuse_other_ends(self, last: Names) -> None:
        """Raises ValueError unless it has one output, which its last layer gives."""
        ends = [*_ends(self._config.get("output_layers"))] if self._is_functional else []
        if self._is_functional and len(ends) != 1:
            shown = ", ".join(harmless(name, 40) for name in ends[:3])
            raise ValueError(f"it has {len(ends)} outputs ({shown}), and gan-tui trains networks of one; save one")
        if ends and self._names.get(ends[0]) != last:
            raise ValueError("it ends before its last layer; save the model again")


def _refuse_words(words: Mapping[str, Any], where: str) -> None:
    """Raises ValueError for what a layer was called with beside its inputs, which presets cannot say."""
    for name, value in words.items():
        if value is not None and value is not False:  # Keras writes training = False for most
            raise ValueError(
                f"{where} is called with {harmless(str(name), 40)} = {harmless(str(value), 40)}, which gan-tui lacks; "
                "call it with its inputs alone"
            )


def _is_input(entry: object) -> bool:
    return isinstance(entry, Mapping) and entry.get("class_name") == _INPUT


def _shape(entry: Config) -> tuple[int, ...]:
    """The shape of one example. Raises ValueError where it is not fixed."""
    config = config_of(entry)
    given = config.get("batch_shape", config.get("batch_input_shape"))
    shape = given[1:] if isinstance(given, list) else []
    if not shape or not all(type(length) is int and length > 0 for length in shape):
        shown = " × ".join("any" if length is None else harmless(str(length), 20) for length in shape) or "nothing"
        raise ValueError(
            f'its input "{layers.name_of(entry)}" takes {shown}, and gan-tui trains networks of a fixed size; build it '
            "with keras.Input(shape=…) of whole numbers"
        )
    return tuple(shape)


def _tensors(value: object, depth: int = 0) -> Iterator[str]:
    """The layers, by their names in the file, whose outputs are in what a layer was called with."""
    if isinstance(value, list) and depth < _DEEPEST:
        for each in value:
            yield from _tensors(each, depth + 1)
    elif isinstance(value, Mapping) and value.get("class_name") == "__keras_tensor__":
        history = config_of(value).get("keras_history")
        if isinstance(history, list) and len(history) == 3 and history[2] == 0:
            yield str(history[0])


def _ends(value: object, depth: int = 0) -> Iterator[str]:
    """The layers named in [name, 0, 0], or in lists and tables of such."""
    if isinstance(value, list) and len(value) == 3 and isinstance(value[0], str):
        yield value[0]
    elif isinstance(value, list | Mapping) and depth < _DEEPEST:
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from _ends(each, depth + 1)
