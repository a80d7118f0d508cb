"""All runs over the whole screen: sorted, filtered, marked, and the chosen one below them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.events import Key
from textual.widgets import Label, Static

from gan_tui.dashboard.actions import keys_of
from gan_tui.dashboard.listed.columns import COLUMNS
from gan_tui.dashboard.listed.entries import Entries
from gan_tui.dashboard.listed.look import ListLook, keep
from gan_tui.dashboard.listed.rows import Row
from gan_tui.dashboard.listed.shown import Lines, Shown
from gan_tui.dashboard.looks import PATIENCE_SECONDS, Looked, Looks
from gan_tui.dashboard.own_keys import named
from gan_tui.dashboard.screens import help as help_screen
from gan_tui.dashboard.screens.exporting import ExportsRuns
from gan_tui.dashboard.screens.run_edits import EDIT_KEYS, EditsRuns
from gan_tui.dashboard.screens.run_opening import OpensListed
from gan_tui.dashboard.terminal.app import TerminalApp
from gan_tui.dashboard.terminal.window_screen import WindowScreen
from gan_tui.dashboard.widgets.key_line import KeyLine
from gan_tui.dashboard.widgets.line_input import LineInput
from gan_tui.dashboard.widgets.run_card import RunCard
from gan_tui.dashboard.widgets.run_table import RunTable
from gan_tui.run.summaries import RunSummary

RUNS_SECONDS = 2.0
"""Between two looks at the runs."""
_LEAST_FOR_CARD = 22
"""Rows of a window from which the chosen run is told of below the list."""
_PLACEHOLDER = "words, preset=gan, best>0.9, age<2d"
_MOVES = {
    "down": "screen.move(1)", "up": "screen.move(-1)", "pagedown": "screen.move(10)", "pageup": "screen.move(-10)",
}  # fmt: skip


class FilterInput(LineInput):
    """What the runs are filtered by; its arrows choose among them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.leave_filter", "To the list", tooltip="Back to the list, which stays filtered"),
        Binding("escape", "screen.back", "All runs", key_display="esc", tooltip="List all runs again"),
    ]
    LEAVING: ClassVar[Mapping[str, str]] = {
        **_MOVES, "enter": "screen.leave_filter", "tab": "screen.leave_filter", "escape": "screen.back",
    }  # fmt: skip

    on_typed: Callable[[], None] = staticmethod(lambda: None)

    def watch_value(self) -> None:
        """At once: what is typed next may act on what is listed."""
        self.on_typed()


KEYS: list[BindingType] = named([
    Binding("slash", "filter", "Filter", key_display="/", tooltip="Filter the runs by words and conditions"),
    Binding("s", "sort", "Sort", tooltip="Sort by the next column"),
    Binding("S", "turn", "Turn round", show=False, tooltip="Turn the order round"),
    Binding("T", "trainings", "Trainings", show=False, tooltip="List a sweep's trainings here, to sort and filter"),
    *EDIT_KEYS,
    Binding("escape", "back", "Back", key_display="esc", tooltip="Back to all runs, from a sweep, to the menu"),
    Binding("question_mark", "help", "Help", key_display="?", tooltip="Show this help"),
])  # fmt: skip


