"""What is shown while the window is too small for anything else."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Resize
from textual.screen import ModalScreen
from textual.widgets import Static

from gan_tui.system.terminal import SMALLEST


class TooSmallScreen(ModalScreen[None]):
    """Covers everything until the window is large enough again; nothing underneath is lost."""

    DEFAULT_CSS = """
    TooSmallScreen { background: $background; align: center middle; }
    TooSmallScreen Static { width: 1fr; height: auto; text-align: center; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("q", "app.leave", "Quit")]

    def __init__(self, asks: bool) -> None:
        """`asks`: what is covered waits for an answer before anything else is done."""
        super().__init__()
        self._way_on = "A question waits." if asks else "q quits."

    def compose(self) -> ComposeResult:
        yield Static("", markup=False)

    def on_resize(self, event: Resize) -> None:
        columns, rows = event.size
        self.query_one(Static).update(
            f"This window is {columns} × {rows}; make it {SMALLEST[0]} × {SMALLEST[1]} or larger. {self._way_on}"
        )
