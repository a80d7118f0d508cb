"""Decision surfaces: the right class's colour in the right place, points on top, y upwards."""

import numpy as np
import pytest
from numpy.typing import NDArray

from gan_tui.drawing.cells import DEFAULT
from gan_tui.drawing.colors import unpack
from gan_tui.drawing.pictures.sampling import fit
from gan_tui.drawing.plots.surface import CLASS_COLORS, cell_of, draw_surface, place_of, read_off
from gan_tui.drawing.sixteen import SIXTEEN
from gan_tui.drawing.symbols import Symbols
from gan_tui.drawing.terminal import ColorDepth, Terminal

TRUECOLOR, PLAIN = Terminal(ColorDepth.TRUECOLOR), Terminal(ColorDepth.MONO, unicode=False)
NO_POINTS = (np.zeros((0, 2)), np.zeros(0, np.intp))


def softmax_blobs(classes: int, size: int) -> NDArray[np.float64]:
    rng = np.random.default_rng(classes)
    y, x = np.mgrid[0:size, 0:size] / size
    scores = np.exp([-30 * ((x - a) ** 2 + (y - b) ** 2) for a, b in rng.random((classes, 2))])
    return np.asarray(scores / scores.sum(axis=0))


def grounds(classes: int) -> list[int]:
    """The area colour of each class, from pictures where it alone is seen."""
    return [
        int(draw_surface(np.eye(classes)[k][:, None, None], *NO_POINTS, 2, 1, TRUECOLOR).background[0, 0])
        for k in range(classes)
    ]


@pytest.mark.parametrize("classes", [2, 3, 5])
def test_each_cell_shows_the_likeliest_class_under_it(classes: int) -> None:
    probabilities = softmax_blobs(classes, 40)
    cells = draw_surface(probabilities, *NO_POINTS, 40, 20, TRUECOLOR)
    colors = grounds(classes)
    expected = probabilities.argmax(axis=0)  # of the four samples around the middle of each cell and more
    second, best = np.sort(probabilities, axis=0)[-2:]
    plain, clear = cells.characters == " ", 0
    assert len(set(colors)) == classes
    for row, column in np.argwhere(plain):
        upwards = 38 - 2 * row
        around = np.s_[upwards : upwards + 3, column : column + 2]
        if (best - second)[around].min() > 0.25:  # else two of them may be there
            clear += 1
            assert cells.background[row, column] in {colors[k] for k in expected[around].flat}
    assert clear > 0.6 * plain.size


