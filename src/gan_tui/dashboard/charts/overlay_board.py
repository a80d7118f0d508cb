"""The charts of several runs over each other: drawn by what draws those of one, each run's numbers kept in bins."""

from dataclasses import replace

from gan_tui.dashboard.charts.any_board import AnyBoard
from gan_tui.dashboard.charts.board import has_epochs, window_of
from gan_tui.dashboard.charts.curves import Curves, Window
from gan_tui.dashboard.charts.diverged import apart, whole, within
from gan_tui.dashboard.charts.look import Look
from gan_tui.dashboard.charts.overlay import Chart, Line, Overlay
from gan_tui.dashboard.charts.overlay_axis import OverlayAxis
from gan_tui.dashboard.charts.pages import ROWS_OF_EACH, page_of
from gan_tui.dashboard.charts.panels import Group, values_in, without_outliers
from gan_tui.dashboard.themes import Inks
from gan_tui.drawing.plots.charts import Drawing, Plot, draw_charts
from gan_tui.drawing.plots.curves import Curve, Panel, Reference
from gan_tui.drawing.terminal import Terminal

_MOST_SHADED = 2
"""Curves of a chart that show what they spread over: of more, one would hide another."""


class OverlayBoard(AnyBoard[Overlay]):
    """The charts of several runs."""

    def __init__(self) -> None:
        super().__init__()
        self._curves: dict[int, Curves] = {}
        self._plots: tuple[Plot, ...] = ()

    def drawn_of(self, overlay: Overlay) -> tuple[object, ...]:
        each = ((run.label, run.color, run.state.series, run.state.course) for run in overlay.runs)
        return (overlay.which, overlay.nothing, *each)

    def last(self, overlay: Overlay, look: Look) -> int:
        return OverlayAxis(overlay.runs, look).last

    def has_epochs(self, overlay: Overlay) -> bool:
        return all(has_epochs(run.state) for run in overlay.runs)

    def grouped(self, overlay: Overlay, look: Look) -> list[Group]:
        return [chart.group for chart in overlay.charts(look)]

    def step_at(self, overlay: Overlay, look: Look, place: float) -> float:
        return OverlayAxis(overlay.runs, look).step_at(place)

    def draw(
        self, overlay: Overlay, look: Look, columns: int, rows: int, *, growing: bool, ink: Inks, terminal: Terminal
    ) -> Drawing:
        axis, window = OverlayAxis(overlay.runs, look), window_of(look, columns)
        charts = {chart.group.group: chart for chart in overlay.charts(look)}
        each = max(ROWS_OF_EACH, 1 + len(overlay.runs))  # a title, and a row for each name
        self.page = page_of([chart.group for chart in charts.values()], look, rows, each)
        self.groups = list(self.page.groups)
        panels = [self._panel(charts[group.group], axis, look, window, ink) for group in self.groups]
        along = axis.along(window, ink, growing)
        along = replace(along, hints="  ".join([*self.page.hints(look.wanted), along.hints]), nothing=overlay.nothing)
        drawing = draw_charts(panels, along, columns, rows, tones=ink, terminal=terminal, before=self._plots)
        self._plots = drawing.plots
        return drawing

    def _panel(self, chart: Chart, axis: OverlayAxis, look: Look, window: Window, ink: Inks) -> Panel:
        curves = [self._curve(line, axis, window, ink) for line in chart.lines]
        if len(curves) > _MOST_SHADED:
            curves = [replace(curve, spread=None) for curve in curves]
        references = {reference for line in chart.lines for reference in line.metric.references}
        log_y = look.log_y and any(line.metric.gains_by_log_axis for line in chart.lines)
        scale = ", log scale" if log_y else ""
        panel = Panel(
            chart.group.title + scale,
            curves,
            [Reference(value, words, words.partition(":")[0]) for value, words in sorted(references)],
            log_y,
            short=chart.group.group + scale[:5],
            chosen=chart.group.group == look.chosen and not look.enlarged,
        )
        measured = [
            values_in(line.run.state.series[line.metric.name], axis.own(line.run, window).window)
            for line in chart.lines
        ]
        away = apart([line.run.state.state == "failed" for line in chart.lines], measured)
        if not any(away):
            return panel if look.all_values else without_outliers(panel, measured)
        telling = replace(panel, curves=[curve for curve, gone in zip(curves, away, strict=True) if not gone])
        calm = [values for values, gone in zip(measured, away, strict=True) if not gone]
        scaled = whole(telling, calm) if look.all_values else without_outliers(telling, calm)
        return within(scaled, curves, measured)

    def _curve(self, line: Line, axis: OverlayAxis, window: Window, ink: Inks) -> Curve:
        run, own = line.run, axis.own(line.run, window)
        color = ink.run(run.color)
        curves = self._curves.setdefault(run.number, Curves())
        curve = curves.of(line.metric.name, run.state, color, own.window, own.look, own.last)
        value, over = (None, True) if own.is_over else (curve.value, curve.has_not_begun)
        return replace(
            axis.curve(run, curve), name=run.label if line.is_named else "", value=value, has_not_begun=over,
            faint=line.faint, number=run.number - 1, tag=str(run.number) if line.is_named else "",
        )  # fmt: skip
