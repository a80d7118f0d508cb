"""One chart of related metrics."""

from collections.abc import Mapping

import numpy as np
from textual import getters
from textual.geometry import Size
from textual.reactive import reactive

from gan_tui.dashboard.terminal.app import TerminalApp
from gan_tui.dashboard.themes import inks
from gan_tui.dashboard.widgets.cells_view import CellsView
from gan_tui.drawing.cells import Cells
from gan_tui.drawing.colors import blend
from gan_tui.drawing.plots.charts import ROWS_FOR_X_LABEL, Line, draw_chart
from gan_tui.run.metrics import LOSS, Metric
from gan_tui.run.series import Binned, Bins, Floats, Series, bin_width, smoothed

_MUTED = 0.62
"""How far the colour of single steps fades behind a smoothed curve."""
_DOTS = 2
"""Across a cell."""
_FRAME = 9
"""Columns that the axis and its labels take at most, as a rule."""


def _dots(columns: int) -> int:
    """How many dots the canvas of a chart has, about."""
    return max(_DOTS * (columns - _FRAME - 1), 8)


class MetricChart(CellsView):
    """The metrics of one group over the steps: loss and val_loss, say."""

    DEFAULT_CSS = """
    MetricChart { min-height: 5; padding: 0 1 0 0; }
    """

    app = getters.app(TerminalApp)

    log_y = reactive(False, init=False)
    smoothing = reactive(0.9, init=False)
    """How much of the past stays in each point, 0..1."""

    def __init__(self, group: str) -> None:
        super().__init__()
        self.group = group
        self._series: dict[str, Series] = {}
        self._metrics: Mapping[str, Metric] = {}
        self._growing = False
        self._bins: dict[str, Bins] = {}

    def show(self, series: Mapping[str, Series], metrics: Mapping[str, Metric], growing: bool = False) -> None:
        """Show the metrics of its group. While they are `growing` the axis leaves room, so that little moves."""
        mine = {name: values for name, values in series.items() if metrics[name].group == self.group}
        if mine != self._series or growing != self._growing:
            self._series, self._growing = mine, growing
            self._metrics = {name: metrics[name] for name in mine}
            self.redraw()

    @property
    def gains_by_log_axis(self) -> bool:
        """Whether powers of ten show more of what is on it."""
        return any(metric.gains_by_log_axis for metric in self._metrics.values())

    def watch_log_y(self) -> None:
        self.redraw()

    def watch_smoothing(self) -> None:
        self.redraw()

    def draw(self, size: Size) -> Cells:
        ink = inks(self.app.current_theme.dark)
        width = self._bin_width(size.width)
        lines: list[Line] = []
        for name, series in self._series.items():
            metric = self._metrics[name]
            color = ink.series[metric.color % len(ink.series)]
            binned = self._binned(name, series, width)
            if self.smoothing and metric.each == "step":
                lines.append(Line(metric.label, *binned.points, blend(color, ink.background, _MUTED), behind=True))
                steps, means = binned.means
                lines.append(Line(metric.label, steps, smoothed(means, self.smoothing**width), color))
            else:
                lines.append(Line(metric.label, *binned.points, color))
        if best := self._best_epoch():
            lines.append(Line("best", *best, ink.good))
        x_label, y_labels = self._labels(size)
        return draw_chart(
            lines, size.width, size.height, log_y=self.log_y, x_label=x_label, y_labels=y_labels,
            tones=ink, terminal=self.app.terminal,
            steps_a_dot=self._steps_a_dot(size.width) if self._growing else 0,
        )  # fmt: skip

    def _labels(self, size: Size) -> tuple[str, list[str]]:
        """What the axes are, that of y in ever fewer words; the smoothing is said where there is room for it."""
        unit = next((metric.unit for metric in self._metrics.values()), self.group)
        scale = ", log" if self.log_y else ""
        shorter = [unit + scale, self.group + scale]
        if not self.smoothing:
            return "step", shorter
        smoothed = f", smoothing {self.smoothing:g}"
        if size.height >= ROWS_FOR_X_LABEL and size.width >= 2 * len(smoothed):
            return "step" + smoothed, shorter
        return "step", [unit + scale + smoothed, *shorter]

    def _last_step(self) -> int:
        return max([1, *(series.last_step for series in self._series.values())])

    def _bin_width(self, columns: int) -> int:
        return bin_width(self._last_step(), _dots(columns))

    def _steps_a_dot(self, columns: int) -> float:
        """At first several dots a step, so that a short run fills its chart, too."""
        width = self._bin_width(columns)
        return width if width > 1 else bin_width(self._last_step(), 1) / _dots(columns)

    def _binned(self, name: str, series: Series, width: int) -> Binned:
        bins = self._bins.get(name)
        if bins is None or bins.width != width:
            bins = self._bins[name] = Bins(width)
        return bins.of(series)

    def _best_epoch(self) -> tuple[Floats, Floats] | None:
        """(step, loss) of the epoch that validates best, once there are two to compare."""
        losses = self._series.get(LOSS.validated().name)
        if losses is None or losses.length < 2 or np.isnan(losses.values).all():
            return None
        best = int(np.nanargmin(losses.values))
        return losses.steps[best : best + 1].astype(np.float32), losses.values[best : best + 1]
