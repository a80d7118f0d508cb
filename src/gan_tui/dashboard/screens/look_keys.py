"""The keys with which a person looks at charts: cursor, range, enlarged, smoothed, over steps, epochs or time."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from textual import work
from textual.binding import Binding, BindingType
from textual.screen import Screen

from gan_tui.dashboard.screens.ask import AskScreen
from gan_tui.dashboard.widgets.metric_charts import ZOOM, ChartsView
from gan_tui.dashboard.widgets.refusing import RefusingLines

_PAN = 0.5

LOOK_KEYS: list[BindingType] = [
    Binding(
        "tab",
        "turn_arrows",
        "Charts",
        show=False,
        tooltip="Give the arrows and enter to the charts, or back to the picture",
    ),
    Binding("l", "log_axis", "Log", show=False, tooltip="Switch the y axis between linear and logarithmic"),
    Binding("m", "smooth(1)", "Smooth", show=False, tooltip="Smooth the curves more; after the most, not at all"),
    Binding("M", "smooth(-1)", "Smooth less", show=False, tooltip="Smooth the curves less"),
    Binding("plus,equals_sign", "zoom(1)", "Zoom", show=False, key_display="+", tooltip="Zoom into the charts"),
    Binding("minus", "zoom(-1)", "Zoom out", show=False, key_display="-", tooltip="Zoom out of the charts"),
    Binding("0", "whole", "All steps", show=False, tooltip="Show all steps again, also those to come"),
    Binding("less_than_sign", "pan(-1)", "Earlier", show=False, key_display="<", tooltip="Show earlier steps"),
    Binding("greater_than_sign", "pan(1)", "Later", show=False, key_display=">", tooltip="Show later steps"),
    Binding("i", "ask_range", "Steps", show=False, tooltip="Show the steps that you type, as 1000-2000"),
    Binding("shift+left", "cursor(-10)", "Far left", show=False, tooltip="Move the charts' cursor far to the left"),
    Binding("shift+right", "cursor(10)", "Far right", show=False, tooltip="Move the charts' cursor far to the right"),
    Binding("e", "unit", "Unit", show=False, tooltip="Count steps, epochs or time of training on the x axis"),
    Binding("d", "more_charts(1)", "More charts", show=False, tooltip="Show the charts below, where there are more"),
    Binding("u", "more_charts(-1)", "Charts above", show=False, tooltip="Show the charts above"),
    Binding("slash", "find_charts", "Find", show=False, key_display="/", tooltip="Show the charts of some names"),
    Binding("y", "outliers", "Outliers", show=False, tooltip="Leave outliers out of the scales, and back"),
]


class LooksAtCharts(Screen[None]):
    """The actions of a screen that has charts."""

    _status: RefusingLines
    arrows_at_charts = False
    """Whether arrows and enter act on the charts; else on the picture."""

    @property
    def _metrics(self) -> ChartsView[Any]:
        raise NotImplementedError

    def action_turn_arrows(self) -> None:
        self.arrows_at_charts = not self.arrows_at_charts
        if self.arrows_at_charts:
            self._metrics.move_cursor(0)
        else:
            self._metrics.change(lambda look: replace(look, cursor=None, chosen=""))
            self._show_enlarged()

    def action_cursor(self, columns: int) -> None:
        self.arrows_at_charts = True
        self._metrics.move_cursor(columns)

    def action_log_axis(self) -> None:
        self._metrics.change(lambda look: replace(look, log_y=not look.log_y))

    def action_smooth(self, places: int) -> None:
        self._metrics.change(lambda look: look.smoother(places))

    def action_zoom(self, direction: int) -> None:
        self._metrics.zoom(ZOOM**direction)
        self.refresh_bindings()

    def action_whole(self) -> None:
        self._metrics.change(lambda look: replace(look, ends=None))
        self.refresh_bindings()

    def action_pan(self, direction: int) -> None:
        if self._metrics.look.ends is None:
            self._status.refuse(f"{'<>'[direction > 0]} does nothing now: all steps are shown; + zooms in")
            return
        self._metrics.pan(_PAN * direction)

    def action_unit(self) -> None:
        self._metrics.change(lambda look: look.next_unit(self._metrics.has_epochs))

    def action_more_charts(self, pages: int) -> None:
        if not self._metrics.turn(pages):
            self._status.refuse(f"{'du'[pages < 0]} does nothing now: all charts are shown")

    @work
    async def action_find_charts(self) -> None:
        if answer := await self.app.push_screen_wait(NamesScreen(self._metrics.are_called)):
            self._metrics.change(lambda look: look.wanting(answer))
            self._show_enlarged()

    def action_outliers(self) -> None:
        self._metrics.change(lambda look: replace(look, all_values=not look.all_values))

    @work
    async def action_ask_range(self) -> None:
        low, high = self._metrics.look.range_of(self._metrics.last)
        asking = RangeScreen(self._metrics.last, f"{low}-{high}")
        if answer := await self.app.push_screen_wait(asking):
            self._metrics.change(lambda look: look.showing(*asking.range_of(answer), self._metrics.last))

    def _arrow(self, across: int, down: int) -> None:
        """An arrow key, at the charts."""
        if across:
            self._metrics.move_cursor(across)
        else:
            self._metrics.choose(down)

    def _enlarge(self) -> None:
        self._metrics.enlarge()
        self._show_enlarged()

    def _back_from_charts(self) -> bool:
        """One step back of what was chosen of the charts; False where nothing was."""
        if not self._metrics.look.is_nested:
            return False
        self._metrics.change(lambda look: look.back())
        self.arrows_at_charts = self._metrics.look.cursor is not None
        self._show_enlarged()
        return True

    def _show_enlarged(self) -> None:
        """An enlarged chart has the whole screen."""
        self.set_class(self._metrics.look.enlarged, "-chart")
        self.refresh_bindings()


class NamesScreen(AskScreen):
    """Asks for the names of charts."""

    def __init__(self, called: Callable[[str], bool]) -> None:
        """`called` says whether any chart is called so."""
        super().__init__("Charts to show, by parts of their names (enter shows them, esc cancels)", "")
        self._called = called

    def problem(self, answer: str) -> str:
        return "" if self._called(answer) else "No metric has these words in its name."


class RangeScreen(AskScreen):
    """Asks for the steps to be shown."""

    def __init__(self, last: int, suggestion: str) -> None:
        super().__init__(f"Steps to show, of 0 to {last:,} (enter shows them, esc cancels)", suggestion)
        self._last = last

    def range_of(self, answer: str) -> tuple[int, int]:
        """The first and the last step that an answer means. Raises ValueError where it means none."""
        low, _, high = answer.replace(",", "").replace("–", "-").partition("-")
        return int(low), int(high)

    def problem(self, answer: str) -> str:
        try:
            low, high = self.range_of(answer)
        except ValueError:
            return "Give the first and the last step, as 1000-2000."
        return "" if low < high and low < self._last else f"Give two steps of 0 to {self._last:,}, the smaller first."
