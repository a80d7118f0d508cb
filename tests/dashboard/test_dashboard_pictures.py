"""Pictures in colours and of any size: as they were recorded, on the screen; and those of somebody else's log."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from textual.pilot import Pilot

from gan_tui import presets
from gan_tui.dashboard.screens.training import TrainingScreen
from gan_tui.run.pictures import Tiles
from gan_tui.run.recorder import Contents, Recorder, Snapshot
from gan_tui.system import kept_answers
from on_screen import (
    WIDE,
    caption,
    drawing,
    lines_of_pane,
    opened,
    pixels_of,
    press,
    screen_text,
    seen,
    soon,
    turned_to,
)  # fmt: skip
from product import events_of
from recorded_views import LAST, Recording, recorded_classifier, recorded_pair

WIDTH, HEIGHT = 64, 48
COLORS = np.array([0xE62840, 0x28C85A, 0x325AEB, 0xF0D228])
"""Of the quadrants of the first picture: upper left, upper right, lower left, lower right."""


@pytest.fixture(autouse=True)
def colors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAN_TUI_COLORS", "truecolor")


def quadrants(turned: int) -> np.ndarray:
    """(48, 64, 3) of -1…1: four flat colours, each `turned` places on."""
    numbers = np.empty((HEIGHT, WIDTH, 3), np.float32)
    for place, color in enumerate(np.roll(COLORS, turned).tolist()):
        down, across = place // 2 * HEIGHT // 2, place % 2 * WIDTH // 2
        channels = [color >> shift & 255 for shift in (16, 8, 0)]
        numbers[down : down + HEIGHT // 2, across : across + WIDTH // 2] = np.array(channels) / 127.5 - 1
    return numbers


class Colored(Snapshot):
    """A wall of three pictures, and one alone."""

    def draw(self) -> Contents:
        yield Tiles.of_numbers("samples", "samples", np.stack([quadrants(turned) for turned in range(3)]), -1.0, 1.0)
        yield Tiles.of_numbers("one", "one", quadrants(3)[None], -1.0, 1.0, labels=("latent vector 0",))


def recorded_colors(runs: Path) -> Recording:
    """A run with pictures in colours, as a trainer writes it."""
    preset = presets.find("gan").with_settings({"steps": 400})
    run = Recording(presets.new_run(preset, runs), preset)
    run.begin()
    recorder = Recorder(run.folder)
    recorder.draw(Colored(), LAST)
    recorder.log.close()
    run.end("finished")
    return run


def stretches(there: np.ndarray) -> Iterator[slice]:
    """Where there is something, one stretch after another."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], there, [False]]).astype(int)))
    yield from (slice(start, stop) for start, stop in edges.reshape(-1, 2).tolist())


def pictures_in(pixels: np.ndarray) -> list[np.ndarray]:
    """What is drawn in COLORS, by rows and columns of the screen: pixels are quarters of cells."""
    there = np.isin(pixels, COLORS)
    return [
        pixels[rows, columns] for rows in stretches(there.any(axis=1)) for columns in stretches(there[rows].any(axis=0))
    ]


