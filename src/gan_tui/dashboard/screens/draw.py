"""The drawing screen: paint points, keep them as a file, train on them, and go on painting while it trains."""

from collections.abc import Callable, Sequence
from typing import ClassVar

import numpy as np
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Key
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Static

from gan_tui.dashboard.actions import keys_of
from gan_tui.dashboard.follower import ScreenFollower
from gan_tui.dashboard.messages import Replied, RunChanged
from gan_tui.dashboard.painting import Painting, Point
from gan_tui.dashboard.run_requests import RunRequests
from gan_tui.dashboard.screens import help as help_screen
from gan_tui.dashboard.screens.ask import NewFileScreen
from gan_tui.dashboard.screens.confirm import DiscardScreen
from gan_tui.dashboard.views.base import latest
from gan_tui.dashboard.widgets.key_line import KeyLine
from gan_tui.dashboard.widgets.plane_canvas import MOST_CLASSES, PlaneCanvas
from gan_tui.data.points import Points, write_csv
from gan_tui.errors import told
from gan_tui.run import pictures
from gan_tui.run.commands import Command
from gan_tui.run.events import Picture
from gan_tui.run.folder import RunFolder
from gan_tui.text import counted, harmless

SEND_SECONDS = 0.3
"""After the last change, before a run is given the points: a stroke is one change."""


