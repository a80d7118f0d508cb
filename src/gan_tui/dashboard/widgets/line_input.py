"""A line of text to be typed, whose keys act in the order in which they come.

Textual carries out all keys but letters later: of what came with ctrl+u in one burst, as over a slow link, the letters
after it were deleted, too. It also brings them all to what has the focus when they come: those after a key that moves
it are for the next, and are left to the app to bring there.
"""

from collections.abc import Mapping
from typing import ClassVar

from textual.binding import Binding
from textual.events import Key, Paste
from textual.widgets import Input

from gan_tui.system.paths import as_dropped

_LATER = ("submit", "copy")
"""What changes nothing in the line."""
_EDITS = {
    key: binding.action
    for binding in Input.BINDINGS
    if isinstance(binding, Binding) and binding.action not in _LATER
    for key in binding.key.split(",")
} | {
    "alt+backspace": "delete_left_word",
    "ctrl+backspace": "delete_left_word",
    "alt+b": "cursor_left_word",
    "alt+f": "cursor_right_word",
    "alt+d": "delete_right_word",
}
"""Textual's, and those of shells by word: a Mac's terminals send ESC b for Option and the arrow."""


class LineInput(Input):
    """Textual's, without that fault."""

    LEAVING: ClassVar[Mapping[str, str]] = {}
    """Keys that take the focus elsewhere → the action of each."""

    def on_paste(self, event: Paste) -> None:
        """A file that is dropped onto the terminal comes as a paste. Of several lines none is lost: they become one."""
        event.text = " ".join(filter(None, map(str.strip, as_dropped(event.text).splitlines()))) or event.text

    async def on_key(self, event: Key) -> None:
        if self.screen.focused is not self:
            event.prevent_default()
        elif action := self.LEAVING.get(event.key) or _EDITS.get(event.key):
            event.stop()
            event.prevent_default()
            await self.run_action(action)
