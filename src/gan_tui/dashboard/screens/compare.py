"""The comparison's screen: curves of several runs over each other, what differs between them, pictures side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from textual import getters, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Key
from textual.message import Message

from gan_tui.dashboard.charts.overlay import Laid, Overlay, Which
from gan_tui.dashboard.charts.overlay_board import OverlayBoard
from gan_tui.dashboard.compared_run import ComparedRun, RunsFollower
from gan_tui.dashboard.navigation import ComesBack
from gan_tui.dashboard.redraw_rate import redraw_seconds
from gan_tui.dashboard.screens import help as help_screen
from gan_tui.dashboard.screens.compare_keys import KEYS, OF_CHARTS, in_groups
from gan_tui.dashboard.screens.looking_at_several import LooksAtSeveral
from gan_tui.dashboard.terminal.app import TerminalApp
from gan_tui.dashboard.terminal.window_screen import WindowScreen
from gan_tui.dashboard.widgets.compared_head import ComparedHead
from gan_tui.dashboard.widgets.compared_pictures import ComparedPictures
from gan_tui.dashboard.widgets.compared_table import ComparedTable
from gan_tui.dashboard.widgets.key_line import KeyLine
from gan_tui.dashboard.widgets.metric_charts import ChartsView
from gan_tui.drawing.words import told_apart
from gan_tui.run.comparison import Member
from gan_tui.run.folder import RunFolder
from gan_tui.run.holder import Standing
from gan_tui.run.state import RunState

_LONGEST_NAME = 16
"""Columns of a run's name at the ends of its curves."""
_LEAST_CHARTS = 10
"""Rows that the table leaves for what is above it."""
_HEAD = 2
_TOGETHER_SECONDS = 0.05
"""So long is waited for others once a run was read, of those that are shown first."""


class MemberChanged(Message):
    """A run of the comparison as it is now."""

    def __init__(self, place: int, folder: RunFolder, state: RunState, standing: Standing, member: Member) -> None:
        super().__init__()
        self.folder = folder
        self.place, self.state, self.standing, self.member = place, state, standing, member

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, MemberChanged) and message.place == self.place


