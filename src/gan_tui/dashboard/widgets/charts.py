"""The charts of a run, and what is seen in their place while it starts."""

from textual.app import ComposeResult
from textual.containers import Vertical

from gan_tui.dashboard.widgets.chart import MetricChart
from gan_tui.dashboard.widgets.start_progress import StartProgress
from gan_tui.run.metrics import groups
from gan_tui.run.state import RunState

SMOOTHINGS = (0.9, 0.98, 0.0, 0.6)
"""How much of the past stays in each point, one after another."""


class Charts(Vertical):
    """One chart for each group of metrics; how far the start has come while there is none."""

    def __init__(self) -> None:
        super().__init__(id="charts")
        self._progress = StartProgress()
        self._charts: list[MetricChart] = []

    def compose(self) -> ComposeResult:
        yield self._progress

    @property
    def is_whole(self) -> bool:
        """Whether nothing of it is gone yet."""
        return self._progress.is_attached

    async def show(self, state: RunState, growing: bool) -> None:
        """Show the metrics, which are `growing` or not."""
        metrics = state.metrics
        wanted = groups(metrics[name] for name in state.series)
        self._progress.display = not wanted
        if not wanted:
            self._progress.show(state)
        if [chart.group for chart in self._charts] != wanted:
            await self.query(MetricChart).remove()
            if not self.is_whole:
                return
            self._charts = [MetricChart(group) for group in wanted]
            await self.mount(*self._charts)
        for chart in self._charts:
            chart.show(state.series, metrics, growing)

    def toggle_log_axis(self) -> None:
        """The y axis in powers of ten, and back."""
        for chart in self._charts:
            if chart.gains_by_log_axis:
                chart.log_y = not chart.log_y

    def next_smoothing(self) -> None:
        """Change the smoothing of the curves: more, none, a little, in turn."""
        for chart in self._charts:
            chart.smoothing = SMOOTHINGS[(SMOOTHINGS.index(chart.smoothing) + 1) % len(SMOOTHINGS)]
