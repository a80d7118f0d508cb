"""Shows a report of data, as high as it is."""

from gan_tui.dashboard.themes import inks
from gan_tui.dashboard.views.data import draw_report
from gan_tui.dashboard.widgets.page_view import PageView
from gan_tui.data.own import Report
from gan_tui.drawing.cells import Cells


class DataView(PageView):
    """Nothing until there is a report."""

    def __init__(self) -> None:
        super().__init__()
        self._report: Report | None = None

    def show(self, report: Report | None) -> None:
        self._report = report
        self.turn()

    def page(self, columns: int) -> Cells | None:
        if self._report is None:
            return None
        return draw_report(self._report, columns, self.app.terminal, inks(self.app.current_theme))
