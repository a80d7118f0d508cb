"""More metrics than there is room for: pages of charts, found by name, and colours that tell curves apart."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from textual.pilot import Pilot

from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.charts.board import Board
from gan_tui.dashboard.charts.look import Look
from gan_tui.dashboard.themes import inks
from gan_tui.drawing.cells import Cells
from gan_tui.drawing.terminal import Terminal
from gan_tui.run.events import Event, Metrics, Record
from gan_tui.run.state import RunState
from on_screen import LOW, WIDE, press, running, screen_text, seen, soon
from script_runs import STARTED, curves, script_run

SIXTY = [f"layer{n}/loss" for n in range(1, 61)]


def board_of(events: Sequence[Event], look: Look, columns: int = 70, rows: int = 37) -> tuple[Board, Cells]:
    state = RunState().apply_all(Record(n, float(n), event) for n, event in enumerate([STARTED, *events]))
    board = Board()
    drawing = board.draw(state, look, columns, rows, growing=False, ink=inks(True), terminal=Terminal())
    return board, drawing.cells


@pytest.mark.slow
@pytest.mark.parametrize(("size", "shown"), [(WIDE, 6), (LOW, 3)])
async def test_charts_that_have_no_room_are_on_further_pages(size: tuple[int, int], shown: int, runs: Path) -> None:
    folder = script_run(runs, curves(SIXTY, range(1, 101)))
    async with running(GanTui(runs, folder), size) as pilot:
        await seen(pilot, "d more")
        await soon(lambda: _on_show(pilot) == [f"layer{n}" for n in range(1, shown + 1)])
        press(pilot, "d")
        await soon(lambda: _on_show(pilot) == [f"layer{n}" for n in range(shown + 1, 2 * shown + 1)])
        press(pilot, "u", "u")
        await soon(lambda: _on_show(pilot)[-1:] == ["layer60"])
        press(pilot, "tab", "down")
        await soon(lambda: _on_show(pilot)[:1] == ["layer1"])


def _on_show(pilot: Pilot) -> list[str]:
    return [line.split()[0] for line in screen_text(pilot).splitlines() if line.strip().startswith("layer")]


@pytest.mark.slow
async def test_charts_are_found_by_parts_of_their_names(runs: Path) -> None:
    names = [*SIXTY, "gpu/mem MB", "val_loss"]
    folder = script_run(runs, curves(names, range(1, 101)))
    async with running(GanTui(runs, folder)) as pilot:
        await seen(pilot, "of 62")
        press(pilot, "slash")
        await seen(pilot, "Charts to show")
        press(pilot, *"nothing", "enter")
        await seen(pilot, "No metric has these words in its name")
        press(pilot, *["backspace"] * 7, *"MEM", "enter")
        await seen(pilot, "esc all charts")
        await soon(lambda: [line for line in screen_text(pilot).splitlines() if line.strip().startswith("gpu")])
        assert _on_show(pilot) == []
        press(pilot, "escape")
        await seen(pilot, "of 62")


async def test_where_all_charts_have_room_no_key_leads_to_others(runs: Path) -> None:
    folder = script_run(runs, curves(["loss", "lr"], range(1, 101)))
    async with running(GanTui(runs, folder)) as pilot:
        await seen(pilot, "tab cursor")
        assert "d more" not in screen_text(pilot)
        press(pilot, "d")
        await seen(pilot, "d does nothing now: all charts are shown")


def test_a_group_of_many_is_parted_so_that_each_curve_has_a_colour_of_its_own() -> None:
    names = [f"norm/{n}" for n in range(1, 11)]
    board, cells = board_of([curves(names, range(1, 51))], Look())
    assert [group.title for group in board.groups] == ["norm 1–4 of 10", "norm 5–8 of 10", "norm 9–10 of 10"]
    assert [len(group.names) for group in board.groups] == [4, 4, 2]
    colors = [color for color in inks(True).series if (cells.foreground == color).any()]
    assert len(colors) == 4


def test_curves_that_declare_one_colour_have_two() -> None:
    _, cells = board_of([curves(["train/loss", "train/error"], range(1, 51))], Look())
    first, second = inks(True).series[:2]
    text = cells.text().split("\n")
    row = next(n for n, line in enumerate(text) if "error" in line)
    assert (cells.foreground[row] == second).any() and (cells.foreground == first).any()


def test_a_metric_and_its_validation_stay_on_one_chart() -> None:
    names = [name for n in range(5) for name in (f"out{n}_loss", f"val_out{n}_loss")]
    board, _ = board_of([curves(names, range(1, 51))], Look())
    assert all(f"val_{name}" in group.names for group in board.groups for name in group.names if name[:3] != "val")


def test_names_whose_ranges_differ_much_have_charts_of_their_own_on_their_page() -> None:
    board, _ = board_of([curves(["gpu/mem MB", "gpu/busy"], range(1, 51), **{"gpu/mem MB": 20_000.0})], Look())
    assert [group.title for group in board.groups] == ["gpu: mem MB", "gpu: busy"]


@pytest.mark.parametrize(
    ("steps", "values"),
    [
        ([7], [0.5]), ([1, 1000, 1_000_000], [3.0, None, 1e38]), ([5, 6], [None, None]), ([1, 2], [-5.0, -7.0]),
        ([1, 2], [0.0, 0.0]), ([10, 2_000_000_000], [1e-30, 1e30]),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "look", [Look(), Look(log_y=True), Look(all_values=False), Look(unit="epoch"), Look(unit="time")]
)
def test_whatever_was_measured_is_drawn(steps: list[int], values: list[float | None], look: Look) -> None:
    _, cells = board_of([Metrics(steps, {"a/b": values}), Metrics(steps[:1], {"c": values[:1]})], look)
    assert "a" in cells.text() and "c" in cells.text()


@pytest.mark.parametrize(("steps_per_epoch", "counted"), [(1, "seconds of training"), (10, "epoch, smoothing")])
async def test_epochs_are_counted_where_it_is_known_how_long_one_is(
    steps_per_epoch: int, counted: str, runs: Path
) -> None:
    folder = script_run(runs, curves(["loss"], range(1, 101)), steps_per_epoch=steps_per_epoch)
    async with running(GanTui(runs, folder)) as pilot:
        await seen(pilot, "step, smoothing")
        press(pilot, "e")
        await seen(pilot, counted)
