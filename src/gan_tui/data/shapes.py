"""Triangles, squares and circles as a hand would draw them on 8 x 8 pixels: no two alike, the same at every call."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SIDE = 8
"""Pixels along each side of a picture."""
NAMES = ("triangle", "square", "circle")
COUNT = 1500
"""Pictures in the data set that presets train on, and SEED their seed."""
SEED = 0

TILTS = (0.25, 0.09, 3.1)
"""Radians that a shape of each class may be tilted either way; a square any further looks like a circle."""
_CORNERS = 24
"""Every outline has so many corners; most of a triangle's lie along its sides."""
_SAMPLES = 3
"""Places along each side of a pixel at which ink is looked for."""


def make(count: int, seed: int) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """(images (count, 8, 8) of 0, the paper, to 255, ink; classes (count,) of 0, 1 and 2 as in `NAMES`).

    Every class is there equally often, or once more; outlines differ in place, size, tilt, stroke and in how
    steady the hand was.
    """
    import numpy as np

    random = np.random.default_rng(seed)
    classes = random.permutation(np.arange(count) % len(NAMES))
    tilts = random.uniform(-1, 1, count) * np.array(TILTS)[classes]
    outlines = _tilted(_proportions()[classes], tilts)
    outlines *= random.uniform(2.6, 3.4, (count, 1, 1)) * random.uniform(0.92, 1.08, (count, 1, 2))
    room = SIDE / 2 - 0.3 - np.abs(outlines).max(axis=1)
    outlines += SIDE / 2 + random.uniform(-1, 1, (count, 2))[:, None] * np.clip(room, 0.1, 1)[:, None]
    outlines += _tremor(random, count)
    return _inked(outlines, random.uniform(0.9, 1.4, count)), classes


def _proportions() -> Floats:
    """(3, corners, 2): an outline of each class around (0, 0), about 1 in radius."""
    import numpy as np

    turn = np.linspace(0, 2 * np.pi, _CORNERS, endpoint=False)
    circle = np.stack([np.sin(turn), -np.cos(turn)], axis=1)
    triangle = _along(np.array([[0, -1.05], [1.1, 0.85], [-1.1, 0.85]]))
    square = _along(np.array([[-0.95, -0.95], [0.95, -0.95], [0.95, 0.95], [-0.95, 0.95]]))
    return np.stack([triangle, square, circle])


def _along(corners: Floats) -> Floats:
    """Corners with as many places between each two of them as it takes."""
    import numpy as np

    share = np.linspace(0, 1, _CORNERS // len(corners), endpoint=False)[:, None]
    sides = [a + share * (b - a) for a, b in zip(corners, np.roll(corners, -1, axis=0), strict=True)]
    return np.concatenate(sides)


def _tilted(outlines: Floats, angles: Floats) -> Floats:
    """Each outline turned by an angle of its own, in radians."""
    import numpy as np

    turns = np.stack([np.cos(angles), -np.sin(angles), np.sin(angles), np.cos(angles)], axis=1)
    return np.asarray(outlines @ turns.reshape(-1, 2, 2))


def _tremor(random: np.random.Generator, count: int) -> Floats:
    """(count, corners, 2) pixels: where a hand strays to, slowly along the outline."""
    import numpy as np

    turn = np.linspace(0, 2 * np.pi, _CORNERS, endpoint=False)[:, None]
    strays = np.zeros((count, _CORNERS, 2))
    for waves in (2, 3):
        phase = random.uniform(0, 2 * np.pi, (count, 1, 2))
        strays += random.uniform(0, 0.14, (count, 1, 2)) * np.sin(waves * turn + phase)
    return strays


def _inked(outlines: Floats, stroke: Floats) -> NDArray[np.uint8]:
    """(count, 8, 8): how much of each pixel lies within half a stroke's width of a closed outline."""
    import numpy as np

    axis = (np.arange(SIDE * _SAMPLES, dtype=np.float32) + 0.5) / _SAMPLES
    x, y = (places.reshape(1, -1) for places in np.meshgrid(axis, axis))
    corners = outlines.astype(np.float32)
    nearest = np.full((len(corners), x.size), np.inf, np.float32)
    for start, end in zip(np.moveaxis(corners, 1, 0), np.moveaxis(np.roll(corners, -1, axis=1), 1, 0), strict=True):
        across, down = (end - start).T[..., None]
        right, below = x - start[:, :1], y - start[:, 1:]
        share = ((right * across + below * down) / np.maximum(across**2 + down**2, 1e-6)).clip(0, 1)
        nearest = np.minimum(nearest, (right - share * across) ** 2 + (below - share * down) ** 2)
    ink = (nearest < stroke[:, None] ** 2 / 4).reshape(-1, SIDE, _SAMPLES, SIDE, _SAMPLES).mean(axis=(2, 4))
    return np.asarray(np.rint(255 * ink), np.uint8)
