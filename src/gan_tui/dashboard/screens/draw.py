"""The drawing screen: paint points, keep them as a file, train on them, and go on painting while it trains."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar

import numpy as np
from textual import work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.events import Key
from textual.screen import ModalScreen, Screen
from textual.timer import Timer
from textual.widgets import Input, Static

from gan_tui.dashboard.follower import ScreenFollower
from gan_tui.dashboard.messages import RunChanged
from gan_tui.dashboard.run_requests import RunRequests
from gan_tui.dashboard.views.base import latest
from gan_tui.dashboard.widgets.key_line import KeyLine
from gan_tui.dashboard.widgets.plane_canvas import MOST_CLASSES, PlaneCanvas, Point
from gan_tui.data.points import Points, write_csv
from gan_tui.errors import told
from gan_tui.run import pictures
from gan_tui.run.events import Command, Picture, Reply
from gan_tui.run.folder import RunFolder
from gan_tui.text import harmless

SEND_SECONDS = 0.3
"""After the last change, before a run is given the points: a stroke is one change."""


class DrawScreen(Screen[None]):
    """A canvas for a new run (`train` starts it), or for a run that trains (`folder`)."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "train", "Train", tooltip="Start training on these points"),
        Binding("w", "save", "Save as CSV", tooltip="Save the points as a CSV file of x,y,class"),
        Binding("escape", "leave", "Back", key_display="esc"),
    ]

    def __init__(
        self,
        points: list[Point],
        train: Callable[[Points], None] | None = None,
        folder: RunFolder | None = None,
    ) -> None:
        super().__init__()
        self._first_points, self._train, self.folder = points, train, folder
        self._follower: ScreenFollower | None = None
        self._requests: RunRequests | None = None
        self._seen: tuple[Picture, int] | None = None
        self._sending: Timer | None = None
        self._sent: Sequence[Point] = ()

    def compose(self) -> ComposeResult:
        yield Static("", id="draw-caption", markup=False)
        yield PlaneCanvas(self._first_points)
        yield KeyLine()

    def on_mount(self) -> None:
        canvas = self.query_one(PlaneCanvas)
        canvas.focus()
        self._sent = canvas.points
        self._show_caption()
        if self.folder:
            self._follower = ScreenFollower(self.folder, lambda *news: self.post_message(RunChanged(*news)))
            self._follower.start()
            self._requests = RunRequests(self.folder, partial(_tell_problem, self.app), opens=False)

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
        brush = f"painting class {canvas.brush + 1} (press 1–{MOST_CLASSES} to change)"
        drawn = drawn or "no points yet: drag with the mouse, or move with arrows and press space"
        self.query_one("#draw-caption", Static).update(f"{brush}   {drawn}   {note}")

    def on_plane_canvas_changed(self) -> None:
        self._show_caption()
        if self.folder and self.query_one(PlaneCanvas).points is not self._sent:
            if self._sending:
                self._sending.stop()
            self._sending = self.set_timer(SEND_SECONDS, self._send)

    # A run that trains -----------------------------------------------------------------------------------------

    def on_run_changed(self, message: RunChanged) -> None:
        picture = latest(message.state, "surface")
        seen = (picture, message.state.drawn.get("surface", 0)) if picture else None
        if picture and seen != self._seen:
            self._seen = seen
            self._read(picture)
        self._show_caption(f"step {message.state.step:,}")

    @work(thread=True, exclusive=True, group="read", exit_on_error=False)
    def _read(self, picture: Picture) -> None:
        assert self.folder is not None
        try:
            surface = pictures.read(self.folder, picture).shares[..., 0]
        except (OSError, ValueError):
            return  # the next picture will be there soon
        self.app.call_from_thread(self.query_one(PlaneCanvas).show, surface)

    def _send(self) -> None:
        """Give the run the points as they are; those of a single class would be nothing to learn."""
        points = self.query_one(PlaneCanvas).points
        if points is not self._sent and _count_classes(points) > 1:
            self._sent = points
            if self._follower:
                self._follower.look_soon()
            assert self._requests is not None
            self._requests.ask(Command("set", setting="points", value=[list(point) for point in points]))

    # Keys ------------------------------------------------------------------------------------------------------

    def action_train(self) -> None:
        points = self.query_one(PlaneCanvas).points
        if _count_classes(points) < 2:
            self.notify("Paint points of at least two classes: press 1 or 2 to choose the class.", severity="warning")
        elif self._train:
            self._train(as_points(points))

    @work
    async def action_save(self) -> None:
        points = self.query_one(PlaneCanvas).points
        if not points:
            self.notify("No points to save yet.", severity="warning")
            return
        name = await self.app.push_screen_wait(FileNameScreen("points.csv"))
        if name:
            path = Path(name).expanduser().absolute()
            try:
                write_csv(path, as_points(points))
                self.notify(f"Saved {len(points)} points as {harmless(str(path))}", markup=False)
            except OSError as error:
                text = f"Cannot save {harmless(str(path))}: {told(error)}, or choose another place."
                self.notify(text, severity="error", markup=False)

    def action_leave(self) -> None:
        if self.folder:
            self._send()
        self.app.pop_screen()


def _tell_problem(app: "App[object]", _: Command, reply: Reply) -> None:
    if not reply.ok:
        app.call_from_thread(app.notify, reply.text, severity="error", markup=False)


class FileNameScreen(ModalScreen[str]):
    """Asks for the name of a file."""

    DEFAULT_CSS = """
    FileNameScreen { align: center middle; }
    FileNameScreen Vertical {
        width: 64; max-width: 94%; height: auto; padding: 1 2; background: $surface; border: round $primary;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Cancel", key_display="esc")]

    def __init__(self, suggestion: str) -> None:
        super().__init__()
        self._suggestion = suggestion

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static("Save the points as (enter saves, esc cancels)", markup=False)
            yield Input(self._suggestion, compact=True)
        yield KeyLine()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value.strip())

    def action_cancel(self) -> None:
        self.dismiss("")


def _count_classes(points: Sequence[Point]) -> int:
    return len({kind for _, _, kind in points})


def as_points(points: Sequence[Point]) -> Points:
    """What was painted, as arrays."""
    array = np.asarray(points, np.float64).reshape(-1, 3)
    return Points(array[:, :2].astype(np.float32), array[:, 2].astype(np.int64))
