"""Asks which of several things is meant, by a list."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from gan_tui.dashboard.screens.question import Question
from gan_tui.dashboard.widgets.key_line import KeyLine


class ChooseScreen(Question[int]):
    """Answers with the place of what was chosen; -1 where nothing was."""

    DEFAULT_CSS = """
    ChooseScreen { align: center middle; }
    ChooseScreen OptionList { width: 64; max-width: 94%; height: auto; max-height: 80%; background: $surface; }
    ChooseScreen OptionList, ChooseScreen OptionList:focus { border: round $primary; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Choose"),
        Binding("escape", "cancel", "Cancel", key_display="esc"),
    ]

    def __init__(self, title: str, names: Sequence[str], chosen: int) -> None:
        super().__init__()
        self._title, self._names, self._chosen = title, names, chosen

    def compose(self) -> ComposeResult:
        options = OptionList(*(Option(name) for name in self._names), markup=False)
        options.border_title, options.highlighted = Content(self._title), self._chosen  # a string would be markup
        yield options
        yield KeyLine()

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_index)

    def action_choose(self) -> None:
        self.query_one(OptionList).action_select()

    def action_cancel(self) -> None:
        self.dismiss(-1)
