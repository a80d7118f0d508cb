"""How close a picture in cells comes to the image, against chafa and textual-image with the same class of symbols."""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyte
from measuring import Figure
from PIL import Image

import gan_tui.data
from gan_tui.dashboard.terminal.kitty import Kitty
from gan_tui.dashboard.terminal.kitty_images import MOST_BYTES
from gan_tui.drawing.cells import Cells
from gan_tui.drawing.cells import Image as CellImage
from gan_tui.drawing.pictures.parts import image_of
from gan_tui.drawing.pictures.png import png
from gan_tui.drawing.pictures.sixel import sixels
from gan_tui.drawing.pictures.whole import draw_picture
from gan_tui.drawing.symbols import Symbols
from gan_tui.drawing.terminal import Terminal

COLUMNS, ROWS = 112, 56
WIDE, HIGH = 8, 16
"""Pixels of a cell, to compare at."""
REPEATS = 31
WHOLE = 140, 70
"""Cells for 100 tiles of 28 × 28 pixels, of 14 × 7 cells each: two pixels a column, four a row."""
WHOLE_GOALS = {
    ("100 digits", Symbols.QUADRANTS): "≥ 19.5", ("100 digits", Symbols.OCTANTS): "≥ 25",
    ("100 clothes", Symbols.QUADRANTS): "≥ 20.5", ("100 clothes", Symbols.OCTANTS): "≥ 26",
}  # fmt: skip
_HALVES = """
import sys
from PIL import Image
from rich.console import Console
from textual_image.renderable.halfcell import Image as Halfcells
console = Console(width=112, force_terminal=True, color_system="truecolor")
console.print(Halfcells(Image.open(sys.argv[1]), width=112, height=56))
"""


def pictures() -> Iterator[Figure]:
    """A picture of 112 × 56 cells: how long it takes, and how close it comes to the image."""
    for what, image in images().items():
        draw, seconds = Terminal(), []
        for _ in range(REPEATS):
            begin = time.perf_counter()
            cells = draw_picture(image[..., None], COLUMNS, ROWS, draw)
            seconds.append(1000 * (time.perf_counter() - begin))
        yield Figure(f"{what} as {COLUMNS} × {ROWS} cells", "≤ 3", seconds, "ms")
        others = {name: psnr(image, raster) for name, raster in drawn_by_others(image)}
        beside = ", ".join(f"{name} {value:.2f}" for name, value in others.items()) or "install chafa, textual-image"
        goal = f"> {max(others.values()):.2f}" if others else ""
        yield Figure("  its peak signal-to-noise ratio", goal, [psnr(image, raster_of(cells))], "dB", beside)
    yield from whole_pixels()
    yield from real_pixels()


def whole_pixels() -> Iterator[Figure]:
    """100 tiles at 14 × 7 cells each, pixel for pixel: what each kind of block characters is worth."""
    for (what, symbols), goal in WHOLE_GOALS.items():
        image, terminal, seconds = wall_of(tiles_of(what)), Terminal(symbols=symbols), []
        for _ in range(REPEATS):
            begin = time.perf_counter()
            cells = draw_picture(image[..., None], *WHOLE, terminal)
            seconds.append(1000 * (time.perf_counter() - begin))
        name = f"{what} at 14 × 7 cells each, in {symbols.word}"
        yield Figure(name, goal, [psnr(image, raster_of(cells, 4, 2))], "dB", f"drawn in {np.median(seconds):.1f} ms")


