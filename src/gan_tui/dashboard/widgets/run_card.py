"""The chosen run beside a list of runs: what it came to in words, its curves, its newest picture."""

from textual import getters
from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.timer import Timer
from textual.widgets import Static

from gan_tui.dashboard.listed.reading import Reading, Readings
from gan_tui.dashboard.listed.rows import Row
from gan_tui.dashboard.listed.words import title_in, words_of
from gan_tui.dashboard.looks import Looked, NewestLook
from gan_tui.dashboard.terminal.app import TerminalApp
from gan_tui.dashboard.widgets.run_pane import RunPane
from gan_tui.run.summaries import RunSummary
from gan_tui.text import harmless

SETTLED_SECONDS = 0.12
"""A run is read once the cursor has been on it for so long: whoever goes through a list wants the one it ends on."""


class RunWords(VerticalScroll):
    """What is known of it in lines, as many as there are."""


class RunCard(Container):
    """Words on the left and pictures on the right; where that is narrow, below each other."""

    DEFAULT_CSS = """
    RunCard { layout: horizontal; border: round $border; border-title-color: $foreground; }
    RunCard RunWords { width: 2fr; padding: 0 1; scrollbar-size-vertical: 1; }
    RunCard RunPane { width: 3fr; }
    RunCard.-tall { layout: vertical; }
    RunCard.-tall RunWords { width: 1fr; height: auto; max-height: 50%; }
    RunCard.-tall RunPane { width: 1fr; padding: 1 1 0 1; }
    """

    app = getters.app(TerminalApp)

    def __init__(self) -> None:
        super().__init__(id="card")
        self._words, self._said, self._pane = RunWords(), Static("", markup=False), RunPane()
        self._readings, self._looks = Readings(), NewestLook(self)
        self._row: Row | None = None
        self._reading: Reading | None = None
        self._due: Timer | None = None

    def compose(self) -> ComposeResult:
        with self._words:
            yield self._said
        yield self._pane

    def on_resize(self) -> None:
        self.set_class(self.size.width < 3 * self.size.height, "-tall")

    def on_unmount(self) -> None:
        self._row = None
        self._looks.forget()
        self._readings.close()

    def show(self, row: Row | None) -> None:
        """Tell of what is in a row of the list, and read of it what is not known yet."""
        before, self._row = self._row, row
        if row == before:
            return
        if row is None or before is None or row.key != before.key:
            self._words.scroll_home(animate=False)
        run = row.run if row else None
        self._reading = self._readings.known(run) if run else None
        self._show_what_is_known()
        if self._due:
            self._due.stop()
        self._due = self.set_timer(SETTLED_SECONDS, self._read) if run else None

    def _show_what_is_known(self) -> None:
        row, reading = self._row, self._reading
        document = reading.document if reading else {}
        self.border_title = title_in(row, document).replace("[", "(") if row else ""
        self._said.update(words_of(row, document, reading.results if reading else None) if row else "")
        self._pane.show(reading if reading and reading.is_whole else None, "Reading …" if row and row.run else "")

    def _read(self) -> None:
        run = self._row.run if self._row else None
        if run:
            self._looks.ask(lambda: self._look(run))

    def _look(self, run: RunSummary) -> Reading | None:
        """In a thread."""

        def is_wanted() -> bool:
            return bool(self._row and self._row.run and self._row.run.folder.path == run.folder.path)

        if self._readings.known(run) is None:
            self.post_message(Looked(Readings.document_of(run)))
        return self._readings.read(run, is_wanted)

    def on_looked(self, message: Looked) -> None:
        reading = message.found
        run = self._row.run if self._row else None
        if isinstance(reading, Reading) and run and reading.run.folder.path == run.folder.path:
            self._reading = reading
            self._show_what_is_known()

    @property
    def words(self) -> str:
        """What is told, as text."""
        return harmless(str(self._said.render()), 10_000)
