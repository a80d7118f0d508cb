"""Screens that are painted as a whole once for each size of the window.

Textual paints a window of another size twice, and tells widgets of their size only after it; here it is painted as a
whole, once. Its first size is taken in at once, where Textual waits 8 ms for more of such news. Widgets are asked for
those of their lines that nobody covers (`visible.py`; Textual asks each container for all of its lines, 330 on a screen
of 40). Of 48 ms about 17 are left: a third is Textual's layout, a third the charts, the rest comparing and encoding
4,800 cells.
"""

from typing import Any, TypeVar

from textual.geometry import Size
from textual.screen import Screen

from gan_tui.dashboard.terminal.visible import VisibleCompositor

Result = TypeVar("Result")


class WindowScreen(Screen[Result]):
    """A screen as large as the window, which never scrolls.

    Textual tells a screen of its own size twice, by the app and by the layout that came of it, and paints all of it
    anew when its virtual size has changed, which is that of the window once more.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._compositor = VisibleCompositor()

    def _screen_resized(self, size: Size) -> None:
        """What is told may be old already, and take the place of what is newer in the queue: only the app knows."""
        newest = self.app.size
        if newest != self._size:
            super()._screen_resized(newest)

    def _size_updated(self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True) -> bool:
        return super()._size_updated(size, virtual_size, container_size, layout=False)
