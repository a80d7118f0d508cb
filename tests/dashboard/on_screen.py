"""What is really on the screen: the characters and colours of its cells, and the pixels that block characters show."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np
from recorded_views import LAST, Recording
from test_dashboard_menu import screen_text, until
from textual.geometry import Offset, Region
from textual.pilot import Pilot

from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.screens.training import TrainingScreen
from gan_tui.dashboard.views.available import Views
from gan_tui.dashboard.widgets.layers_pane import LayersPane
from gan_tui.dashboard.widgets.picture import ABOVE, PicturePane
from gan_tui.drawing.cells import Cells

LOW, WIDE = (80, 24), (120, 40)
"""(columns, rows) of terminals."""
_QUADRANTS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"


def cells_at(pilot: Pilot, region: Region) -> Cells:
    """The cells of a part of the screen, every colour as 0xRRGGBB."""
    strips = pilot.app.screen._compositor.render_strips(pilot.app.size)[region.y : region.bottom]
    rows = [
        [
            (character, _packed(segment.style.color), _packed(segment.style.bgcolor))
            for segment in strip.crop(region.x, region.right)
            for character in segment.text
        ]
        for strip in strips
    ]
    characters, front, back = (np.array([[cell[part] for cell in row] for row in rows]) for part in range(3))
    return Cells(characters, front, back)


def _packed(color: object) -> int:
    triplet = getattr(color, "triplet", None)
    return -1 if triplet is None else triplet.red << 16 | triplet.green << 8 | triplet.blue


def pixels_of(cells: Cells) -> np.ndarray:
    """(2 × rows, 2 × columns) colours of the quarters of cells; a character that is no block counts as its ground."""
    pixels = np.repeat(np.repeat(cells.background, 2, axis=0), 2, axis=1)
    for bits, glyph in enumerate(_QUADRANTS):
        row, column = np.nonzero(cells.characters == glyph)
        for bit in range(4):
            if bits >> bit & 1:
                pixels[2 * row + bit // 2, 2 * column + bit % 2] = cells.foreground[row, column]
    return pixels


def channels(colors: np.ndarray) -> np.ndarray:
    """(…, 3) of 0…255."""
    return np.stack([colors >> shift & 255 for shift in (16, 8, 0)], axis=-1).astype(float)


def greys(colors: np.ndarray) -> np.ndarray:
    """0…1; fails where a colour is no grey."""
    parts = channels(colors)
    assert (np.ptp(parts, axis=-1) == 0).all()
    return parts[..., 0] / 255


def picture_in(pixels: np.ndarray) -> np.ndarray:
    """The part of the pixels that is grey, as 0…1: themes have no grey grounds."""
    parts = channels(pixels)
    grey = np.ptp(parts, axis=-1) == 0
    down, across = np.flatnonzero(grey.any(axis=1)), np.flatnonzero(grey.any(axis=0))
    return greys(pixels[down[0] : down[-1] + 1, across[0] : across[-1] + 1])


async def seen(pilot: Pilot, pattern: str) -> str:
    """Wait until a pattern is on the screen; returns what it matched."""
    try:
        await until(pilot, lambda: re.search(pattern, screen_text(pilot)))
    except AssertionError:
        raise AssertionError(f"no {pattern!r} on the screen:\n{screen_text(pilot)}") from None
    found = re.search(pattern, screen_text(pilot))
    assert found
    return found[0]


# A run's screen ----------------------------------------------------------


@asynccontextmanager
async def opened(run: Recording, size: tuple[int, int] = WIDE) -> AsyncIterator[Pilot]:
    """The run's screen, once its first view is drawn."""
    async with GanTui(run.folder.path.parent, run.folder).run_test(size=size) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, TrainingScreen) and pilot.app.screen.query(PicturePane))
        await until(pilot, lambda: f"step {LAST}" in caption(pilot))
        yield pilot


class Opened:
    """A screen that several tests look at: a start costs more than all of them."""

    def __init__(self, run: Recording) -> None:
        self.run = run
        self._pilot: asyncio.Future[Pilot] = asyncio.get_running_loop().create_future()
        self._done = asyncio.Event()
        self._task = asyncio.create_task(self._keep_open())

    async def _keep_open(self) -> None:
        async with opened(self.run) as pilot:
            self._pilot.set_result(pilot)
            await self._done.wait()

    async def afresh(self, size: tuple[int, int]) -> Pilot:
        """The screen at a size, as if it had just been opened."""
        done, _ = await asyncio.wait([self._task, self._pilot], return_when=asyncio.FIRST_COMPLETED)
        if self._task in done:
            self._task.result()  # says why it could not be opened
        pilot = self._pilot.result()
        while not isinstance(pilot.app.screen, TrainingScreen):
            await pilot.press("escape")
        pane = pilot.app.screen.query_one(PicturePane)
        pane._views, pane._place = Views(), 0
        pilot.app.screen.remove_class("-full")
        pilot.app.screen.query_one(LayersPane).remove_class("-diagram")
        await pilot.resize_terminal(*size)
        await pilot.press("1")
        pane.turn(0)
        await until(pilot, lambda: pane._tiles)
        await pilot.pause()
        return pilot

    async def close(self) -> None:
        self._done.set()
        await self._task


def lines_of_pane(pilot: Pilot) -> list[str]:
    pane = pilot.app.screen.query_one(PicturePane)
    return [pane.render_line(y).text.rstrip() for y in range(pane.size.height)]


def caption(pilot: Pilot) -> str:
    return pilot.app.screen.query_one(PicturePane).render_line(0).text.rstrip()


def drawing(pilot: Pilot) -> Cells:
    """What is below the caption and the keys."""
    return cells_at(pilot, pilot.app.screen.query_one(PicturePane).region.shrink((ABOVE, 0, 0, 0)))


def on_screen(pilot: Pilot, column: int, row: int) -> Offset:
    """Where a cell of the drawing is on the screen, for the mouse."""
    region = pilot.app.screen.query_one(PicturePane).region
    return Offset(region.x + column, region.y + ABOVE + row)


async def turned_to(pilot: Pilot, name: str, key: str = "p") -> str:
    """Press a key until a view is on show; returns its caption."""
    for _ in range(12):
        if caption(pilot).startswith(f"{name}  step"):
            return caption(pilot)
        await turned(pilot, key)
    raise AssertionError(f"{key} does not lead to {name}:\n{screen_text(pilot)}")


async def turned(pilot: Pilot, key: str = "p") -> str:
    """Press a key that changes the caption; returns the new one."""
    before = caption(pilot)
    await pilot.press(key)
    await until(pilot, lambda: caption(pilot) != before)
    return caption(pilot)
