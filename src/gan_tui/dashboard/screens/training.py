"""The training screen: a run as it is, live or long finished."""

import gc
from collections.abc import Callable
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import ContentSwitcher, Footer

from gan_tui import presets
from gan_tui.dashboard import run_requests
from gan_tui.dashboard.actions import keys_of
from gan_tui.dashboard.follower import ScreenFollower
from gan_tui.dashboard.messages import Answered, RunChanged
from gan_tui.dashboard.navigation import ShowMenu
from gan_tui.dashboard.screens import help as help_screen
from gan_tui.dashboard.terminal.window_screen import WindowScreen
from gan_tui.dashboard.views.base import View, points_of
from gan_tui.dashboard.widgets.chart import MetricChart
from gan_tui.dashboard.widgets.layers_pane import LayersPane
from gan_tui.dashboard.widgets.log_tail import LogTail
from gan_tui.dashboard.widgets.notice import Notice
from gan_tui.dashboard.widgets.picture import PicturePane
from gan_tui.dashboard.widgets.start_progress import StartProgress
from gan_tui.dashboard.widgets.status import StatusLines
from gan_tui.dashboard.widgets.tab_bar import TabBar
from gan_tui.errors import UserError
from gan_tui.run.event_log import EventReader
from gan_tui.run.events import Command
from gan_tui.run.folder import RunFolder
from gan_tui.run.metrics import ACCURACY, groups
from gan_tui.run.state import RunState
from gan_tui.supervision import starting
from gan_tui.system.allocator import TIDY_SECONDS

SMOOTHINGS = (0.9, 0.98, 0.0, 0.6)
_WISHES = {"pause": "pausing", "resume": "resuming", "step": "one step", "save": "saving", "stop": "stopping"}
_PANES: dict[str, type[Widget]] = {"picture": PicturePane, "layers": LayersPane, "log": LogTail}


class _Body(Horizontal):
    """What is beside and between its children needs no styles of its own, line by line."""

    BLANK = True


