"""Where a screen asks the app to go."""

from textual.message import Message

from gan_tui.run.folder import RunFolder


class ShowMenu(Message):
    """Go to the menu, whatever lies over it."""


class ShowRun(Message):
    """Go to a run's screen."""

    def __init__(self, folder: RunFolder) -> None:
        super().__init__()
        self.folder = folder
