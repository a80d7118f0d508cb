"""A comparison where there is little room: runs are told apart, the best result stays, columns can be reached."""

import re
from pathlib import Path

import numpy as np
import pytest
from test_compare_screen import classifier, comparing, read

from gan_tui.dashboard.screens.compare import CompareScreen
from gan_tui.dashboard.screens.training import TrainingScreen
from gan_tui.dashboard.widgets.compared_table import ComparedTable
from gan_tui.drawing.plots.charts import draw_charts
from gan_tui.drawing.plots.curves import Along, Curve, Panel
from on_screen import LOW, WIDE, press, screen_text, seen, soon
from recorded import append, picture, recorded_run

STEPS = np.arange(1, 50, dtype=np.float64)


def test_where_names_have_no_room_numbers_tell_curves_apart_and_the_outermost_values_stay() -> None:
    curves = [
        Curve(f"{n} slow-plane-run-{n}", STEPS, np.full(49, n / 10), 0xFFFFFF, number=n - 1, tag=str(n))
        for n in range(1, 9)
    ]
    for rows in (8, 14):
        lines = draw_charts([Panel("loss", curves)], Along(1, 49), 78, rows).cells.text().split("\n")
        assert all(f"━━ {n}" in lines[0] for n in range(1, 9)) and "slow" not in lines[0]
        ends = [match[1] for line in lines[1:] if (match := re.search(r" ([1-8] 0\.\d+) *$", line))]
        assert "1 0.1" in ends[-1] and "8 0.8" in ends[0], f"{rows} rows: {ends}"


@pytest.mark.slow
async def test_eight_runs_in_a_small_window_show_their_best_result_and_all_columns_in_turn(runs: Path) -> None:
    folders = [classifier(runs, 110 + n, learning_rate=n / 100, patience=n, epochs=9 + n, seed=n) for n in range(1, 9)]
    async with comparing(runs, folders, LOW) as pilot:
        text = await read(pilot, 8)
        head = next((line for line in text.split("\n") if "more" in line), text)
        assert re.match(r" +(val_)?(loss|accuracy) ", head), "what says most comes first where not all has room"
        assert re.search(r" 8 0\.\d+ *$", text, re.MULTILINE), "numbers at the ends of curves"
        press(pilot, "f")
        await seen(pilot, "all that differs")
        table = pilot.app.screen.query_one(ComparedTable)
        await soon(lambda: table.size.height >= 20)
        assert "┤" not in screen_text(pilot)
        shown = lambda: [name for name in columns if re.search(rf" {name}(?: |$)", screen_text(pilot), re.MULTILINE)]  # noqa: E731
        columns = [column.row.name for column in table._columns]
        found = set(shown())
        await soon(lambda: ("←→ columns" in screen_text(pilot)) != table.is_all)
        while not table.is_all and table.turn(1):
            await soon(lambda: f"← {table._first}" in screen_text(pilot))
            found |= set(shown())
        assert found == set(columns)


@pytest.mark.slow
async def test_f_has_the_whole_screen_from_pictures_too_and_goes_back_to_them(runs: Path) -> None:
    folders = [recorded_run(runs, seed=n) for n in range(1, 5)]
    for folder in folders:
        append(folder, picture(folder, 130), picture(folder, 140))
    async with comparing(runs, folders, WIDE) as pilot:
        await read(pilot, 4)
        press(pilot, "p")
        await seen(pilot, "step 140")
        press(pilot, "f")
        await seen(pilot, "all that differs")
        screen = pilot.app.screen
        assert isinstance(screen, CompareScreen)
        await soon(lambda: screen.query_one(ComparedTable).size.height > 30)
        await soon(lambda: "step 140" not in screen_text(pilot))
        press(pilot, "f")
        await seen(pilot, "step 140")
        press(pilot, "escape")
        await soon(lambda: "┤" in screen_text(pilot))
        press(pilot, "f")
        await soon(lambda: "┤" not in screen_text(pilot) and screen.query_one(ComparedTable).size.height > 30)


@pytest.mark.slow
async def test_the_table_on_the_whole_screen_has_the_arrows_whatever_the_charts_had(runs: Path) -> None:
    folders = [classifier(runs, 110 + n, learning_rate=n / 100, patience=n, epochs=9 + n, seed=n) for n in range(1, 9)]
    async with comparing(runs, folders, LOW) as pilot:
        await read(pilot, 8)
        screen = pilot.app.screen
        assert isinstance(screen, CompareScreen)
        table = screen.query_one(ComparedTable)
        press(pilot, "tab", "enter")
        await soon(lambda: table.size.height == 0)
        press(pilot, "f")
        await seen(pilot, "all that differs")
        await soon(lambda: table.size.height >= 20)
        cursor = screen._view.look.cursor
        press(pilot, "right")
        await seen(pilot, "→ does nothing now: there are no more columns")
        press(pilot, "down")
        await soon(lambda: table.chosen == 1)
        assert screen._view.look.cursor == cursor
        press(pilot, "f")
        await soon(lambda: "┤" in screen_text(pilot) and table.size.height == 0)
        press(pilot, "escape")
        await soon(lambda: "┤" in screen_text(pilot) and table.size.height > 0)
        press(pilot, "f")
        await soon(lambda: table.size.height >= 20)
        press(pilot, "enter")
        await soon(lambda: isinstance(pilot.app.screen, TrainingScreen))
        assert pilot.app.screen.folder.name == "fashion-cnn-2"
