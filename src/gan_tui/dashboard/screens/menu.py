"""The menu: presets to start, runs to come back to."""

import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Footer, OptionList

from gan_tui import presets
from gan_tui.dashboard.screens import help as help_screen
from gan_tui.dashboard.screens.confirm import ConfirmScreen
from gan_tui.dashboard.terminal.whole import WholeScreen
from gan_tui.dashboard.widgets.preset_details import PresetDetails
from gan_tui.dashboard.widgets.preset_list import PresetList
from gan_tui.dashboard.widgets.run_list import RunList
from gan_tui.dashboard.widgets.settings_form import SettingsForm
from gan_tui.errors import UserError
from gan_tui.presets import Preset
from gan_tui.presets.plan import batch_size
from gan_tui.run import catalog
from gan_tui.run.folder import RunFolder
from gan_tui.run.summaries import RunSummary, summaries
from gan_tui.supervision import starting
from gan_tui.supervision.warm_start import WarmStart, WarmSupervisor
from gan_tui.text import harmless

if TYPE_CHECKING:
    from gan_tui.data.points import Points

FIRST_PAINT_SECONDS = 0.06
"""Widgets settle unseen for so long, instead of being sent to the terminal several times over."""
PREPARING_SECONDS = 0.5
"""After the start, once the menu is painted, TensorFlow begins to load for the run that will be chosen."""
RUNS_SECONDS = 2.0
"""Between two looks at the runs."""


