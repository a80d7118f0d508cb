"""Every view of a run: its keys lead to it, and what is on the screen is what was recorded."""

import re
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio
from on_screen import (
    LOW,
    WIDE,
    Opened,
    caption,
    channels,
    drawing,
    greys,
    lines_of_pane,
    on_screen,
    opened,
    picture_in,
    pixels_of,
    seen,
    turned,
    turned_to,
)
from recorded_views import (
    KERNEL_RANGE,
    LAST,
    NAMES,
    POINTS,
    Recording,
    blobs,
    recorded_classifier,
    recorded_pair,
    recorded_plane,
    surface_at,
)
from test_dashboard_menu import screen_text, until
from textual.pilot import Pilot

from gan_tui import control, supervisor
from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.screens.help import HelpScreen
from gan_tui.dashboard.themes import inks
from gan_tui.dashboard.views.kernels import HISTOGRAM_ROWS
from gan_tui.dashboard.widgets.picture import PicturePane
from gan_tui.drawing.histogram import Histogram, draw_histogram
from gan_tui.drawing.pairs import draw_pairs
from gan_tui.drawing.surface import place_of
from gan_tui.drawing.tiles import Shown, corner, draw_tiles
from gan_tui.events import Answer, Command, Prediction, Setting
from gan_tui.run_folder import RunFolder

pytestmark = pytest.mark.asyncio(loop_scope="module")

Size = tuple[int, int]
Screens = dict[str, Opened]
RECORDED = {"classifier": recorded_classifier, "pair": recorded_pair, "plane": recorded_plane}


@pytest.fixture(autouse=True, scope="module")
def colors() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GAN_TUI_COLORS", "truecolor")
        yield


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def screens(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Screens]:
    """A finished run of each kind, with its screen."""
    runs = tmp_path_factory.mktemp("runs")
    found = {kind: Opened(record(runs)) for kind, record in RECORDED.items()}
    yield found
    for screen in found.values():
        await screen.close()


@pytest.fixture(params=[LOW, WIDE], ids=["80x24", "120x40"])
def size(request: pytest.FixtureRequest) -> Size:
    return request.param


def tiles_on(pilot: Pilot, shown: Shown) -> np.ndarray:
    """(tiles, height, width) grey pixels of the tiles of a wall."""
    pixels, found = pixels_of(drawing(pilot)), []
    for index in range(shown.tiles):
        row, column = corner(shown, index)
        found.append(pixels[2 * row : 2 * (row + shown.tile_rows), 2 * column : 2 * (column + shown.tile_columns)])
    return greys(np.stack(found))


def likest(pixels: np.ndarray, arrays: np.ndarray) -> int:
    """Which of the arrays a drawing of some other size shows: the one it correlates with most."""
    rows, columns = (
        (np.arange(new) * 2 + 1) * old // (2 * new) for new, old in zip(pixels.shape, arrays.shape[1:], strict=True)
    )
    sampled = arrays[:, rows][:, :, columns].reshape(len(arrays), -1)
    return int(np.argmax([np.corrcoef(pixels.ravel(), one)[0, 1] for one in sampled]))


# Keys ----------------------------------------------------------

CLASSIFIER = (
    "feature maps of conv2d", "feature maps of conv2d_1", "kernels of conv2d", "kernels of conv2d_1",
    "input image", "confusion matrix", "worst mistakes",
)  # fmt: skip
VIEWS = {
    "classifier": CLASSIFIER,
    "pair": ("generated", "one latent vector", "real digits"),
    "plane": ("surface", "answers"),
}


@pytest.mark.parametrize("kind", VIEWS)
async def test_p_turns_to_every_view_and_back_to_the_first(kind: str, screens: Screens) -> None:
    pilot = await screens[kind].afresh(LOW)
    captions = [caption(pilot)] + [await turned(pilot) for _ in VIEWS[kind]]
    assert [one.split("  step")[0].rstrip() for one in captions] == [*VIEWS[kind], VIEWS[kind][0]]
    assert "p next view" in lines_of_pane(pilot)[1]
    assert (await turned(pilot, "P")).startswith(VIEWS[kind][-1])