class DrawScreen(Screen[None]):
    """A canvas for a new run (`train` starts it), or for a run that trains (`folder`), whose network has `classes`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "train", "Train", tooltip="Start training on these points"),
        Binding("w", "save", "Save as CSV", tooltip="Save the points as a CSV file of x,y,class"),
        Binding("escape", "back", "Back", key_display="esc"),
        Binding("question_mark", "help", "Help", key_display="?", tooltip="Show this help"),
    ]

    def __init__(
        self,
        painting: Painting,
        train: Callable[[Points], None] | None = None,
        folder: RunFolder | None = None,
        classes: int | None = None,
    ) -> None:
        super().__init__()
        self.painting, self._train, self.folder = painting, train, folder
        self._kinds = classes or MOST_CLASSES
        self._follower: ScreenFollower | None = None
        self._requests: RunRequests | None = None
        self._seen: tuple[Picture, int] | None = None
        self._pause: Timer | None = None
        self._given: Sequence[Point] | None = None
        """What the run was given and has not answered to."""
        self._go: Callable[[], object] | None = None
        """Where somebody waits to go until it has."""
        self._asked_on: Screen[object] | None = None
        """What was on top when they asked to; whoever opened something since stays."""

    def compose(self) -> ComposeResult:
        yield Static("", id="draw-caption", markup=False)
        yield PlaneCanvas(self.painting, self._kinds)
        yield KeyLine()

    def on_mount(self) -> None:
        self.query_one(PlaneCanvas).focus()
        self._show_caption()
        if self.folder:
            self._follower = ScreenFollower(self.folder, lambda *news: self.post_message(RunChanged(*news)))
            self._follower.start()
            self._requests = RunRequests(self.folder, lambda *news: self.post_message(Replied(*news)), opens=False)

    def on_unmount(self) -> None:
        if self._follower:
            self._follower.stop()
        if self._requests:
            self._requests.close()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self._train is not None if action == "train" else True

    def on_key(self, event: Key) -> None:
        """Enter does nothing while a run trains on what is painted."""
        if event.key == "enter" and self._train is None:
            self._show_caption("the run trains on each stroke: there is nothing to start")

    def _show_caption(self, note: str = "") -> None:
        canvas = self.query_one(PlaneCanvas)
        counts = np.bincount([kind for _, _, kind in canvas.points] or [0], minlength=1)
        drawn = "  ".join(f"class {n + 1}: {count}" for n, count in enumerate(counts) if canvas.points)
        brush = f"painting class {canvas.brush + 1} (press 1–{canvas.kinds} to change)"
        if self.folder and self.painting.classes < 2 and self.painting.points is not self.painting.kept:
            brush = f"the run waits for two classes: press 1–{canvas.kinds} for another"
        drawn = drawn or "no points yet: drag with the mouse, or move with arrows and press space"
        self.query_one("#draw-caption", Static).update(f"{brush}   {drawn}   {note}")

    def on_plane_canvas_changed(self) -> None:
        self._show_caption()
        if self.folder and self.painting.points is not self.painting.kept:
            if self._pause:
                self._pause.stop()
            self._pause = self.set_timer(SEND_SECONDS, self._give)

    # A run that trains -----------------------------------------------------------------------------------------

    def on_run_changed(self, message: RunChanged) -> None:
        picture = latest(message.state, "surface")
        seen = (picture, message.state.drawn.get("surface", 0)) if picture else None
        if picture and seen != self._seen:
            self._seen = seen
            self._read(picture)
        self._show_caption(f"step {message.state.step:,}" + ("" if message.standing.alive else ", the run is over"))

    @work(thread=True, exclusive=True, group="read", exit_on_error=False)
    def _read(self, picture: Picture) -> None:
        assert self.folder is not None
        try:
            surface = pictures.read(self.folder, picture).shares[..., 0]
        except (OSError, ValueError):
            return  # the next picture will be there soon
        self.app.call_from_thread(self.query_one(PlaneCanvas).show, surface)

    def _give(self) -> None:
        """Give the run the points as they are, once it has answered to those before: so the newest come last.

        Points of a single class would be nothing to learn.
        """
        painting = self.painting
        if self.folder and not self._given and painting.points is not painting.kept and painting.classes > 1:
            self._given = painting.points
            if self._follower:
                self._follower.look_soon()
            value = [list(point) for point in painting.points]
            assert self._requests is not None
            self._requests.ask(Command("set", setting="points", value=value))

    def on_replied(self, message: Replied) -> None:
        given, self._given = self._given or (), None
        go, self._go = self._go if self.app.screen is self._asked_on else None, None
        if message.reply.ok:
            self.painting.keep(given)
            self._give()
            if go:
                self.let_go(go)
            return
        self.notify(message.reply.text, severity="error", markup=False)
        if go:
            self._ask_before(go)

    # Leaving ---------------------------------------------------------------------------------------------------

    def let_go(self, go: Callable[[], object]) -> None:
        """Go once no point is lost by it, or may be."""
        self._give()
        if not self.folder:
            go()  # the menu keeps what is painted
        elif self._given and not self._go:
            # When the run has answered; whoever asks again does not wait for that.
            self._go, self._asked_on = go, self.app.screen
        elif self.painting.is_kept and not self._given:
            go()
        else:
            self._ask_before(go)

    def _ask_before(self, go: Callable[[], object]) -> None:
        few = " A run learns points of at least two classes." if self.painting.classes < 2 else ""
        question = (
            f"The run does not have this painting of {self.painting.count}.{few} Leave, and lose what was painted?"
        )
        DiscardScreen.ask_before(go, question, self.app)

    # Keys ------------------------------------------------------------------------------------------------------

    def action_train(self) -> None:
        if self.painting.classes < 2:
            self.notify("Paint points of at least two classes: press 1 or 2 to choose the class.", severity="warning")
        elif self._train:
            self._train(as_points(self.painting.points))

    @work
    async def action_save(self) -> None:
        points = self.painting.points
        if not points:
            self.notify("No points to save yet.", severity="warning")
            return
        asked = NewFileScreen("Save the points as (enter saves, esc cancels)", "points")
        name = await asked.answer(self)
        if name:
            path = asked.path(name)
            try:
                write_csv(path, as_points(points))
                if not self.folder:
                    self.painting.keep(points)
                self.notify(f"Saved {counted(len(points), 'point')} as {harmless(str(path))}", markup=False)
            except OSError as error:
                text = f"Cannot save {harmless(str(path))}: {told(error)}, or choose another place."
                self.notify(text, severity="error", markup=False)

    def action_help(self) -> None:
        own = [key for key in PlaneCanvas.BINDINGS if isinstance(key, Binding) and key.show]
        keys = [key for key in (*own, *keys_of(self)) if self.check_action(key.action, ())]
        self.app.push_screen(help_screen.HelpScreen(help_screen.DRAWING, groups={"Keys": keys}))

    def action_back(self) -> None:
        self.let_go(self.app.pop_screen)


def as_points(points: Sequence[Point]) -> Points:
    """What was painted, as arrays."""
    array = np.asarray(points, np.float64).reshape(-1, 3)
    return Points(array[:, :2].astype(np.float32), array[:, 2].astype(np.int64))
