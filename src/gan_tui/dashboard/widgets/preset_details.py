"""What a preset is: words, data, and its networks as tables."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from gan_tui.dashboard.widgets.layer_tables import network_table
from gan_tui.errors import UserError
from gan_tui.presets import Preset, layer_table
from gan_tui.presets.plan import planned
from gan_tui.text import harmless


class PresetDetails(VerticalScroll):
    """The chosen preset, its networks side by side where there is room."""

    DEFAULT_CSS = """
    PresetDetails { border: round $border; border-title-color: $foreground; padding: 0 1; }
    PresetDetails:focus { border: round $primary; }
    PresetDetails #words { height: auto; padding-bottom: 1; }
    PresetDetails #tables { height: auto; }
    PresetDetails.-narrow #tables { layout: vertical; }
    PresetDetails #tables Static { width: auto; padding: 0 3 1 0; }
    """

    def compose(self) -> ComposeResult:
        yield Static("", id="words", markup=False)
        with Horizontal(id="tables"):
            yield Static("", id="first", markup=False)
            yield Static("", id="second", markup=False)

    def show(self, preset: Preset) -> None:
        self.border_title = f"{preset.name}: {preset.title}".replace("[", "(")
        words = Content.assemble(
            preset.about, "\n\n", ("data  ", "$dim"), f"{harmless(preset.data_name, 80)}, {_origin(preset)}"
        )
        texts = [network_table(network.name, layer_table.layer_rows(network)) for network in preset.networks]
        self._show_parts(words, texts)
        if preset.name != self._shown:
            self.scroll_home(animate=False)
        self._shown = preset.name

    def _show_parts(self, words: Content, texts: Sequence[Content]) -> None:
        self.query_one("#words", Static).update(words)
        self.query_one("#first", Static).update(texts[0] if texts else Content())
        self.query_one("#second", Static).update(texts[1] if len(texts) > 1 else Content())
        self._width = sum(max(line.cell_length for line in text.split("\n")) + 3 for text in texts)
        self._fit()

    _width = 0
    _shown = ""
    """The name of the preset."""

    def on_resize(self) -> None:
        self._fit()

    def _fit(self) -> None:
        self.set_class(self._width > self.size.width, "-narrow")


def _origin(preset: Preset) -> str:
    try:
        plan = planned(preset)
    except UserError as error:
        return str(error)
    everything = plan.train + plan.validation
    return f"{everything:,} examples, {plan.origin}" + (
        "" if plan.full else f" (gan-tui data fetch {preset.dataset} gets the full set)"
    )
