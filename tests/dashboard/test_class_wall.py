"""What a conditional generator makes: a row for each class with its name before it, in windows of any size."""

import numpy as np
import pytest

from gan_tui.dashboard.themes import inks
from gan_tui.dashboard.views.available import Views
from gan_tui.dashboard.views.base import Scene
from gan_tui.dashboard.views.class_wall import ClassWallView
from gan_tui.drawing.cells import Cells
from gan_tui.drawing.pictures.tiles import corner
from gan_tui.drawing.terminal import Terminal
from gan_tui.run.events import Picture
from gan_tui.run.pictures import Tiles
from gan_tui.run.state import RunState

NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
EACH = 10


def level(kind: int, column: int) -> int:
    return 20 + 20 * kind + 2 * column


def wall(names: tuple[str, ...] = NAMES) -> Scene:
    """Tiles of one grey each, which says of which class and latent vector they are."""
    levels = [level(kind, column) for kind in range(len(names)) for column in range(EACH)]
    tiles = np.repeat(np.array(levels, np.uint8), 28 * 28).reshape(-1, 28, 28, 1)
    labels = tuple(name for name in names for _ in range(EACH))
    event = Picture("samples", 5, "samples/samples/5.png", "samples", [28, 28], len(tiles), -1, 1, list(labels))
    state = RunState(pictures={"samples": (event,)})
    found = Tiles("samples", "samples", tiles, -1, 1, labels)
    return Scene(state, {("samples", 5): found}, inks(True), Terminal())


def drawn(columns: int, rows: int, scene: Scene | None = None) -> tuple[ClassWallView, Cells, str]:
    scene = scene or wall()
    (view,) = Views().of(scene.state)
    assert isinstance(view, ClassWallView)
    return view, *view.draw(scene, columns, rows)


def greys(cells: Cells, row: int) -> set[int]:
    """The greys in a row of cells, but for what is around the tiles."""
    return {
        int(color) & 255 for color in np.unique(cells.background[row]) if color > 0 and (color >> 16) == color & 255
    }


def seen_of(cells: Cells) -> dict[str, list[int]]:
    """Name → the greys in the row of cells that it stands in."""
    words = (line.split()[:1] for line in cells.text().split("\n"))
    return {word[0]: sorted(greys(cells, row)) for row, word in enumerate(words) if word and word[0] in NAMES}


def centre_of(view: ClassWallView, place: int) -> tuple[int, int]:
    """The (column, row) of the middle of a tile on show."""
    assert view._wall is not None
    row, column = corner(view._wall, place)
    return column + view._wall.tile_columns // 2, row + view._wall.tile_rows // 2


@pytest.mark.parametrize(
    ("columns", "rows", "down", "across"), [(170, 90, 10, 10), (75, 40, 5, 4), (64, 30, 3, 3), (30, 90, 10, 1)]
)
def test_each_name_stands_before_images_of_its_class_alone(columns: int, rows: int, down: int, across: int) -> None:
    _, cells, note = drawn(columns, rows)
    expected = {name: [level(kind, column) for column in range(across)] for kind, name in enumerate(NAMES[:down])}
    assert seen_of(cells) == expected
    assert note == f"{down * across} of 100"


def test_pages_go_through_all_classes_before_they_come_to_more_of_each() -> None:
    scene = wall()
    view, *_ = drawn(75, 40, scene)
    shown = []
    while view.page(1):
        shown.append(seen_of(view.draw(scene, 75, 40)[0]))
    assert [[*seen] for seen in shown] == [[*NAMES[5:]], [*NAMES[:5]], [*NAMES[5:]], [*NAMES[:5]], [*NAMES[5:]]]
    assert [next(iter(seen.values())) for seen in shown] == [
        [level(kind, column) for column in columns]
        for kind, columns in ((5, range(4)), (0, range(4, 8)), (5, range(4, 8)), (0, range(6, 10)), (5, range(6, 10)))
    ]


def test_arrows_go_from_class_to_class_and_the_window_goes_along() -> None:
    scene = wall()
    view, *_ = drawn(75, 40, scene)
    assert view.move(1, 0) and view.move(1, 0) and view.move(0, 3), "the first is chosen, then the one to its right"
    assert view.draw(scene, 75, 40)[1] == "no. 32  three"
    assert view.move(0, 5) and not view.move(0, 5)
    cells, note = view.draw(scene, 75, 40)
    assert note == "no. 82  eight" and "eight" in seen_of(cells)
    assert view.click(*centre_of(view, 0)) and view.draw(scene, 75, 40)[1] == "no. 51  five"
    assert view.enter() and view.draw(scene, 75, 40)[1] == "no. 51  five", "and enlarged"


def test_where_no_tile_has_room_there_is_one_without_a_name() -> None:
    _, _, note = drawn(12, 4)
    assert note == "1 of 100"


def test_names_that_are_long_leave_the_images_their_room() -> None:
    names = ("a very long name of a class of things", "another very long name of a class")
    _, cells, _ = drawn(80, 24, wall(names))
    first, second = (line for line in cells.text().split("\n") if line.strip().startswith("a"))
    assert len(first.split("  ")[0].strip()) <= 20 and first[:20] != second[:20]
