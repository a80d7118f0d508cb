"""How long the pictures and charts of a dashboard take to draw: medians in milliseconds.

python benchmarks/drawing.py
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np

import gan_tui.data
from gan_tui.drawing.diagram import draw_diagram
from gan_tui.drawing.pictures.pairs import draw_pairs
from gan_tui.drawing.pictures.tiles import draw_tiles
from gan_tui.drawing.pictures.whole import draw_picture
from gan_tui.drawing.plots.answers import draw_answers
from gan_tui.drawing.plots.bars import draw_bars
from gan_tui.drawing.plots.charts import draw_charts
from gan_tui.drawing.plots.confusion import draw_confusion
from gan_tui.drawing.plots.curves import Along, Curve, Panel
from gan_tui.drawing.plots.histogram import Histogram, draw_histogram
from gan_tui.drawing.plots.surface import draw_surface
from gan_tui.drawing.terminal import ColorDepth, Terminal

REPEATS = 101


def main() -> None:
    rng = np.random.default_rng(0)
    digits = np.load(Path(gan_tui.data.__file__).parent / "mnist.npz")["images"][::50]
    wall = digits.reshape(10, 10, 28, 28).swapaxes(1, 2).reshape(280, 280, 1)
    colored = rng.integers(0, 256, (280, 280, 3)).astype(np.uint8)
    probabilities = rng.dirichlet([1, 1, 1], (50, 50)).transpose(2, 0, 1)
    points, labels = rng.random((200, 2)), rng.integers(0, 3, 200)
    terminal = Terminal()
    for kind in (Terminal(palette, unicode) for palette in ColorDepth for unicode in (True, False)):
        glyphs = "blocks" if kind.unicode else "ASCII"
        what = f"100 digits, 112 x 56 cells, colours: {kind.colors.value}, {glyphs}"
        report(what, partial(draw_picture, wall, 112, 56, kind))
    report("a coloured picture, 112 x 56 cells", partial(draw_picture, colored, 112, 56, terminal))
    report("a wall of 100 tiles, 112 x 56 cells", partial(draw_tiles, digits[..., None], 112, 56, terminal, across=10))
    report(
        "a decision surface, 80 x 40 cells",
        partial(draw_surface, probabilities, points, labels, 80, 40, terminal),
    )
    for number in (200, 2000):
        steps = np.linspace(1, 20000, number)
        lines = [
            Curve(name, steps, np.exp(-steps / 5000) + rng.normal(0, 0.05, number), color)
            for name, color in (("d_loss", 0x56B4E9), ("g_loss", 0xE69F00))
        ]
        what = f"a chart of two lines, {number} points each, 100 x 25 cells"
        for log_y in (False, True):
            panels = [Panel("loss", lines, log_y=log_y)]
            report(what + ", log" * log_y, partial(draw_charts, panels, Along(0, 20000), 100, 25))
    classifiers(rng, terminal)


def classifiers(rng: np.random.Generator, terminal: Terminal) -> None:
    """What is drawn of a network that tells ten classes apart."""
    names = [f"class {k}" for k in range(10)]
    counts = rng.multinomial(1000, [0.1] * 10, 10)
    weights = rng.normal(0, 0.1, 18_432)
    bars = [
        Histogram(name, *np.histogram(weights, 64)[:1], weights.min(), weights.max(), 0.0, 0.1, 0x7AA2F7)
        for name in ("untrained", "trained")
    ]
    kernels = rng.integers(0, 256, (32, 3, 3, 1)).astype(np.uint8)
    layers = [
        {
            "name": f"conv2d_{k}",
            "kind": "Conv2D",
            "layer": "Conv2D 64 3×3 same relu",
            "output_shape": [28, 28, 64],
            "parameters": 36_928,
            "trainable": 36_928,
        }
        for k in range(15)
    ]
    report("two histograms, 80 x 20 cells", partial(draw_histogram, bars, 80, 20, terminal=terminal))
    report("ten probabilities, 60 x 10 cells", partial(draw_bars, names, counts[0] / 1000, 60, 10, terminal=terminal))
    report("a confusion matrix, 110 x 34 cells", partial(draw_confusion, counts, names, 110, 34, terminal=terminal))
    report("two times 32 kernels, 50 x 32 cells", partial(draw_pairs, kernels, kernels, 50, 32, terminal))
    report("a diagram of 15 layers, 80 columns", partial(draw_diagram, layers, 80, terminal=terminal))
    answers = partial(draw_answers, rng.random((20, 2)), np.arange(20) % 3, rng.dirichlet([1] * 3, 20))
    report("answers to 20 points, 80 x 22 cells", partial(answers, 80, 22, terminal=terminal))


def report(what: str, draw: Callable[[], object]) -> None:
    """Print the median of REPEATS drawings, after one to warm up."""
    draw()
    seconds = []
    for _ in range(REPEATS):
        start = perf_counter()
        draw()
        seconds.append(perf_counter() - start)
    print(f"{1000 * median(seconds):7.2f} ms  {what}")


if __name__ == "__main__":
    main()
