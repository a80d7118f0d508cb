"""The menu: presets to start, runs to come back to."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.events import DescendantFocus, Key
from textual.widgets import OptionList

from gan_tui import presets
from gan_tui.dashboard import own_keys
from gan_tui.dashboard.actions import keys_of
from gan_tui.dashboard.listed.deletion import deletion
from gan_tui.dashboard.listed.entries import Entries
from gan_tui.dashboard.menu_place import MenuPlace
from gan_tui.dashboard.navigation import ShowRun
from gan_tui.dashboard.run_starter import RunStarter
from gan_tui.dashboard.screens import help as help_screen
from gan_tui.dashboard.screens.another import StartsAnother, why_never_another
from gan_tui.dashboard.screens.ask import ask_length
from gan_tui.dashboard.screens.changing import ChangesPresets
from gan_tui.dashboard.screens.confirm import ConfirmScreen, TrainHereScreen
from gan_tui.dashboard.screens.keeps_place import KeepsPlace
from gan_tui.dashboard.screens.run_details import ShowsRuns
from gan_tui.dashboard.widgets.key_line import KeyLine
from gan_tui.dashboard.widgets.preset_details import PresetDetails
from gan_tui.dashboard.widgets.preset_list import PresetList
from gan_tui.dashboard.widgets.run_list import RunList
from gan_tui.dashboard.widgets.settings_form import SettingsForm
from gan_tui.errors import UserError
from gan_tui.presets import Preset
from gan_tui.presets.plan import batch_size
from gan_tui.run import catalog
from gan_tui.run.folder import RunFolder
from gan_tui.run.holder import NOT_HERE
from gan_tui.run.maker import Maker
from gan_tui.run.summaries import RunSummary
from gan_tui.supervision import launching

if TYPE_CHECKING:
    from gan_tui.data.points import Points

FIRST_PAINT_SECONDS = 0.06
"""Widgets settle unseen for so long, instead of being sent to the terminal several times over."""
PREPARING_SECONDS = 0.5
"""After the start, once the menu is painted, TensorFlow begins to load for the run that will be chosen."""
RUNS_SECONDS = 2.0
"""Between two looks at the runs."""


_KEYS: list[BindingType] = [
    Binding("r", "resume", "Resume", tooltip="Resume the chosen run from its last checkpoint"),
    Binding("r", "longer", "Train longer", tooltip="Train the chosen run, which has finished, longer"),
    Binding("O", "other_seed", "Other seed", tooltip="Train the chosen run again, from another seed; asks first"),
    Binding(
        "A", "again", "Again", tooltip="Train the chosen run again, as it was; asks first"
    ),
    Binding("d", "delete", "Delete", tooltip="Delete the chosen run; asks first"),
    Binding("e", "edit", "Settings", tooltip="Change settings before starting; escape goes back"),
    Binding("a", "all_settings", "All settings", tooltip="All settings of the preset: find, read and change them"),
    Binding("ctrl+s", "all_settings", "All settings", show=False, tooltip="The same while a setting is typed"),
    Binding("E", "copy", "Edit a copy", tooltip="Open a copy of the preset in your editor ($VISUAL, $EDITOR)"),
    Binding("h", "about", "About", tooltip="What the chosen preset is, what to look at, what to try next"),
    Binding("o", "data", "Data", tooltip="Look at data: the chosen preset's, or what lies at a path"),
    Binding("ctrl+o", "data", "Data", show=False, tooltip="The same while a setting is typed"),
    Binding("w", "draw", "Draw", tooltip="Paint points for the plane preset to learn"),
    Binding("l", "list", "All runs", tooltip="All runs over the whole screen: sort, filter, mark, compare them"),
    Binding("slash", "filter", "Filter", show=False, key_display="/", tooltip="The same, with a filter to be typed"),
    Binding("tab", "app.focus_next", "Next", tooltip="Next pane: presets, runs, details, settings"),
    Binding("escape", "back", "Back", show=False),
    Binding("question_mark", "help", "Help", key_display="?", tooltip="Show this help"),
]


class MenuScreen(ShowsRuns, ChangesPresets, KeepsPlace, StartsAnother):
    """Presets and runs on the left, the chosen preset on the right."""

    AUTO_FOCUS: ClassVar[str | None] = ""  # where the menu was left has it
    BINDINGS: ClassVar[list[BindingType]] = own_keys.named(_KEYS)

    def __init__(self, runs: Path, place: MenuPlace) -> None:
        """On a folder of runs, at the place where the menu was left."""
        super().__init__()
        self._place = place
        self._presets, self._details, self._form = PresetList(), PresetDetails(), SettingsForm(place)
        self._entries, self._starter = Entries(runs, place.logs), RunStarter(self, runs)
        self._runs = RunList(self._entries, place)

    def compose(self) -> ComposeResult:
        with Horizontal(id="body"):
            with Vertical(id="lists"):
                yield self._presets
                yield self._runs
            with Vertical(id="chosen"):
                yield self._details
                yield self._form
        yield KeyLine()

    def on_mount(self) -> None:
        self.app.delay_update(FIRST_PAINT_SECONDS)
        found, problems = presets.every()
        self._presets.show(found, self._is_narrow, self._place.wanted(found))
        for problem in problems:
            self.notify(problem, severity="warning", markup=False)
        (self._runs if self._place.among_runs or self._place.logs else self._presets).focus()
        self.begin_to_look(RUNS_SECONDS)
        self.set_timer(PREPARING_SECONDS, self._starter.prepare)

    def on_unmount(self) -> None:
        self._starter.end()

    def on_resize(self) -> None:
        narrow = self.size.width < 100
        if narrow != self._is_narrow:
            self.set_class(narrow, "-narrow")
            self._presets.fit(narrow)
            self._runs.fit(narrow)

    @property
    def _is_narrow(self) -> bool:
        return self.has_class("-narrow")

    # Presets ----------------------------------------------------------

    @on(OptionList.OptionHighlighted, "#presets")
    def _show_preset(self, event: OptionList.OptionHighlighted) -> None:
        preset = self._presets.preset_of(event.option.id)
        if preset:
            self._place.preset = preset
            self._details.show(preset)
            self._form.show(preset)
            self.refresh_bindings()

    @on(SettingsForm.Fitted)
    def _show_fitted(self, event: SettingsForm.Fitted) -> None:
        if self._presets.chosen and event.preset.name == self._presets.chosen.name:
            self._details.show(event.preset)

    @on(OptionList.OptionSelected, "#presets")
    @on(SettingsForm.Start)
    def _start_chosen(self) -> None:
        preset = self._form.preset
        if preset is None:
            self.notify(f"Not started: {self._form.problem}.", severity="warning", markup=False)
            return
        if self._is_as_listed():
            self._place.among_runs = False
            self._starter.start(preset)

    def _is_as_listed(self) -> bool:
        """Whether the chosen preset is what its file says now; else that is shown, for whoever starts it to see."""
        listed = self._presets.chosen
        assert listed is not None
        try:
            now = presets.find(listed.name)
        except UserError as error:
            self.notify(str(error), severity="error", markup=False, timeout=15)
            return False
        if now == listed:
            return True
        self._place.remember(now, self._place.typed(listed))
        self._presets.show(presets.every()[0], self._is_narrow, now)
        self.notify(f"{now.name} has changed: this is what its file says now; enter starts it.", timeout=15)
        return False

    # Runs ----------------------------------------------------------

    @on(OptionList.OptionSelected, "#runs")
    def _open_run(self, event: OptionList.OptionSelected) -> None:
        run = self._runs.run_of(event.option.id)
        if run:
            self._place.among_runs = True
            self.post_message(ShowRun(run.folder))

    # Keys ----------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return not self._why_not(action)

    def _why_not(self, action: str) -> str:
        return why_not(action, self._form.preset, self._chosen_run, self.maker_of_run(self._chosen_run))

    def on_key(self, event: Key) -> None:
        """A key that does nothing says why."""
        whys = [self._why_not(each.action) for each in own_keys.doing(self.BINDINGS, event.key)]
        if whys and all(whys):
            self.notify(f"{event.key} does nothing now: {whys[0]}.", severity="warning", markup=False)

    @on(DescendantFocus)
    @on(OptionList.OptionHighlighted, "#runs")
    @on(RunList.Changed)
    def _other_runs(self) -> None:
        self.show_chosen()
        self.refresh_bindings()

    def action_edit(self) -> None:
        self._show_preset_again()
        self.set_focus(self.query_one("#epochs"))  # at once: what is typed next may be there already

    def action_back(self) -> None:
        self.set_focus(self._presets)  # at once, likewise

    def action_about(self) -> None:
        preset = self._presets.chosen
        if preset:
            words = help_screen.about(preset.title, preset.help or preset.about)
            self.app.push_screen(help_screen.HelpScreen(words))

    def action_data(self) -> None:
        from gan_tui.dashboard.screens.data import DataScreen  # numpy loads here, not with the menu

        use = self._form.take if self._form.takes_data else None
        self.app.push_screen(DataScreen(*self._form.place, use, self._form.changes))

    def action_draw(self) -> None:
        from gan_tui.dashboard.screens.draw import DrawScreen  # numpy loads here, not with the menu

        self.app.push_screen(DrawScreen(self._place.painting, train=self._train_on))

    def _train_on(self, points: "Points") -> None:
        """Start the chosen preset on points that were painted."""
        preset = self._form.preset
        if preset is None:
            return
        try:
            batch_size(preset, len(points.classes))
        except UserError as error:  # what was painted stays on the screen
            self.notify(str(error), severity="error", markup=False)
            return
        self.app.pop_screen()
        self._place.among_runs = False
        painting = self._place.painting
        self._starter.start_on(preset, points, partial(painting.keep, painting.points))

    @work
    async def action_resume(self) -> None:
        run = self._runs.chosen
        if run is None:
            return
        here = run.state in NOT_HERE
        if not here or await TrainHereScreen(run.folder, run.standing).answer(self):
            self._place.among_runs = True
            self._starter.restart(run.folder, here)

    @work
    async def action_longer(self) -> None:
        run = self._runs.chosen
        if run is None:
            return
        if length := await ask_length(self, run.folder):
            self._place.among_runs = True
            self._starter.train_longer(run.folder, *length)

    @work
    async def action_delete(self) -> None:
        run = self._runs.chosen
        if run and await ConfirmScreen(deletion([run])).answer(self):
            self._delete(run.folder)

    @work(thread=True, group="delete")
    def _delete(self, folder: RunFolder) -> None:
        try:
            launching.release(folder)
            catalog.delete(folder)
            text, severity = f"Deleted {folder.name}.", "information"
        except UserError as error:
            text, severity = str(error), "error"
        self.app.call_from_thread(self.notify, text, severity=severity, markup=False)
        self.app.call_from_thread(self._runs.look)

    def action_help(self) -> None:
        words = help_screen.MENU.format(presets=presets.user_folder() or "the folder $GAN_TUI_PRESETS")
        self.app.push_screen(help_screen.HelpScreen(words, help_screen.MENU_LEAD, {"Keys": keys_of(self)}))


def why_not(action: str, chosen: Preset | None, run: RunSummary | None, maker: Maker = Maker.TRAINER) -> str:
    """Why an action means nothing for the preset and the run that are chosen, half a sentence; empty where it does."""
    if action == "draw":
        paints = chosen is not None and "points" in chosen.settings
        return "" if paints else "painted points are for the preset plane"
    if action not in ("resume", "longer", "delete", "other_seed", "again"):
        return ""
    if run is None:
        return "choose a run first (tab goes to the list)"
    if run.is_log:
        return f"{run.folder.name} is another program's log; enter opens it"
    if run.alive:
        return f"{run.folder.name} is {run.state}; enter opens it"
    if action in ("other_seed", "again"):
        return why_never_another(action, maker, run.folder.name)
    if maker is not Maker.TRAINER and action == "longer":
        return f"the length of {run.folder.name} is its script's"
    if maker is Maker.PROCESS and action == "resume":
        return f"{run.folder.name} does not know by which command its script is started"
    if action in ("resume", "longer") and run.ended_early:
        return f"early stopping ended {run.folder.name}, and would again"
    fits = action == "delete" or (action == "longer") == (run.state == "finished")
    return "" if fits else f"{run.folder.name} is {run.state}"