@pytest.mark.parametrize("size", [(40, 20), (100, 50), (50, 25), (31, 15)])
def test_a_sample_lies_at_its_index_over_the_number_of_samples(size: tuple[int, int]) -> None:
    """A step of the probabilities from one sample to the next is drawn between those two places."""
    for step in (10, 25, 40):
        probabilities = np.zeros((2, 50, 50))
        probabilities[0, :, :step] = probabilities[1, :, step:] = 1
        cells = draw_surface(probabilities, *NO_POINTS, *size, TRUECOLOR)
        left, right = grounds(2)
        square = cells.background[size[1] // 2, (size[0] - 2 * size[1]) // 2 :][: 2 * size[1]]
        wide = len(square)
        border = (step - 0.5) / 50  # where both classes are as likely
        assert (square[: int((border - 0.5 / wide) * wide)] == left).all()
        assert (square[int((border + 0.5 / wide) * wide) + 1 :] == right).all()


def test_points_are_where_they_belong_with_y_upwards() -> None:
    points = np.array([[0.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.26, 0.49]])
    labels = np.array([0, 1, 2, 3])
    cells = draw_surface(np.ones((4, 5, 5)) / 4, points, labels, 20, 10, PLAIN)
    places = {str(mark): tuple(map(int, np.argwhere(cells.characters == mark)[0])) for mark in "0123"}
    assert places == {"0": (9, 0), "1": (0, 19), "2": (0, 0), "3": (5, 5)}


def test_a_points_color_is_its_own_class_and_its_ground_the_networks() -> None:
    probabilities = np.zeros((2, 10, 10))
    probabilities[0, :, :5] = probabilities[1, :, 5:] = 1
    points, labels = np.array([[0.25, 0.5], [0.75, 0.5]]), np.array([0, 0])
    cells = draw_surface(probabilities, points, labels, 20, 10, TRUECOLOR)
    (row, left), (_, right) = np.argwhere(cells.characters == "●")
    assert cells.foreground[row, left] == cells.foreground[row, right]
    assert [cells.background[row, left], cells.background[row, right]] == grounds(2)


def test_the_commonest_class_of_a_cell_gets_its_mark() -> None:
    points, labels = np.full((5, 2), 0.5), np.array([1, 0, 1, 0, 1])
    cells = draw_surface(np.ones((2, 4, 4)) / 2, points, labels, 8, 4, PLAIN)
    assert cells.text().replace("\n", "").strip() == "1"


def test_confidence_fades_into_the_background_at_chance() -> None:
    probabilities = np.array([[[1.0, 0.75, 0.5]], [[0.0, 0.25, 0.5]]])
    cells = draw_surface(probabilities, *NO_POINTS, 30, 15, TRUECOLOR, mode="confidence", background=0x000000)
    sure, half, chance = (int(cells.background[7, column]) & 255 for column in (0, 10, 29))
    assert chance == 0 and half == pytest.approx(sure / 2, abs=sure * 0.06)


def test_points_stand_out_on_dark_and_light() -> None:
    def luminance(color: int) -> float:
        channels = [(color >> shift & 255) / 255 for shift in (16, 8, 0)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for background in (0x1E1E2E, 0x000000, 0xFFFFFF):
        for k in range(len(CLASS_COLORS)):
            one = np.eye(len(CLASS_COLORS))[k][:, None, None]
            cells = draw_surface(one, np.array([[0.5, 0.5]]), np.array([k]), 2, 1, TRUECOLOR, background=background)
            at = np.argwhere(cells.characters == "●")[0]
            lights = sorted(luminance(int(side[tuple(at)])) for side in (cells.foreground, cells.background))
            assert (lights[1] + 0.05) / (lights[0] + 0.05) > 1.9, (hex(background), k)


@pytest.mark.parametrize("terminal", [Terminal(ColorDepth.MONO), PLAIN])
def test_without_colors_classes_are_shades_and_points_digits(terminal: Terminal) -> None:
    probabilities = np.zeros((2, 4, 4))
    probabilities[0, :2] = probabilities[1, 2:] = 1
    cells = draw_surface(probabilities, np.array([[0.5, 0.1]]), np.array([1]), 16, 8, terminal)
    upper, lower = set(cells.characters[:5].flat), set(cells.characters[5:].flat)  # the border is at 1.5 / 4
    assert len(upper) == 1 and lower == {" ", "1"} and upper != {" "}
    assert set(cells.foreground.flat) == {DEFAULT}


def test_reading_off_agrees_with_the_samples_and_lies_between_them() -> None:
    probabilities = softmax_blobs(3, 50)
    for i, j in ((0, 0), (25, 25), (49, 49), (7, 30)):
        assert read_off(probabilities, j / 50, i / 50) == pytest.approx(probabilities[:, i, j])
    assert read_off(probabilities, 0.51, 0.5) == pytest.approx(probabilities[:, 25, 25:27].mean(axis=1))
    assert read_off(probabilities, 0.5, 0.53) == pytest.approx(probabilities[:, 26:28, 25].mean(axis=1))
    middle = read_off(probabilities, 0.25, 0.75)
    assert middle == pytest.approx(probabilities[:, 37:39, 12:14].mean(axis=(1, 2)))
    assert middle.sum() == pytest.approx(1)
    assert read_off(probabilities, 1, 1) == pytest.approx(probabilities[:, 49, 49])
    assert read_off(probabilities, -3, 7) == pytest.approx(probabilities[:, 49, 0])
    assert read_off(np.array([[[0.25]], [[0.75]]]), 0.3, 0.9).tolist() == [0.25, 0.75]
    scaled = np.round(probabilities * 65535).astype(np.uint16)
    assert read_off(scaled / 65535, 0.37, 0.61) == pytest.approx(read_off(probabilities, 0.37, 0.61), abs=1e-5)


def test_what_is_read_off_amid_a_cell_is_what_it_shows() -> None:
    probabilities = softmax_blobs(4, 50)
    cells = draw_surface(probabilities, *NO_POINTS, 70, 20, TRUECOLOR)
    colors, clear = grounds(4), 0
    for row, column in np.argwhere(cells.characters == " "):
        place = place_of(int(column), int(row), 70, 20)
        if place is None:
            assert cells.background[row, column] == DEFAULT
            continue
        near = [read_off(probabilities, place[0] + a / 160, place[1] + b / 80) for a in (-1, 1) for b in (-1, 1)]
        if min(np.ptp(np.sort(values)[-2:]) for values in near) < 0.25:
            continue  # at a boundary
        clear += 1
        assert cells.background[row, column] in {colors[int(values.argmax())] for values in near}
    assert clear > 100


@pytest.mark.parametrize("depth", [ColorDepth.TRUECOLOR, ColorDepth.COLORS_256])
@pytest.mark.parametrize("symbols", Symbols)
def test_by_class_there_is_no_colour_between_classes(symbols: Symbols, depth: ColorDepth) -> None:
    terminal = Terminal(depth, symbols=symbols)
    for classes in (2, 3, 5):
        areas = np.eye(classes)[:, :, None, None]
        own = {int(draw_surface(area, *NO_POINTS, 2, 1, terminal).background[0, 0]) for area in areas}
        cells = draw_surface(softmax_blobs(classes, 40), *NO_POINTS, 40, 20, terminal)
        assert set(cells.background.flat) | set(cells.foreground.flat) - {DEFAULT} == own


def test_by_confidence_colours_pass_into_each_other_at_a_boundary() -> None:
    right = np.tile(np.linspace(0, 1, 50), (50, 1))
    three = np.stack([1 - right, right, np.zeros_like(right)])
    cells = draw_surface(three, *NO_POINTS, 80, 40, TRUECOLOR, mode="confidence", background=0)
    row = np.array([unpack(int(color)) for color in cells.background[20]])
    assert np.abs(np.diff(row, axis=0)).max() < 30, "by degrees, not at one stroke"


@pytest.mark.parametrize("size", [(40, 20), (70, 20), (30, 40), (1, 1), (7, 3)])
def test_cells_lead_to_places_and_back(size: tuple[int, int]) -> None:
    there = 0
    for column, row in np.ndindex(size[0] + 2, size[1] + 2):
        place = place_of(column, row, *size)
        if place is not None:
            there += 1
            assert cell_of(*place, *size) == (column, row)
            cells = draw_surface(np.ones((1, 2, 2)), np.array([place]), np.array([0]), *size, PLAIN)
            assert np.argwhere(cells.characters == "0").tolist() == [[row, column]]
    wide, high = fit(1, 1, *size)
    assert there == wide * high and place_of(-1, 0, *size) is None


@pytest.mark.parametrize("terminal", [Terminal(depth, unicode) for depth in ColorDepth for unicode in (True, False)])
def test_the_cursor_is_drawn_at_its_place(terminal: Terminal) -> None:
    probabilities = softmax_blobs(3, 20)
    for cursor in ((0.5, 0.5), (0.0, 0.0), (1.0, 1.0), (0.99, 0.2)):
        plain = draw_surface(probabilities, *NO_POINTS, 50, 20, terminal)
        cells = draw_surface(probabilities, *NO_POINTS, 50, 20, terminal, cursor=cursor)
        column, row = cell_of(*cursor, 50, 20)
        assert cells.characters[row, column] == ("┼" if terminal.unicode else "X")
        changed = np.argwhere((cells.characters != plain.characters) | (cells.foreground != plain.foreground))
        assert np.abs(changed - [row, column]).max(axis=0).tolist() <= [1, 2]
        assert (cells.background == plain.background).all()
    point = np.array([[0.5, 0.5]])
    cells = draw_surface(probabilities, point, np.array([1]), 40, 20, terminal, cursor=(0.5, 0.5))
    assert cells.characters[10, 20] in "●1" and cells.characters[10, 19] in "─["


def test_a_network_that_diverged_is_drawn_without_complaint() -> None:
    cells = draw_surface(np.full((2, 5, 5), np.nan), *NO_POINTS, 20, 10, TRUECOLOR, mode="confidence")
    assert set(cells.background.flat) == {0x1E1E2E}


def test_of_sixteen_colors_points_take_hues_that_every_palette_has_and_stand_out() -> None:
    """The bright ones are greys in some; here a point shows on its own class's area, and on those of others."""
    sixteen, classes = Terminal(ColorDepth.COLORS_16), 6
    grounds = set()
    for kind in range(classes):
        for under in range(classes):
            probabilities = np.eye(classes)[under][:, None, None] * np.ones((1, 2, 2))
            cells = draw_surface(probabilities, np.array([[0.5, 0.5]]), np.array([kind]), 9, 5, sixteen)
            ((row, column),) = np.argwhere(cells.characters == "●").tolist()
            ground, ink = int(cells.background[row, column]), int(cells.foreground[row, column])
            assert ground in SIXTEEN[1:7] and ink in (0x000000, 0xFFFFFF)
            assert (ground == int(cells.background[0, 4])) is (kind == under)
            grounds.add((kind, ground))
    assert len(grounds) == len({ground for _, ground in grounds}) == classes, "one each"
