"""The training screen: a run as it is, live or long finished."""

import gc
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.events import Key

from gan_tui.dashboard import kept_choices
from gan_tui.dashboard.follower import ScreenFollower
from gan_tui.dashboard.looks import PATIENCE_SECONDS
from gan_tui.dashboard.messages import Replied, RunChanged
from gan_tui.dashboard.navigation import ShowMenu
from gan_tui.dashboard.run_requests import RunRequests
from gan_tui.dashboard.screens.about_run import KnowsItsMaker
from gan_tui.dashboard.screens.again import StartsAgain
from gan_tui.dashboard.screens.compared_with import ComparesWithOthers
from gan_tui.dashboard.screens.exporting import ExportsShown
from gan_tui.dashboard.screens.look_keys import LooksAtCharts
from gan_tui.dashboard.screens.picture_keys import LooksAtPictures
from gan_tui.dashboard.screens.run_outside import ShowsRunOutside
from gan_tui.dashboard.screens.training_keys import KEYS, refusal, why_not
from gan_tui.dashboard.terminal.window_screen import WindowScreen
from gan_tui.dashboard.widgets.charts import Charts
from gan_tui.dashboard.widgets.key_line import KeyLine
from gan_tui.dashboard.widgets.metric_charts import MetricCharts
from gan_tui.dashboard.widgets.notice import Notice
from gan_tui.dashboard.widgets.side_pane import SidePane
from gan_tui.dashboard.widgets.status import StatusLines
from gan_tui.run.commands import Command
from gan_tui.run.folder import RunFolder
from gan_tui.run.holder import READING, Standing
from gan_tui.run.reader import Reader
from gan_tui.run.state import RunState
from gan_tui.system.allocator import TIDY_SECONDS

SILENCE_SECONDS = 1.0
"""Between two looks whether the run's disk answers."""
_PENDING = {"pause": "pausing", "resume": "resuming", "step": "stepping", "save": "saving", "stop": "stopping"}


class _Body(Horizontal):
    """What is beside and between its children needs no styles of its own, line by line."""

    BLANK = True