async def test_help_names_every_key_of_the_views(screens: Screens) -> None:
    pilot = await screens["pair"].afresh((120, 70))
    await pilot.press("question_mark")
    text = screen_text(pilot)
    for key in [*"pPfhgnbzva123", "⏎", "↑", "↓", "←", "→"]:
        assert re.search(rf"│  +{key}  +\w", text), key


async def test_f_gives_the_pane_the_whole_width_and_takes_it_back(size: Size, screens: Screens) -> None:
    pilot = await screens["pair"].afresh(size)
    pane = pilot.app.screen.query_one(PicturePane)
    before = pane.region
    few = int(re.search(r"(\d+) of 100", caption(pilot))[1])
    await pilot.press("f")
    await until(pilot, lambda: pane.region.width == size[0] - 2)
    await seen(pilot, r"generated  step 120")
    assert int(re.search(r"(\d+) of 100", caption(pilot))[1]) > few
    await pilot.press("f")
    await until(pilot, lambda: pane.region == before)


async def test_h_shows_the_page_for_learners_and_3_the_log(screens: Screens) -> None:
    pilot = await screens["pair"].afresh(LOW)
    await pilot.press("h")
    assert isinstance(pilot.app.screen, HelpScreen)
    for words in ("GAN: digits from noise", "WHAT IT IS"):
        assert words in screen_text(pilot)
    await pilot.press("escape", "3")
    await seen(pilot, "trainer.log")
    await pilot.press("1")
    await seen(pilot, "generated  step 120")


async def test_h_shows_the_page_of_the_chosen_preset_on_the_menu(runs: Path) -> None:
    async with GanTui(runs).run_test(size=LOW) as pilot:
        await until(pilot, lambda: "h About" in screen_text(pilot))
        await pilot.press("home", "h")
        assert isinstance(pilot.app.screen, HelpScreen)
        for words in ("WHAT IT IS", "WHAT TO LOOK AT"):
            assert words in screen_text(pilot)


# Walls ----------------------------------------------------------


async def test_a_wall_shows_its_tiles_in_their_order(screens: Screens) -> None:
    run = screens["pair"].run
    pilot = await screens["pair"].afresh(WIDE)
    for name, tag, step in (("generated", "samples", LAST), ("real digits", "real", 0)):
        said = await turned_to(pilot, name)
        cells, arrays = drawing(pilot), run.arrays[tag, step]
        _, shown = draw_tiles(np.zeros((280, 280), np.uint8), 28, 28, cells.columns, cells.rows, pilot.app.terminal)
        assert f"step {step}  {shown.tiles} of 100" in said and shown.tiles >= 20
        assert [likest(pixels, arrays) for pixels in tiles_on(pilot, shown)] == list(range(shown.tiles))


async def test_v_puts_real_digits_beside_generated_ones(screens: Screens) -> None:
    run = screens["pair"].run
    pilot = await screens["pair"].afresh(WIDE)
    await pilot.press("v")
    await seen(pilot, " generated +real ")
    cells = drawing(pilot)
    empty = np.zeros((28, 2800), np.uint8)
    _, walls = draw_pairs(empty, empty, 28, 28, cells.columns, cells.rows, pilot.app.terminal)
    for shown, tag, step in ((walls[0], "samples", LAST), (walls[1], "real", 0)):
        found = [likest(pixels, run.arrays[tag, step]) for pixels in tiles_on(pilot, shown)]
        assert found == list(range(shown.tiles))
    row, column = corner(walls[0], 3)
    await pilot.click(offset=on_screen(pilot, column + 2, row + 2))
    assert chosen(pilot) == 4, "the tile that was clicked, as it is drawn"
    await pilot.press("v")
    await until(pilot, lambda: not re.search(" generated +real ", screen_text(pilot)))


