"""The charts of a run, and what is seen in their place while it starts."""

from textual.app import ComposeResult
from textual.containers import Vertical

from gan_tui.dashboard.widgets.metric_charts import MetricCharts
from gan_tui.dashboard.widgets.start_progress import StartProgress
from gan_tui.run.state import RunState


class Charts(Vertical):
    """One chart for each group of metrics; how far the start has come while there is none."""

    def __init__(self) -> None:
        super().__init__(id="charts")
        self._progress, self.metrics = StartProgress(), MetricCharts()

    def compose(self) -> ComposeResult:
        yield self._progress
        yield self.metrics

    @property
    def is_whole(self) -> bool:
        """Whether nothing of it is gone yet."""
        return self._progress.is_attached and self.metrics.is_attached

    def show(self, state: RunState, growing: bool) -> None:
        """Show the metrics, which are `growing` or not."""
        waits = not state.series
        self._progress.display, self.metrics.display = waits, not waits
        if waits:
            self._progress.show(state)
        else:
            self.metrics.show(state, growing)
