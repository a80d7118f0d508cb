"""A saved model as a preset's network: a Sequential, or a Functional of layers that take each other's outputs."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from gan_tui.presets.saved import layers
from gan_tui.presets.saved.layers import Config
from gan_tui.presets.saved.models import Model, SavedLayer, kind_of_model
from gan_tui.text import harmless


@dataclass(frozen=True)
class SavedNetwork:
    """All of a model."""

    name: str
    inputs: Mapping[str, tuple[int, ...]]
    layers: tuple[SavedLayer, ...]

    def table(self) -> dict[str, Any]:
        """The network as a preset has it."""
        one = next(iter(self.inputs))
        shapes = {name: list(shape) for name, shape in self.inputs.items()}
        before = [one, *(layer.name for layer in self.layers)]
        return {
            **({"input": shapes[one]} if len(shapes) == 1 else {"inputs": shapes}),
            "layers": [_written(layer, name) for layer, name in zip(self.layers, before, strict=False)],
        }


def _written(layer: SavedLayer, before: str) -> dict[str, Any]:
    takes = list(layer.takes)
    return {**layer.table, **({} if takes == [before] else {"from": takes if len(takes) > 1 else takes[0]})}


def network_of(config: Config) -> SavedNetwork:
    """The network of a whole file's configuration. Raises ValueError with a sentence that says at which layer."""
    kind = kind_of_model(config)
    if not kind:
        shown = harmless(str(config.get("class_name")), 60)
        raise ValueError(
            f"its model is {shown}, a class of somebody's own, whose code gan-tui does not run; build it as a "
            "Sequential or Functional model of Keras's layers"
        )
    model = Model(config, kind)
    network = SavedNetwork(layers.name_of(config), model.inputs(), tuple(_folded(list(model.layers()))))
    return _with_short_input(network)


def _folded(found: list[SavedLayer]) -> Iterator[SavedLayer]:
    """Layers as presets write them: what gan-tui itself has made two layers of is one again (`strided_pixels`)."""
    picked = {layer.name: layer for layer in found if _picks_pixels(layer)}
    users = Counter(source for layer in found for source in layer.takes)
    joined = {
        layer.name: picked[before]
        for layer in found
        if layer.table.get("kernel_size") == [1, 1] and "strides" not in layer.table
        if (before := f"{layer.name}_strides") in picked and layer.takes == (before,) and users[before] == 1
    }
    gone = {picking.name for picking in joined.values()}
    for layer in found:
        if picking := joined.get(layer.name):
            items = [*layer.table.items()]
            items.insert([*layer.table].index("kernel_size") + 1, ("strides", picking.table["strides"]))
            yield replace(layer, table=dict(items), takes=picking.takes)
        elif layer.name not in gone:
            yield layer


def _picks_pixels(layer: SavedLayer) -> bool:
    """Whether it only leaves pixels out."""
    table = layer.table
    return table["layer"] == "AveragePooling2D" and table.get("pool_size") == [1, 1] and "strides" in table


def _with_short_input(network: SavedNetwork) -> SavedNetwork:
    """An only input is called as presets call it."""
    if len(network.inputs) != 1:
        return network
    ((name, shape),) = network.inputs.items()
    taken = tuple(
        replace(layer, takes=tuple("input" if source == name else source for source in layer.takes))
        for layer in network.layers
    )
    return replace(network, inputs={"input": shape}, layers=taken)