class TrainingScreen(
    StartsAgain, ExportsShown, KnowsItsMaker, ComparesWithOthers, ShowsRunOutside, LooksAtCharts, LooksAtPictures,
    WindowScreen[None],
):  # fmt: skip
    """Charts on the left; picture, layers or log on the right."""

    BINDINGS: ClassVar[list[BindingType]] = KEYS
    _status: StatusLines

    def __init__(self, folder: RunFolder, runs: Path, reader: Reader | None = None) -> None:
        """`runs` is where others are started; `reader` reads the run's log from its beginning, where there is one."""
        super().__init__()
        self.folder, self.runs_folder, self._reader = folder.held(), runs, reader
        self.state, self.standing = RunState(), Standing(READING)
        self.trouble = self._silence = ""
        self._follower: ScreenFollower | None = None
        self._requests = RunRequests(self.folder, lambda *news: self.post_message(Replied(*news)))
        self._status, self._notice = StatusLines(self.folder), Notice()
        self._charts, self._side = Charts(), SidePane(self.folder)
        self.set_class(kept_choices.chosen("wide", False), "-full")

    def compose(self) -> ComposeResult:
        yield self._status
        yield self._notice
        with _Body(id="body"):
            yield self._charts
            yield self._side
        yield KeyLine()

    def on_mount(self) -> None:
        self._follower = ScreenFollower(self.folder, lambda *news: self.post_message(RunChanged(*news)), self._reader)
        self._follower.start()
        self.set_interval(TIDY_SECONDS, self._tidy)
        self.set_interval(SILENCE_SECONDS, self._look_for_silence)

    def _tidy(self) -> None:
        gc.collect()

    def _look_for_silence(self) -> None:
        """Say for how long the disk has not answered: what is on the screen is that old."""
        silent = self._follower.silent_seconds if self._follower else 0.0
        words = f"The run's disk has not answered for {silent:.0f} s: what is shown is as old."
        before, self._silence = self._silence, words if silent >= PATIENCE_SECONDS else ""
        if self._silence != before and self._is_whole:
            self._show_notice()

    def maker_known(self) -> None:
        if self._is_whole:
            self._show_notice()
            self.refresh_bindings()

    def _show_notice(self) -> None:
        trouble = " ".join(filter(None, (self._silence, self.trouble)))
        self._notice.show(self.state, self.standing, trouble, self.maker)

    def on_unmount(self) -> None:
        if self._follower:
            self._follower.stop()
        self._requests.close()

    # What is shown ----------------------------------------------------------

    @property
    def _metrics(self) -> MetricCharts:
        return self._charts.metrics

    @property
    def alive(self) -> bool:
        """Whether the run's trainer is seen to be there."""
        return self.standing.alive

    @property
    def _is_whole(self) -> bool:
        """Whether nothing of the screen is gone yet: while it is being left, messages and keys still come."""
        has_lines = self._status.is_attached and self._notice.is_attached
        return has_lines and self._charts.is_whole and self._side.is_whole

    async def on_run_changed(self, message: RunChanged) -> None:
        if not self._is_whole:
            return
        before = self.shown_state, self.maker, self.state.started
        if self.shown_state == READING:
            self._status.refuse("")  # why keys did nothing until now
        self.state, self.standing, self.trouble = message.state, message.standing, message.trouble
        with self.app.batch_update():
            self._status.show(self.state, self.shown_state)
            self._show_notice()
            self._charts.show(self.state, growing=self.alive and self.state.live)
            self._side.show(self.state)
        self.show_outside()
        if (self.shown_state, self.maker, self.state.started) != before:
            self.refresh_bindings()

    # Keys ----------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if not self._is_whole:
            return False
        if action in ("back", "menu"):
            return (action == "back") == self._is_nested
        return not why_not(action, parameters, self.state, self.standing, self.maker)

    def on_key(self, event: Key) -> None:
        """A key that does nothing says why, until the next one; the app then does what it does."""
        if self._is_whole:
            self._status.refuse(refusal(event.key, self.state, self.standing, self.maker))

    @property
    def _is_nested(self) -> bool:
        """Whether there is something to go back from before the run is left."""
        return self._side.is_nested or self._metrics.look.is_nested or self.has_class("-full")

    def action_pause(self) -> None:
        if self.state.state == "saving":  # a moment later it is known which of the two is meant
            self._status.refuse("space does nothing now: the run is saving")
        else:
            self.action_command("pause")

    def action_go_on(self) -> None:
        self.action_command("resume")

    def action_command(self, name: str) -> None:
        doing = _PENDING[name]
        self._status.show_pending(doing, late=f"{doing}: no answer, busy or stopped")
        self._ask(Command(name))

    def _ask(self, command: Command) -> None:
        if self._follower:
            self._follower.look_soon()
        self._requests.ask(command)

    def on_replied(self, message: Replied) -> None:
        if not self._is_whole:
            return
        if self._follower:
            self._follower.look_soon()  # the answer may have taken long
        self._status.show_pending("")
        if not message.reply.ok:
            self.notify(message.reply.text, severity="error", markup=False)
        elif message.command.name == "save":
            self.notify(f"Saved {message.reply.text}", markup=False)

    def action_tab(self, name: str) -> None:
        self._side.turn_to(name)

    def action_full(self) -> None:
        self._turn_full(not self.has_class("-full"))
        kept_choices.keep("wide", self.has_class("-full"))

    def _turn_full(self, full: bool) -> None:
        self.set_class(full, "-full")
        self.refresh_bindings()

    def action_diagram(self) -> None:
        self._side.turn_to("layers")
        self._side.layers_pane.toggle()

    def action_look(self, which: str) -> None:
        """Another image, or another latent vector: the trainer draws it."""
        has_latents = "latent" in self.state.settable
        pending = "waiting for the networks" if self.alive else "loading the last checkpoint"
        self._status.show_pending(pending)
        self._side.picture_pane.turn_to("one" if has_latents else "input")
        setting, value = ("latent", "new") if has_latents else ("image", which)
        self._ask(Command("set", setting=setting, value=value))

    def action_move(self, across: int, down: int) -> None:
        if self.arrows_at_charts:
            self._arrow(across, down)
            return
        self._side.in_view(lambda view: view.move(across, down))

    def action_enlarge(self) -> None:
        if self.arrows_at_charts:
            self._enlarge()
        elif not self._side.in_view(lambda view: view.enter()):
            self._status.refuse("enter does nothing now: no tiles are on show")

    def action_back(self) -> None:
        """One step, of what was chosen last."""
        if self._side.is_nested and not self.arrows_at_charts:
            self._side.in_view(lambda view: view.back())
        elif not self._back_from_charts():
            self._turn_full(False)  # for this time

    def action_menu(self) -> None:
        self.post_message(ShowMenu())
