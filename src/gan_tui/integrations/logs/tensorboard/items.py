"""Images, histograms and words of a block, told as events."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from gan_tui.integrations.logs.telling import Teller
from gan_tui.integrations.logs.tensorboard import histograms, images, picture_names, words
from gan_tui.integrations.logs.tensorboard.block_contents import Item
from gan_tui.integrations.logs.tensorboard.run_folders import Part
from gan_tui.integrations.logs.tensorboard.tf_records import Block

HYPERPARAMETERS = "hyperparameters"
_TEXT_ENDS, _WEIGHTS_END = "/text_summary", "/histogram"
"""What PyTorch puts behind the tags of texts, and Keras behind those of weights."""


class Items:
    """Tells all images, since one may go back to them, and of all else the latest of each tag."""

    def __init__(self, teller: Teller, not_shown: Counter[str]) -> None:
        self._teller, self._not_shown = teller, not_shown
        self._has_weights = False

    def tell(self, block: Block, items: list[Item], file: int, part: Part) -> None:
        """What was found in a block, or in a part of it, of the file of that number."""
        latest: dict[tuple[str, str], Item] = {}
        weights: list[Item] = []
        for item in items:
            if item.value.plugin == "images":
                self._tell_image(block, item, file, part)
            elif item.value.plugin == "histograms":
                weights.append(item)
            else:
                latest[item.value.plugin, item.value.tag] = item
        for (plugin, _), item in latest.items():
            self._tell_words(block, item, plugin, part)
        if weights:
            self._tell_weights(block, weights, part)

    def _tell_image(self, block: Block, item: Item, file: int, part: Part) -> None:
        value = item.value
        try:
            found = (images.of_tensor if value.kind == "tensor" else images.of_summary)(block.data, *value.span)
        except ValueError:
            self._not_shown["broken images"] += 1
            return
        if left := len(found.encoded) - found.count:
            self._not_shown["images that are too large, or too many together"] += left
        if found.count:
            if images.is_video(block.data, found.encoded[0]):
                self._not_shown["videos, but for their first image"] += 1
            name = picture_names.name(file, block.offset + item.place, item.index)
            tile = found.height, found.width
            self._teller.picture(part.named(value.tag), item.step, name, tile, found.count)

    def _tell_words(self, block: Block, item: Item, plugin: str, part: Part) -> None:
        value = item.value
        try:
            if plugin == "hparams":
                name, text = HYPERPARAMETERS, words.hyperparameters(block.data, value.plugin_span)
            else:
                name, text = value.tag.removesuffix(_TEXT_ENDS), words.of_tensor(block.data, *value.span)
        except ValueError:
            self._not_shown["broken texts"] += 1
            return
        if text:
            self._teller.text(part.named(name), item.step, text)

    def _tell_weights(self, block: Block, found: list[Item], part: Part) -> None:
        """The first histograms of all, to compare with, and the latest."""
        first = [item for item in found if item.step == found[0].step]
        if not self._has_weights:
            self._has_weights = True
            self._teller.weights(first[0].step, self._stats(block, first, part))
        latest = {item.value.tag: item for item in found}
        if found[-1].step != first[0].step or len(latest) > len(first):
            self._teller.weights(found[-1].step, self._stats(block, latest.values(), part))

    def _stats(self, block: Block, found: Iterable[Item], part: Part) -> Mapping[str, Any]:
        layers = {}
        for item in found:
            read = histograms.of_tensor if item.value.kind == "tensor" else histograms.of_summary
            try:
                layers[part.named(item.value.tag.removesuffix(_WEIGHTS_END))] = read(block.data, *item.value.span)
            except ValueError:
                self._not_shown["histograms without a number, or broken"] += 1
        return layers
