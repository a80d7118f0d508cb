"""Examples of data as training may see them, below all else that is shown of the data; they come when they come."""

from gan_tui.dashboard.looks import TROUBLES, Looked, NewestLook, words_of
from gan_tui.dashboard.themes import inks
from gan_tui.dashboard.typed_changes import Changes
from gan_tui.dashboard.views.data import Augmented, draw_augmented
from gan_tui.dashboard.widgets.page_view import PageView
from gan_tui.data.own import Report
from gan_tui.data.own.found import Form
from gan_tui.data.own.report import various
from gan_tui.drawing.cells import Cells
from gan_tui.presets.augmentation import SHOWN
from gan_tui.supervision.augmenting import Augmenting


class AugmentedView(PageView):
    """Nothing unless images are changed at random, and there is a report of images."""

    def __init__(self, changes: Changes) -> None:
        super().__init__()
        self._changes, self._looks = changes, NewestLook(self)
        self._asked: Augmenting | None = None
        self._shown: Augmented | None = None

    def show(self, report: Report | None) -> None:
        """Draw examples of this instead of any before."""
        self.forget()
        words = self._changes.words
        if report is None or not words or report.found.form is not Form.IMAGES:
            self._take(None)
            return
        self._take(Augmented(words))
        self._asked = asked = Augmenting(words, self._changes.seed)
        self._looks.ask(lambda: (asked, _drawn(asked, words, report)))

    def forget(self) -> None:
        """End the process that draws, if one does."""
        self._looks.forget()
        if self._asked:
            self._asked.take_back()
        self._asked = None

    def on_unmount(self) -> None:
        self.forget()

    def on_looked(self, message: Looked) -> None:
        assert isinstance(message.found, tuple)
        asked, shown = message.found
        if asked is self._asked:
            self._take(shown)

    def _take(self, shown: Augmented | None) -> None:
        self._shown = shown
        self.turn()

    def page(self, columns: int) -> Cells | None:
        if self._shown is None:
            return None
        return draw_augmented(self._shown, columns, self.app.terminal, inks(self.app.current_theme))


def _drawn(asked: Augmenting, words: tuple[str, ...], report: Report) -> Augmented:
    """In a thread."""
    try:
        return Augmented(words, asked.rows(various(report, SHOWN)))
    except TROUBLES as trouble:
        return Augmented(words, problem=words_of(trouble))
