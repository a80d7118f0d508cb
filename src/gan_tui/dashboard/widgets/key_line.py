"""The keys that do something now, on the last line of a screen.

Textual's Footer makes a widget of each key, and all of them anew whenever what a key does may have changed, each with
its styles: on a screen of a run that was a quarter of all work. Here it is one line, drawn when it differs.
"""

from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.events import Leave, MouseDown, MouseMove
from textual.screen import Screen
from textual.strip import Strip

from gan_tui.dashboard import own_keys
from gan_tui.dashboard.terminal.sized_widget import SizedWidget


@dataclass(frozen=True)
class _Key:
    """A key, and what is said of it."""

    key: str
    shown: str
    description: str
    tooltip: str
    is_kept: bool
    """Whether it is among the last to be left out."""

    @property
    def width(self) -> int:
        """Columns: " q Quit "."""
        return len(self.shown) + len(self.description) + 3


_KEPT = ("escape", "question_mark", "q")
_KEPT_NAMES = ("back", "help", "quit")
"""What these do, where a person has other keys for it."""


class KeyLine(SizedWidget):
    """A click presses a key. Where there is no room for all, some are left out whole: help and leaving are the last."""

    DEFAULT_CSS = """
    KeyLine { dock: bottom; height: 1; background: $surface; color: $foreground;
        & > .key-line--key { color: $footer-key-foreground; text-style: bold; }
        & > .key-line--hover { background: $block-hover-background; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"key-line--key", "key-line--hover"}

    def __init__(self) -> None:
        super().__init__()
        self._keys: list[_Key] = []
        self._hovered: _Key | None = None

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._look)

    def _look(self, screen: Screen[object]) -> None:
        """See which keys there are now."""
        actions: dict[str, _Key] = {}
        for _, binding, _, tooltip in screen.active_bindings.values():
            if binding.show:
                shown = self.app.get_key_display(binding)
                kept = binding.key in _KEPT or binding.id in _KEPT_NAMES
                actions.setdefault(binding.action, _Key(binding.key, shown, binding.description, tooltip, kept))
        order = own_keys.in_order(actions, [*screen.BINDINGS, *self.app.BINDINGS])
        if (keys := [actions[action] for action in order]) != self._keys:
            self._keys = keys
            self.refresh()

    def render_line(self, y: int) -> Strip:
        ground = self.rich_style
        ink = ground + self.get_component_rich_style("key-line--key", partial=True)
        hover = self.get_component_rich_style("key-line--hover", partial=True)
        segments = list[Segment]()
        for key in self._fitting():
            paper = hover if key == self._hovered else Style.null()
            segments += [Segment(f" {key.shown} ", ink + paper), Segment(f"{key.description} ", ground + paper)]
        return Strip(segments).adjust_cell_length(self.size.width, ground)

    def _fitting(self) -> list[_Key]:
        """As many keys as there is room for, from the first on, beside those that are kept to the last."""
        kept = [key for key in self._keys if key.is_kept]
        room = self.size.width - sum(key.width for key in kept)
        shown = list[_Key]()
        for key in self._keys:
            if key not in kept and (room := room - key.width) < 0:
                break
            shown.append(key)
        return shown + [key for key in kept if key not in shown]

    def _at(self, column: int) -> _Key | None:
        for key in self._fitting():
            if (column := column - key.width) < 0:
                return key
        return None

    def on_mouse_down(self, event: MouseDown) -> None:
        if key := self._at(event.x):
            self.app.simulate_key(key.key)

    def on_mouse_move(self, event: MouseMove) -> None:
        self._hover(self._at(event.x))

    def on_leave(self, event: Leave) -> None:
        self._hover(None)

    def _hover(self, key: _Key | None) -> None:
        if key != self._hovered:
            self._hovered, self.tooltip = key, key.tooltip if key else None
            self.refresh()
