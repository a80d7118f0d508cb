"""Lines that say how things stand, and for a while, in their place, why a key does nothing."""

from textual.timer import Timer

from gan_tui.dashboard.widgets.cells_view import CellsView

REFUSED_SECONDS = 5.0
"""For reading a line."""


class RefusingLines(CellsView):
    """Says of a key that does nothing why that is so."""

    _refused = ""
    _refused_until: Timer | None = None

    def refuse(self, why: str) -> None:
        """Say for a while why a key does nothing."""
        if not why and not self._refused:
            return
        if self._refused_until:
            self._refused_until.stop()
        self._refused_until = self.set_timer(REFUSED_SECONDS, self._forget) if why else None
        self._refused = why
        self.redraw()

    def _forget(self) -> None:
        self.refuse("")