class CompareScreen(LooksAtSeveral, ComesBack, WindowScreen[None]):
    """Charts or pictures above, a table of what differs below."""

    app = getters.app(TerminalApp)
    BINDINGS: ClassVar[list[BindingType]] = KEYS
    _status: ComparedHead
    _has_both = False
    """Whether any metric was seen of training and of validation."""
    _fitted = 0
    """Rows of the table, below charts."""

    def __init__(self, folders: Sequence[RunFolder], colors: Mapping[str, int]) -> None:
        """`colors` says by their paths which of the theme's colours the runs have."""
        super().__init__()
        self._colors = [colors[str(folder.path)] for folder in folders]
        self._runs = [
            ComparedRun(folder, Laid(number, folder.name, color), Member(folder.name, {}))
            for number, (folder, color) in enumerate(zip(folders, self._colors, strict=True), 1)
        ]
        self._follower = RunsFollower(folders, lambda *news: self.post_message(MemberChanged(*news)))
        self._which, self._is_waiting = Which.HELD_BACK, False
        self._status, self._table, self._pictures = ComparedHead(), ComparedTable(), ComparedPictures()
        self._view = ChartsView(OverlayBoard(), Overlay())

    def compose(self) -> ComposeResult:
        yield self._status
        yield self._view
        yield self._pictures
        yield self._table
        yield KeyLine()

    def on_mount(self) -> None:
        self._pictures.display = False
        names = told_apart([run.folder.name for run in self._runs], _LONGEST_NAME, self.app.terminal)
        self._runs = [
            replace(run, laid=replace(run.laid, name=name)) for run, name in zip(self._runs, names, strict=True)
        ]
        self._show()
        self._begin()

    @work(thread=True, exit_on_error=False)
    def _begin(self) -> None:
        self._follower.start()

    def on_unmount(self) -> None:
        self._follower.stop()

    def on_resize(self) -> None:
        self._fit()

    # What is shown ----------------------------------------------------------

    @property
    def _is_whole(self) -> bool:
        """Whether nothing of the screen is gone yet."""
        return all(part.is_attached for part in (self._status, self._view, self._pictures, self._table))

    @property
    def _metrics(self) -> ChartsView[Any]:
        return self._view

    def on_member_changed(self, message: MemberChanged) -> None:
        """Several may change at once, and are drawn together."""
        run = self._runs[message.place]
        laid = replace(run.laid, state=message.state)
        self._runs[message.place] = replace(
            run, folder=message.folder, laid=laid, member=message.member, standing=message.standing
        )
        if not self._is_waiting:
            self._is_waiting = True
            self.set_timer(self._seconds_to_wait, self._show_news)

    @property
    def _seconds_to_wait(self) -> float:
        """As long as runs are still being read, each is worth waiting for."""
        return redraw_seconds() if all(run.was_read for run in self._runs) else _TOGETHER_SECONDS

    def _show_news(self) -> None:
        self._is_waiting = False
        self._show()
        if not self._has_both and self._overlay.has_both:
            self._has_both = True
            self.refresh_bindings()  # v does something now

    def _show(self) -> None:
        if not self._is_whole:
            return
        shown = [run for run in self._runs if run.is_shown]
        with self.app.batch_update():
            self._view.show(self._overlay, any(run.grows for run in shown))
            self._pictures.show(self._runs)
            self._table.show(self._runs)
            self._show_head(shown)
            self._fit()

    @property
    def _overlay(self) -> Overlay:
        laid = tuple(run.laid for run in self._runs if run.is_shown and run.was_read)
        unread = [run for run in self._runs if run.is_shown and not run.was_read]
        return Overlay(laid, self._which, "reading …") if unread else Overlay(laid, self._which)

    def _show_head(self, shown: Sequence[ComparedRun]) -> None:
        last = len(self._runs)
        hints = f"1–{last} hide  ⏎ open" + ("" if self._table.is_all else "  ←→ columns")
        what = f"curves: {self._which.value}" if self._overlay.has_both else "curves"
        if self._table.is_full:
            back = "pictures" if self._wants_pictures else "curves"
            what, hints = (
                "all that differs",
                f"f {back}  1–{last} hide" + ("" if self._table.is_all else "  ←→ columns"),
            )
        if self._has_pictures:
            side_by_side = self._pictures.side_by_side
            name, step = side_by_side.shown_name(shown), side_by_side.shown_step(shown)
            at = "the newest of each" if side_by_side.is_newest_of_each(shown) else f"step {step:,}"
            what = f"{name}, {at}" if step is not None else name
            hints = f"←→ steps  p next view  esc curves  1–{last} hide"
        self._status.show(self._runs, what, hints)

    def _fit(self) -> None:
        """Give the table the rows that it needs, as far as charts keep enough."""
        room = max(3, self.app.size.height - _HEAD - 1 - _LEAST_CHARTS)
        rows = min(self._table.rows, room)
        if not self._table.is_full and rows != self._fitted:
            self._fitted = self._table.styles.height = rows

    # Keys ----------------------------------------------------------

    def _why_not(self, action: str) -> str:
        if action in OF_CHARTS and self._has_pictures:
            return "pictures are on show; esc turns to the curves"
        if action in OF_CHARTS and self._table.is_full:
            return "the table is on show; f turns it back"
        if action == "which" and not self._overlay.has_both:
            return "no metric of these runs is of training and of validation"
        return ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self._is_whole and not self._why_not(action)

    def on_key(self, event: Key) -> None:
        """A key that does nothing says why, until the next one."""
        if not self._is_whole:
            return
        bound = [key for key in KEYS if isinstance(key, Binding) and event.key in key.key.split(",")]
        why = self._why_not(bound[0].action.partition("(")[0]) if bound else ""
        if why:
            self._refuse(bound[0].key_display or event.key, why)
        else:
            self._status.refuse("")

    def action_full(self) -> None:
        full = not self._table.is_full
        self._fitted = 0
        if full:
            self._table.styles.height = "1fr"
        self._table.make_full(full)
        self._lay_out()
        self._show()
        self.refresh_bindings()

    def action_back(self) -> None:
        """One step, of what was chosen last; then to where a person came from."""
        if self._table.is_full:
            self.action_full()
        elif self._wants_pictures:
            self._turn_to_pictures(False)
        elif not self._back_from_charts():
            self.app.pop_screen()

    def action_help(self) -> None:
        self.app.push_screen(help_screen.HelpScreen(help_screen.COMPARING, help_screen.COMPARED, in_groups(self.app)))