def assert_shows(pixels: np.ndarray, turned: int) -> None:
    """Four flat quadrants in their colours, in the proportions of the picture; only a cell amid them may mix them."""
    high, wide = pixels.shape
    assert abs(wide - 2 * high * WIDTH / HEIGHT) <= 3, "a quarter of a cell is twice as high as wide"
    for place, color in enumerate(np.roll(COLORS, turned).tolist()):
        down, across = place // 2, place % 2
        rows = slice(high // 2 + 1, high) if down else slice(0, high // 2 - 1)
        columns = slice(wide // 2 + 1, wide) if across else slice(0, wide // 2 - 1)
        assert np.unique(pixels[rows, columns]).tolist() == [color]


async def test_a_picture_of_64_by_48_in_colours_is_on_the_screen_as_it_was_recorded(runs: Path) -> None:
    run = recorded_colors(runs)
    async with opened(run, WIDE) as pilot:
        await turned_to(pilot, "generated")
        assert "2 of 3" in caption(pilot)
        shown = pictures_in(pixels_of(drawing(pilot)))
        assert len(shown) == 2 and len({one.shape for one in shown}) == 1
        for turned, one in enumerate(shown):
            assert_shows(one, turned)
        press(pilot, "enter")
        await soon(lambda: "no. 1" in caption(pilot))
        (large,) = pictures_in(pixels_of(drawing(pilot)))
        assert_shows(large, 0)
        assert large.shape[1] > 0.6 * 2 * drawing(pilot).columns, "as large as the pane"
        await turned_to(pilot, "one latent vector")
        await seen(pilot, "latent vector 0")
        (alone,) = pictures_in(pixels_of(drawing(pilot)))
        assert_shows(alone, 3)


# Somebody else's log ----------------------------------------------------------


async def test_kernels_that_were_of_another_size_are_shown_without_those_before(runs: Path) -> None:
    run = recorded_classifier(runs)
    run.write(run.picture("kernels-conv2d", LAST, np.zeros((10, 5, 5)), -0.5, 0.5))
    async with opened(run, WIDE) as pilot:
        await turned_to(pilot, "kernels of conv2d")
        await soon(lambda: "10 of 10" in "\n".join(lines_of_pane(pilot)[:2]))
        assert "untrained   " not in drawing(pilot).text().split("\n")[0]


@pytest.mark.slow
@pytest.mark.parametrize("shape", [(4, 25, 25), (4, 28, 28, 3)], ids=["smaller", "in colours"])
async def test_real_images_unlike_the_generated_ones_are_not_put_beside_them(
    shape: tuple[int, ...], runs: Path
) -> None:
    run = recorded_pair(runs)
    run.write(run.picture("samples", LAST, np.zeros(shape), -1.0, 1.0))
    async with opened(run, WIDE) as pilot:
        press(pilot, "v", "right")
        await soon(lambda: "no. 1" in caption(pilot))
        await turned_to(pilot, "real digits")


async def test_a_wall_of_fine_greys_is_drawn_as_any_other(runs: Path) -> None:
    run = recorded_pair(runs)
    ramp = np.linspace(-1, 1, 28)[None, None].repeat(28, axis=1)
    run.write(run.picture("samples", LAST, ramp, -1.0, 1.0, fine=True))
    assert [event.step for event in events_of(run.folder)[-1:]] == [LAST]
    async with opened(run, WIDE) as pilot:
        await soon(lambda: "1 of 1" in caption(pilot))
        shown = pixels_of(drawing(pilot))
        grey = (shown >> 16 == shown & 255) & (shown >> 8 & 255 == shown & 255)
        (columns,) = stretches(grey.any(axis=0))
        levels = shown[shown.shape[0] // 2, columns] & 255
        np.testing.assert_allclose(levels, np.linspace(0, 255, len(levels)), atol=16)


# Symbols ----------------------------------------------------------


def in_octants(pilot: Pilot) -> bool:
    return any("\U0001cd00" <= character <= "\U0001cde5" for character in drawing(pilot).characters.flat)


@pytest.mark.slow
async def test_a_person_says_once_that_the_font_has_octants(runs: Path) -> None:
    run = recorded_pair(runs)
    async with opened(run, WIDE) as pilot:
        await turned_to(pilot, "generated")
        assert not in_octants(pilot), "never guessed"
        for answer, octants in (("escape", False), ("o", True)):
            press(pilot, "S")
            await seen(pilot, "Are there rings")
            assert any("\U0001cd00" <= character <= "\U0001cde5" for character in screen_text(pilot))
            press(pilot, answer)
            await seen(pilot, "p next view")
            await soon(lambda: isinstance(pilot.app.screen, TrainingScreen))
            await soon(lambda octants=octants: in_octants(pilot) is octants)
        await soon(lambda: "octants" in kept_answers.kept("symbols").values())
    async with opened(run, WIDE) as pilot:
        await turned_to(pilot, "generated")
        await soon(lambda: in_octants(pilot))
        press(pilot, "S")
        await seen(pilot, "Are there rings")
        press(pilot, "u")
        await soon(lambda: isinstance(pilot.app.screen, TrainingScreen))
        await soon(lambda: not in_octants(pilot))


@pytest.mark.slow
async def test_where_no_block_characters_arrive_there_is_nothing_to_ask(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value, why in (
        ("GAN_TUI_SYMBOLS", "halves", "GAN_TUI_SYMBOLS decides"),
        ("GAN_TUI_ASCII", "1", "no block characters arrive here"),
    ):
        with monkeypatch.context() as environment:
            environment.setenv(name, value)
            async with opened(recorded_pair(runs), WIDE) as pilot:
                press(pilot, "S")
                await seen(pilot, f"S does nothing now: {why}")


async def test_an_answer_that_cannot_be_kept_holds_for_now_and_that_is_said(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "/dev/null")
    async with opened(recorded_pair(runs), WIDE) as pilot:
        await turned_to(pilot, "generated")
        press(pilot, "S")
        await seen(pilot, "Are there rings")
        press(pilot, "o")
        await soon(lambda: isinstance(pilot.app.screen, TrainingScreen))
        await soon(lambda: in_octants(pilot))
        await soon(lambda: any("it could not be kept" in str(note.message) for note in pilot.app._notifications))
