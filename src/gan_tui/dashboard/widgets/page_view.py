"""A page of cells that is as high as what it shows, drawn once for a width: what is around it scrolls."""

from textual import getters
from textual.geometry import Size

from gan_tui.dashboard.terminal.app import TerminalApp
from gan_tui.dashboard.widgets.cells_view import CellsView
from gan_tui.drawing.cells import Cells


class PageView(CellsView):
    """Nothing as long as there is no page."""

    DEFAULT_CSS = """
    PageView { height: auto; width: 1fr; }
    """

    app = getters.app(TerminalApp)

    def __init__(self) -> None:
        super().__init__()
        self._page: Cells | None = None

    def page(self, columns: int) -> Cells | None:
        """What is to be shown, so wide."""
        raise NotImplementedError

    def turn(self) -> None:
        """There is another page to show."""
        self._page = None
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
        if columns > 0 and (self._page is None or self._page.columns != columns):
            self._page = self.page(columns)
        return self._page if columns > 0 else None
