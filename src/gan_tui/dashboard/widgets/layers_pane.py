"""The layers of a run: as a table or as a diagram, with the chosen layer's settings and weights below."""

from collections.abc import Mapping
from typing import Self

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.events import Key
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from gan_tui.dashboard.widgets.layer_details import LayerDetails
from gan_tui.dashboard.widgets.layer_diagram import LayerDiagram, Rows
from gan_tui.dashboard.widgets.layer_tables import fitted, layer_cells
from gan_tui.run.events import SCRIPT
from gan_tui.run.state import RunState
from gan_tui.text import width, wrapped

_LEAST_COLUMNS = 20
_ABOVE = 4  # rows that stay in sight above a box that was scrolled to


def _why_empty(state: RunState) -> str:
    """What is said where no network is known."""
    if state.started and state.started.task == SCRIPT:
        return (
            "No layers yet: Watch shows those of a Keras model. Arrays of any other are told by "
            'run.histogram("network/layer/weight", array), and shown among the pictures.'
        )
    return "This log tells of no layers." if state.is_of_others else "This run has no layers."


class LayersPane(Vertical):
    """`g` turns from the table to the diagram and back; arrows choose a layer in either."""

    DEFAULT_CSS = """
    LayersPane OptionList {
        height: 1fr; border: none; padding: 0; background: $background; text-wrap: nowrap; text-overflow: ellipsis;
    }
    LayersPane OptionList:focus { border: none; }
    LayersPane OptionList > .option-list--option-disabled { color: $foreground; }
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
        self._columns = 0
        """For a line of the table, beside its scroll bar."""

    def compose(self) -> ComposeResult:
        yield OptionList(compact=True, markup=False)
        with VerticalScroll():
            yield LayerDiagram()
        yield LayerDetails()

    def on_resize(self) -> None:
        self.set_class(self.size.height < 26, "-low")  # a diagram needs the room more than the details do
        columns = self.size.width - self.query_one(OptionList).styles.scrollbar_size_vertical
        if columns != self._columns:
            self._columns = columns
            if self._networks == {}:
                self._list_layers()
            for name in self._networks or ():
                for place, line in self._lines(name):
                    self.query_one(OptionList).replace_option_prompt(place, line)

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
        self.query_one(LayerDetails).offer("table" if self.has_class("-diagram") else "diagram")
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
        self.query_one(LayerDetails).display = bool(self._networks)
        if not self._networks:
            lines = wrapped(_why_empty(self._state), max(self._columns, _LEAST_COLUMNS))
            options.add_options([Option(Content.styled(line, "$dim"), disabled=True) for line in lines])
        for name, rows in self._networks.items():
            total, trainable = (sum(row[key] for row in rows) for key in ("parameters", "trainable"))
            fixed = f", {total - trainable:,} non-trainable" if total != trainable else ""
            words = f" {total:,} parameters"
            fixed = fixed if width(name + words + fixed) <= self._columns else ""
            heading = Content.assemble((name, "bold"), (words + fixed, "$dim"))
            options.add_option(Option(heading, disabled=True))
            options.add_options([Option(line, id=place) for place, line in self._lines(name)])
        options.highlighted = 2 if options.option_count > 2 else None

    def _lines(self, name: str) -> list[tuple[str, Content]]:
        """(where it is, a line of text) of each layer of a network; those that learn nothing are dim."""
        rows = (self._networks or {}).get(name, [])
        lines = fitted(layer_cells(rows), self._columns)
        return [
            (f"{name}/{row['name']}", Content(line) if row["parameters"] else Content.styled(line, "$dim"))
            for row, line in zip(rows, lines, strict=True)
        ]

    def on_option_list_option_highlighted(self) -> None:
        self._show_chosen()

    def on_option_list_option_selected(self) -> None:
        self._show_chosen()

    def on_layer_diagram_chosen(self, message: LayerDiagram.Chosen) -> None:
        options = self.query_one(OptionList)
        options.highlighted = options.get_option_index(f"{message.network}/{message.layer}")
        self._show_chosen()

    def on_key(self, event: Key) -> None:
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
            self.query_one(LayerDiagram).show(self._networks, network, layer)
            if (network, layer) != self._scrolled_to:  # else whoever scrolls elsewhere may stay there
                self._scrolled_to = network, layer
                self.call_after_refresh(self._scroll_to_chosen)

    def _scroll_to_chosen(self) -> None:
        """Bring the chosen box into sight, with something of what is above it, unless it is there already."""
        box, window = self.query_one(LayerDiagram).rows_of_chosen, self.query_one(VerticalScroll)
        first, high = window.scroll_offset.y, window.size.height
        if box.start < first or box.stop > first + high:
            above = min(_ABOVE, max(0, high - len(box)))
            window.scroll_to(y=max(0, box.start - above), animate=False)
