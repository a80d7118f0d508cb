"""The picture pane: one view of a run at a time, with a caption that says what it is and which keys it has."""

import time

from textual import getters, work
from textual.events import Click
from textual.geometry import Size
from textual.message import Message

from gan_tui.dashboard.terminal.app import TerminalApp
from gan_tui.dashboard.themes import inks
from gan_tui.dashboard.views.available import Views
from gan_tui.dashboard.views.base import Scene, View
from gan_tui.dashboard.widgets.cells_view import CellsView
from gan_tui.drawing.cells import Cells, blank, paste
from gan_tui.drawing.pictures.steady import steadied
from gan_tui.drawing.words import Piece, whole_hints, width, write, write_pieces
from gan_tui.run import pictures
from gan_tui.run.catalog import sweep_of
from gan_tui.run.events import LOG, Picture
from gan_tui.run.folder import RunFolder
from gan_tui.run.pictures import Tiles
from gan_tui.run.state import RunState
from gan_tui.text import keys_in_words, wrapped

PICTURE_SECONDS = 2.5
"""Between two pictures of a training: pictures are most of what is sent, and all together is to be 10 kB a second."""
IMAGE_BYTES = 7000
"""Of an image, for each second until the next one: those of large pictures come less often."""
BEHIND_SECONDS = 0.25
"""Between two looks whether a slow link has carried the last picture."""
_MANY_VIEWS = 16
"""From here on the list of them is told of among the keys."""
ABOVE = 2
"""Rows above the drawing: the caption and the keys."""


def _why_empty(state: RunState, is_training: bool) -> str:
    """What is said where there is no picture; `is_training`: of a sweep."""
    if not state.is_of_others:
        soon = "The first picture appears once the networks are built." if state.live else "This run has no pictures."
        return "A sweep keeps no pictures of its trainings." if is_training else soon
    if state.started and state.started.task == LOG:
        return "This log has no pictures, histograms or texts."
    return 'No pictures yet: run.image("name", array) shows one, and Watch(inputs=…) what a network makes of inputs.'


