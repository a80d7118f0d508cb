"""Words that say what is not chosen or not yet given are quiet, and can be read, in both themes."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.screens.menu import MenuScreen
from on_screen import back_to, cells_at, press, running, seen, shown
from recorded import recorded_run

LEGIBLE = 4.5
"""WCAG's contrast for text, from 1 (the same colour) to 21."""


def luminance(color: int) -> float:
    levels = [channel / 255 for channel in color.to_bytes(3)]
    linear = [level / 12.92 if level <= 0.04 else ((level + 0.055) / 1.055) ** 2.4 for level in levels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


async def contrast(pilot: Pilot, words: str) -> float:
    """Of the letters of words, where they are first on the screen; the least."""
    await seen(pilot, words)
    cells = cells_at(pilot, pilot.app.screen.region)
    lines = ["".join(row) for row in cells.characters]
    row = next(number for number, line in enumerate(lines) if words in line)
    column = lines[row].index(words)
    ratios = []
    for place in range(column, column + len(words)):
        if words[place - column] != " ":
            pair = int(cells.foreground[row, place]), int(cells.background[row, place])
            darker, lighter = sorted(map(luminance, pair))
            ratios.append((lighter + 0.05) / (darker + 0.05))
    return min(ratios)


@pytest.mark.slow
@pytest.mark.parametrize("keys", [(), ("t",)], ids=["dark", "light"])
async def test_titles_of_layer_tables_and_what_a_setting_is_without_a_value_can_be_read(
    keys: tuple[str, ...], runs: Path
) -> None:
    folder = recorded_run(runs)
    async with running(GanTui(runs, folder)) as pilot:
        await shown(pilot)
        press(pilot, *keys, "2")
        await seen(pilot, "generator  ")
        await pilot.pause()
        assert await contrast(pilot, "parameters") >= LEGIBLE
        await back_to(pilot, MenuScreen)
        await seen(pilot, "by epochs")
        assert await contrast(pilot, "by epochs") >= LEGIBLE
