"""The layers of a run: as a table or as a diagram, with the chosen layer's settings and weights below."""

from collections.abc import Mapping
from typing import Any, Self

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.events import Click
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from gan_tui.dashboard.themes import inks
from gan_tui.dashboard.views.base import Scene
from gan_tui.dashboard.views.kernels import weight_histograms
from gan_tui.dashboard.widgets.cells_view import CellsView, to_strip
from gan_tui.drawing.cells import Cells, blank, paste
from gan_tui.drawing.diagram import box_at, draw_diagram, top_of
from gan_tui.drawing.plots.histogram import draw_histogram
from gan_tui.drawing.words import Piece, write_pieces
from gan_tui.presets import layer_table
from gan_tui.run.state import RunState
from gan_tui.text import aligned

Rows = list[Mapping[str, Any]]


class LayersPane(Vertical):
    """`g` turns from the table to the diagram and back; arrows choose a layer in either."""

    DEFAULT_CSS = """
    LayersPane OptionList {
        height: 1fr; border: none; padding: 0; background: $background; text-wrap: nowrap; text-overflow: ellipsis;
    }
    LayersPane OptionList:focus { border: none; }
    LayersPane VerticalScroll { height: 1fr; display: none; }
    LayersPane.-diagram VerticalScroll { display: block; }
    LayersPane.-diagram OptionList { display: none; }
    LayersPane.-low.-diagram LayerDetails { height: 4; }
    LayersPane LayerDetails { height: 13; border-top: solid $border; border-title-color: $dim; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._networks: Mapping[str, Rows] | None = None
        self._state = RunState()
        self._scrolled_to: tuple[str, str] | None = None

    def compose(self) -> ComposeResult:
        yield OptionList(compact=True, markup=False)
        with VerticalScroll():
            yield Diagram()
        yield LayerDetails()

    def on_resize(self) -> None:
        self.set_class(self.size.height < 26, "-low")  # a diagram needs the room more than the details do

    def show(self, state: RunState) -> None:
        if state.started is None:
            return
        self._state = state
        if state.started.networks is not self._networks:
            self._networks = state.started.networks
            self._list_layers()
        self._show_chosen()

    def toggle(self) -> None:
        """Table or diagram."""
        self.toggle_class("-diagram")
        self.focus()
        self._scrolled_to = None
        self._show_chosen()

    def focus(self, scroll_visible: bool = True) -> Self:
        """Let arrows choose a layer."""
        self.query_one(VerticalScroll if self.has_class("-diagram") else OptionList).focus(scroll_visible)
        return self

    def _list_layers(self) -> None:
        assert self._networks is not None
        options = self.query_one(OptionList)
        options.clear_options()
        for name, rows in self._networks.items():
            total, trainable = (sum(row[key] for row in rows) for key in ("parameters", "trainable"))
            fixed = f", {total - trainable:,} not trainable" if total != trainable else ""
            heading = Content.assemble((name, "bold"), f" {total:,} parameters", (fixed, "$dim"))
            cells = [(_layer(row), layer_table.shape(row["output_shape"]), _count(row["parameters"])) for row in rows]
            lines = aligned(cells, right=(2,)).split("\n")
            options.add_option(Option(heading, disabled=True))
            options.add_options(
                [Option(line, id=f"{name}/{row['name']}") for line, row in zip(lines, rows, strict=True)]
            )
        options.highlighted = 2 if options.option_count > 2 else None

    def on_option_list_option_highlighted(self) -> None:
        self._show_chosen()

    def on_option_list_option_selected(self) -> None:
        self._show_chosen()

    def on_diagram_chosen(self, message: "Diagram.Chosen") -> None:
        options = self.query_one(OptionList)
        options.highlighted = options.get_option_index(f"{message.network}/{message.layer}")
        self._show_chosen()

    def on_key(self, event: Any) -> None:
        """Arrows choose a layer in the diagram, too."""
        if self.has_class("-diagram") and event.key in ("up", "down"):
            options = self.query_one(OptionList)
            options.action_cursor_up() if event.key == "up" else options.action_cursor_down()
            event.stop()

    def _show_chosen(self) -> None:
        if self._networks is None or not self.is_attached:
            return
        chosen = self.query_one(OptionList).highlighted_option
        network, _, layer = ((chosen.id if chosen else "") or "").partition("/")
        rows = self._networks.get(network, [])
        row = next((row for row in rows if row["name"] == layer), None)
        self.query_one(LayerDetails).show(self._state, network, row)
        if self.has_class("-diagram"):
            self.query_one(Diagram).show(self._networks, network, layer)
            if (network, layer) != self._scrolled_to:  # else whoever scrolls elsewhere may stay there
                self._scrolled_to = network, layer
                self.call_after_refresh(self._scroll_to_chosen)

    def _scroll_to_chosen(self) -> None:
        self.query_one(VerticalScroll).scroll_to(y=max(0, self.query_one(Diagram).top_of_chosen - 4), animate=False)


class LayerDetails(CellsView):
    """One layer: its settings, its weights' shapes and statistics as they stand, a histogram before and now."""

    BORDER_TITLE = "arrows choose  g diagram"

    def __init__(self) -> None:
        super().__init__()
        self._state, self._network, self._row = RunState(), "", None

    _row: Mapping[str, Any] | None

    def show(self, state: RunState, network: str, row: Mapping[str, Any] | None) -> None:
        if (state.weights, network, row) != (self._state.weights, self._network, self._row) or not self._cells:
            self._state, self._network, self._row = state, network, row
            self.redraw()

    def draw(self, size: Size) -> Cells:
        cells, ink, row = blank(size.height, size.width), inks(self.app.current_theme.dark), self._row
        if row is None:
            return cells
        settings = "  ".join(f"{name} {_shown(value)}" for name, value in row.get("arguments", {}).items())
        head = [(f"{row['name']} ", ink.text), (f"({row['kind']})  ", ink.dim), (settings, ink.text)]
        write_pieces(cells, 0, 0, head)
        found = [(name, facts) for name, facts in self._weights().items()]
        for line, (name, facts) in enumerate(found, start=1):
            title = f"{name.rpartition('/')[2]} {layer_table.shape(facts['shape'])}  "
            pieces: list[Piece] = [(title, ink.text), (_statistics(facts, size.width - len(title)), ink.dim)]
            write_pieces(cells, line, 0, pieces)
        top = len(found) + 1
        if found and size.height - top >= 4:
            terminal = self.app.terminal  # type: ignore[attr-defined]
            scene = Scene(self._state, {}, ink, terminal)
            bars = weight_histograms(scene, f"/{found[0][0]}")
            paste(cells, draw_histogram(bars, size.width, size.height - top, terminal=terminal, tones=ink), top)
        return cells

    def _weights(self) -> Mapping[str, Any]:
        """Name → facts of the layer's weights, as they stand."""
        if self._state.weights is None or self._row is None:
            return {}
        prefix = f"{self._network}/{self._row['name']}/"
        return {name: facts for name, facts in self._state.weights[1].layers.items() if name.startswith(prefix)}


