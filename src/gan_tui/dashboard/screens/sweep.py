"""A sweep's screen: its trainings' curves over each other, who trains what, the best so far, the table, what failed."""

from dataclasses import replace
from typing import Any, ClassVar

from textual import getters, on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Key

from gan_tui.dashboard import sweep_lines
from gan_tui.dashboard.charts.overlay import Overlay, Which
from gan_tui.dashboard.charts.overlay_board import OverlayBoard
from gan_tui.dashboard.looks import PATIENCE_SECONDS, TROUBLES, Looked, Looks, words_of
from gan_tui.dashboard.navigation import ComesBack, LeaveSweep
from gan_tui.dashboard.own_keys import named
from gan_tui.dashboard.screens import help as help_screen
from gan_tui.dashboard.screens.look_keys import LOOK_KEYS, LooksAtCharts
from gan_tui.dashboard.screens.training_opening import OpensTrainings
from gan_tui.dashboard.sweep_look import Sight, SweepLook
from gan_tui.dashboard.terminal.app import TerminalApp
from gan_tui.dashboard.terminal.window_screen import WindowScreen
from gan_tui.dashboard.widgets.key_line import KeyLine
from gan_tui.dashboard.widgets.metric_charts import ChartsView
from gan_tui.dashboard.widgets.sweep_head import SweepHead
from gan_tui.dashboard.widgets.sweep_table import SweepTable
from gan_tui.dashboard.widgets.tab_bar import TabBar
from gan_tui.sweep.folder import SweepFolder
from gan_tui.sweep.trainings import folder_of

LOOK_SECONDS = 1.0
"""Between two looks at the sweep."""
TABS = ("trainings", "combinations", "failed")
_TABLE_KEYS: list[BindingType] = [
    Binding("enter", "open", "Open", tooltip="Open the chosen training as a run, and come back by escape"),
    Binding("up", "choose(-1)", "Up", show=False, tooltip="Choose a training; with tab, a chart"),
    Binding("down", "choose(1)", "Down", show=False, tooltip="Choose a training; with tab, a chart"),
    Binding("pageup", "choose(-10)", "Page up", show=False, tooltip="Ten lines up"),
    Binding("pagedown", "choose(10)", "Page down", show=False, tooltip="Ten lines down"),
    Binding("left", "move(-1)", "Left", show=False, tooltip="With tab, move the charts' cursor"),
    Binding("right", "move(1)", "Right", show=False, tooltip="With tab, move the charts' cursor"),
    Binding("1", "table('trainings')", "Trainings", show=False, tooltip="Show the trainings, and who trains which"),
    Binding("2", "table('combinations')", "Table", tooltip="Show the table of combinations, as the command prints it"),
    Binding("3", "table('failed')", "Failed", show=False, tooltip="Show what failed, where, and why"),
    Binding("f", "full", "Table only", show=False, tooltip="Show the table on the whole screen, and back"),
    Binding("v", "which", "Training too", show=False, tooltip="Show validation, training as well, or training alone"),
]
_OTHER_KEYS: list[BindingType] = [
    Binding("escape", "back", "Back", tooltip="Back from what was chosen, then to where you came from"),
    Binding("question_mark", "help", "Help", key_display="?", tooltip="Show this help"),
]
KEYS = named([*_TABLE_KEYS, *LOOK_KEYS, *_OTHER_KEYS])


