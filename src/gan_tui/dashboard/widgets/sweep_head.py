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
        self._sweep, self._seen, self._hints, self._trouble = name, Seen(), "", ""

    def show(self, seen: Seen, hints: str, trouble: str) -> None:
        """`hints` says which keys lead elsewhere, `trouble` what is wrong, in a sentence."""
        self._seen, self._hints, self._trouble = seen, hints, trouble
        self.redraw()

    def draw(self, size: Size) -> Cells:
        ink, cells, terminal, seen = inks(self.app.current_theme), blank(2, size.width), self.app.terminal, self._seen
        preset = f"  {seen.sweep.preset.title}" if seen.sweep else ""
        named: list[Piece] = [(f"sweep {self._sweep}", ink.accent), (preset, ink.text)]
        color = ink.good if seen.alive else ink.dim
        told = [(as_shown(f"  {each}", terminal), color) for each in (seen.told() if seen.sweep else [])]
        told = [(words, ink.bad if words.endswith(" failed") else color) for words, color in told]
        while told and width([*named[:1], *told]) > size.width:
            told.pop()
        whole = width([*named, *told]) <= size.width
        write_pieces(cells, 0, 0, named if whole else named[:1])
        write_pieces(cells, 0, size.width - width(told), told)
        if self._refused or self._trouble:
            write_pieces(cells, 1, 0, [(as_shown(self._refused or self._trouble, terminal), ink.warning)])
            return cells
        best = clipped(seen.best_words(), size.width, terminal)
        write_pieces(cells, 1, 0, [(best, ink.text)])
        hints = as_shown(whole_hints(self._hints, size.width - width([(best, 0)]) - 2), terminal)
        write_pieces(cells, 1, size.width - width([(hints, ink.dim)]), [(hints, ink.dim)])
        return cells
