"""One chart of related metrics."""

from collections.abc import Mapping, Sequence

import numpy as np
from textual.geometry import Size
from textual.reactive import reactive

from gan_tui.dashboard.themes import inks
from gan_tui.dashboard.widgets.cells_view import CellsView
from gan_tui.drawing.cells import Cells
from gan_tui.drawing.charts import Line, draw_chart
from gan_tui.drawing.colors import blend
from gan_tui.history import Floats, Series, Steps, reduced, smoothed

_LEGEND = {"": "training", "val": "validation", "d": "discriminator", "g": "generator"}
_UNITS = {"accuracy": "accuracy, 0–1", "loss": "loss", "mae": "mean absolute error", "output": "D's mean output, 0–1"}
_MUTED = 0.62
"""How far the colour of single steps fades behind a smoothed curve."""
_SMOOTH_POINTS = 4000
"""More points than this are averaged in groups before they are smoothed: a screen has a few hundred columns."""


def kinds(names: Sequence[str]) -> list[str]:
    """The charts that some metrics make: loss first, then accuracy, then the rest."""
    found = {name.rpartition("_")[2] for name in names}
    return sorted(
        found, key=lambda kind: (["loss", "accuracy"].index(kind) if kind in ("loss", "accuracy") else 2, kind)
    )


class MetricChart(CellsView):
    """The metrics of one kind (loss, d_loss and val_loss are of the kind loss) over the steps."""

    DEFAULT_CSS = """
    MetricChart { min-height: 5; padding: 0 1 0 0; }
    """

    log_y = reactive(False, init=False)
    smoothing = reactive(0.9, init=False)
    """How much of the past stays in each point, 0..1."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind
        self._series: dict[str, Series] = {}

    def show(self, series: Mapping[str, Series]) -> None:
        mine = {name: values for name, values in series.items() if name.rpartition("_")[2] == self.kind}
        if mine != self._series:
            self._series = mine
            self.redraw()

    def watch_log_y(self) -> None:
        self.redraw()

    def watch_smoothing(self) -> None:
        self.redraw()

    def draw(self, size: Size) -> Cells:
        ink = inks(self.app.current_theme.dark)
        lines: list[Line] = []
        for position, (name, series) in enumerate(self._series.items()):
            color = ink.lines[position % len(ink.lines)]
            if self.smoothing and not name.startswith("val_"):
                muted = blend(color, ink.background, _MUTED)
                lines.append(self._line(name, series.steps, series.values, size.width, muted, quiet=True))
                lines.append(self._line(name, *self._smooth(series), size.width, color))
            else:
                lines.append(self._line(name, series.steps, series.values, size.width, color))
        if best := self._best_epoch():
            lines.append(Line("best", *best, ink.good))
        label = _UNITS.get(self.kind, self.kind)
        if self.log_y:
            label += ", log"
        if self.smoothing:
            label += f", smoothed {self.smoothing:g}"
        if size.width < 50:
            label = self.kind  # which leaves room for the names of the lines
        return draw_chart(
            lines, size.width, size.height, log_y=self.log_y, x_label="step", y_label=label, style=ink.chart,
            terminal=self.app.terminal,  # type: ignore[attr-defined]
        )  # fmt: skip

    def _best_epoch(self) -> tuple[Floats, Floats] | None:
        """(step, validation loss) of the epoch that validates best, once there are two to compare."""
        losses = self._series.get("val_loss")
        if losses is None or losses.length < 2 or np.isnan(losses.values).all():
            return None
        best = int(np.nanargmin(losses.values))
        return losses.steps[best : best + 1].astype(np.float32), losses.values[best : best + 1]

    def _smooth(self, series: Series) -> tuple[Steps, Floats]:
        steps, values = series.steps, series.values
        group = -(-len(values) // _SMOOTH_POINTS) or 1
        if group > 1:
            whole = len(values) // group * group
            steps, values = steps[group - 1 : whole : group], values[:whole].reshape(-1, group).mean(axis=1)
        return steps, smoothed(values, self.smoothing**group)

    def _line(self, name: str, steps: Steps, values: Floats, columns: int, color: int, quiet: bool = False) -> Line:
        prefix = name.removesuffix(self.kind).rstrip("_")
        x, y = reduced(steps, values, 2 * columns)
        return Line(_LEGEND.get(prefix, prefix), x, y, color, quiet)
