"""Shows a report of data, as high as it is: what is around it scrolls."""

from textual import getters
from textual.geometry import Size

from gan_tui.dashboard.terminal.app import TerminalApp
from gan_tui.dashboard.themes import inks
from gan_tui.dashboard.views.data import draw_report
from gan_tui.dashboard.widgets.cells_view import CellsView
from gan_tui.data.own import Report
from gan_tui.drawing.cells import Cells


class DataView(CellsView):
    """Nothing until there is a report."""

    DEFAULT_CSS = """
    DataView { height: auto; width: 1fr; }
    """

    app = getters.app(TerminalApp)

    def __init__(self) -> None:
        super().__init__()
        self._report: Report | None = None
        self._page: Cells | None = None

    def show(self, report: Report | None) -> None:
        self._report, self._page = report, None
        self.refresh(layout=True)
        self.call_after_refresh(self.redraw)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        page = self._drawn(width)
        return page.rows if page else 0

    def draw(self, size: Size) -> Cells | None:
        return self._drawn(size.width)

    def repaint(self) -> None:
        self._page = None
        super().repaint()

    def _drawn(self, columns: int) -> Cells | None:
        if self._report is None or columns < 1:
            return None
        if self._page is None or self._page.columns != columns:
            self._page = draw_report(self._report, columns, self.app.terminal, inks(self.app.current_theme))
        return self._page
