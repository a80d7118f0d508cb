"""What is really on the screen: the characters and colours of its cells, and the pixels that block characters show."""

import asyncio
import re
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, redirect_stderr, redirect_stdout
from functools import cache

import numpy as np
import pytest
from rich.style import Style
from textual.events import Key, MouseEvent
from textual.geometry import Offset, Region
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import OptionList

from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.screens import menu
from gan_tui.dashboard.screens import runs as runs_screen
from gan_tui.dashboard.screens.training import TrainingScreen
from gan_tui.dashboard.widgets.notice import Notice
from gan_tui.dashboard.widgets.picture import ABOVE, PicturePane
from gan_tui.drawing.cells import Cells
from gan_tui.run import follower
from gan_tui.run.follower import Cadence
from recorded_views import LAST, Recording

LOW, WIDE = (80, 24), (120, 40)
"""(columns, rows) of terminals."""
_OFTEN = Cadence(usual=0.03, quick=0.03, folder=0.03)
_QUADRANTS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"


def screen_text(pilot: Pilot) -> str:
    """Everything on the screen, as text."""
    width, height = pilot.app.size
    return "\n".join(
        "".join(segment.text for segment in line)[:width]
        for line in pilot.app.screen._compositor.render_strips(pilot.app.size)[:height]
    )


def lines_of(options: OptionList) -> list[str]:
    """A list's entries, also those that it must be scrolled to."""
    return [str(options.get_option_at_index(n).prompt) for n in range(options.option_count)]


def words_of(pilot: Pilot, selector: str) -> str:
    """What is on a part of the screen as one line, so that a sentence is found wherever it is wrapped."""
    return " ".join(cells_at(pilot, pilot.app.screen.query_one(selector).region).text().split())


def cells_at(pilot: Pilot, region: Region) -> Cells:
    """The cells of a part of the screen, every colour as 0xRRGGBB."""
    strips = pilot.app.screen._compositor.render_strips(pilot.app.size)[region.y : region.bottom]
    shape = len(strips), region.width
    characters, front, back = np.empty(shape, "<U1"), np.empty(shape, np.int64), np.empty(shape, np.int64)
    for row, strip in enumerate(strips):
        column = 0
        for segment in strip.crop(region.x, region.right):
            stop = column + len(segment.text)
            characters[row, column:stop] = list(segment.text)
            front[row, column:stop], back[row, column:stop] = _colors(segment.style)
            column = stop
    return Cells(characters, front, back)


@cache
def _colors(style: Style) -> tuple[int, int]:
    """Of the ink and of the ground, 0xRRGGBB; -1 for one that the terminal chooses."""
    triplets = [getattr(color, "triplet", None) for color in (style.color, style.bgcolor)]
    front, back = (-1 if one is None else one.red << 16 | one.green << 8 | one.blue for one in triplets)
    return front, back


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


def picture_parts(pixels: np.ndarray) -> list[np.ndarray]:
    """The rectangles of pixels that are grey, in reading order: tiles, between grounds that are not."""
    grey = np.ptp(channels(pixels), axis=-1) == 0
    return [
        pixels[top:bottom, left:right]
        for top, bottom in _stretches(grey.any(axis=1))
        for left, right in _stretches(grey[top:bottom].any(axis=0))
    ]


