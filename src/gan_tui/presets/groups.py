"""What a preset must be so that several replicas can take its steps together: each batch in as many equal shares."""

from gan_tui.errors import UserError
from gan_tui.presets.layers import WRAPS
from gan_tui.presets.plan import batch_size
from gan_tui.presets.preset import Preset
from gan_tui.text import counted

OF_ITS_FIRST = "RandomElasticTransform"
"""Keras makes all that it changes of the first image of a batch, which each replica has another one of."""
TOLD = 3
"""Sizes that are told that would do."""


def refuse_uneven(preset: Preset, train: int, replicas: int) -> None:
    """Raises UserError where a batch of a run on so many examples, the last of an epoch included, has uneven shares.

    They would count unevenly: the numbers would be others than those of one process.
    """
    parts = preset.batches_in_step
    batch = batch_size(preset, train) // parts
    left = 0 if preset.whole_batches else train % (batch * parts)
    if batch % replicas:
        what = f"batch_size {batch:,}" if preset.settings["batch_size"] else f"A batch of all {train:,} examples"
        raise UserError(f"{what} cannot be shared evenly by {replicas}; {_remedy(preset, train, batch, replicas)}.")
    if left % replicas:
        raise UserError(
            f"The last batch of each epoch has {counted(left, 'example')}, which cannot be shared evenly by "
            f"{replicas}; {_remedy(preset, train, batch, replicas)}."
        )


def refuse_layers(preset: Preset, several_here: bool = False) -> None:
    """Raises UserError where a layer would do something else on a share of the batch than on all of it.

    `several_here`: one process has several replicas, between which Keras does not tell losses of layers apart.
    """
    for network in preset.networks:
        for layer in network.layers:
            kinds = (layer.kind, layer.arguments.get(WRAPS, {}).get("layer"))
            what = f"networks.{network.name}: {layer.name}"
            if OF_ITS_FIRST in kinds:
                raise UserError(
                    f"{what} ({OF_ITS_FIRST}) changes images by the first of their batch, which is another one for "
                    "each worker; leave it out, or train in one process."
                )
            if several_here and ("ActivityRegularization" in kinds or "activity_regularizer" in layer.arguments):
                raise UserError(
                    f"{what} has an activity_regularizer, which several devices of one process cannot have; leave it "
                    "out, or train by --workers."
                )


def _remedy(preset: Preset, train: int, batch: int, replicas: int) -> str:
    """What would do: other sizes of batches, or other numbers of replicas."""
    ways = []
    of_all = not preset.settings["batch_size"]
    if sizes := [] if of_all else _sizes(preset, train, batch, replicas):
        ways.append(f"batch_size {_or(sizes)} would do")
    left = 0 if preset.whole_batches else train % (batch * preset.batches_in_step)
    if counts := [n for n in range(2, min(batch, 1000) + 1) if batch % n == left % n == 0]:
        near = sorted(sorted(counts, key=lambda n: abs(n - replicas))[:TOLD])
        ways.append(f"{_or(near)} can share it")
    return ", or ".join(ways) or "train it in one process"


def _sizes(preset: Preset, train: int, batch: int, replicas: int) -> list[int]:
    """The nearest sizes of batches that can be shared; none where the examples themselves cannot."""
    if not preset.whole_batches and train % replicas:
        return []
    parts = preset.batches_in_step
    fitting = list(range(replicas, train // parts + 1, replicas))
    return sorted(sorted(fitting, key=lambda size: abs(size - batch))[: TOLD - 1])


def _or(numbers: list[int]) -> str:
    words = [f"{number:,}" for number in numbers]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