class SweepScreen(OpensTrainings, LooksAtCharts, ComesBack, WindowScreen[None]):
    """Charts above, one of the tables below."""

    app = getters.app(TerminalApp)
    BINDINGS: ClassVar[list[BindingType]] = KEYS
    _status: SweepHead
    _has_begun = False

    def __init__(self, folder: SweepFolder) -> None:
        super().__init__()
        self.sweep, self._sight = folder, Sight()
        self._look, self._which, self._trouble = SweepLook(folder), Which.HELD_BACK, ""
        self._status, self._tabs, self._table = SweepHead(folder.name), TabBar(TABS, TABS[0]), SweepTable()
        self._view = ChartsView(OverlayBoard(), Overlay())
        self._looks = Looks(self, self._find)

    def compose(self) -> ComposeResult:
        yield self._status
        yield self._view
        yield self._tabs
        yield self._table
        yield KeyLine()

    def on_mount(self) -> None:
        self._looks.ask()
        self.set_interval(LOOK_SECONDS, self._look_again)

    def _look_again(self) -> None:
        self._looks.ask()
        if self._looks.seconds >= PATIENCE_SECONDS:
            self._show("The disk does not answer.")

    def _find(self) -> Sight | str:
        """In a thread."""
        try:
            return self._look.look(self._chosen)
        except TROUBLES as trouble:
            return words_of(trouble)

    # What is shown ----------------------------------------------------------

    @property
    def _metrics(self) -> ChartsView[Any]:
        return self._view

    @property
    def _is_whole(self) -> bool:
        return all(part.is_attached for part in (self._status, self._view, self._tabs, self._table))

    @property
    def _chosen(self) -> str:
        return self._table.chosen if self._tabs.current != TABS[1] else ""

    def on_looked(self, message: Looked) -> None:
        if isinstance(message.found, Sight):
            self._sight = message.found
        if isinstance(message.found, Sight | str):
            self._show(message.found if isinstance(message.found, str) else "")

    def _show(self, trouble: str = "", another: bool = False) -> None:
        if not self._is_whole:
            return
        seen, laid = self._sight.seen, self._sight.laid
        self._trouble = trouble
        overlay = Overlay(tuple(laid.values()), self._which, sweep_lines.why_no_curves(seen, self._sight.is_read))
        if laid and not self._has_begun:
            self._begin_with(overlay)
        with self.app.batch_update():
            self._view.show(overlay, seen.alive)
            if self._sight.is_read:
                self._table.show(self._table_now(), another)
            hints = "esc charts" if self.has_class("-table") else "tab charts' cursor  f table only"
            self._status.show(seen, hints, trouble)

    def _begin_with(self, overlay: Overlay) -> None:
        """The chart of what says which training is best comes first."""
        self._has_begun, metric = True, self._sight.seen.metric
        groups = [chart.group for chart in overlay.charts(self._view.look)]
        first = next((place for place, group in enumerate(groups) if metric and metric.name in group.names), 0)
        self._view.look = replace(self._view.look, first=first)

    def _table_now(self) -> sweep_lines.Table:
        seen = self._sight.seen
        if self._tabs.current == TABS[1]:
            return sweep_lines.combinations(seen, max(40, self.size.width - 2))
        return (
            sweep_lines.failures(seen)
            if self._tabs.current == TABS[2]
            else sweep_lines.trainings(seen, self._sight.laid)
        )

    @on(SweepTable.Moved)
    def _moved(self) -> None:
        """The curves of the chosen one are shown."""
        self._looks.ask()

    # Keys ----------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self._is_whole and not self._why_not(action)

    def _why_not(self, action: str) -> str:
        if action in _OF_CHARTS and self.has_class("-table"):
            return "the table is on show; f turns to the curves"
        if action == "which" and not Overlay(tuple(self._sight.laid.values())).has_both:
            return "no metric of these trainings is of training and of validation"
        return ""

    def on_key(self, event: Key) -> None:
        """A key that does nothing says why, until the next one."""
        bound = [key for key in KEYS if isinstance(key, Binding) and event.key in key.key.split(",")]
        why = self._why_not(bound[0].action.partition("(")[0]) if bound and self._is_whole else ""
        self._status.refuse(f"{bound[0].key_display or event.key} does nothing now: {why}" if why else "")

    def action_table(self, name: str) -> None:
        self._tabs.current = name
        self._show(self._trouble, another=True)
        self._looks.ask()

    @on(TabBar.Chosen)
    def _tab_chosen(self, message: TabBar.Chosen) -> None:
        self.action_table(message.name)

    def action_full(self) -> None:
        self.set_class(not self.has_class("-table"), "-table")
        self._show(self._trouble)
        self.refresh_bindings()

    def action_which(self) -> None:
        self._which = self._which.next
        self._show(self._trouble)

    def action_choose(self, places: int) -> None:
        if self.arrows_at_charts:
            self._arrow(0, places)
        else:
            self._table.choose(places)

    def action_move(self, places: int) -> None:
        if self.arrows_at_charts:
            self._arrow(places, 0)
        else:
            self._status.refuse(f"{'→' if places > 0 else '←'} does nothing now: with tab it moves the charts' cursor")

    def action_open(self) -> None:
        if self.arrows_at_charts:
            self._enlarge()
            return
        chosen = next((each for each in self._sight.seen.trainings if each.name == self._chosen), None)
        if chosen is None:
            self._status.refuse("enter does nothing now: no training is chosen; 1 lists them")
        else:
            self.open_training(folder_of(self.sweep, chosen.job), self._status.refuse)

    def action_back(self) -> None:
        """One step, of what was chosen last; then to where a person came from."""
        if self.has_class("-table"):
            self.action_full()
        elif not self._back_from_charts():
            self.post_message(LeaveSweep())

    def action_help(self) -> None:
        self.app.push_screen(help_screen.HelpScreen(help_screen.A_SWEEP, help_screen.SWEPT, in_groups(self.app)))


_OF_CHARTS = {binding.action.partition("(")[0] for binding in LOOK_KEYS if isinstance(binding, Binding)} | {"which"}


def in_groups(app: App[None]) -> dict[str, list[Binding]]:
    """All keys, under headings."""
    groups = {"Trainings": _TABLE_KEYS, "Charts": LOOK_KEYS, "Everywhere": [*_OTHER_KEYS, *app.BINDINGS]}
    return {name: [key for key in keys if isinstance(key, Binding)] for name, keys in groups.items()}