def _stretches(there: np.ndarray) -> list[tuple[int, int]]:
    """(first, stop) of each run of what is true."""
    edges = np.flatnonzero(np.diff([False, *there.tolist(), False]))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def at_size(picture: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """(height, width) at another size: the mean of what each new pixel covers."""
    for axis, size in enumerate(shape):
        old = picture.shape[axis]
        sums = np.insert(np.cumsum(picture, axis=axis), 0, 0.0, axis=axis)
        edges = np.linspace(0, old, size + 1)
        sums = np.apply_along_axis(lambda line, edges=edges: np.interp(edges, np.arange(len(line)), line), axis, sums)
        picture = np.diff(sums, axis=axis) * size / old
    return picture


def likest(pixels: np.ndarray, arrays: np.ndarray) -> int:
    """Which of the arrays a drawing of some other size shows: the one it correlates with most."""
    sampled = _at_size(_at_size(arrays, pixels.shape[0], 1), pixels.shape[1], 2).reshape(len(arrays), -1)
    return int(np.argmax([np.corrcoef(pixels.ravel(), one)[0, 1] for one in sampled]))


def _at_size(arrays: np.ndarray, new: int, axis: int) -> np.ndarray:
    """Means of whole pixels where they divide so, else the pixels in between."""
    old = arrays.shape[axis]
    if old % new == 0:
        return arrays.reshape(*arrays.shape[:axis], new, old // new, *arrays.shape[axis + 1 :]).mean(axis=axis + 1)
    return arrays.take((np.arange(new) * 2 + 1) * old // (2 * new), axis=axis)


# What a person does ----------------------------------------------------------
# Events are only sent, and what they bring about is waited for: a pilot waits after each until everything is idle.


def press(pilot: Pilot, *keys: str) -> None:
    """Press keys, one after another."""
    for key in keys:
        event = Key(key, key if len(key) == 1 else None)
        event.set_sender(pilot.app)
        pilot.app.post_message(event)


def mouse(pilot: Pilot, place: Offset, *kinds: type[MouseEvent], button: int = 1) -> None:
    """What the mouse does at a place of the screen: it is pressed, moved or released; button 0 is none."""
    x, y = place
    for kind in kinds:
        event = kind(None, x, y, 0, 0, button, False, False, False, screen_x=x, screen_y=y)
        event.set_sender(pilot.app)
        pilot.app.post_message(event)


async def soon(condition: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait until something is so; it may be so no longer a moment later, so whatever is to be seen is in it."""
    deadline, pause = time.monotonic() + seconds, 0.005
    while not condition():
        assert time.monotonic() < deadline, "it did not come to be so"
        await asyncio.sleep(pause)  # the app's own work goes on in this loop and in threads
        pause = min(1.5 * pause, 0.05)  # to look costs as much as to draw


async def seen(pilot: Pilot, pattern: str) -> str:
    """Wait until a pattern is on the screen; returns what it matched."""
    found: list[re.Match[str]] = []
    try:
        await soon(lambda: found.extend(re.finditer(pattern, screen_text(pilot))) or found)
    except AssertionError:
        raise AssertionError(f"no {pattern!r} on the screen:\n{screen_text(pilot)}") from None
    return found[0][0]


async def back_to(pilot: Pilot, kind: type[Screen]) -> None:
    """Press escape until a screen of that kind is on top."""
    for _ in range(10):
        await pilot.pause()
        if isinstance(pilot.app.screen, kind):
            return
        press(pilot, "escape")
    raise AssertionError(f"escape does not lead to {kind.__name__}:\n{screen_text(pilot)}")


# An app, and a run's screen in it ----------------------------------------------------------


@asynccontextmanager
async def running(app: GanTui, size: tuple[int, int] = WIDE, notifications: bool = False) -> AsyncIterator[Pilot]:
    """An app that runs; what is printed meanwhile is still printed, so that others can run beside it.

    It looks at its runs so often that nobody waits for it.
    """
    out, errors = sys.stdout, sys.stderr
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("GAN_TUI_REDRAW_SECONDS", "0.1")
        patched.setattr(menu, "RUNS_SECONDS", 0.1)
        patched.setattr(runs_screen, "RUNS_SECONDS", 0.1)
        patched.setattr(follower, "Cadence", lambda: _OFTEN)
        async with app.run_test(size=size, notifications=notifications) as pilot:
            with redirect_stdout(out), redirect_stderr(errors):
                yield pilot


async def shown(pilot: Pilot, step: int = LAST) -> TrainingScreen:
    """Wait until the screen shows the run at a step, with its picture."""
    await soon(lambda: isinstance(pilot.app.screen, TrainingScreen) and pilot.app.screen.state.step == step)
    await soon(lambda: "generated" in (text := screen_text(pilot)) and "q Quit" in text)
    screen = pilot.app.screen
    assert isinstance(screen, TrainingScreen)
    return screen


def notice(screen: TrainingScreen) -> str:
    return str(screen.query_one(Notice).content)


@asynccontextmanager
async def opened(run: Recording, size: tuple[int, int] = WIDE) -> AsyncIterator[Pilot]:
    """The run's screen, once its first view is drawn."""
    async with running(GanTui(run.folder.path.parent, run.folder), size) as pilot:
        await soon(lambda: isinstance(pilot.app.screen, TrainingScreen) and pilot.app.screen.query(PicturePane))
        await soon(lambda: f"step {LAST}" in caption(pilot))
        await pilot.pause()  # until everything has its place
        yield pilot


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
    press(pilot, key)
    await soon(lambda: caption(pilot) not in ("", before))
    return caption(pilot)
