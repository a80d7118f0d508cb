"""How many float32 operations a training step of a pair takes, counted from its layers' shapes.

A convolution of 5 × 5 on an image that was enlarged twofold counts as 3 × 3: so training/enlarged.py computes it.
"""

from math import prod

from gan_tui.presets import Network
from gan_tui.presets.preset import Preset


def forward(network: Network) -> list[int]:
    """Multiplications and additions of each layer that has products, for one example."""
    counts, shape = [], network.input
    enlarged = False
    for layer, row in zip(network.layers, network.rows, strict=True):
        if layer.kind == "Dense":
            counts.append(2 * shape[-1] * row.output_shape[-1])
        elif layer.kind in ("Conv2D", "Conv2DTranspose"):
            size = layer.arguments["kernel_size"]
            window = size * size if isinstance(size, int) else prod(size)
            window = 9 if enlarged and window == 25 else window
            places = row.output_shape if layer.kind == "Conv2D" else shape  # where the kernel is laid
            counts.append(2 * window * shape[-1] * row.output_shape[-1] * prod(places[:2]))
        shape, enlarged = row.output_shape, layer.kind == "UpSampling2D"
    return counts


def of_step(preset: Preset) -> int:
    """Of one step: D on real and generated images, then G through D. A gradient costs as much as two passes forward.

    The first layer needs no gradient of what it is given, and D none of its weights while G is trained.
    """
    generator, discriminator = (forward(preset.network(name)) for name in ("generator", "discriminator"))
    g, d, batch = sum(generator), sum(discriminator), preset.settings["batch_size"]
    train_d = 2 * batch * (3 * d - discriminator[0])
    train_g = batch * (3 * g - generator[0] + 2 * d)
    return batch * g + train_d + train_g
