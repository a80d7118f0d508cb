"""What travels from the follower's thread to a screen."""

from textual.message import Message

from gan_tui.run_state import RunState


class RunChanged(Message):
    """A newer snapshot of the run; an older one that still waits is replaced."""

    def __init__(self, state: RunState, alive: bool) -> None:
        super().__init__()
        self.state, self.alive = state, alive

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, RunChanged)