class TrainingScreen(WindowScreen[None]):
    """Charts on the left; picture, layers or log on the right."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "pause", "Pause", key_display="space", tooltip="Pause the training"),
        Binding("space", "go_on", "Go on", key_display="space", tooltip="Go on with a paused training"),
        Binding("s", "command('step')", "Step", tooltip="Train exactly one step, then pause"),
        Binding(
            "c",
            "command('save')",
            "Save",
            tooltip="Save a checkpoint: weights, optimizers, random states, and .keras files",
        ),
        Binding("x", "command('stop')", "Stop", tooltip="Save a checkpoint and end the run; it can be resumed"),
        Binding("r", "restart", "Resume", tooltip="Start a stopped or crashed run again from its last checkpoint"),
        Binding("a", "points", "Paint", show=False, tooltip="Paint points while it trains"),
        Binding("h", "about", "What it is", show=False, tooltip="What this preset is and what to look at"),
        Binding("l", "log_axis", "Log", tooltip="The y axis in powers of ten, and back"),
        Binding("m", "smooth", "Smooth", tooltip="Smooth the curves more, not at all, a little"),
        Binding("p", "turn(1)", "View", show=False, tooltip="The next view of the networks"),
        Binding("P", "turn(-1)", "Previous view", show=False, tooltip="The view before"),
        Binding("f", "full", "Full width", show=False, tooltip="The pane on the right over the whole width, and back"),
        Binding("n", "look('next')", "Next", show=False, tooltip="The next image, or a new latent vector"),
        Binding("b", "look('previous')", "Before", show=False, tooltip="The image before"),
        Binding("z", "look('random')", "Random", show=False, tooltip="Any image"),
        Binding("v", "switch", "Way", show=False, tooltip="Class or confidence; real digits beside"),
        Binding("enter", "enlarge", "Enlarge", show=False, tooltip="Enlarge the chosen tile, and back"),
        Binding("up", "move(0, -1)", "Up", show=False, tooltip="Choose a tile, or move the cursor"),
        Binding("down", "move(0, 1)", "Down", show=False, tooltip="Choose a tile, or move the cursor"),
        Binding("left", "move(-1, 0)", "Left", show=False, tooltip="Choose a tile, or move the cursor"),
        Binding("right", "move(1, 0)", "Right", show=False, tooltip="Choose a tile, or move the cursor"),
        Binding("g", "diagram", "Diagram", show=False, tooltip="The layers as a diagram of boxes, or as a table"),
        Binding("1", "tab('picture')", "Picture tab", show=False, tooltip="Show the pictures"),
        Binding("2", "tab('layers')", "Layers tab", show=False, tooltip="Show the layers of the networks"),
        Binding("3", "tab('log')", "Log tab", show=False, tooltip="Show checkpoints, alerts and the trainer's log"),
        Binding("escape", "menu", "Menu", tooltip="Back to the menu; the training goes on"),
        Binding("question_mark", "help", "Help", key_display="?", tooltip="This page"),
    ]

    def __init__(self, folder: RunFolder, reader: EventReader | None = None) -> None:
        """`reader` reads the run's log from its beginning, where there is one already."""
        super().__init__()
        self.folder, self._reader = folder, reader
        self.state = RunState()
        self.alive = True
        self.trouble = ""
        self._follower: ScreenFollower | None = None
        self._status, self._notice, self._progress = StatusLines(folder.name), Notice(), StartProgress()
        self._charts: list[MetricChart] = []
        self._picture, self._layers, self._log = PicturePane(folder), LayersPane(), LogTail(folder)

    def compose(self) -> ComposeResult:
        yield self._status
        yield self._notice
        with _Body(id="body"):
            with Vertical(id="charts"):
                yield self._progress
            with Vertical(id="side"):
                yield TabBar(("picture", "layers", "log"))
                with ContentSwitcher(initial="picture"):
                    with Vertical(id="picture"):
                        yield self._picture
                    with Vertical(id="layers"):
                        yield self._layers
                    with Vertical(id="log"):
                        yield self._log
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self._follower = ScreenFollower(self.folder, lambda *news: self.post_message(RunChanged(*news)), self._reader)
        self._follower.start()
        self.set_interval(TIDY_SECONDS, self._tidy)

    def _tidy(self) -> None:
        gc.collect()

    def on_unmount(self) -> None:
        if self._follower:
            self._follower.stop()
        if not self.alive:
            run_requests.release(self.folder)

    # What is shown ----------------------------------------------------------

    @property
    def shown_state(self) -> str:
        """The run's state as a person should see it."""
        return "interrupted" if self.state.live and not self.alive else self.state.state

    def _is_there(self) -> bool:
        """Whether nothing of the screen is gone yet: while it is being left, messages and keys still come."""
        parts = (self._status, self._notice, self._progress, self._picture, self._layers, self._log)
        return all(part.is_attached for part in parts)

    async def on_run_changed(self, message: RunChanged) -> None:
        if not self._is_there():
            return
        before = self.shown_state
        self.state, self.alive, self.trouble = message.state, message.alive, message.trouble
        with self.app.batch_update():
            self._status.show(self.state, self.shown_state)
            self._notice.show(self.state, self.shown_state, self.trouble)
            await self._show_charts()
            self._show_tab()
        if self.shown_state != before:
            self.refresh_bindings()

    async def _show_charts(self) -> None:
        """One chart a kind of metric; the progress of the start while there is none."""
        metrics = self.state.metrics
        wanted = groups(metrics[name] for name in self.state.series)
        self._progress.display = not wanted
        if not wanted:
            self._progress.show(self.state)
        if [chart.group for chart in self._charts] != wanted:
            await self.query(MetricChart).remove()
            if not self._is_there():
                return
            self._charts = [MetricChart(group) for group in wanted]
            await self.query_one("#charts").mount(*self._charts)
        for chart in self._charts:
            chart.show(self.state.series, metrics, growing=self.alive and self.state.live)

    # Keys ----------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if not self._is_there():
            return False
        ended = not self.alive or not self.state.live
        if action == "restart":
            return ended and self.shown_state != "finished"
        if action in ("pause", "go_on"):
            return not ended and (action == "go_on") == (self.state.state == "paused")
        if action == "command":
            return not ended
        if action == "points":
            return not ended and "points" in self.state.settable
        if action == "look":
            return "image" in self.state.settable or ("latent" in self.state.settable and parameters == ("next",))
        return True

    def action_pause(self) -> None:
        if self.state.state != "saving":  # a moment later it is known which of the two is meant
            self.action_command("pause")

    def action_go_on(self) -> None:
        self.action_command("resume")

    def action_command(self, name: str) -> None:
        self._status.wish(_WISHES[name])
        self._ask(Command(name))

    def _ask(self, command: Command) -> None:
        if self._follower:
            self._follower.look_soon()
        run_requests.ask(self.folder, command, self)

    def on_answered(self, message: Answered) -> None:
        if not self._is_there():
            return
        if self._follower:
            self._follower.look_soon()  # the answer may have taken long
        self._status.wish("")
        if not message.answer.ok:
            self.notify(message.answer.text, severity="error", markup=False)
        elif message.command.name == "save":
            self.notify(f"Saved {message.answer.text}", markup=False)

    @work(thread=True, exclusive=True, group="restart")
    def action_restart(self) -> None:
        try:
            starting.restart(self.folder)
        except UserError as error:
            self.app.call_from_thread(self.notify, str(error), severity="error", markup=False)

    def action_log_axis(self) -> None:
        for chart in self._charts:
            if chart.group != ACCURACY.group:
                chart.log_y = not chart.log_y

    def action_smooth(self) -> None:
        for chart in self._charts:
            chart.smoothing = SMOOTHINGS[(SMOOTHINGS.index(chart.smoothing) + 1) % len(SMOOTHINGS)]

    def action_turn(self, places: int) -> None:
        self.action_tab("picture")
        self._picture.turn(places)

    def action_full(self) -> None:
        self.toggle_class("-full")

    def action_diagram(self) -> None:
        self.action_tab("layers")
        self._layers.toggle()

    def action_look(self, which: str) -> None:
        """Another image, or another latent vector: the trainer draws it."""
        has_latents = "latent" in self.state.settable
        wish = "waiting for the networks" if self.alive else "opening the run to look at it"
        self._status.wish(wish)
        pane = self._picture
        pane.turn_to("one" if has_latents else "input")
        setting, value = ("latent", "new") if has_latents else ("image", which)
        self._ask(Command("set", setting=setting, value=value))

    def action_move(self, across: int, down: int) -> None:
        self._in_view(lambda view: view.move(across, down))

    def action_enlarge(self) -> None:
        self._in_view(lambda view: view.enter())

    def action_switch(self) -> None:
        self._in_view(lambda view: view.switch())

    def _in_view(self, change: Callable[[View], bool]) -> None:
        pane = self._picture
        if pane.region and pane.view and change(pane.view):
            pane.show_choice()

    def action_tab(self, name: str) -> None:
        self.query_one(ContentSwitcher).current = name
        self.query_one(TabBar).current = name
        self.query_one(_PANES[name]).focus()
        self.call_after_refresh(self._show_tab)

    def _show_tab(self) -> None:
        """Bring the pane on show up to date; the others wait until they are turned to."""
        if not self._is_there():
            return
        current = self.query_one(ContentSwitcher).current
        if current == "picture":
            self._picture.show(self.state)
        elif current == "layers":
            self._layers.show(self.state)
        else:
            self._log.show(self.state)

    def on_tab_bar_chosen(self, message: TabBar.Chosen) -> None:
        self.action_tab(message.name)

    def action_points(self) -> None:
        from gan_tui.dashboard.screens.draw import DrawScreen

        points = [(x, y, int(kind)) for x, y, kind in points_of(self.state)]
        self.app.push_screen(DrawScreen(points, folder=self.folder))

    def action_about(self) -> None:
        try:
            preset = presets.of_run(self.folder)
        except UserError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        words = help_screen.about(preset.title, preset.help or preset.about)
        self.app.push_screen(help_screen.HelpScreen(words, ()))

    def action_menu(self) -> None:
        self.post_message(ShowMenu())

    def action_help(self) -> None:
        self.app.push_screen(help_screen.HelpScreen(help_screen.TRAINING, keys_of(self)))
