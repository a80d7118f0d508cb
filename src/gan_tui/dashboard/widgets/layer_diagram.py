"""Networks as boxes, a box a layer, to choose one with the mouse."""

from collections.abc import Mapping
from typing import Any

from textual import getters
from textual.events import Click
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from gan_tui.dashboard.terminal.app import TerminalApp
from gan_tui.dashboard.terminal.sized_widget import SizedWidget
from gan_tui.dashboard.themes import inks
from gan_tui.dashboard.widgets.cells_view import to_strip
from gan_tui.drawing.cells import blank
from gan_tui.drawing.diagram import box_at, box_rows, draw_diagram, top_of
from gan_tui.drawing.words import write_pieces

Rows = list[Mapping[str, Any]]
"""The layer table of a network, a row a layer."""
MOST_TOGETHER = 400
"""Layers of several networks that are drawn below each other; of more, those of the chosen one's network alone."""


class LayerDiagram(SizedWidget):
    """Networks as boxes; a click chooses a layer."""

    DEFAULT_CSS = """
    LayerDiagram { height: auto; width: 1fr; }
    """

    app = getters.app(TerminalApp)

    class Chosen(Message):
        """A box was clicked."""

        def __init__(self, network: str, layer: str) -> None:
            super().__init__()
            self.network, self.layer = network, layer

    def __init__(self) -> None:
        super().__init__()
        self._networks: Mapping[str, Rows] = {}
        self._drawn: Mapping[str, Rows] = {}
        """Those of them that are on show."""
        self._chosen = ("", "")
        self._drawn_as: tuple[object, ...] = ()
        self._strips: list[Strip] = []
        self._tops: dict[str, int] = {}

    def show(self, networks: Mapping[str, Rows], network: str, layer: str) -> None:
        """Draw with a layer chosen."""
        if networks is not self._networks or (network, layer) != self._chosen:
            self._networks, self._chosen, self._drawn_as = networks, (network, layer), ()
            few = sum(map(len, networks.values())) <= MOST_TOGETHER or network not in networks
            self._drawn = networks if few else {network: networks[network]}
            self.refresh(layout=True)

    @property
    def rows_of_chosen(self) -> range:
        """The rows of the chosen layer's box."""
        wide = self.size.width
        self._draw(wide)
        network, layer = self._chosen
        rows = self._networks.get(network, [])
        index = next((n for n, row in enumerate(rows) if row["name"] == layer), 0)
        top = self._tops.get(network, 0) + top_of(rows, wide, index)
        return range(top, top + box_rows(rows, wide))

    def _draw(self, wide: int) -> None:
        """Draw everything, unless it is drawn so already; before the first layout there is no width yet."""
        wide = max(1, wide)
        if self._drawn_as == (wide, self.app.theme):
            return
        self._drawn_as = wide, self.app.theme
        ink, terminal = inks(self.app.current_theme), self.app.terminal
        self._strips, self._tops = [], {}
        for name, rows in self._drawn.items():
            index = next((n for n, row in enumerate(rows) if (name, row["name"]) == self._chosen), None)
            heading = blank(2, wide)
            write_pieces(heading, 0, 0, [(name, ink.text)])
            drawn = draw_diagram(rows, wide, terminal=terminal, tones=ink, selected=index)
            self._strips += [to_strip(heading, row, ink.text, ink.background) for row in range(2)]
            self._tops[name] = len(self._strips)
            self._strips += [to_strip(drawn, row, ink.text, ink.background) for row in range(drawn.rows)]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        self._draw(width)
        return max(1, len(self._strips))

    def render_line(self, y: int) -> Strip:
        self._draw(self.size.width)
        return self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width, self.rich_style)

    def on_click(self, event: Click) -> None:
        for name, top in reversed(self._tops.items()):
            if event.y >= top:
                rows = self._networks[name]
                index = box_at(rows, self.size.width, event.y - top)
                if index is not None:
                    self.post_message(self.Chosen(name, rows[index]["name"]))
                return
