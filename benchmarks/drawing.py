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
from gan_tui.drawing.blocks import draw_picture
from gan_tui.drawing.charts import Line, draw_chart
from gan_tui.drawing.surface import draw_surface
from gan_tui.drawing.terminal import Palette, Terminal
from gan_tui.drawing.tiles import draw_tiles

REPEATS = 101


def main() -> None:
    rng = np.random.default_rng(0)
    digits = np.load(Path(gan_tui.data.__file__).parent / "mnist.npz")["images"][::50]
    wall = digits.reshape(10, 10, 28, 28).swapaxes(1, 2).reshape(280, 280)
    colored = rng.integers(0, 256, (280, 280, 3)).astype(np.uint8)
    probabilities = rng.dirichlet([1, 1, 1], (50, 50)).transpose(2, 0, 1)
    points, labels = rng.random((200, 2)), rng.integers(0, 3, 200)
    terminal = Terminal()
    for kind in (Terminal(palette, unicode) for palette in Palette for unicode in (True, False)):
        glyphs = "blocks" if kind.unicode else "ASCII"
        what = f"100 digits, 112 x 56 cells, colours: {kind.colors.value}, {glyphs}"
        report(what, partial(draw_picture, wall, 112, 56, kind))
    report("a coloured picture, 112 x 56 cells", partial(draw_picture, colored, 112, 56, terminal))
    report("a wall of 100 tiles, 112 x 56 cells", partial(draw_tiles, wall, 28, 28, 112, 56, terminal))
    report(
        "a decision surface, 80 x 40 cells",
        partial(draw_surface, probabilities, points, labels, 80, 40, terminal),
    )
    for number in (200, 2000):
        steps = np.linspace(1, 20000, number)
        lines = [
            Line(name, steps, np.exp(-steps / 5000) + rng.normal(0, 0.05, number), color)
            for name, color in (("d_loss", 0x56B4E9), ("g_loss", 0xE69F00))
        ]
        what = f"a chart of two lines, {number} points each, 100 x 25 cells"
        report(what, partial(draw_chart, lines, 100, 25))
        report(what + ", log", partial(draw_chart, lines, 100, 25, log_y=True))


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
