"""What is shown while the window is too small for anything else."""

from textual.app import ComposeResult
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

    def compose(self) -> ComposeResult:
        yield Static("", markup=False)

    def on_resize(self, event: Resize) -> None:
        columns, rows = event.size
        self.query_one(Static).update(
            f"This window is {columns} × {rows}; make it {SMALLEST[0]} × {SMALLEST[1]} or larger."
        )
