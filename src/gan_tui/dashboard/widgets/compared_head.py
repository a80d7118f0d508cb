"""The two lines above a comparison: what is compared, how the runs stand, and why a key does nothing."""

from collections import Counter
from collections.abc import Sequence

from textual import getters
from textual.geometry import Size

from gan_tui.dashboard.compared_run import ComparedRun
from gan_tui.dashboard.terminal.app import TerminalApp
from gan_tui.dashboard.themes import inks
from gan_tui.dashboard.widgets.refusing import RefusingLines
from gan_tui.drawing.cells import Cells, blank
from gan_tui.drawing.words import Piece, as_shown, width, write_pieces
from gan_tui.text import counted


class ComparedHead(RefusingLines):
    """How many runs, what of them is on show, and in which states they are."""

    DEFAULT_CSS = """
    ComparedHead { height: 2; padding: 0 1; background: $surface; }
    """

    app = getters.app(TerminalApp)

    def __init__(self) -> None:
        super().__init__()
        self._said = ("", "", "", "")
        """What is compared, what of it is on show, in which states the runs are, and keys."""

    def show(self, runs: Sequence[ComparedRun], what: str, hints: str) -> None:
        """`what` says what of them is on show, `hints` which keys lead elsewhere."""
        said = f"{counted(len(runs), 'run')} compared", what, _told(runs), hints
        if said != self._said:
            self._said = said
            self.redraw()

    def draw(self, size: Size) -> Cells:
        ink, cells, terminal = inks(self.app.current_theme), blank(2, size.width), self.app.terminal
        compared, what, told, hints = self._said
        write_pieces(cells, 0, 0, [(compared, ink.accent), (f"  {what}", ink.text)])
        if self._refused:
            write_pieces(cells, 1, 0, [(as_shown(self._refused, terminal), ink.warning)])
            return cells
        states: list[Piece] = [(told, ink.dim)]
        write_pieces(cells, 1, 0, states)
        beside: list[Piece] = [(as_shown(hints, terminal), ink.dim)]
        if width(states) + width(beside) + 2 <= size.width:
            write_pieces(cells, 1, size.width - width(beside), beside)
        return cells


def _told(runs: Sequence[ComparedRun]) -> str:
    """Their states, and how many are hidden: '2 finished, 1 training; 1 hidden'."""
    states = Counter(run.member.state if run.was_read else "being read" for run in runs)
    hidden = sum(not run.is_shown for run in runs)
    words = ", ".join(f"{number} {state}" for state, number in states.items())
    return words + (f"; {hidden} hidden" if hidden else "")