class MenuScreen(WholeScreen[None]):
    """Presets and runs on the left, the chosen preset on the right."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "edit", "Settings", tooltip="Change settings before the start; escape comes back"),
        Binding("h", "about", "About", tooltip="What the chosen preset is, what to look at, what to try next"),
        Binding("w", "draw", "Draw", tooltip="Paint the points that the plane preset learns"),
        Binding("tab", "app.focus_next", "Next", tooltip="Presets, runs, details, settings in turn"),
        Binding("r", "resume", "Resume", tooltip="Go on with the chosen run from its last checkpoint"),
        Binding("d", "delete", "Delete", tooltip="Delete the chosen run; asks first"),
        Binding("escape", "back", "Back to the list", show=False),
        Binding("question_mark", "help", "Help", key_display="?", tooltip="This page"),
    ]

    def __init__(self, runs: Path) -> None:
        super().__init__()
        self._runs_folder = runs
        self._looking = threading.Lock()
        self._starting = threading.Lock()
        """Held while a run is being started: another enter does not start a second one."""
        self._warm_start = WarmStart(runs)

    def compose(self) -> ComposeResult:
        with Horizontal(id="body"):
            with Vertical(id="lists"):
                yield PresetList()
                yield RunList()
            with Vertical(id="chosen"):
                yield PresetDetails()
                yield SettingsForm()
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self.app.delay_update(FIRST_PAINT_SECONDS)
        found, problems = presets.every()
        self.query_one(PresetList).show(found, self._is_narrow)
        for problem in problems:
            self.notify(problem, severity="warning", markup=False, timeout=15)
        self.query_one(PresetList).focus()
        self.call_after_refresh(self._look_at_runs)
        self.set_interval(RUNS_SECONDS, self._look_at_runs)
        self.set_timer(PREPARING_SECONDS, self._prepare)

    # A warm start ----------------------------------------------------------

    @work(thread=True, group="prepare")
    def _prepare(self) -> None:
        """Let TensorFlow load while the person chooses."""
        if not self._starting.locked():
            self._warm_start.begin()

    def on_unmount(self) -> None:
        self._warm_start.close()

    def on_resize(self) -> None:
        narrow = self.size.width < 100
        if narrow != self._is_narrow:
            self.set_class(narrow, "-narrow")
            self.query_one(PresetList).show_again(narrow)
            self.query_one(RunList).show_again(narrow)

    @property
    def _is_narrow(self) -> bool:
        return self.has_class("-narrow")

    # Presets ----------------------------------------------------------

    @on(OptionList.OptionHighlighted, "#presets")
    def _show_preset(self, event: OptionList.OptionHighlighted) -> None:
        preset = self.query_one(PresetList).of(event.option.id)
        if preset:
            self.query_one(PresetDetails).show(preset)
            self.query_one(SettingsForm).show(preset)
            self.refresh_bindings()

    @on(OptionList.OptionSelected, "#presets")
    @on(SettingsForm.Start)
    def _start_chosen(self) -> None:
        preset = self.query_one(SettingsForm).preset
        if preset is None:
            self.notify(
                "A setting is not right yet; see the line below the settings.", severity="warning", markup=False
            )
            return
        self._start(preset)

    @work(thread=True, group="launch")
    def _start(self, preset: Preset) -> None:
        self._open_when(lambda warm: starting.start(preset, self._runs_folder, None, warm))

    @work(thread=True, group="launch")
    def _restart(self, folder: RunFolder) -> None:
        def restarted(warm: WarmSupervisor | None) -> RunFolder:
            starting.restart(folder, warm)
            return folder

        self._open_when(restarted)

    def _open_when(self, started: Callable[[WarmSupervisor | None], RunFolder]) -> None:
        """Show a run once it has been started, or say why it cannot be."""
        if not self._starting.acquire(blocking=False):
            return
        warm = self._warm_start.take()
        try:
            folder = started(warm)
        except UserError as error:
            self.app.call_from_thread(self.notify, str(error), severity="error", markup=False, timeout=15)
        else:
            self.app.call_from_thread(self.app.show_run, folder)  # type: ignore[attr-defined]
        finally:
            self._warm_start.put_back(warm)
            self._starting.release()

    # Runs ----------------------------------------------------------

    @work(thread=True, group="runs")
    def _look_at_runs(self) -> None:
        if self._looking.acquire(blocking=False):  # else a look is under way
            try:
                found = summaries(self._runs_folder)
            finally:
                self._looking.release()
            self.app.call_from_thread(self._list_runs, found)

    def _list_runs(self, found: list[RunSummary]) -> None:
        for runs in self.query(RunList):  # none when the menu was left while they were looked at
            runs.show(found, self._is_narrow)
            self.refresh_bindings()

    @on(OptionList.OptionSelected, "#runs")
    def _open_run(self, event: OptionList.OptionSelected) -> None:
        run = self.query_one(RunList).of(event.option.id)
        if run:
            self.app.show_run(run.folder)  # type: ignore[attr-defined]

    # Keys ----------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        on_runs = self.focused is not None and self.focused.id == "runs"
        if action == "draw":
            chosen = self.query_one(SettingsForm).preset if self.is_mounted else None
            return chosen is not None and chosen.dataset == "points"
        run = self.query_one(RunList).chosen if action in ("resume", "delete") and self.is_mounted else None
        if action == "resume":
            return on_runs and run is not None and not run.alive and run.state != "finished"
        if action == "delete":
            return on_runs and run is not None and not run.alive
        return True

    def on_descendant_focus(self) -> None:
        self.refresh_bindings()

    @on(OptionList.OptionHighlighted, "#runs")
    def _run_highlighted(self) -> None:
        self.refresh_bindings()

    def action_edit(self) -> None:
        self.query_one("#epochs").focus()

    def action_back(self) -> None:
        self.query_one(PresetList).focus()

    def action_about(self) -> None:
        preset = self.query_one(PresetList).chosen
        if preset:
            words = help_screen.about(preset.title, preset.help or preset.about)
            self.app.push_screen(help_screen.HelpScreen(words, ()))

    def action_draw(self) -> None:
        from gan_tui.dashboard.screens.draw import DrawScreen  # numpy loads here, not with the menu

        self.app.push_screen(DrawScreen([], train=self._train_on))

    def _train_on(self, points: "Points") -> None:
        """Start the chosen preset on points that were painted."""
        preset = self.query_one(SettingsForm).preset
        if preset is None:
            return
        try:
            batch_size(preset, len(points.classes))
        except UserError as error:  # what was painted stays on the screen
            self.notify(str(error), severity="error", markup=False)
            return
        self.app.pop_screen()
        self._start_on(preset, points)

    @work(thread=True, group="launch")
    def _start_on(self, preset: Preset, points: "Points") -> None:
        from gan_tui.data.points import write_csv

        def started(warm: WarmSupervisor | None) -> RunFolder:
            with tempfile.TemporaryDirectory() as place:  # the run makes a copy of its own
                path = Path(place) / "drawn.csv"
                write_csv(path, points)
                preset_of_points = preset.with_settings({"points": str(path)})
                return starting.start(preset_of_points, self._runs_folder, None, warm)

        self._open_when(started)

    def action_resume(self) -> None:
        run = self.query_one(RunList).chosen
        if run:
            self._restart(run.folder)

    @work
    async def action_delete(self) -> None:
        run = self.query_one(RunList).chosen
        if run is None:
            return
        place = harmless(str(run.folder.path))
        question = f"Delete the run {run.folder.name} with its checkpoints and pictures?\n\n{place}\n\n"
        question += "This cannot be undone."
        if await self.app.push_screen_wait(ConfirmScreen(question)):
            self._delete(run.folder)

    @work(thread=True, group="delete")
    def _delete(self, folder: RunFolder) -> None:
        try:
            starting.release(folder)
            catalog.delete(folder)
            text, severity = f"Deleted {folder.name}.", "information"
        except UserError as error:
            text, severity = str(error), "error"
        self.app.call_from_thread(self.notify, text, severity=severity, markup=False)
        self.app.call_from_thread(self._look_at_runs)

    def action_help(self) -> None:
        words = help_screen.MENU.format(presets=presets.user_folder())
        self.app.push_screen(help_screen.HelpScreen(words, self.app.keys_of(self)))  # type: ignore[attr-defined]
