"""The runs to come back to, as a list to choose from."""

from collections.abc import Iterable
from typing import ClassVar, cast

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from gan_tui.dashboard.listed.entries import Entries, Found
from gan_tui.dashboard.looks import PATIENCE_SECONDS, Looked, Looks
from gan_tui.dashboard.menu_place import MenuPlace
from gan_tui.dashboard.widgets.state_mark import STYLES, state_mark, state_tone
from gan_tui.run.listing import Listed
from gan_tui.run.standstill import WAITING
from gan_tui.run.summaries import RunSummary
from gan_tui.text import padded, percent, short_name


class RunList(OptionList):
    """The runs, the newest first."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "select", "Open", tooltip="Open the chosen run")]

    class Changed(Message):
        """The runs are listed as they are now."""

    def __init__(self, entries: Entries, place: MenuPlace) -> None:
        """The run that is chosen at first, and the order and the filter, are those of a `place`."""
        super().__init__(id="runs", compact=True, markup=False)
        self._entries, self._look, self._logs = entries, place.look, place.logs
        self._wanted, self._narrow = str(place.run or ""), False
        self._rows: dict[str, Listed] = {}
        self._problem, self.is_read = "", False
        self.border_title = self._title(0, 0)
        self._looks = Looks(self, entries.look)

    @property
    def chosen(self) -> RunSummary | None:
        """The run under the cursor."""
        row = self.chosen_row
        return row.summary if row else None

    @property
    def chosen_row(self) -> Listed | None:
        """The same, with what it has come to, as far as that is known."""
        option = self.highlighted_option
        return self._rows.get(option.id or "") if option else None

    def run_of(self, path: str | None) -> RunSummary | None:
        """The run of an option: its folder's path tells it from others, whose names may read the same."""
        row = self._rows.get(path or "")
        return row.summary if row else None

    def look(self) -> None:
        """List the runs that there are now, without making the interface wait."""
        silent = self._looks.seconds >= PATIENCE_SECONDS
        self.border_subtitle = "the disk does not answer" if silent else ""
        self._looks.ask()

    def on_looked(self, message: Looked) -> None:
        self.show(cast(Found, message.found))

    def show(self, found: Found) -> None:
        """List these runs, as far as they are wanted; where they are the same ones, only lines that changed are painted
        again.
        """
        if not self.is_attached:  # the menu was left while they were looked at
            return
        self.is_read = True
        wanted, _ = self._look.of(found.rows)
        self._problem = found.problem or ("No run is like that: / changes the filter." if found.rows else "")
        self.border_title = self._title(len(wanted), len(found.rows))
        rows = _by_path(wanted)
        if list(self._rows) != list(rows) or not self.option_count:
            self._list(rows)
        else:
            for path, row in rows.items():
                before, self._rows[path] = self._rows[path], row
                if row.summary != before.summary:
                    self.replace_option_prompt(path, _line(row.summary, self._narrow))
        self.post_message(self.Changed())

    def _title(self, count: int, total: int) -> str:
        title = "Logs" if self._logs else "Runs"
        title += f", {count} of {total}" if count < total else ""
        return f"{title}, {self._look.order_words}" if self._look.sort or self._look.turned else title

    def fit(self, narrow: bool) -> None:
        """List the same runs in another width."""
        self._narrow = narrow
        self._list(self._rows)

    def _list(self, rows: dict[str, Listed]) -> None:
        before, chosen = list(self._rows), self.chosen
        self._rows = rows
        self.clear_options()
        if rows:
            self.add_options([Option(_line(row.summary, self._narrow), id=path) for path, row in rows.items()])
            self.highlighted = _place(before, str(chosen.folder.path) if chosen else self._wanted, list(rows))
        else:
            self.add_option(
                Option(Content.styled(self._problem or "No runs yet; enter starts one.", "$dim"), disabled=True)
            )


def _by_path(rows: Iterable[Listed]) -> dict[str, Listed]:
    return {str(row.path): row for row in rows}


def _place(before: list[str], chosen: str, now: list[str]) -> int:
    """Where the cursor belongs: on what was chosen, or, if it is gone, on what followed it, or else was before it."""
    at = before.index(chosen) if chosen in before else 0
    near = [chosen, *before[at:], *reversed(before[:at])]
    return next((now.index(path) for path in near if path in now), 0)


def _line(run: RunSummary, narrow: bool) -> Content:
    done = percent(run.step, run.steps_total) if run.steps_total else ""
    color = STYLES[state_tone(run)]
    mark, state = state_mark(run.shown), run.shown.removeprefix(f"{WAITING}: ")
    room = 13 if narrow else 16
    name = padded(short_name(run.folder.name, room), room + 1)
    if narrow and run.alive and done:  # its mark says that it trains
        return Content.assemble((f"{mark} ", color), name, (done, color))
    done = "" if narrow else f" {done}"
    return Content.assemble((f"{mark} ", color), name, (f"{state:<11.11}", color), (done, "$dim"))
