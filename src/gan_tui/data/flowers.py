"""Flowers on a meadow, 64 x 64 pixels in colour: no two alike, the same at every call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

SIDE = 64
PETALS = (4, 5, 6, 8)
NAMES = tuple(f"{count} petals" for count in PETALS)
COUNT, SEED = 3000, 0
"""Pictures in the data set that presets train on, and their seed."""

_BLOSSOMS = ((235, 60, 70), (240, 120, 175), (250, 205, 60), (150, 95, 220), (250, 245, 240), (245, 140, 50))
"""Colours of petals, each a little off from flower to flower."""
_HEARTS = ((245, 200, 50), (110, 65, 30))
_GRASS = ((38, 92, 44), (126, 176, 92))
"""At the bottom of a meadow, and at its top."""
_AT_ONCE = 250


def make(count: int, seed: int) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """(images (count, 64, 64, 3), classes (count,) as in `NAMES`).

    Every class is there equally often, or once more; flowers differ in place, size, turn, the shape of their petals,
    and colours.
    """
    import numpy as np

    random = np.random.default_rng(seed)
    classes = random.permutation(np.arange(count) % len(PETALS))
    images = [_drawn(random, classes[first : first + _AT_ONCE]) for first in range(0, count, _AT_ONCE)]
    return np.concatenate(images), classes


def _drawn(random: np.random.Generator, classes: NDArray[np.int64]) -> NDArray[np.uint8]:
    """A flower of each class."""
    import numpy as np

    count = len(classes)
    across, turn = _polar(random.uniform(-7, 7, (2, count)))
    size, slim, start = (
        _each(random, 17, 25, count),
        _each(random, 0.45, 1.1, count),
        _each(random, 0, 2 * np.pi, count),
    )
    petals = np.array(PETALS, np.float32)[classes][:, None, None]
    waves = np.abs(np.cos(petals / 2 * (turn + start))) ** slim
    edge = np.asarray(size * (0.25 + 0.75 * waves), np.float32)
    shade = np.asarray(0.72 + 0.28 * (across / size).clip(0, 1), np.float32)  # petals are darker towards the heart
    image = _laid(_meadow(random, count), _colors(random, _BLOSSOMS, count) * shade[..., None], edge - across)
    heart = size * _each(random, 0.18, 0.3, count)
    image = _laid(image, _colors(random, _HEARTS, count), heart - across)
    return np.asarray(np.rint(image.clip(0, 255)), np.uint8)


def _each(random: np.random.Generator, low: float, high: float, count: int) -> Floats:
    """(count, 1, 1): a number for each flower."""
    import numpy as np

    return random.uniform(low, high, (count, 1, 1)).astype(np.float32)


def _polar(middles: NDArray[np.float64]) -> tuple[Floats, Floats]:
    """(count, 64, 64) each: how far every pixel is from the middle of its flower, and in which direction."""
    import numpy as np

    axis = np.arange(SIDE, dtype=np.float32) - (SIDE - 1) / 2
    right, below = (axis - middle[:, None].astype(np.float32) for middle in middles)
    return np.hypot(right[:, None, :], below[:, :, None]), np.arctan2(below[:, :, None], right[:, None, :])


def _colors(random: np.random.Generator, colors: tuple[tuple[int, int, int], ...], count: int) -> Floats:
    """(count, 1, 1, 3): for each flower one of some colours, a little off."""
    import numpy as np

    chosen = np.array(colors, np.float32)[random.integers(len(colors), size=count)]
    return (chosen + random.normal(0, 9, chosen.shape).astype(np.float32))[:, None, None]


def _meadow(random: np.random.Generator, count: int) -> Floats:
    """(count, 64, 64, 3): grass, lighter towards the top."""
    import numpy as np

    low, high = (np.array(color, np.float32) for color in _GRASS)
    light = np.linspace(1, 0, SIDE, dtype=np.float32)[:, None, None]
    tone = random.uniform(0.8, 1.15, (count, 1, 1, 1)).astype(np.float32)
    return np.broadcast_to(tone * (low + light * (high - low)), (count, SIDE, SIDE, 3))


def _laid(image: Floats, color: Floats, inside: NDArray[np.floating[Any]]) -> Floats:
    """Something laid on a picture where `inside` is above 0, its edge a pixel wide."""
    import numpy as np

    cover = (inside + 0.5).clip(0, 1)[..., None]
    return np.asarray(image + cover * (color - image), np.float32)
