"""What travels from the follower's thread to a screen."""

from textual.message import Message

from gan_tui.run.events import Command, Reply
from gan_tui.run.state import RunState


class RunChanged(Message):
    """A newer snapshot of the run; an older one that still waits is replaced."""

    def __init__(self, state: RunState, alive: bool, trouble: str = "") -> None:
        """`trouble` is what is wrong that no event can say, in a sentence."""
        super().__init__()
        self.state, self.alive, self.trouble = state, alive, trouble

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, RunChanged)


class Answered(Message):
    """A run has answered a command, or could not; `answer` says which."""

    def __init__(self, command: Command, answer: Reply) -> None:
        super().__init__()
        self.command, self.answer = command, answer
