"""A question asked before something is gone for good."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from gan_tui.dashboard.widgets.key_line import KeyLine


class ConfirmScreen(ModalScreen[bool]):
    """Asks; d does it, escape does not."""

    DEFAULT_CSS = """
    ConfirmScreen { align: center middle; }
    ConfirmScreen Vertical {
        width: 64; max-width: 94%; height: auto; padding: 1 2; background: $surface; border: round $error;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "answer(True)", "Delete"),
        Binding("escape,n,q", "answer(False)", "Cancel", key_display="esc"),
    ]

    def __init__(self, question: str) -> None:
        super().__init__()
        self._question = question

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(self._question, markup=False)
        yield KeyLine()

    def action_answer(self, answer: bool) -> None:
        self.dismiss(answer)


class DiscardScreen(ConfirmScreen):
    """The same of something that is kept nowhere."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("d", "answer(True)", "Discard")]
