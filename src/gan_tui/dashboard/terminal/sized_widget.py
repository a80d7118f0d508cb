"""Widgets that draw for another size before it is painted."""

from typing import Any

from textual.geometry import Size
from textual.selection import Selection
from textual.widget import Widget


class SizedWidget(Widget):
    """Knows its size at once: Textual tells a widget of another one only after everything has been painted for it."""

    ALLOW_SELECT = False

    def get_selection(self, selection: Selection) -> None:
        """Nothing: what is drawn in cells is no text, and Textual would copy the widget's own name."""

    def size_changed(self) -> None:
        """It has another size, for which nothing is painted yet."""

    def _size_updated(self, size: Size, *of_others: Any, **options: Any) -> bool:
        changed = super()._size_updated(size, *of_others, **options)
        if changed:
            self.size_changed()
        return changed
