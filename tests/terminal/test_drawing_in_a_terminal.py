"""Painting in a real terminal with a real mouse, training on it, and seeing it appear; and points from a file."""

import re
import subprocess
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from gan_tui import presets
from gan_tui.data.points import Points, make, read_csv, write_csv
from gan_tui.drawing.plots.surface import cell_of, place_of, read_off
from gan_tui.run import pictures
from gan_tui.run.folder import RunFolder
from gan_tui.run.state import RunState
from pty_terminal import GAN_TUI, Terminal

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("no_training_is_left")]

COLUMNS, ROWS = 120, 40
CANVAS = COLUMNS, ROWS - 2
"""The canvas: below a caption, above the keys."""
ESCAPE = "\x1b"
TRAIN_SECONDS = 150
"""More than the network needs on a machine that has much else to do."""
FACE, FEATURES, OUTSIDE = 0, 1, 2

Cell = tuple[int, int]


# A person's hand ----------------------------------------------------------


def drag(terminal: Terminal, cells: Iterable[Cell]) -> None:
    """Press the mouse on the first cell of the canvas, draw over the others, and let go."""
    places = [(column + 1, row + 2) for column, row in cells]  # counted from 1, below the caption
    terminal.type("\x1b[<0;{};{}M".format(*places[0]))
    for number, (column, row) in enumerate(places[1:]):
        terminal.type(f"\x1b[<32;{column};{row}M")
        terminal.pump()  # the program's answers must not fill the pipe
        if number % 50 == 49:
            terminal.pump(0.1)  # nobody draws so fast that hundreds of reports wait, of which some are dropped
    terminal.type("\x1b[<0;{};{}m".format(*places[-1]))


def arc(x: float, y: float, radius: float, first: float, last: float) -> list[Cell]:
    """The canvas's cells on a part of a circle, angles in turns from the right, counterclockwise."""
    angles = 2 * np.pi * np.linspace(first, last, 400)
    cells = [cell_of(x + radius * np.cos(a), y + radius * np.sin(a), *CANVAS) for a in angles]
    return [cell for n, cell in enumerate(cells) if n == 0 or cell != cells[n - 1]]