def real_pixels() -> Iterator[Figure]:
    """A wall of 100 tiles in real pixels: how much is sent each time that it has changed, and how long it takes."""
    for what, goal in (("100 digits", "≤ 12"), ("100 clothes", "")):
        tiles = tiles_of(what)[:, None]
        for protocol in ("Kitty", "sixel"):
            seconds, sequence = [], ""
            for _ in range(REPEATS // 3):
                begin = time.perf_counter()
                image = image_of(tiles, (10, 10), (7, 14), (WIDE, HIGH))
                sequence = by_kitty(image) if protocol == "Kitty" else by_sixels(image)
                seconds.append(1000 * (time.perf_counter() - begin))
            size = [len(sequence) / 1000]
            took = f"made in {np.median(seconds):.0f} ms, beside the interface"
            yield Figure(f"{what} in real pixels, by {protocol}", goal if protocol == "Kitty" else "", size, "kB", took)


def by_kitty(image: CellImage) -> str:
    return Kitty(in_tmux=False).transmission(1 << 24 | 16, png(image, MOST_BYTES), image.rows, image.columns)


def by_sixels(image: CellImage) -> str:
    places = {(row, column): (row, column) for row in range(image.rows) for column in range(image.columns)}
    return sixels(image, places, (WIDE, HIGH))


def tiles_of(what: str) -> np.ndarray:
    file = {"100 digits": "mnist.npz", "100 clothes": "fashion_mnist.npz"}[what]
    return np.load(Path(gan_tui.data.__file__).parent / file)["images"][:100]


def images() -> dict[str, np.ndarray]:
    digits = np.load(Path(gan_tui.data.__file__).parent / "mnist.npz")["images"][::50]
    clothes = np.load(Path(gan_tui.data.__file__).parent / "fashion_mnist.npz")["images"][::60][:100]
    return {what: wall_of(tiles) for what, tiles in (("100 digits", digits), ("100 clothes", clothes))}


def wall_of(tiles: np.ndarray) -> np.ndarray:
    return tiles.reshape(10, 10, 28, 28).swapaxes(1, 2).reshape(280, 280)


def drawn_by_others(image: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "image.png"
        Image.fromarray(image).resize((COLUMNS * WIDE, ROWS * HIGH), Image.Resampling.BICUBIC).save(file)
        if shutil.which("chafa"):
            for symbols in ("quad", "half"):
                command = ["chafa", "-f", "symbols", "--symbols", f"{symbols}+space+solid", "-c", "full", "-w", "9",
                           "--animate", "off", "-s", f"{COLUMNS}x{ROWS}", "--stretch", str(file)]  # fmt: skip
                yield f"chafa ({symbols})", raster_of_output(subprocess.run(command, stdout=subprocess.PIPE).stdout)
        halves = subprocess.run([sys.executable, "-c", _HALVES, str(file)], capture_output=True)
        if halves.returncode == 0:
            yield "textual-image (half)", raster_of_output(halves.stdout)


def raster_of_output(output: bytes) -> np.ndarray:
    """The pixels that a terminal shows of a program's output."""
    screen = pyte.Screen(COLUMNS, ROWS + 2)
    pyte.ByteStream(screen).feed(output.replace(b"\n", b"\r\n"))
    cells = [[screen.buffer[row][column] for column in range(COLUMNS)] for row in range(ROWS)]
    color = lambda name: int(name, 16) if name != "default" else 0  # noqa: E731
    drawn = Cells(
        np.array([[cell.data or " " for cell in row] for row in cells]),
        np.array([[color(cell.bg if cell.reverse else cell.fg) for cell in row] for row in cells], np.int32),
        np.array([[color(cell.fg if cell.reverse else cell.bg) for cell in row] for row in cells], np.int32),
    )
    return raster_of(drawn)


def raster_of(cells: Cells, high: int = HIGH, wide: int = WIDE) -> np.ndarray:
    """(rows × high, columns × wide) greys of octants, quadrants and halves."""
    dots = {character: bits for bits, character in enumerate(Symbols.OCTANTS.glyphs)}
    lit = np.vectorize(dots.__getitem__)(cells.characters)
    pixels = np.zeros((cells.rows, 4, cells.columns, 2))
    for bit in range(8):
        colors = np.where(lit >> bit & 1, cells.foreground, cells.background)
        pixels[:, bit // 2, :, bit % 2] = np.maximum(colors, 0) & 255
    return pixels.reshape(4 * cells.rows, 2 * cells.columns).repeat(high // 4, axis=0).repeat(wide // 2, axis=1)


def psnr(image: np.ndarray, raster: np.ndarray) -> float:
    wanted = Image.fromarray(image).resize(raster.shape[::-1], Image.Resampling.BICUBIC)
    error = np.mean((np.asarray(wanted, float) - raster) ** 2)
    return float(10 * np.log10(255**2 / error))
