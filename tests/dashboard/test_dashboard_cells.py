"""Widgets of cells: what they show after many drawings is what they drew last."""

import numpy as np
from textual.app import App, ComposeResult
from textual.geometry import Size

from gan_tui.dashboard.widgets.cells_view import CellsView, to_strip, with_few_greys
from gan_tui.drawing.cells import DEFAULT, Cells


class Noise(CellsView):
    """Draws letters at random places, in random colours."""

    def __init__(self) -> None:
        super().__init__()
        self.random = np.random.default_rng(0)
        self.drawn = np.full((6, 30), " ", "<U1"), np.full((6, 30), DEFAULT, np.int32)

    def draw(self, size: Size) -> Cells:
        characters, ink = (part.copy() for part in self.drawn)
        row, column = self.random.integers(6), self.random.integers(30)
        characters[row, column : column + 5] = chr(int(self.random.integers(97, 123)))
        ink[row, column : column + 5] = self.random.choice([DEFAULT, 0xFF0000, 0x00FF00])
        self.drawn = characters, ink
        return Cells(characters, ink, np.full((6, 30), DEFAULT, np.int32))


class NoiseApp(App[None]):
    def compose(self) -> ComposeResult:
        yield Noise()


async def test_each_row_is_as_it_was_drawn_last_also_on_another_ground() -> None:
    app = NoiseApp()
    async with app.run_test(size=(30, 6)) as pilot:
        view = app.query_one(Noise)
        for paper in ("#000000", "#404040", "#f0f0f0"):
            view.styles.background = paper
            await pilot.pause()
            for _ in range(30):
                view.redraw()
                cells = with_few_greys(Cells(*view.drawn, np.full((6, 30), DEFAULT, np.int32)))
                ground = [int(view.colors[place].hex6[1:], 16) for place in (3, 2)]
                expected = [to_strip(cells, row, *ground) for row in range(6)]
                assert [list(view.render_line(row)) for row in range(6)] == [list(strip) for strip in expected]


async def test_what_was_not_drawn_while_there_was_no_room_is_drawn_when_there_is_room_again() -> None:
    app = NoiseApp()
    async with app.run_test(size=(30, 6)) as pilot:
        view = app.query_one(Noise)
        view.styles.padding = 1
        await pilot.pause()
        before = view.drawn[0]
        await pilot.resize_terminal(30, 2)
        view.redraw()
        assert view.drawn[0] is before
        await pilot.resize_terminal(30, 6)
        await pilot.pause()
        assert view.drawn[0] is not before
