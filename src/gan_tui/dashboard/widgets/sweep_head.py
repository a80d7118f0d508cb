"""The two lines above a sweep: what it is and how far it has come, the best so far, and why a key does nothing."""

from textual import getters
from textual.geometry import Size

from gan_tui.dashboard.terminal.app import TerminalApp
from gan_tui.dashboard.themes import inks
from gan_tui.dashboard.widgets.refusing import RefusingLines
from gan_tui.drawing.cells import Cells, blank
from gan_tui.drawing.words import Piece, as_shown, clipped, whole_hints, width, write_pieces
from gan_tui.sweep.seen import Seen


class SweepHead(RefusingLines):
    """Its name, how many trainings are done, how many are under way and where."""

    DEFAULT_CSS = """
    SweepHead { height: 2; padding: 0 1; background: $surface; }
    """
    app = getters.app(TerminalApp)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name, self._seen, self._hints, self._trouble = name, Seen(), "", ""

    def show(self, seen: Seen, hints: str, trouble: str) -> None:
        """`hints` says which keys lead elsewhere, `trouble` what is wrong, in a sentence."""
        self._seen, self._hints, self._trouble = seen, hints, trouble
        self.redraw()

    def draw(self, size: Size) -> Cells:
        ink, cells, terminal, seen = inks(self.app.current_theme), blank(2, size.width), self.app.terminal, self._seen
        preset = f"  {seen.sweep.preset.title}" if seen.sweep else ""
        named: list[Piece] = [(f"sweep {self._name}", ink.accent), (preset, ink.text)]
        write_pieces(cells, 0, 0, named)
        told = seen.told() if seen.sweep else []
        while told and width(named[:1]) + len("  ".join(told)) + 2 > size.width:
            told.pop()
        if told:
            words = as_shown(f"  {'  '.join(told)}", terminal)
            color = ink.bad if any("failed" in each for each in told) else ink.good if seen.alive else ink.dim
            write_pieces(cells, 0, size.width - width([(words, color)]), [(words, color)])
        if self._refused or self._trouble:
            write_pieces(cells, 1, 0, [(as_shown(self._refused or self._trouble, terminal), ink.warning)])
            return cells
        best = clipped(seen.best_words(), size.width, terminal)
        write_pieces(cells, 1, 0, [(best, ink.text)])
        hints = as_shown(whole_hints(self._hints, size.width - width([(best, 0)]) - 2), terminal)
        write_pieces(cells, 1, size.width - width([(hints, ink.dim)]), [(hints, ink.dim)])
        return cells
