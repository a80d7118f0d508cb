"""A line for the path of data, or the name of a set, which tab goes on with."""

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from gan_tui.dashboard.looks import Looked, NewestLook
from gan_tui.dashboard.widgets.line_input import LineInput
from gan_tui.data.own import named
from gan_tui.system.path_completion import Completion, completed

SUFFIXES = (".npz", ".npy", ".csv", ".tsv", "ubyte", ".gz")
"""Of the files that data may lie in."""


@dataclass(frozen=True)
class _Completed:
    """A text, and what it goes on with."""

    text: str
    found: Completion


class PathInput(LineInput):
    """Tab completes what is typed, in a thread; where there is nothing to go on with, it goes to the next field."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab", "complete", "Complete", tooltip="Complete the path")]

    @dataclass
    class Offered(Message):
        """Several things begin with what is typed."""

        choices: tuple[str, ...]

    def __init__(self, name: str) -> None:
        """`name` is the id that it has on the screen."""
        super().__init__(id=name, compact=True, select_on_focus=False)
        self._looks = NewestLook(self)

    def action_complete(self) -> None:
        if text := self.value.strip():
            self._looks.ask(lambda: _Completed(text, _with_names(text)))
        else:
            self.screen.focus_next()

    def on_looked(self, message: Looked) -> None:
        assert isinstance(message.found, _Completed)
        text, found = message.found.text, message.found.found
        if self.value.strip() != text:
            return  # more has been typed since
        if found.text != text:
            self.value = found.text
            self.cursor_position = len(found.text)
        elif len(found.choices) < 2 and self.has_focus:
            self.screen.focus_next()
        if len(found.choices) > 1:
            self.post_message(self.Offered(found.choices))


def _with_names(text: str) -> Completion:
    """What a path may go on with, or the name of a published set."""
    names = [name for name in named.NAMES if name.startswith(text)]
    if len(names) == 1 and names[0] != text:
        return Completion(names[0], tuple(names))
    return completed(text, SUFFIXES)