def block(x: float, y: float, wide: int, high: int) -> list[Cell]:
    """A rectangle of cells around a point, there and back."""
    column, row = cell_of(x, y, *CANVAS)
    rows = [[(column - wide // 2 + c, row - high // 2 + r) for c in range(wide)] for r in range(high)]
    return [cell for n, line in enumerate(rows) for cell in (line if n % 2 == 0 else line[::-1])]


SMILEY: dict[int, list[list[Cell]]] = {
    FACE: [arc(0.5, 0.5, 0.36, 0, 1), block(0.5, 0.5, 3, 5), block(0.5, 0.78, 7, 1), block(0.5, 0.18, 7, 1)],
    FEATURES: [block(0.36, 0.64, 4, 3), block(0.64, 0.64, 4, 3), arc(0.5, 0.5, 0.2, 0.58, 0.92)],
    OUTSIDE: [arc(0.5, 0.5, 0.475, 0, 1), *(block(x, y, 3, 2) for x in (0.06, 0.94) for y in (0.06, 0.94))],
}
"""Class → strokes; none crosses a stroke of another class."""


def paint(terminal: Terminal, strokes: dict[int, list[list[Cell]]]) -> dict[Cell, int]:
    """Draw strokes; returns the class of each painted cell."""
    painted: dict[Cell, int] = {}
    for kind, lines in strokes.items():
        terminal.type(str(kind + 1))
        for line in lines:
            drag(terminal, line)
            terminal.pump(0.2)
            painted |= dict.fromkeys(line, kind)
    return painted


# What came of it ----------------------------------------------------------


class Watched:
    """A run, read on from where it was read last."""

    def __init__(self, folder: RunFolder) -> None:
        self.folder, self._reader, self._state = folder, folder.reader(), RunState()

    @property
    def state(self) -> RunState:
        while records := self._reader.read():
            for record in records:
                self._state = self._state.apply(record)
        return self._state

    @property
    def points(self) -> list[list[float]]:
        """As they were last changed while training."""
        return self.state.settings.get("points", [])

    def classes_at(self, places: list[list[float]]) -> list[int]:
        """The class that the newest surface on the disk has at each of the places."""
        surfaces = self.state.pictures.get("surface", ())
        if not surfaces:
            return []
        surface = pictures.read(self.folder, surfaces[-1]).shares[..., 0]
        return [int(read_off(surface, x, y).argmax()) for x, y in places]


def grounds(terminal: Terminal) -> np.ndarray:
    """(rows, columns) of the colours behind the screen's cells, as words."""
    terminal.pump()
    buffer = terminal.screen.buffer
    return np.array([[buffer[row][column].bg for column in range(COLUMNS)] for row in range(ROWS)])


def square_on_screen(terminal: Terminal, classes: int) -> np.ndarray:
    """(rows, columns) of the colours of the surface's cells: so many colours cover nearly all of a square."""
    colors = grounds(terminal)
    common = [color for color, _ in Counter(colors.flat).most_common(classes + 4)]
    theme = {colors[0, 0], colors[ROWS - 1, COLUMNS - 1], "11131a", "default"}
    areas = [color for color in common if color not in theme][:classes]
    there = np.isin(colors, areas)
    rows, columns = np.flatnonzero(there.sum(axis=1) > 20), np.flatnonzero(there.sum(axis=0) > 10)
    found = colors[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    assert found.shape[1] == 2 * found.shape[0] > 60, found.shape
    return found


def test_what_is_painted_with_the_mouse_is_what_a_run_learns(runs: Path) -> None:
    with Terminal(GAN_TUI, COLUMNS, ROWS) as terminal:
        painted = start_on(terminal, {0: [block(0.3, 0.7, 7, 3)], 1: [block(0.7, 0.3, 7, 3)]}, 1000)
        run = Watched(RunFolder(runs / "plane-1"))
        points = read_csv(run.folder.path / "points.csv")
        assert dict(zip(cells_of(points.x), points.classes.tolist(), strict=True)) == painted
        assert len(points.classes) == len(painted)
        terminal.wait_for("✓ finished", TRAIN_SECONDS)
        assert run.classes_at(points.x.tolist()) == points.classes.tolist()
        terminal.type("q")
        assert terminal.wait_for_exit() == 0


@pytest.mark.prove
def test_a_smiley_drawn_with_the_mouse_appears_on_the_surface_and_follows_what_is_added(runs: Path) -> None:
    with Terminal(GAN_TUI, COLUMNS, ROWS) as terminal:
        painted = start_on(terminal, SMILEY, 1_000_000)
        run = Watched(RunFolder(runs / "plane-1"))
        points = read_csv(run.folder.path / "points.csv")
        assert dict(zip(cells_of(points.x), points.classes.tolist(), strict=True)) == painted
        assert len(points.classes) == len(painted)
        terminal.wait_for(lambda: run.classes_at(points.x.tolist()) == points.classes.tolist(), TRAIN_SECONDS)
        see_the_smiley(terminal, run, points)
        add_a_wart(terminal, run, painted)
        terminal.type(ESCAPE)
        terminal.wait_for("surface  step")
        subprocess.run((*GAN_TUI, "stop", "plane-1"), check=True, stdout=subprocess.DEVNULL, timeout=60)
        terminal.wait_for("■ stopped")
        terminal.type("q")
        assert terminal.wait_for_exit() == 0


def start_on(terminal: Terminal, strokes: dict[int, list[list[Cell]]], steps: int) -> dict[Cell, int]:
    """From the menu to the training on what is painted; returns the class of each painted cell."""
    terminal.choose("plane")
    terminal.type("e")
    terminal.pump(0.5)  # until the field has the keys
    terminal.type(str(steps) + ESCAPE)
    terminal.wait_for(f"{steps:,} steps")
    terminal.pump(0.5)
    terminal.type("w")
    terminal.wait_for("painting class 1")
    painted = paint(terminal, strokes)
    counts = Counter(painted.values())
    terminal.wait_for("  ".join(f"class {kind + 1}: {counts[kind]}" for kind in strokes))
    terminal.wait_for(lambda: len(cells_with_points(terminal)) >= len(painted) - 6, 30)  # less the cursor's arms
    assert cells_with_points(terminal) <= set(painted)
    terminal.type("\r")
    terminal.wait_for("surface  step", TRAIN_SECONDS)
    return painted


def cells_with_points(terminal: Terminal) -> set[Cell]:
    """Where a point is on the screen, as cells of the canvas."""
    cells = ((x, y) for y in range(1, ROWS) for x in range(COLUMNS))
    return {(x, y - 1) for x, y in cells if terminal.screen.buffer[y][x].data == "●"}


def see_the_smiley(terminal: Terminal, run: Watched, points: Points) -> None:
    """On the screen, by class: a colour for each class, where points of that class were painted."""
    terminal.type("f")
    terminal.wait_for("by class")
    terminal.type(" ")
    terminal.wait_for("‖ paused")
    terminal.wait_for(lambda: f"surface  step {run.state.pictures['surface'][-1].step:,}" in terminal.text())
    terminal.pump(0.5)  # the caption may have come before the rest
    square = square_on_screen(terminal, 3)
    high, wide = square.shape
    behind: dict[int, list[str]] = {kind: [] for kind in range(3)}
    for (x, y), kind in zip(points.x.tolist(), points.classes.tolist(), strict=True):
        behind[kind].append(square[min(int((1 - y) * high), high - 1), min(int(x * wide), wide - 1)])
    areas = [Counter(found).most_common(1)[0][0] for found in behind.values()]
    assert len(set(areas)) == 3

    def class_of(color: str) -> int:
        return int(np.argmin([apart([color], [area]) for area in areas]))

    for kind, found in behind.items():
        agreeing = sum(class_of(color) == kind for color in found)
        assert agreeing >= 0.95 * len(found), Counter(found)  # a cell at a border may show the other side of it
    for x, y, kind in ((0.36, 0.64, FEATURES), (0.64, 0.64, FEATURES), (0.5, 0.3, FEATURES), (0.5, 0.5, FACE)):
        assert class_of(square[int((1 - y) * high), int(x * wide)]) == kind, (x, y)
    terminal.type(" ")
    terminal.wait_for("▶ training")


def add_a_wart(terminal: Terminal, run: Watched, painted: dict[Cell, int]) -> None:
    """Paint a patch of the mouth's class across the face's edge while it trains, and see the surface follow."""
    terminal.type("a")
    terminal.wait_for("painting class 1")
    wart = block(0.5, 0.86, 9, 3)
    places = [list(place_of(*cell, *CANVAS) or ()) for cell in wart]
    assert FEATURES not in run.classes_at(places)
    expected = {**painted, **paint(terminal, {FEATURES: [wart]})}
    terminal.wait_for(lambda: len(run.points) == len(expected))
    changed = np.array(run.points)
    assert dict(zip(cells_of(changed[:, :2]), changed[:, 2].tolist(), strict=True)) == expected
    terminal.wait_for(lambda: set(run.classes_at(places)) == {FEATURES}, TRAIN_SECONDS)
    assert run.state.state == "training", "all the while"
    eyes = [cell for line in SMILEY[FEATURES][:2] for cell in line]

    def looks_like_the_eyes() -> bool:
        colors = grounds(terminal)
        here, there, face = (
            [colors[row + 1, column] for column, row in part] for part in (wart, eyes, SMILEY[FACE][1])
        )
        return apart(here, there) < 0.5 * apart(here, face)

    terminal.wait_for(looks_like_the_eyes)


def cells_of(points: np.ndarray) -> list[Cell]:
    """The canvas's cells that hold points; each lies amid its cell."""
    cells = [cell_of(x, y, *CANVAS) for x, y in points.tolist()]
    for cell, point in zip(cells, points.tolist(), strict=True):
        assert place_of(*cell, *CANVAS) == pytest.approx(point, abs=1e-4)
    return cells


def apart(colors: list[str], others: list[str]) -> float:
    """The distance between the means of some colours, rrggbb, and of others."""
    means = [np.mean([list(bytes.fromhex(color)) for color in part], axis=0) for part in (colors, others)]
    return float(np.linalg.norm(means[0] - means[1]))


# Points from a file ----------------------------------------------------------


def train(points: Path) -> subprocess.CompletedProcess[str]:
    command = (*GAN_TUI, "train", "plane", "--set", f"points={points}", "--plain", "--steps", "300")
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=TRAIN_SECONDS)


def test_a_file_of_points_is_trained_on_and_kept_with_the_run(runs: Path, tmp_path: Path) -> None:
    file, points = tmp_path / "mine.csv", make("checkerboard")
    write_csv(file, Points(points.x[::4], points.classes[::4]))
    ended = train(file)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "Finished at step 300: all steps are done" in ended.stdout
    folder = RunFolder(runs / "plane-1")
    assert (folder.path / "points.csv").read_bytes() == file.read_bytes()
    run = Watched(folder)
    state = run.state
    assert state.started is not None and len(state.started.dataset["points"]) == 100
    assert state.pictures["surface"][-1].step == 300
    file.unlink()
    assert presets.of_run(folder).settings["points"].endswith("points.csv"), "the run has a copy of its own"
    points = read_csv(folder.path / "points.csv")
    assert np.mean(np.array(run.classes_at(points.x.tolist())) == points.classes) > 0.5


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        ("x,y,class\n0.1,0.2,0\n0.3,high,1\n", "line 3, column 2", 'expected y, a number from 0 to 1, not "high"'),
        ("0.1,0.2,0\n1.5,0.4,1\n", "line 2, column 1", "expected x, a number from 0 to 1"),
        ("0.1,0.2,0\n0.3,0.4\n", "line 2, column 3", "expected class"),
        ("0.1,0.2,0\n\n0.3,0.4,cat\n", "line 3, column 3", 'expected a class, a whole number from 0 to 9, not "cat"'),
        ("0.1,0.2,0\n0.3,0.4,1,1\n", "line 2, column 4", "expected nothing more"),
        ("0.1,0.2,1\n0.3,0.4,1\n", "", "has only points of class 1;"),
        ("", "", "is empty"),
    ],
)
def test_a_malformed_file_is_refused_by_line_and_column(text, where, words, runs: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text(text)
    ended = train(file)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("gan-tui: ") and ended.stderr.count("\n") == 1
    assert str(file) in ended.stderr and where in ended.stderr and words in ended.stderr
    assert not runs.exists() or not list(runs.iterdir()), "no folder is left"


def test_a_file_that_is_not_there_is_refused(runs: Path, tmp_path: Path) -> None:
    ended = train(tmp_path / "none.csv")
    assert ended.returncode == 2 and "No such file" in ended.stderr
    assert not re.search("Traceback", ended.stderr) and (not runs.exists() or not list(runs.iterdir()))