class PicturePane(CellsView, can_focus=True):
    """Shows one view; `p` turns to the next."""

    app = getters.app(TerminalApp)

    class Read(Message):
        """Pictures have come from the disk."""

        def __init__(self, wanted: object, tiles: dict[tuple[str, int], Tiles], unreadable: Picture | None) -> None:
            super().__init__()
            self.wanted, self.tiles, self.unreadable = wanted, tiles, unreadable

    def __init__(self, folder: RunFolder) -> None:
        super().__init__()
        self._folder, self._views, self._position = folder, Views(), 0
        self._state = RunState()
        self._wanted: object = None
        self._tiles: dict[tuple[str, int], Tiles] = {}
        self._unreadable: Picture | None = None
        self._drawn_with: tuple[object, ...] = ()
        self._asked_with: tuple[object, ...] = ()
        self._due, self._waiting = 0.0, False

    @property
    def view(self) -> View | None:
        """What is shown."""
        views = self._views.of(self._state)
        return views[min(self._position, len(views) - 1)] if views else None

    @property
    def views(self) -> tuple[list[str], int]:
        """What the views are called, and the place of the one on show."""
        views = self._views.of(self._state)
        return [view.name for view in views], min(self._position, max(0, len(views) - 1))

    def show(self, state: RunState) -> None:
        """Read what the view needs of a newer state, then draw it."""
        self._state = state
        if not self.region:
            return
        view = self.view
        needed = view.needs(state) if view else []
        wanted = tuple((picture.file, state.drawn.get(picture.tag)) for picture in needed)
        if wanted != self._wanted:
            if not self._must_wait():
                self._wanted = wanted
                self._read(wanted, needed)
        elif self._changed():
            self.redraw()

    def show_choice(self) -> None:
        """Something was chosen in the view: it may need another picture, and nobody waits for what they asked for."""
        self._due = 0.0
        self.show(self._state)
        self.redraw()
        self.screen.refresh_bindings()  # escape goes back from what was chosen

    def _must_wait(self) -> bool:
        """Whether the next picture of a training comes too soon; what a person has asked for never waits."""
        asked_with, before = (self.view, self._state.state, self._state.settings), self._asked_with
        now, self._asked_with = time.monotonic(), asked_with
        alike = before and all(one is other for one, other in zip(asked_with, before, strict=True))
        behind = self.app.is_behind
        if alike and self._wanted is not None and (now < self._due or behind):
            if not self._waiting:
                self._waiting = True
                self.set_timer(max(self._due - now, BEHIND_SECONDS), self._show_what_waited)
            return True
        self._due = now + max(PICTURE_SECONDS, self.app.size_of_images(self) / IMAGE_BYTES)
        return False

    def _show_what_waited(self) -> None:
        self._waiting = False
        self.show(self._state)

    def _changed(self) -> bool:
        """Whether anything but pictures that a view shows is another than when it was drawn."""
        state = self._state
        events = (state.prediction, state.answers, state.confusion, state.weights, state.started, state.settings)
        inputs = (self.view, *events)
        before, self._drawn_with = self._drawn_with, inputs
        return any(one is not other for one, other in zip(inputs, before, strict=False)) or not before

    @work(thread=True, exclusive=True, exit_on_error=False)
    def _read(self, wanted: object, needed: list[Picture]) -> None:
        tiles: dict[tuple[str, int], Tiles] = {}
        for picture in needed:
            try:
                tiles[picture.tag, picture.step] = pictures.read(self._folder, picture)
            except (OSError, ValueError):
                self.post_message(self.Read(wanted, {}, picture))
                return
        self.post_message(self.Read(wanted, tiles, None))

    def on_picture_pane_read(self, message: Read) -> None:
        if message.wanted == self._wanted:
            self._tiles, self._unreadable = message.tiles, message.unreadable
            self.redraw()

    # Keys and the mouse, for the view on show --------------------------------------------------------------

    def turn(self, places: int) -> None:
        """Turn to another view."""
        views = self._views.of(self._state)
        if views:
            self._position = (min(self._position, len(views) - 1) + places) % len(views)
            self._wanted = None
            self.show(self._state)
            self.screen.refresh_bindings()

    def turn_to(self, tag: str) -> None:
        """Turn to the view that shows a tag, unless one is on show that shows it, too."""
        if self.view and any(
            picture.tag.split("-")[0] in (tag, "features") for picture in self.view.needs(self._state)
        ):
            return
        for position, view in enumerate(self._views.of(self._state)):
            if any(picture.tag == tag for picture in view.needs(self._state)[-1:]):
                self.turn(position - self._position)

    def on_show(self) -> None:
        self.show(self._state)
        super().on_show()

    def on_click(self, event: Click) -> None:
        row, column = self._corner
        if self.view and self.view.click(event.x - column, event.y - row):
            self.show_choice()

    # Drawing -------------------------------------------------------------------------------------------------

    _corner = (ABOVE, 0)
    """(row, column) of the drawing in the pane."""
    _shown: View | None = None
    """The view that was drawn last."""

    def draw(self, size: Size) -> Cells:
        cells, ink, view = blank(size.height, size.width), inks(self.app.current_theme), self.view
        if view is None or size.height <= ABOVE:
            self._say(cells, _why_empty(self._state, bool(sweep_of(self._folder.path))), ink.dim)
            return cells
        if self._unreadable:
            self._say(cells, f"The picture of step {self._unreadable.step:,} cannot be read.", ink.bad)
            return cells
        if any((picture.tag, picture.step) not in self._tiles for picture in view.needs(self._state)):
            return self._cells if self._cells and self._cells.characters.shape == cells.characters.shape else cells
        terminal = self.app.terminal
        scene = Scene(self._state, self._tiles, ink, terminal)
        drawn, note = view.draw(scene, size.width, size.height - ABOVE)
        row = ABOVE + max(0, (size.height - ABOVE - drawn.rows) // 2)
        column = max(0, (size.width - drawn.columns) // 2)
        self._corner = row, column
        if (
            self._cells
            and self._state.live
            and self._shown is view
            and self._cells.characters.shape == cells.characters.shape
        ):
            drawn = steadied(self._cells.part(row, column, drawn.rows, drawn.columns), drawn)
        self._shown = view
        paste(cells, drawn, row, column)
        self._write_caption(cells, view, note)
        return cells

    def _say(self, cells: Cells, sentence: str, color: int) -> None:
        """In the place of a picture."""
        for row, line in enumerate(wrapped(sentence, max(10, cells.columns - 4))[: cells.rows], cells.rows // 2):
            write(cells, min(row, cells.rows - 1), 2, line, color)

    def _write_caption(self, cells: Cells, view: View, note: str) -> None:
        """What it is and at which step, then a note; where the note is too long for that, it is before the keys."""
        ink = inks(self.app.current_theme)
        title: list[Piece] = [(view.name, ink.text), (f"  step {view.step(self._state):,}", ink.accent)]
        many = "V list  " if len(self.views[0]) >= _MANY_VIEWS else ""
        hints = f"p next view  {many}f wide  {view.keys(self._state)}"
        keys = (hints if self.app.terminal.unicode else keys_in_words(hints), ink.dim)
        if width([*title, (f"  {note}", ink.dim)]) <= cells.columns:
            write_pieces(cells, 0, 0, [*title, (f"  {note}", ink.dim)])
            write_pieces(cells, 1, 0, [(whole_hints(keys[0], cells.columns), ink.dim)])
        else:
            write_pieces(cells, 0, 0, title)
            room = cells.columns - width([(f"{note}  ", ink.text)])
            write_pieces(cells, 1, 0, [(f"{note}  ", ink.text), (whole_hints(keys[0], room), ink.dim)])