async def test_arrows_choose_a_tile_and_enter_enlarges_it(screens: Screens) -> None:
    run = screens["classifier"].run
    pilot = await screens["classifier"].afresh(WIDE)
    maps = run.arrays["features-conv2d", LAST]
    await pilot.press("right", "right", "right", "down")
    cells = drawing(pilot)
    empty = np.zeros((112, 224), np.uint8)
    _, shown = draw_tiles(empty, 28, 28, cells.columns, cells.rows, pilot.app.terminal, margin=1)
    wanted = 2 + shown.columns
    assert chosen(pilot) == wanted + 1
    row, column = corner(shown, wanted)
    frame = cells.characters[[row - 1, row + shown.tile_rows], column - 1 : column + shown.tile_columns + 1]
    assert set(frame.flat) == set("▗▄▖▝▀▘")
    await pilot.press("up")
    assert chosen(pilot) == 3
    await pilot.press("up")
    assert chosen(pilot) == 3, "there is no row above the first"
    await pilot.press("down", "enter")
    large = picture_in(pixels_of(drawing(pilot)))
    assert likest(large, maps) == wanted
    assert large.shape[0] > 1.5 * cells.rows or large.shape[1] > 1.8 * cells.columns, "as large as the pane"
    assert chosen(pilot) == wanted + 1
    await pilot.press("right")
    assert likest(picture_in(pixels_of(drawing(pilot))), maps) == wanted + 1
    await pilot.press("enter")
    assert framed(pilot)


def framed(pilot: Pilot) -> bool:
    """Whether a frame is around a tile."""
    return bool((drawing(pilot).foreground == inks(dark=True).warning).any())


def chosen(pilot: Pilot) -> int:
    """The number of the chosen tile, as the pane says it."""
    found = re.search(r"no\. (\d+)\b", "\n".join(lines_of_pane(pilot)[:2]))
    assert found, lines_of_pane(pilot)
    return int(found[1])


