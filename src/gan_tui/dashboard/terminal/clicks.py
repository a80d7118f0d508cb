"""Clicks at one place: the second may open another screen, on which the third one is meant for nothing."""

from textual.events import Event, MouseDown, MouseUp
from textual.geometry import Offset
from textual.screen import Screen

from gan_tui.dashboard.terminal.signing import ShowsSigns


class CountsClicks(ShowsSigns):
    """The part of an app that leaves out what is clicked once more where a double click has just opened a screen."""

    _clicks, _clicked_at, _clicked = 0, 0.0, Offset(-1, -1)
    """How many there were at one place, one at once after the other; when the last was, and where."""
    _clicked_screen: Screen[object] | None = None
    """What was on show at the first two."""
    _is_left_out = False
    """Whether the button that is down is for nothing."""

    async def on_event(self, event: Event) -> None:
        if isinstance(event, MouseDown) and not event.is_forwarded:
            self._is_left_out = self._is_one_too_many(event)
        if not (self._is_left_out and isinstance(event, MouseDown | MouseUp)):
            await super().on_event(event)

    def _is_one_too_many(self, event: MouseDown) -> bool:
        at_once = event.time - self._clicked_at <= self.CLICK_CHAIN_TIME_THRESHOLD
        self._clicks = self._clicks + 1 if at_once and event.screen_offset == self._clicked else 1
        self._clicked_at, self._clicked = event.time, event.screen_offset
        screen = self.screen_stack[-1] if self.screen_stack else None
        if self._clicks <= 2:
            self._clicked_screen = screen
        return screen is not self._clicked_screen
