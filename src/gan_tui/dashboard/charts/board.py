"""All charts of a run, from its state and a person's look to cells. What was computed is kept for the next time."""

from dataclasses import replace

from gan_tui.dashboard.charts.any_board import AnyBoard
from gan_tui.dashboard.charts.curves import Curves, Window
from gan_tui.dashboard.charts.look import Look
from gan_tui.dashboard.charts.pages import page_of
from gan_tui.dashboard.charts.panels import Group, colors_of, grouped, panel_of, parted
from gan_tui.dashboard.charts.x_axis import XAxis
from gan_tui.dashboard.themes import Inks
from gan_tui.drawing.plots.charts import Drawing, Plot, draw_charts
from gan_tui.drawing.terminal import Terminal
from gan_tui.run.state import RunState

_DOTS = 2
"""Across a cell."""
_BESIDE = 16
"""Columns that axes, names and values take, about."""


def has_epochs(state: RunState) -> bool:
    """Whether it is known how long an epoch is."""
    return not state.is_of_others or (state.started is not None and state.started.steps_per_epoch > 1)


def window_of(look: Look, columns: int) -> Window:
    """The steps on show in so many columns."""
    return Window(look.ends, max(_DOTS * (columns - _BESIDE), 8))


def last_step(state: RunState) -> int:
    """The last step that was measured, at least 1."""
    return max([1, *(series.last_step for series in state.series.values())])


class Board(AnyBoard[RunState]):
    """The charts of one run."""

    def __init__(self, *, with_keys: bool = True) -> None:
        """`with_keys` is whether the keys that charts have are told below them."""
        super().__init__()
        self._with_keys = with_keys
        self._curves = Curves()
        self._plots: tuple[Plot, ...] = ()

    def drawn_of(self, state: RunState) -> tuple[object, ...]:
        return state.series, state.course.marks, state.checkpoints, state.alerts, state.started

    def last(self, state: RunState, look: Look) -> int:
        return last_step(state)

    def has_epochs(self, state: RunState) -> bool:
        return has_epochs(state)

    def grouped(self, state: RunState, look: Look) -> list[Group]:
        return grouped(state, look)

    def step_at(self, state: RunState, look: Look, place: float) -> float:
        return XAxis(state, look, last_step(state)).step_at(place)

    def draw(
        self, state: RunState, look: Look, columns: int, rows: int, *, growing: bool, ink: Inks, terminal: Terminal
    ) -> Drawing:
        last = last_step(state)
        window = window_of(look, columns)
        x_axis = XAxis(state, look, last)
        self.page = page_of(grouped(state, look), look, rows)
        colors = {name: color for group in self.page.groups for name, color in colors_of(group, state).items()}
        curves = {
            name: x_axis.curve(self._curves.of(name, state, ink.series[color % len(ink.series)], window, look, last))
            for name, color in colors.items()
        }
        self.groups = parted(self.page.groups, state, look, curves, self.groups, rows)
        panels = [panel_of(group, state, look, curves, window) for group in self.groups]
        along = x_axis.along(window, ink, growing)
        hints = "  ".join([*self.page.hints(look.wanted), along.hints]) if self._with_keys else ""
        along = replace(along, hints=hints)
        drawing = draw_charts(panels, along, columns, rows, tones=ink, terminal=terminal, before=self._plots)
        self._plots = drawing.plots
        return drawing
