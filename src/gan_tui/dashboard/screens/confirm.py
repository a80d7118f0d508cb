"""Questions asked before something is done that cannot be undone.

None is answered by the key that asks it: held down, that would do it to one thing after another.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from gan_tui.dashboard.screens.question import Question
from gan_tui.dashboard.widgets.key_line import KeyLine
from gan_tui.run.folder import RunFolder
from gan_tui.run.holder import COPIED, Standing


class ConfirmScreen(Question[bool]):
    """Asks; y does it, escape does not."""

    DEFAULT_CSS = """
    ConfirmScreen { align: center middle; }
    ConfirmScreen Vertical {
        width: 64; max-width: 94%; height: auto; padding: 1 2; background: $surface; border: round $error;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Yes"),
        Binding("escape,n,q", "answer(False)", "No", key_display="esc"),
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


class AgainScreen(ConfirmScreen):
    """Asks whether a run is to be trained once more: nothing is lost by it but time."""

    DEFAULT_CSS = """
    AgainScreen Vertical { border: round $primary; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "answer(True)", "Yes", show=False)]


class TrainHereScreen(ConfirmScreen):
    """Asks whether a run is to be trained here that may be trained elsewhere, or is a copy."""

    def __init__(self, folder: RunFolder, standing: Standing) -> None:
        twice = "Two trainings in one folder spoil each other." if standing.word != COPIED else ""
        about = standing.about[:1].upper() + standing.about[1:]
        super().__init__(f"Train {folder.name} here?\n\n{about}. {twice}".rstrip())


class DiscardScreen(ConfirmScreen):
    """Asks whether to lose something that is kept nowhere."""

    @classmethod
    def ask_before(cls, go: Callable[[], object], question: str, app: App[Any]) -> None:
        """Go where the person says yes; once is enough to be asked."""

        def answered(lose: bool | None) -> None:
            if lose:
                go()

        if not isinstance(app.screen, cls):
            app.push_screen(cls(question), answered)