async def test_every_feature_map_can_be_enlarged_where_not_all_have_room(screens: Screens) -> None:
    run = screens["classifier"].run
    pilot = await screens["classifier"].afresh(LOW)
    await turned_to(pilot, "feature maps of conv2d_1")
    await pilot.press("enter", "down")
    columns = chosen(pilot) - 1
    await pilot.press(*["down"] * (63 // columns - 1), *["right"] * (63 % columns))
    assert chosen(pilot) == 64
    assert likest(picture_in(pixels_of(drawing(pilot))), run.arrays["features-conv2d_1", LAST]) == 63


async def test_clicks_choose_enlarge_and_go_back(screens: Screens) -> None:
    run = screens["classifier"].run
    pilot = await screens["classifier"].afresh(WIDE)
    await turned_to(pilot, "worst mistakes", "P")
    cells = drawing(pilot)
    empty = np.zeros((112, 224), np.uint8)
    _, shown = draw_tiles(empty, 28, 28, cells.columns, cells.rows, pilot.app.terminal)
    row, column = corner(shown, 5)
    place = on_screen(pilot, column + shown.tile_columns // 2, row + shown.tile_rows // 2)
    for enlarged in (False, True, False):
        await pilot.click(offset=place)
        assert f"no. 6  {run.facts['labels'][5]}" in screen_text(pilot)
        assert framed(pilot) is not enlarged
        if enlarged:
            assert likest(picture_in(pixels_of(drawing(pilot))), run.arrays["mistakes", LAST]) == 5


async def test_each_mistake_is_shown_with_what_it_is_and_what_it_was_taken_for(size: Size, screens: Screens) -> None:
    run = screens["classifier"].run
    pilot = await screens["classifier"].afresh(size)
    await turned_to(pilot, "worst mistakes", "P")
    await pilot.press("enter")
    for number, label in enumerate(run.facts["labels"][:3]):
        assert f"no. {number + 1}  {label}" in screen_text(pilot)
        assert likest(picture_in(pixels_of(drawing(pilot))), run.arrays["mistakes", LAST]) == number
        await pilot.press("right")


# Kernels ----------------------------------------------------------


async def test_kernels_are_pairs_of_untrained_and_trained_on_one_scale(size: Size, screens: Screens) -> None:
    run = screens["classifier"].run
    pilot = await screens["classifier"].afresh(size)
    await turned_to(pilot, "kernels of conv2d")
    cells = drawing(pilot)
    room = cells.rows - (HISTOGRAM_ROWS if cells.rows >= 2 * HISTOGRAM_ROWS else 0)
    empty = np.zeros((3, 96), np.uint8)
    _, walls = draw_pairs(empty, empty, 3, 3, cells.columns, room, pilot.app.terminal)
    assert walls[0].tiles == walls[1].tiles and f"{walls[0].tiles} of 32" in "\n".join(lines_of_pane(pilot)[:2])
    heads = "".join(cells.characters[0])
    assert heads.split() == ["untrained", "step", str(LAST)]
    pixels = pixels_of(cells)
    for step, shown in zip((0, LAST), walls, strict=True):
        scale = shown.tile_columns // 3
        for index, kernel in enumerate(run.arrays["kernels-conv2d", step][: shown.tiles]):
            row, column = corner(shown, index)
            tile = greys(pixels[2 * row : 2 * row + 3 * scale, 2 * column : 2 * column + 6 * scale])
            squares = tile.reshape(3, scale, 3, 2 * scale).transpose(0, 2, 1, 3).reshape(9, -1)
            assert (np.ptp(squares, axis=1) == 0).all(), "each weight is a square of one grey"
            low, high = KERNEL_RANGE
            expected = ((kernel - low) / (high - low)).clip(0, 1).ravel()
            np.testing.assert_allclose(squares[:, 0], expected, atol=2.6 / 255)


async def test_below_the_kernels_is_the_histogram_of_their_weights_before_and_now(screens: Screens) -> None:
    run = screens["classifier"].run
    pilot = await screens["classifier"].afresh(WIDE)
    await turned_to(pilot, "kernels of conv2d_1")
    cells = drawing(pilot)
    expected = histogram_of(run, "classifier/conv2d_1/kernel", cells.columns, HISTOGRAM_ROWS, pilot)
    lines = cells.text().split("\n")[-HISTOGRAM_ROWS:]
    assert lines == expected
    for name, step in (("untrained", 0), ("now", LAST)):
        values = run.weights[step]["classifier/conv2d_1/kernel"]
        mean, std = re.findall(rf"■ {name}  mean (\S+)  std (\S+)", "\n".join(lines))[0]
        assert (float(mean), float(std)) == (
            pytest.approx(values.mean(), abs=5e-4), pytest.approx(values.std(), abs=5e-4)
        )  # fmt: skip


def histogram_of(run: Recording, weight: str, columns: int, rows: int, pilot: Pilot) -> list[str]:
    """The lines of a histogram of a weight, counted by numpy here."""
    bars = []
    for name, step in (("untrained", 0), ("now", LAST)):
        values = run.weights[step][weight].astype(float)
        counts, edges = np.histogram(values, 40)
        bars.append(Histogram(name, counts, edges[0], edges[-1], values.mean(), values.std(), 0))
    return draw_histogram(bars, columns, rows, terminal=pilot.app.terminal).text().split("\n")


# Predictions ----------------------------------------------------------


async def test_the_input_image_stands_over_a_bar_for_each_class(size: Size, screens: Screens) -> None:
    run = screens["classifier"].run
    probabilities, truth = run.facts["probabilities"], run.facts["truth"]
    pilot = await screens["classifier"].afresh(size)
    await turned_to(pilot, "input image")
    said = f"no. 3: {NAMES[probabilities.argmax()]}, it is {NAMES[truth]}"
    assert said in screen_text(pilot)
    cells = drawing(pilot)
    found = re.findall(r"^([✓ ]) (\S+) +[█▏▎▍▌▋▊▉]* +(\d\.\d{3})$", cells.text(), re.MULTILINE)
    assert len(found) >= 7 and (len(found) == 10 or size == LOW)
    for mark, name, value in found:
        assert value == f"{probabilities[NAMES.index(name)]:.3f}"
        assert mark == ("✓" if name == NAMES[truth] else " ")
    assert {NAMES[truth], NAMES[probabilities.argmax()]} <= {name for _, name, _ in found}
    image = picture_in(pixels_of(drawing(pilot)))
    others = blobs(np.random.default_rng(5), 20)
    assert likest(image, np.concatenate([run.arrays["input", LAST], others])) == 0


async def test_the_confusion_matrix_holds_the_counts_of_validation(screens: Screens) -> None:
    run = screens["classifier"].run
    counts = run.facts["confusion"]
    pilot = await screens["classifier"].afresh(WIDE)
    await turned_to(pilot, "confusion matrix")
    assert f"accuracy {np.trace(counts) / counts.sum():.3f} of {counts.sum():,}" in screen_text(pilot)
    percent = np.rint(100 * counts / counts.sum(axis=1, keepdims=True)).astype(int)
    assert matrix_in(drawing(pilot).text()) == percent.tolist()
    await pilot.press("f")
    await until(pilot, lambda: "% of row" not in screen_text(pilot))
    assert matrix_in(drawing(pilot).text()) == counts.tolist()


def matrix_in(text: str) -> list[list[int]]:
    """The numbers in the rows that begin with a class's name, without the recall at their ends."""
    rows = [re.fullmatch(rf"({'|'.join(NAMES)}) +(.+?) +\d\.\d\d *", line) for line in text.split("\n")]
    found = {row[1]: [int(number.replace("·", "0")) for number in row[2].split()] for row in rows if row}
    assert list(found) == list(NAMES)
    return list(found.values())


async def test_without_room_for_the_matrix_the_worst_confusions_are_listed(screens: Screens) -> None:
    run = screens["classifier"].run
    counts = run.facts["confusion"] * (1 - np.eye(10, dtype=int))
    pilot = await screens["classifier"].afresh((60, 18))
    await pilot.press("P")
    await turned_to(pilot, "confusion matrix", "P")
    true, taken = np.unravel_index(counts.argmax(), counts.shape)
    await pilot.press("f")
    await seen(pilot, f"{NAMES[true]} taken for {NAMES[taken]} {counts.max()}|% of row|count")


async def test_answers_are_what_the_network_says_to_each_point(size: Size, screens: Screens) -> None:
    run = screens["plane"].run
    pilot = await screens["plane"].afresh(size)
    await turned_to(pilot, "answers")
    await pilot.press("f")
    await seen(pilot, "input +true")
    values = run.facts["answers"]
    right = int((values.argmax(axis=1) == [point[2] for point in POINTS]).sum())
    assert f"{right} of 5 right" in caption(pilot)
    lines = [line for line in drawing(pilot).text().split("\n") if re.match(r" *0\.", line)]
    for line, (x, y, kind), row in zip(lines, POINTS, values, strict=True):
        assert [float(n) for n in line.split()[:2]] == [x, y]
        assert re.findall(r"\b[01]\.\d\d\b", line) == [f"{value:.2f}" for value in row]
        assert line.rstrip()[-1] == ("✓" if row.argmax() == kind else "✗")


# The plane ----------------------------------------------------------


def places_of_pixels(columns: int, rows: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(2 × rows, 2 × columns) of x, of y, and of whether there is a surface."""
    x, y = (np.full((2 * rows, 2 * columns), np.nan) for _ in range(2))
    for row, column in np.ndindex(rows, columns):
        if place := place_of(column, row, columns, rows):
            neighbour = place_of(column + 1, row, columns, rows) or place_of(column - 1, row, columns, rows)
            assert neighbour
            wide = abs(neighbour[0] - place[0])
            for down, across in np.ndindex(2, 2):
                x[2 * row + down, 2 * column + across] = place[0] + (across - 0.5) * wide / 2
                y[2 * row + down, 2 * column + across] = place[1] - (down - 0.5) * wide
    return x, y, ~np.isnan(x)


async def test_the_surface_shows_the_likeliest_class_and_how_sure_the_network_is(size: Size, screens: Screens) -> None:
    pilot = await screens["plane"].afresh(size)
    assert "by class" in screen_text(pilot)
    by_class = drawing(pilot)
    await pilot.press("v")
    await seen(pilot, "by confidence")
    by_confidence = drawing(pilot)
    await pilot.press("v")
    await seen(pilot, "by class")
    x, y, there = places_of_pixels(by_class.columns, by_class.rows)
    there &= np.repeat(np.repeat(by_class.characters != "●", 2, axis=0), 2, axis=1)
    values = surface_at(x, y, LAST)
    best, second = np.sort(np.nan_to_num(values), axis=0)[[2, 1]]
    clear = there & (best - second > 0.1)
    assert clear.sum() > 0.7 * there.sum()
    winner = np.nan_to_num(values).argmax(axis=0)
    pixels = pixels_of(by_class)
    areas = [np.unique(pixels[clear & (winner == k)]) for k in range(3)]
    assert [len(area) for area in areas] == [1, 1, 1], "one colour for each class"
    assert len({int(area[0]) for area in areas}) == 3
    sure = ((best - 1 / 3) / (2 / 3))[..., None]
    ground = channels(np.array(0x11131A))
    expected = ground + (channels(np.concatenate(areas))[winner] - ground) * sure
    assert np.abs(channels(pixels_of(by_confidence)) - expected)[clear].mean() < 2
    assert np.abs(channels(pixels_of(by_confidence)) - expected)[clear].max() < 16


async def test_the_points_of_the_data_lie_on_the_surface_where_they_belong(screens: Screens) -> None:
    pilot = await screens["plane"].afresh(WIDE)
    cells = drawing(pilot)
    marks = np.argwhere(cells.characters == "●")
    assert len(marks) == len(POINTS)
    colors: dict[int, set[int]] = {}
    for row, column in marks.tolist():
        place = place_of(column, row, cells.columns, cells.rows)
        assert place
        x, y, kind = min(POINTS, key=lambda point: np.hypot(point[0] - place[0], point[1] - place[1]))
        assert max(abs(x - place[0]), abs(y - place[1])) < 1.05 / cells.rows
        colors.setdefault(kind, set()).add(int(cells.foreground[row, column]))
    assert [len(own) for own in colors.values()] == [1, 1, 1] and len(set.union(*colors.values())) == 3


async def test_the_cursor_reads_the_network_off(size: Size, screens: Screens) -> None:
    run = screens["plane"].run
    values = run.arrays["surface", LAST]

    def said(x: float, y: float) -> str:
        numbers = "  ".join(f"{value:.3f}" for value in values[:, round(100 * y), round(100 * x)])
        return f"({x:.2f}, {y:.2f}) → {numbers}"

    pilot = await screens["plane"].afresh(size)
    await pilot.press("up")
    assert said(0.5, 0.5) in screen_text(pilot)
    grey = np.rint(255 * values[:, 50, 50]) / 255
    assert any(f"{one:.3f}" != f"{other:.3f}" for one, other in zip(grey, values[:, 50, 50], strict=True)), "finer"
    await pilot.press("right", "right", "up")
    assert said(0.52, 0.51) in screen_text(pilot)
    await pilot.press("left", "down", "down", "down")
    assert said(0.51, 0.48) in screen_text(pilot)
    cells = drawing(pilot)
    spot = next((c, r) for r, c in np.ndindex(cells.rows, cells.columns) if place_of(c, r, cells.columns, cells.rows))
    await pilot.click(offset=on_screen(pilot, spot[0] + 4, spot[1] + 2))
    x, y = place_of(spot[0] + 4, spot[1] + 2, cells.columns, cells.rows)
    await seen(pilot, rf"\({x:.2f}, {y:.2f}\) → ")
    numbers = re.findall(r"\d\.\d{3}", "\n".join(lines_of_pane(pilot)[:2]))
    np.testing.assert_allclose([float(n) for n in numbers], surface_at(np.array(x), np.array(y), LAST), atol=0.002)


async def test_points_that_were_changed_are_shown_without_a_newer_surface(runs: Path) -> None:
    run = recorded_plane(runs, state="paused")
    async with opened(run) as pilot:
        assert (drawing(pilot).characters == "●").sum() == len(POINTS)
        run.write(Setting("points", [[0.25, 0.25, 0], [0.75, 0.75, 1]], LAST))
        await until(pilot, lambda: (drawing(pilot).characters == "●").sum() == 2)


# Another picture of the same step ----------------------------------------------------------


async def test_another_image_at_the_same_step_is_shown_with_its_prediction(runs: Path) -> None:
    run = recorded_classifier(runs)
    async with opened(run) as pilot:
        await turned_to(pilot, "input image")
        arrays = np.concatenate([run.arrays["input", LAST], blobs(np.random.default_rng(9), 1)])
        assert likest(picture_in(pixels_of(drawing(pilot))), arrays) == 0
        probabilities = [0.0] * 9 + [1.0]
        run.write(run.picture("input", LAST, arrays[1:], 0.0, 1.0), Prediction(LAST, 77, 9, probabilities))
        await seen(pilot, r"no\. 77: Boot, right")
        await until(pilot, lambda: likest(picture_in(pixels_of(drawing(pilot))), arrays) == 1)


async def test_another_latent_vector_at_the_same_step_is_shown(runs: Path) -> None:
    run = recorded_pair(runs)
    async with opened(run) as pilot:
        await turned_to(pilot, "one latent vector")
        arrays = np.concatenate([run.arrays["one", LAST], 2 * blobs(np.random.default_rng(8), 1) - 1])
        assert likest(picture_in(pixels_of(drawing(pilot))), arrays) == 0
        run.write(run.picture("one", LAST, arrays[1:], -1.0, 1.0, labels=("latent vector 1",)))
        await seen(pilot, "latent vector 1")
        assert likest(picture_in(pixels_of(drawing(pilot))), arrays) == 1


class Trainer:
    """Stands in for a run's processes: notes what it is asked, and how often a run is opened to be looked at."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.asked: list[tuple[str, object]] = []
        self.opened = 0
        patch.setattr(supervisor, "launch", self._launch)
        patch.setattr(control, "ask", self._ask)
        patch.setattr(RunFolder, "is_held", lambda folder: bool(self.opened))

    def _launch(self, folder: RunFolder, mode: str) -> None:
        assert mode == "inspect"
        time.sleep(0.1)  # as a process takes its time
        self.opened += 1

    def _ask(self, folder: RunFolder, command: Command) -> Answer:
        self.asked.append((command.setting, command.value))
        return Answer(0, True, "done")


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("classifier", [("image", "next"), ("image", "previous"), ("image", "random")]),
        ("pair", [("latent", "new")]),
        ("plane", []),
    ],
)
async def test_n_b_and_z_ask_for_what_there_is_and_open_a_run_once(
    kind: str, expected: list[object], screens: Screens, monkeypatch: pytest.MonkeyPatch
) -> None:
    pilot = await screens[kind].afresh(WIDE)
    trainer = Trainer(monkeypatch)
    await pilot.press("n", "b", "z")
    await until(pilot, lambda: len(trainer.asked) == len(expected))
    await until(pilot, lambda: "opening the run" not in screen_text(pilot))
    assert sorted(trainer.asked) == sorted(expected)
    assert trainer.opened == bool(expected)
