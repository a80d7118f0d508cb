"""A run of a network with shortcuts: its table says what is taken, its diagram has lines to follow."""

from pathlib import Path

import pytest
from textual.containers import VerticalScroll
from textual.events import MouseDown, MouseUp
from textual.geometry import Offset
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import OptionList

from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.widgets.layer_details import LayerDetails
from gan_tui.dashboard.widgets.layers_pane import LayersPane
from on_screen import WIDE, cells_at, mouse, press, running, seen, soon
from recorded import recorded_run


def lines_of(pilot: Pilot, kind: type[Widget]) -> list[str]:
    widget = pilot.app.screen.query_one(LayersPane).query_one(kind)
    return [line.rstrip() for line in cells_at(pilot, widget.region).text().split("\n")]


@pytest.mark.slow
async def test_the_layers_of_a_residual_network(runs: Path) -> None:
    folder = recorded_run(runs, "resnet-small")
    async with running(GanTui(runs, folder), WIDE) as pilot:
        await seen(pilot, "step 120")
        press(pilot, "2")
        await seen(pilot, "classifier 78,138 parameters")
        table = lines_of(pilot, OptionList)
        assert any(line.startswith("Add ← stem, change_1 ") for line in table)
        assert any("… (shortcut_2) ← block_1  14×14×32" in line for line in table), "what is taken is not cut"
        press(pilot, *["down"] * 8, "g")
        await soon(lambda: any("┃ add" in line for line in lines_of(pilot, VerticalScroll)))
        assert lines_of(pilot, LayerDetails)[1] == "add (Add)  ← stem, change_1"
        shown = lines_of(pilot, VerticalScroll)
        (chosen,) = [line for line in shown if "┃ add" in line]
        assert chosen.endswith("┃◄─╯")
        above = shown[shown.index(chosen) - 3]
        assert above.endswith("│"), "the shortcut comes down beside the boxes"
        row = next(n for n, line in enumerate(shown) if "│ block_1" in line)
        scroll = pilot.app.screen.query_one(LayersPane).query_one(VerticalScroll)
        mouse(pilot, Offset(scroll.region.x + 10, scroll.region.y + row), MouseDown, MouseUp)
        await soon(lambda: lines_of(pilot, LayerDetails)[1].startswith("block_1 (ReLU)"))
