"""What a run says in words: the last of each tag."""

from gan_tui.dashboard.views.base import Scene, View
from gan_tui.drawing.cells import Cells, blank
from gan_tui.drawing.colors import available
from gan_tui.drawing.words import Piece, as_shown, write_pieces
from gan_tui.run.state import RunState
from gan_tui.text import width, wrapped

_LEAST_COLUMNS = 10


class TextsView(View):
    """All tags below each other, as a page to be scrolled."""

    name = "texts"

    def __init__(self) -> None:
        self._first = 0
        """The line that is the uppermost on show."""
        self._rows = self._lines = 0

    def keys(self, state: RunState) -> str:
        return "PgDn more  arrows scroll" if self._lines > self._rows else ""

    def step(self, state: RunState) -> int:
        return max((text.step for text in state.texts.values()), default=state.step)

    def draw(self, scene: Scene, columns: int, rows: int) -> tuple[Cells, str]:
        lines = self._written(scene, max(columns - 1, _LEAST_COLUMNS))
        self._lines, self._rows = len(lines), rows
        self._first = max(0, min(self._first, len(lines) - rows))
        cells = blank(rows, columns)
        for row, pieces in enumerate(lines[self._first : self._first + rows]):
            write_pieces(cells, row, 0, pieces)
        last = min(len(lines), self._first + rows)
        return cells, f"lines {self._first + 1}–{last} of {len(lines)}" if len(lines) > rows else ""

    @staticmethod
    def _written(scene: Scene, columns: int) -> list[list[Piece]]:
        """A heading for each tag, and its words, broken where they are wider than the pane."""
        ink, terminal, lines = scene.ink, scene.terminal, list[list[Piece]]()
        dim, accent, ordinary = (available(tone, terminal) for tone in (ink.dim, ink.accent, ink.text))
        for tag, text in scene.state.texts.items():
            lines += [[]] if lines else []
            lines.append([(as_shown(tag, terminal), accent), (f"  step {text.step:,}", dim)])
            for line in text.text.split("\n"):
                parts = [line] if width(line) <= columns else wrapped(line, columns)
                lines += [[(as_shown(part, terminal), ordinary)] for part in parts]
        return lines

    def move(self, across: int, down: int) -> bool:
        return self._go_to(self._first + down)

    def page(self, pages: int) -> bool:
        return self._go_to(self._first + pages * max(1, self._rows - 1))

    def _go_to(self, wanted: int) -> bool:
        first = max(0, min(wanted, self._lines - self._rows))
        moved, self._first = first != self._first, first
        return moved