class RunsScreen(OpensListed, EditsRuns, ExportsRuns, WindowScreen[None]):
    """A line to filter by, the runs, and the chosen one with its curves and its picture."""

    BINDINGS: ClassVar[list[BindingType]] = KEYS

    app = getters.app(TerminalApp)

    def __init__(self, entries: Entries, look: ListLook, *, filtering: bool = False) -> None:
        """Looked at as `look` has it, which is kept there; with `filtering`, a filter is typed at once."""
        super().__init__()
        self._look, self._filtering = look, filtering
        self._entries, self._shown = entries, Shown(look)
        self.table, self._card = RunTable(self._shown.cells_of), RunCard()
        self._looks = Looks(self, self._find)
        self._wanted = look.chosen
        """The key of the row that is to be chosen once it is there."""

    def compose(self) -> ComposeResult:
        with Horizontal(id="bar"):
            yield Label("filter")
            yield FilterInput(self._look.wanted, id="filter", compact=True, placeholder=_PLACEHOLDER)
            yield Static("", id="count", markup=False)
        yield Static("", id="said", markup=False)
        yield self.table
        yield self._card
        yield KeyLine()

    def on_mount(self) -> None:
        self._look.is_open = True
        self._show()
        self.set_focus(self._input if self._filtering else self.table)  # at once: what was typed ahead is for it
        self._input.on_typed = self._filter_typed
        self.look()
        self.set_interval(RUNS_SECONDS, self.look)

    def on_resize(self) -> None:
        self._card.display = self.size.height >= _LEAST_FOR_CARD

    # What is found ----------------------------------------------------------

    def look(self, wanted: str = "") -> None:
        self._wanted = wanted or self._wanted
        self._looks.ask()
        silent = self._looks.seconds >= PATIENCE_SECONDS and not self.unread
        self.table.border_subtitle = "the disk does not answer" if silent else self._marks_words

    def _find(self) -> None:
        """In a thread: what is known at once, and more as it is read, until something is changed."""
        changes = self.changes
        for found in self._entries.filled():
            if not self.is_attached or self.changes != changes:
                return
            self.post_message(Looked(replace(self._shown.lines_of(found, self.app.terminal), changes=changes)))

    def on_looked(self, message: Looked) -> None:
        if not isinstance(message.found, Lines) or not self.is_attached or message.found.changes != self.changes:
            return
        was_read = self._shown.is_read
        if self._shown.take(message.found) or self._wanted:
            if not was_read and not self._shown.problem:
                self._marks.update(dict.fromkeys(self._shown.as_begun(self._look.marked)))
            self._show()
        if not (self.is_changing or self._wanted):
            self.app.typed_ahead.let_go()

    # What is shown ----------------------------------------------------------

    def _show(self) -> None:
        """Show what is found anew, with what is wanted chosen, if it is there, or else what was."""
        problem, look = self._shown.arrange(self.app.terminal), self._shown.look
        keys = [row.key for row in self.listed]
        wanted, self._wanted = self._shown.found_of(self._wanted)
        self.table.widths, self.table.empty = self._shown.widths, self._shown.why_empty
        self.table.show(keys, self.marks_without(self._shown.gone), (look.sort, look.turned), wanted)
        if self._shown.is_read:
            self._look.marked = {str(run.folder.path): run.began for run in self.marked()}
        self.table.border_title = self._shown.title
        self.table.border_subtitle = self._marks_words
        said = self.query_one("#said", Static)
        said.display = bool(problem)
        said.update(problem)
        self.query_one("#count", Static).update(f"{self._shown.count_words} · {look.order_words}")
        self._moved()

    @property
    def _marks_words(self) -> str:
        first, stop = self.table.in_sight
        part = f"{first + 1}–{stop} of {len(self.listed)}" if stop - first < len(self.listed) else ""
        hidden = len(self.out_of_sight)
        marked = f"{len(self._marks)} marked" + (f", {hidden} not listed" if hidden else "") if self._marks else ""
        return " · ".join(filter(None, ("" if self._shown.inside else marked, part)))

    @on(RunTable.Moved)
    def _moved_by_hand(self) -> None:
        self._wanted = ""  # what a person chooses stays chosen
        self._moved()

    def _moved(self) -> None:
        row = self.chosen
        if not self._shown.inside:
            self._look.chosen = row.key if row else ""
        self.table.border_subtitle = self._marks_words
        self._card.show(row)
        self.refresh_bindings()

    @property
    def chosen(self) -> Row | None:
        return self._shown.row_of(self.table.chosen)

    @property
    def listed(self) -> Sequence[Row]:
        return self._shown.rows

    @property
    def unread(self) -> int:
        """How many runs have more to be read."""
        return self._shown.unread

    def marked(self) -> list[RunSummary]:
        return self._shown.runs_of(self._marks)

    def show_marks(self) -> None:
        self._show()

    # Keys ----------------------------------------------------------

    @property
    def _input(self) -> FilterInput:
        return self.query_one(FilterInput)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return not self.why_not(action)

    def on_key(self, event: Key) -> None:
        """A key that does nothing says why."""
        bound = [key for key in self.BINDINGS if isinstance(key, Binding) and event.key in key.key.split(",")]
        why = self.why_not(bound[0].action) if bound and self.focused is not self._input else ""
        if why:
            key = bound[0].key_display or event.key
            self.notify(f"{key} does nothing now: {why}.", severity="warning", markup=False)

    def go_into(self, key: str, wanted: str = "") -> None:
        """List the trainings of a sweep, or the runs again."""
        self._shown.go_into(key)
        self._wanted = wanted
        self._input.value = self._shown.look.wanted
        self._show()

    def action_move(self, by: int) -> None:
        self.table.action_move(by)

    def action_filter(self) -> None:
        self.set_focus(self._input)

    def action_leave_filter(self) -> None:
        self.set_focus(self.table)

    def _filter_typed(self) -> None:
        self._shown.look.wanted = self._input.value
        self._show()

    def action_sort(self) -> None:
        names = ["", *(column.name for column in COLUMNS if column.sorts)]
        sort = self._shown.look.sort
        place = names.index(sort) if sort in names else 0
        self._sort(names[(place + 1) % len(names)], turned=False)

    def action_turn(self) -> None:
        self._sort(self._shown.look.sort, not self._shown.look.turned)

    @on(RunTable.Sorted)
    def _sort_by(self, event: RunTable.Sorted) -> None:
        name, look = event.column.name, self._shown.look
        self._sort(name, turned=name == look.sort and not look.turned)

    def _sort(self, name: str, turned: bool) -> None:
        self._shown.look.sort, self._shown.look.turned = name, turned
        if not self._shown.inside:
            keep(self._look)
        self._show()
        self.table.choose(0)

    def action_back(self) -> None:
        """One step back: from what is filtered, from a sweep's trainings, then to the menu."""
        if self._input.value or self.focused is self._input:
            self._input.value = ""
            self.set_focus(self.table)
        elif self._shown.inside:
            self.go_into("", self._shown.inside)
        else:
            self._look.is_open = False
            self.app.pop_screen()

    def action_export(self) -> None:
        if (row := self.chosen) and row.run:
            self.export_run(row.run.folder)

    def action_help(self) -> None:
        groups = {"Keys": keys_of(self), "Filtering": [key for key in FilterInput.BINDINGS if isinstance(key, Binding)]}
        self.app.push_screen(help_screen.HelpScreen(help_screen.RUNS, help_screen.RUNS_LEAD, groups))
