"""What stays of a picture when the next one comes: whatever looks the same."""

import numpy as np
import pytest

from gan_tui.drawing.cells import Cells, blank
from gan_tui.drawing.pictures.steady import steadied
from gan_tui.drawing.pictures.whole import draw_picture
from gan_tui.drawing.symbols import Symbols
from gan_tui.drawing.terminal import Terminal
from gan_tui.drawing.words import write


def picture(noise: float, seed: int = 0) -> np.ndarray:
    """A grey ramp with some noise, 48 × 48 × 1."""
    ramp = np.linspace(40, 200, 48)[None, :, None].repeat(48, axis=0)
    return np.clip(ramp + np.random.default_rng(seed).normal(0, noise, ramp.shape), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("symbols", Symbols)
def test_what_looks_the_same_stays_and_what_does_not_is_new(symbols: Symbols) -> None:
    first = draw_picture(picture(0), 24, 12, Terminal(symbols=symbols))
    slightly = draw_picture(picture(2), 24, 12, Terminal(symbols=symbols))
    other = draw_picture(255 - picture(0), 24, 12, Terminal(symbols=symbols))
    kept = steadied(first, slightly)
    assert (kept.background == first.background).mean() > 0.9 > (slightly.background == first.background).mean()
    shown = steadied(first, other)
    assert np.abs((shown.background & 255) - (other.background & 255))[:, :8].max() <= 5


def dots(cells: Cells) -> np.ndarray:
    """(rows, columns, 8) greys of the eighths of each cell."""
    lit = np.vectorize(Symbols.OCTANTS.glyphs.index)(cells.characters)[..., None] >> np.arange(8) & 1
    return np.where(lit, cells.foreground[..., None], cells.background[..., None]) & 255


def test_a_cell_of_two_greys_that_look_like_one_has_one() -> None:
    checks = np.indices((48, 48)).sum(axis=0) % 2 * 8 + np.linspace(40, 200, 48)[None] // 32 * 32
    drawn = draw_picture(checks.astype(np.uint8)[..., None], 24, 12, Terminal())
    assert (steadied(blank(*drawn.characters.shape), drawn).characters == " ").mean() > 0.9
    strong = draw_picture((np.indices((48, 48, 1)).sum(axis=0) % 2 * 60).astype(np.uint8), 24, 12, Terminal())
    assert (steadied(blank(*strong.characters.shape), strong).characters == strong.characters).all()


@pytest.mark.parametrize(("symbols", "unseen"), [(Symbols.QUADRANTS, 14), (Symbols.OCTANTS, 20)])
def test_many_slight_changes_do_not_add_up(symbols: Symbols, unseen: int) -> None:
    terminal = Terminal(symbols=symbols)
    shown = draw_picture(picture(9), 24, 12, terminal)
    for brighter in range(1, 60):
        wanted = draw_picture(np.clip(picture(9).astype(int) + brighter, 0, 255).astype(np.uint8), 24, 12, terminal)
        shown = steadied(shown, wanted)
        assert np.abs(dots(shown) - dots(wanted)).max() <= unseen + 5  # two greys that look like one are its mean


@pytest.mark.parametrize("text", ["step 10", "█ 1"])
def test_words_are_never_kept(text: str) -> None:
    before, after = blank(1, 10), blank(1, 10)
    write(before, 0, 0, "step 9", 0xFFFFFF)
    write(after, 0, 0, text, 0xFFFFFE)
    assert np.array_equal(steadied(before, after).characters, after.characters)
    assert np.array_equal(steadied(before, after).foreground, after.foreground)
