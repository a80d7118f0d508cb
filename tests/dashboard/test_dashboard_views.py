"""Every view of a run: its keys lead to it, and what is on the screen is what was recorded."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from textual.events import MouseDown, MouseUp
from textual.pilot import Pilot
from textual.widgets import Static

from gan_tui.dashboard import run_requests
from gan_tui.dashboard.screens.help import HelpScreen
from gan_tui.dashboard.screens.training import TrainingScreen
from gan_tui.dashboard.themes import inks
from gan_tui.dashboard.views.kernels import HISTOGRAM_ROWS
from gan_tui.dashboard.widgets.picture import PicturePane
from gan_tui.drawing.cells import Cells
from gan_tui.drawing.pictures.pairs import draw_pairs
from gan_tui.drawing.pictures.tiles import TileLayout, corner, draw_tiles
from gan_tui.drawing.plots.surface import place_of
from gan_tui.run.commands import Command, Reply
from gan_tui.run.events import Prediction, Setting
from gan_tui.run.folder import RunFolder
from gan_tui.supervision import launching
from histograms import assert_outlines, edges_of
from on_screen import (
    LOW,
    WIDE,
    caption,
    channels,
    drawing,
    greys,
    likest,
    lines_of_pane,
    mouse,
    on_screen,
    opened,
    picture_in,
    pixels_of,
    press,
    screen_text,
    seen,
    soon,
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


@pytest.fixture(autouse=True)
def colors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAN_TUI_COLORS", "truecolor")


def tiles_on(pilot: Pilot, shown: TileLayout) -> np.ndarray:
    """(tiles, height, width) grey pixels of the tiles of a wall."""
    pixels, found = pixels_of(drawing(pilot)), []
    for index in range(shown.shown):
        row, column = corner(shown, index)
        found.append(pixels[2 * row : 2 * (row + shown.tile_rows), 2 * column : 2 * (column + shown.tile_columns)])
    return greys(np.stack(found))


GREY_STEP = 10.5 / 255
"""Between two greys that are sent."""


def enlarged(pilot: Pilot) -> np.ndarray:
    """The one picture in the drawing."""
    return picture_in(pixels_of(drawing(pilot)))


def enlarged_map(pilot: Pilot) -> np.ndarray:
    """The one feature map in the drawing, above its bar: the lighter, the more active."""
    colors = channels(pixels_of(drawing(pilot)))[:-2]
    vivid = np.ptp(colors, axis=-1) > 40
    down, across = np.flatnonzero(vivid.any(axis=1)), np.flatnonzero(vivid.any(axis=0))
    return (colors @ [0.2126, 0.7152, 0.0722])[down[0] : down[-1] + 1, across[0] : across[-1] + 1]


def framed(pilot: Pilot) -> bool:
    """Whether a frame is around a tile."""
    return bool((drawing(pilot).foreground == inks(True).warning).any())


def chosen(pilot: Pilot) -> int:
    """The number of the chosen tile, as the pane says it; 0 without one."""
    found = re.search(r"no\. (\d+)\b", "\n".join(lines_of_pane(pilot)[:2]))
    return int(found[1]) if found else 0


# Keys ----------------------------------------------------------

FEATURES = ("feature maps of conv2d", "feature maps of conv2d_1")
KERNELS = ("kernels of conv2d", "kernels of conv2d_1")
VIEWS: dict[Callable[[Path], Recording], tuple[str, ...]] = {
    recorded_classifier: (*FEATURES, *KERNELS, "input image", "confusion matrix", "worst mistakes"),
    recorded_pair: ("generated", "one latent vector", "real digits"),
    recorded_plane: ("surface", "answers"),
}


@pytest.mark.slow
@pytest.mark.parametrize("record", VIEWS, ids=["classifier", "pair", "plane"])
async def test_p_turns_to_every_view_of_a_finished_run_at_80_columns(record, runs: Path) -> None:
    async with opened(record(runs), LOW) as pilot:
        captions = [caption(pilot)] + [await turned(pilot) for _ in VIEWS[record]]
        assert [one.split("  step")[0].rstrip() for one in captions] == [*VIEWS[record], VIEWS[record][0]]
        assert "p next view" in lines_of_pane(pilot)[1]
        assert (await turned(pilot, "P")).startswith(VIEWS[record][-1])


@pytest.mark.slow
async def test_f_is_wide_h_a_page_for_learners_3_the_log_and_help_names_every_key(runs: Path) -> None:
    async with opened(recorded_pair(runs), LOW) as pilot:
        pane = pilot.app.screen.query_one(PicturePane)
        before, few = pane.region, int(re.search(r"(\d+) of 100", caption(pilot))[1])
        press(pilot, "f")
        await soon(lambda: pane.region.width == LOW[0] - 2)
        await soon(lambda: int(re.search(r"(\d+) of 100", caption(pilot))[1]) > few)
        press(pilot, "f")
        await soon(lambda: pane.region == before)
        press(pilot, "3")
        await seen(pilot, "trainer.log")
        press(pilot, "1")
        await seen(pilot, "generated  step 120")
        for key, words in (("h", "WHAT IT IS"), ("question_mark", "Train exactly one step")):
            press(pilot, key)
            await seen(pilot, words)
            assert isinstance(pilot.app.screen, HelpScreen)
            page = str(pilot.app.screen.query(Static).first().content)
            press(pilot, "escape")
            await soon(lambda: isinstance(pilot.app.screen, TrainingScreen))
    for key in [*"pPfhgnbzvakS123", "PgDn", "PgUp", "⏎", "↑", "↓", "←", "→"]:
        assert re.search(rf"^  (\S+ )*{key}( \S+)*  +\w", page, re.MULTILINE), key


class Trainer:
    """Stands in for a run's processes: notes what it is asked, and how often a run is opened to be looked at."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.asked: list[tuple[str, object]] = []
        self.opened = 0
        patch.setattr(launching, "launch", self._launch)
        patch.setattr(run_requests, "Asked", self._ask)
        patch.setattr(RunFolder, "is_held", lambda folder: bool(self.opened))

    def _launch(self, folder: RunFolder, mode: str) -> None:
        assert mode == "inspect"
        time.sleep(0.1)  # as a process takes its time
        self.opened += 1

    def _ask(self, folder: RunFolder, command: Command) -> "Trainer":
        self.asked.append((command.setting, command.value))
        return self

    def reply(self) -> Reply:
        return Reply(0, True, "done")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (recorded_classifier, [("image", "next"), ("image", "previous"), ("image", "random")]),
        (recorded_pair, [("latent", "new")]),
        (recorded_plane, []),
    ],
    ids=["classifier", "pair", "plane"],
)
async def test_n_b_and_z_ask_for_what_there_is_and_open_a_run_once(
    record, expected: list[object], runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(record(runs), WIDE) as pilot:
        trainer = Trainer(monkeypatch)
        press(pilot, "n", "b", "z", "3")
        await seen(pilot, "trainer.log")
        await soon(lambda: len(trainer.asked) == len(expected) and "loading the last" not in screen_text(pilot))
        assert trainer.asked == expected
        assert trainer.opened == bool(expected)


# Walls ----------------------------------------------------------


def wall(pilot: Pilot, tiles: int, margin: int = 0, lines: int = 0, below: int = 0) -> TileLayout:
    """Where 28 × 28 tiles are in the drawing, with lines under each, and rows below them all."""
    cells, across = drawing(pilot), {100: 10, 32: 8}.get(tiles, tiles)
    empty, rows = np.zeros((tiles, 28, 28, 1), np.uint8), cells.rows - below
    return draw_tiles(empty, cells.columns, rows, pilot.app.terminal, across=across, margin=margin, lines=lines)[1]


@pytest.mark.slow
async def test_digits_are_in_their_order_and_v_puts_real_ones_beside(runs: Path) -> None:
    run = recorded_pair(runs)
    async with opened(run, WIDE) as pilot:
        for name, tag, step in (("generated", "samples", LAST), ("real digits", "real", 0)):
            said, shown = await turned_to(pilot, name), wall(pilot, 100)
            assert f"step {step}  {shown.shown} of 100" in said and (shown.shown, shown.tile_columns) == (12, 14)
            found = [likest(pixels, run.arrays[tag, step]) for pixels in tiles_on(pilot, shown)]
            assert found == list(range(shown.shown))
        await turned_to(pilot, "generated")
        press(pilot, "v")
        await soon(lambda: re.search(" generated +real ", screen_text(pilot)), 1.0)  # nobody waits for a choice
        cells, empty = drawing(pilot), np.zeros((100, 28, 28, 1), np.uint8)
        _, walls = draw_pairs(empty, empty, cells.columns, cells.rows, pilot.app.terminal)
        for shown, tag, step in ((walls[0], "samples", LAST), (walls[1], "real", 0)):
            found = [likest(pixels, run.arrays[tag, step]) for pixels in tiles_on(pilot, shown)]
            assert found == list(range(shown.shown))
        row, column = corner(walls[0], 3)
        mouse(pilot, on_screen(pilot, column + 2, row + 2), MouseDown, MouseUp)
        await soon(lambda: chosen(pilot))
        assert chosen(pilot) == 4, "the tile that was clicked, as it is drawn"
        press(pilot, "v")
        await soon(lambda: not re.search(" generated +real ", screen_text(pilot)))


@pytest.mark.slow
async def test_arrows_and_clicks_choose_a_tile_and_enlarge_it(runs: Path) -> None:
    run = recorded_classifier(runs)
    async with opened(run, WIDE) as pilot:
        maps = run.arrays["features-conv2d", LAST]
        press(pilot, "right", "right", "right", "down")  # the first is the input
        await soon(lambda: chosen(pilot) > 3)
        shown = wall(pilot, 33, lines=1, below=1)  # as before: a frame takes no tile's room
        wanted = 2 + shown.across
        assert chosen(pilot) == wanted
        row, column = corner(shown, wanted)
        cells = drawing(pilot)
        frame = cells.characters[[row - 1, row + shown.tile_rows], column - 1 : column + shown.tile_columns + 1]
        assert set(frame.flat) - set("0123456789") == set("▗▄▖▝▀▘")
        press(pilot, "up", "up", "left")
        await soon(lambda: chosen(pilot) == 1)  # for there is no row above the first
        press(pilot, "right", "down", "enter")
        await soon(lambda: not framed(pilot))
        assert likest(enlarged_map(pilot), maps) == wanted - 1 == chosen(pilot) - 1
        assert enlarged_map(pilot).shape[1] > 1.8 * cells.columns, "as large as the pane"
        press(pilot, "right")
        await soon(lambda: chosen(pilot) == wanted + 1)
        assert likest(enlarged_map(pilot), maps) == wanted
        press(pilot, "enter")
        await soon(lambda: framed(pilot))

        await turned_to(pilot, "worst mistakes", "P")
        shown = wall(pilot, 32, lines=1)
        row, column = corner(shown, 5)
        place = on_screen(pilot, column + shown.tile_columns // 2, row + shown.tile_rows // 2)
        for large in (False, True, False):
            mouse(pilot, place, MouseDown, MouseUp)
            await soon(lambda large=large: framed(pilot) is not large)
            await seen(pilot, f"no. 6  {run.facts['labels'][5]}")
            assert not large or likest(enlarged(pilot), run.arrays["mistakes", LAST]) == 5


@pytest.mark.slow
async def test_at_80_columns_every_tile_can_be_enlarged_and_mistakes_have_their_labels(runs: Path) -> None:
    run = recorded_classifier(runs)
    async with opened(run, LOW) as pilot:
        await turned_to(pilot, "feature maps of conv2d_1")
        press(pilot, "enter", *["right"] * 64)
        await soon(lambda: chosen(pilot) == 64)
        assert likest(enlarged_map(pilot), run.arrays["features-conv2d_1", LAST]) == 63
        await turned_to(pilot, "worst mistakes")
        press(pilot, "enter")
        for number, label in enumerate(run.facts["labels"][:3]):
            await seen(pilot, rf"no\. {number + 1}  {label}")
            assert likest(enlarged(pilot), run.arrays["mistakes", LAST]) == number
            press(pilot, "right")


@pytest.mark.slow
async def test_pages_go_through_all_tiles_and_a_chosen_tile_is_on_its_page(runs: Path) -> None:
    run = recorded_pair(runs)
    async with opened(run, WIDE) as pilot:
        await turned_to(pilot, "generated")
        assert "PgDn more" in lines_of_pane(pilot)[1]
        press(pilot, "pagedown", "pagedown")
        await seen(pilot, "25–36 of 100")
        found = [likest(pixels, run.arrays["samples", LAST]) for pixels in tiles_on(pilot, wall(pilot, 100))]
        assert found == list(range(24, 36))
        press(pilot, "pageup")
        await seen(pilot, "13–24 of 100")
        press(pilot, "right", *["down"] * 5)  # from the page's first tile, 15 on: to another page
        await soon(lambda: chosen(pilot) > 24)
        press(pilot, "escape", *["pagedown"] * 9)
        await seen(pilot, "97–100 of 100")
        await seen(pilot, "PgDn does nothing now: there are no more tiles")


async def test_feature_maps_have_numbers_dead_ones_are_last_and_k_ranks_them(runs: Path) -> None:
    run = recorded_classifier(runs)
    maps = np.zeros((5, 26, 26))
    for number, active in ((1, 0.2), (3, 1.0), (4, 0.5)):  # the first and the third are dead
        maps[number, 5:20, 5:20] = active
    run.write(run.picture("features-conv2d", LAST, maps, 0.0, 1.0))
    async with opened(run, WIDE) as pilot:

        def numbers() -> list[str]:
            return re.findall(r"\binput\b|(?<![\d.])\d(?![\d.]|$)", drawing(pilot).text().replace("\n", " \n"))

        await seen(pilot, "maps 1–5 of 5  2 dead")
        assert numbers()[:6] == ["input", "2", "4", "5", "1", "3"]
        assert drawing(pilot).text().split("\n")[-1].split()[::2] == ["0", "1"], "the bar's ends"
        press(pilot, "k")
        await soon(lambda: numbers()[:6] == ["input", "4", "5", "2", "1", "3"])
        brightest = lambda: np.unique(drawing(pilot).background[:-1] == 0xFCE721, return_counts=True)[1][-1]  # noqa: E731
        on_one_scale = brightest()
        press(pilot, "v")
        await seen(pilot, "least of each")
        await soon(lambda: brightest() > 2.5 * on_one_scale)
        press(pilot, "k", "right", "right", "enter")
        await soon(lambda: chosen(pilot) == 2)


async def test_each_mistake_says_under_it_what_it_is_and_what_it_was_taken_for(runs: Path) -> None:
    run = recorded_classifier(runs)
    async with opened(run, WIDE) as pilot:
        await turned_to(pilot, "worst mistakes")
        truth, answer = run.facts["labels"][0].split(" → ")
        said = drawing(pilot).text()
        assert truth[:4] in said and f"→ {answer.split()[0][:4]}" in said


# Classifiers ----------------------------------------------------------


@pytest.mark.slow
async def test_kernels_predictions_and_confusion_are_drawn_as_recorded(runs: Path) -> None:
    run = recorded_classifier(runs)
    async with opened(run, WIDE) as pilot:
        await turned_to(pilot, "kernels of conv2d")
        see_kernels(pilot, run)
        await turned_to(pilot, "kernels of conv2d_1")
        see_histogram(pilot, run)
        await turned_to(pilot, "input image")
        see_prediction(pilot, run)
        await turned_to(pilot, "confusion matrix")
        counts = run.facts["confusion"]
        assert f"accuracy {np.trace(counts) / counts.sum():.3f} of {counts.sum():,}" in screen_text(pilot)
        percent = np.rint(100 * counts / counts.sum(axis=1, keepdims=True)).astype(int)
        assert matrix_in(drawing(pilot).text()) == percent.tolist()
        assert "ordered by what is confused" in screen_text(pilot)
        press(pilot, "f")
        await soon(lambda: "% of row" not in screen_text(pilot) and drawing(pilot).columns > 100)
        assert matrix_in(drawing(pilot).text()) == counts.tolist()


def see_kernels(pilot: Pilot, run: Recording) -> None:
    """Pairs of untrained and trained kernels, each weight a square in the colour that the axis below has there."""
    cells = drawing(pilot)
    empty, rows = np.zeros((32, 3, 3, 1), np.uint8), cells.rows - HISTOGRAM_ROWS
    _, walls = draw_pairs(empty, empty, cells.columns, rows, pilot.app.terminal)
    assert walls[0].shown == walls[1].shown and f"{walls[0].shown} of 32" in "\n".join(lines_of_pane(pilot)[:2])
    assert "untrained step 120" in " ".join(cells.text().split())
    edges, colored = edges_of(cells), cells.characters[-2] == "▄"
    values, axis = ((edges[:-1] + edges[1:]) / 2)[colored], channels(cells.foreground[-2][colored])
    pixels = channels(pixels_of(cells))
    zero = axis[np.abs(values).argmin()]
    assert np.abs(zero - channels(np.array(inks(True).background))).max() > 10, "a tile has edges"
    for step, shown in zip((0, LAST), walls, strict=True):
        scale = shown.tile_columns // 3
        for index, kernel in enumerate(run.arrays["kernels-conv2d", step][: shown.shown]):
            row, column = corner(shown, index)
            tile = pixels[2 * row : 2 * row + 3 * scale, 2 * column : 2 * column + 6 * scale]
            squares = tile.reshape(3, scale, 3, 2 * scale, 3).transpose(0, 2, 1, 3, 4).reshape(9, -1, 3)
            assert (np.ptp(squares, axis=1) == 0).all()
            numbers = kernel.clip(*KERNEL_RANGE).ravel()
            expected = np.stack([np.interp(numbers, values, channel) for channel in axis.T], axis=1)
            np.testing.assert_allclose(squares[:, 0], expected, atol=20)


MOST_OF_A_GREY = 40
"""Levels between the channels of a colour: more is a hue."""


def see_histogram(pilot: Pilot, run: Recording) -> None:
    """Below the kernels: their weights before and after, in greys, for a hue stands for a weight's sign."""
    cells = drawing(pilot)
    histogram = cells.part(cells.rows - HISTOGRAM_ROWS, 0, HISTOGRAM_ROWS, cells.columns)
    colorful = np.ptp(channels(histogram.foreground), axis=-1) > MOST_OF_A_GREY
    assert colorful[-2].mean() > 0.5, "the axis has the hues of its values"
    assert not colorful[:-2].any() and (np.ptp(channels(histogram.background), axis=-1) <= MOST_OF_A_GREY).all()
    assert_outlines(histogram, *(run.weights[step]["classifier/conv2d_1/kernel"] for step in (0, LAST)))
    for name, step in (("untrained", 0), (f"step {LAST}", LAST)):
        values = run.weights[step]["classifier/conv2d_1/kernel"]
        mean, std = re.findall(rf"■ {name}  mean (\S+)  std (\S+)", histogram.text())[0]
        assert float(mean) == pytest.approx(values.mean(), abs=5e-4)
        assert float(std) == pytest.approx(values.std(), abs=5e-4)


def see_prediction(pilot: Pilot, run: Recording) -> None:
    """The image, and a bar for each class, the true one marked."""
    probabilities, truth = run.facts["probabilities"], run.facts["truth"]
    assert f"no. 3: {NAMES[probabilities.argmax()]}, actually {NAMES[truth]}" in screen_text(pilot)
    text = drawing(pilot).text()
    found = re.findall(r"^([✓ ]) (\S+) +([█▏▎▍▌▋▊▉]*) +(\d\.\d{3})$", text, re.MULTILINE)
    assert [name for _, name, _, _ in found] == list(NAMES)
    for (mark, name, _, value), probability in zip(found, probabilities, strict=True):
        assert value == f"{probability:.3f}"
        assert mark == ("✓" if name == NAMES[truth] else " ")
    lengths = [len(bar) for _, _, bar, _ in found]
    assert np.corrcoef(lengths, probabilities)[0, 1] > 0.98 and lengths[probabilities.argmax()] == max(lengths)
    others = blobs(np.random.default_rng(5), 20)
    assert likest(enlarged(pilot), np.concatenate([run.arrays["input", LAST], others])) == 0


def matrix_in(text: str) -> list[list[int]]:
    """The numbers in the rows that begin with a class's name, in the order of the classes, without the recall."""
    lines = text.split("\n")
    (heads,) = (
        re.findall(r"[\w-]+", line.split(unit)[1]) for line in lines for unit in ("% of row", "count") if unit in line
    )
    heads = [head for head in heads if head != "recall"]
    order = [int(head) if head.isdigit() else NAMES.index(head) for head in heads]
    rows = [re.fullmatch(rf"(?:\d )?({'|'.join(NAMES)}) +(.+?)(?: +\d+ %)? *", line) for line in lines]
    found = {row[1]: [int(number.replace("·", "0")) for number in row[2].split()] for row in rows if row}
    assert sorted(order) == list(range(len(NAMES))) and [NAMES.index(name) for name in found] == order
    return [[found[name][order.index(k)] for k in range(len(NAMES))] for name in NAMES]


@pytest.mark.slow
async def test_another_image_or_latent_vector_at_the_same_step_is_shown(runs: Path) -> None:
    run = recorded_classifier(runs)
    async with opened(run, LOW) as pilot:
        await turned_to(pilot, "input image")
        await seen(pilot, r"no\. 3: ")
        arrays = np.concatenate([run.arrays["input", LAST], blobs(np.random.default_rng(9), 1)])
        assert likest(enlarged(pilot), arrays) == 0
        probabilities = [0.0] * 9 + [1.0]
        chosen = Setting("image", 77, LAST)
        run.write(chosen, run.picture("input", LAST, arrays[1:], 0.0, 1.0), Prediction(LAST, 77, 9, probabilities))
        await seen(pilot, r"no\. 77: Boot, right")
        await soon(lambda: likest(enlarged(pilot), arrays) == 1)
    run = recorded_pair(runs)
    async with opened(run, LOW) as pilot:
        await turned_to(pilot, "one latent vector")
        await seen(pilot, "latent vector 0")
        arrays = np.concatenate([run.arrays["one", LAST], 2 * blobs(np.random.default_rng(8), 1) - 1])
        assert likest(enlarged(pilot), arrays) == 0
        another = run.picture("one", LAST, arrays[1:], -1.0, 1.0, labels=("latent vector 1",))
        run.write(Setting("latent", 1, LAST), another)
        await seen(pilot, "latent vector 1")
        await soon(lambda: likest(enlarged(pilot), arrays) == 1)


# The plane ----------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("size", [LOW, WIDE], ids=["80x24", "120x40"])
async def test_the_surface_has_classes_confidence_points_and_a_cursor_that_reads_off(size, runs: Path) -> None:
    run = recorded_plane(runs)
    async with opened(run, size) as pilot:
        await seen(pilot, "by class")
        by_class = drawing(pilot)
        press(pilot, "v")
        await seen(pilot, "by confidence")
        see_surface(by_class, drawing(pilot))
        see_points(drawing(pilot))
        await see_cursor(pilot, run)
        run.write(Setting("points", [[0.25, 0.25, 0], [0.75, 0.75, 1]], LAST))
        await soon(lambda: (drawing(pilot).characters == "●").sum() == 2)  # at once, not with the next surface


def see_surface(by_class: Cells, by_confidence: Cells) -> None:
    """A colour for each class where it is clearly the likeliest, fading into the ground towards chance."""
    x, y, there = places_of_pixels(by_class.columns, by_class.rows)
    there &= np.repeat(np.repeat(by_class.characters != "●", 2, axis=0), 2, axis=1)
    values = np.nan_to_num(surface_at(x, y, LAST))
    best, second = np.sort(values, axis=0)[[2, 1]]
    clear = there & (best - second > 0.3)  # and so are the values between which it lies
    assert clear.sum() > 0.5 * there.sum()
    winner, pixels = values.argmax(axis=0), pixels_of(by_class)
    shown = [channels(pixels[clear & (winner == k)]) for k in range(3)]
    assert max(np.ptp(area, axis=0).max() for area in shown) <= 8, "a colour each, but for cells of which a part is not"
    areas = np.array([np.median(area, axis=0) for area in shown])
    assert min(np.abs(areas[k] - areas[k - 1]).max() for k in range(3)) > 40
    sure = ((best - 1 / 3) / (2 / 3))[..., None]
    ground = channels(np.array(inks(True).background))
    expected = ground + (areas[winner] - ground) * sure
    off = np.abs(channels(pixels_of(by_confidence)) - expected)[clear]
    assert off.mean() < 2 and off.max() < 16


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


def see_points(cells: Cells) -> None:
    """A mark for each point of the data, in its own class's colour."""
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


async def see_cursor(pilot: Pilot, run: Recording) -> None:
    """At (0.5, 0.5) first; then where arrows and clicks have put it."""
    values = run.arrays["surface", LAST]

    def said(x: float, y: float) -> str:
        there = values[:, round(100 * y), round(100 * x)]
        likeliest = ("face", "eyes and mouth", "outside")[there.argmax()]
        return f"({x:.2f}, {y:.2f}) → {likeliest} {there.max():.3f}"

    press(pilot, "up")
    await soon(lambda: said(0.5, 0.5) in screen_text(pilot))
    grey = np.rint(255 * values[:, 50, 50]) / 255
    assert any(f"{one:.3f}" != f"{other:.3f}" for one, other in zip(grey, values[:, 50, 50], strict=True)), "finer"
    press(pilot, "right", "right", "up")
    await soon(lambda: said(0.52, 0.51) in screen_text(pilot))
    press(pilot, "left", "down", "down", "down")
    await soon(lambda: said(0.51, 0.48) in screen_text(pilot))
    cells = drawing(pilot)
    spot = next((c, r) for r, c in np.ndindex(cells.rows, cells.columns) if place_of(c, r, cells.columns, cells.rows))
    mouse(pilot, on_screen(pilot, spot[0] + 4, spot[1] + 2), MouseDown, MouseUp)
    x, y = place_of(spot[0] + 4, spot[1] + 2, cells.columns, cells.rows)
    await seen(pilot, rf"\({x:.2f}, {y:.2f}\) → ")
    numbers = re.findall(r"\d\.\d{3}", "\n".join(lines_of_pane(pilot)[:2]))
    likeliest_first = sorted(surface_at(np.array(x), np.array(y), LAST), reverse=True)
    assert numbers
    np.testing.assert_allclose([float(n) for n in numbers], likeliest_first[: len(numbers)], atol=0.002)


async def test_answers_are_what_the_network_says_to_each_point(runs: Path) -> None:
    run = recorded_plane(runs)
    async with opened(run, LOW) as pilot:
        await turned_to(pilot, "answers")
        press(pilot, "f")
        await soon(lambda: drawing(pilot).columns > 70 and "of 5 right" in caption(pilot))
        values = run.facts["answers"]
        right = int((values.argmax(axis=1) == [point[2] for point in POINTS]).sum())
        assert f"{right} of 5 right" in caption(pilot)
        lines = [line for line in drawing(pilot).text().split("\n") if re.match(r" *0\.", line)]
        for line, (x, y, kind), row in zip(lines, POINTS, values, strict=True):
            assert [float(n) for n in line.split()[:2]] == [x, y]
            assert re.findall(r"\b[01]\.\d\d\b", line) == [f"{value:.2f}" for value in row]
            assert line.rstrip()[-1] == ("✓" if row.argmax() == kind else "✗")