def _statistics(facts: Mapping[str, Any], columns: int) -> str:
    """What is known of weights, as far as there is room: half a number would be another one."""
    words = [f"mean {facts['mean']:.3g}", f"std {facts['std']:.3g}", f"{facts['low']:.3g}…{facts['high']:.3g}"]
    while words and len("  ".join(words)) > columns:
        words.pop()
    return "  ".join(words)


class Diagram(Widget):
    """Networks as boxes; a click chooses a layer."""

    DEFAULT_CSS = """
    Diagram { height: auto; width: 1fr; }
    """

    class Chosen(Message):
        """A box was clicked."""

        def __init__(self, network: str, layer: str) -> None:
            super().__init__()
            self.network, self.layer = network, layer

    def __init__(self) -> None:
        super().__init__()
        self._networks: Mapping[str, Rows] = {}
        self._chosen = ("", "")
        self._drawn_as: tuple[object, ...] = ()
        self._strips: list[Strip] = []
        self._tops: dict[str, int] = {}

    def show(self, networks: Mapping[str, Rows], network: str, layer: str) -> None:
        """Draw with a layer chosen."""
        if networks is not self._networks or (network, layer) != self._chosen:
            self._networks, self._chosen, self._drawn_as = networks, (network, layer), ()
            self.refresh(layout=True)

    @property
    def top_of_chosen(self) -> int:
        """The row where the chosen layer's box begins."""
        self._draw(self.size.width)
        network, layer = self._chosen
        rows = self._networks.get(network, [])
        index = next((n for n, row in enumerate(rows) if row["name"] == layer), 0)
        return self._tops.get(network, 0) + (top_of(rows, self.size.width, index) if rows else 0)

    def _draw(self, wide: int) -> None:
        """Draw everything, unless it is drawn so already; before the first layout there is no width yet."""
        wide = max(1, wide)
        if self._drawn_as == (wide, self.app.theme):
            return
        self._drawn_as = wide, self.app.theme
        ink, terminal = inks(self.app.current_theme.dark), self.app.terminal  # type: ignore[attr-defined]
        self._strips, self._tops = [], {}
        for name, rows in self._networks.items():
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


def _layer(row: Mapping[str, Any]) -> str:
    return str(row.get("layer", row["kind"]))


def _count(parameters: int) -> str:
    return f"{parameters:,}" if parameters else ""


def _shown(value: object) -> str:
    return "×".join(map(str, value)) if isinstance(value, list) else str(value)
