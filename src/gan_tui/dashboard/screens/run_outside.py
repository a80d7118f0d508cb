"""A screen of a run that shows in the terminal's title and tab how far that has come, and tells who looks elsewhere."""

from textual.screen import Screen

from gan_tui.dashboard import outside
from gan_tui.dashboard.terminal.signing import ShowsSigns
from gan_tui.run.folder import RunFolder
from gan_tui.run.holder import ENDED, READING, Standing
from gan_tui.run.state import RunState


class ShowsRunOutside(Screen[None]):
    """The part of a screen that others see of it."""

    folder: RunFolder
    state: RunState
    standing: Standing
    _told: RunState | None = None
    """The run as it was when it was last told of; None where it was not read yet."""

    def show_outside(self) -> None:
        """The run has changed."""
        if not isinstance(self.app, ShowsSigns):
            return
        shown, name = self.standing.shown(self.state.state), self.folder.name
        self.app.show_signs(self, outside.title(name, self.state, shown), *outside.progress(self.state, shown))
        if self._told and (words := outside.news(name, self._told, self.state, self.standing, shown)):
            self.app.tell_outside(words)
        self._told = None if shown in (READING, ENDED) else self.state

    def on_unmount(self) -> None:
        if isinstance(self.app, ShowsSigns):
            self.app.end_signs(self)
