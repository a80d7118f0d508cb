"""Layers that make learning harder, so that what is learnt holds elsewhere: noise, left-out numbers, penalties."""

from gan_tui.presets.checks import number, numbers
from gan_tui.presets.layers.common import AXES, SEED, Checks, data_format, same
from gan_tui.presets.layers.kind import Arguments, Kind, Shape

_RATE: Checks = {"rate": number(0, 0.999), "seed": SEED}
_SHAPED: Checks = {**_RATE, "noise_shape": numbers(1, 5, 1, 1_000_000, (1, 28))}
"""The shape is of one example: where it is 1, all along that axis go together."""


def _dropped(shape: Shape, a: Arguments) -> Shape:
    noise = a.get("noise_shape", shape)
    if len(noise) != len(shape) or any(mine not in (1, given) for mine, given in zip(noise, shape, strict=True)):
        raise ValueError(f"noise_shape must be {list(shape)} with 1 where all are dropped together, not {list(noise)}")
    return shape


KINDS = {
    "Dropout": Kind(_SHAPED, _dropped, required=("rate",)),
    "AlphaDropout": Kind(_SHAPED, _dropped, required=("rate",)),
    "GaussianDropout": Kind(_RATE, same, required=("rate",)),
    "GaussianNoise": Kind({"stddev": number(0, 1), "seed": SEED}, same, required=("stddev",)),
    **{
        f"SpatialDropout{rank}D": Kind(
            {**_RATE, **({"data_format": data_format} if rank > 1 else {})}, same, required=("rate",), axes=AXES[rank]
        )
        for rank in (1, 2, 3)
    },
    "ActivityRegularization": Kind({"l1": number(0, 1e6), "l2": number(0, 1e6)}, same, moves=True),
}  # fmt: skip
