"""A line of text to be typed, whose keys act in the order in which they come.

Textual carries out all keys but letters later: of what came with ctrl+u in one burst, as over a slow link, the letters
after it were deleted, too.
"""

from textual.binding import Binding
from textual.events import Key
from textual.widgets import Input

_LATER = ("submit", "copy")
"""What changes nothing in the line."""
_EDITS = {
    key: binding.action
    for binding in Input.BINDINGS
    if isinstance(binding, Binding) and binding.action not in _LATER
    for key in binding.key.split(",")
}


class LineInput(Input):
    """Textual's, without that fault."""

    async def on_key(self, event: Key) -> None:
        if action := _EDITS.get(event.key):
            event.stop()
            event.prevent_default()
            await self.run_action(action)
