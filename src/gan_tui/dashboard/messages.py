"""What threads tell a screen: the run has changed, or has replied."""

from textual.message import Message

from gan_tui.run.commands import Command, Reply
from gan_tui.run.holder import Standing
from gan_tui.run.state import RunState


class RunChanged(Message):
    """A newer snapshot of the run; an older one that still waits is replaced."""

    def __init__(self, state: RunState, standing: Standing, trouble: str = "") -> None:
        """`trouble` is what is wrong that no event can say, in a sentence."""
        super().__init__()
        self.state, self.standing, self.trouble = state, standing, trouble

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, RunChanged)


class Replied(Message):
    """A run has answered a command, or could not; `reply` says which."""

    def __init__(self, command: Command, reply: Reply) -> None:
        super().__init__()
        self.command, self.reply = command, reply
