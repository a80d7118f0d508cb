"""The runs to come back to, as a list to choose from."""

from pathlib import Path
from typing import ClassVar, cast

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from gan_tui.dashboard.looks import PATIENCE_SECONDS, Looked, Looks
from gan_tui.dashboard.widgets.state_mark import state_mark
from gan_tui.errors import UserError
from gan_tui.integrations.logs import listed
from gan_tui.run.holder import ENDED
from gan_tui.run.standstill import WAITING
from gan_tui.run.summaries import RunSummary
from gan_tui.text import padded, percent, short_name


class RunList(OptionList):
    """The runs, the newest first."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "select", "Open", tooltip="Open the chosen run")]

    class Listed(Message):
        """The runs are listed as they are now."""

    def __init__(self, folder: Path, wanted: Path | None = None, logs: Path | None = None) -> None:
        """`folder` holds the runs; the one in `wanted` is chosen at first, if it is there.

        With `logs`, those below that folder are listed instead.
        """
        super().__init__(id="runs", compact=True, markup=False)
        self.border_title = "Logs" if logs else "Runs"
        self._logs = logs
        self._folder, self._wanted, self._narrow = folder, str(wanted or ""), False
        self._runs: dict[str, RunSummary] = {}
        self._problem = ""
        self._looks = Looks(self, self._found)

    @property
    def chosen(self) -> RunSummary | None:
        """The run under the cursor."""
        option = self.highlighted_option
        return self.run_of(option.id) if option else None

    def run_of(self, path: str | None) -> RunSummary | None:
        """The run of an option: its folder's path tells it from others, whose names may read the same."""
        return self._runs.get(path or "")

    def look(self) -> None:
        """List the runs that there are now, without making the interface wait."""
        silent = self._looks.seconds >= PATIENCE_SECONDS
        self.border_subtitle = "the disk does not answer" if silent else ""
        self._looks.ask()

    def _found(self) -> tuple[list[RunSummary], str]:
        try:
            return listed.below(self._logs) if self._logs else listed.every(self._folder), ""
        except UserError as error:
            return [], str(error)

    def on_looked(self, message: Looked) -> None:
        found, problem = cast(tuple[list[RunSummary], str], message.found)
        self.show(found, problem)

    def show(self, found: list[RunSummary], problem: str = "") -> None:
        """List these runs; where they are the same ones, only lines that changed are painted again.

        `problem` says why they cannot be listed.
        """
        if not self.is_attached:  # the menu was left while they were looked at
            return
        self._problem = problem
        runs = _by_path(found)
        if list(self._runs) != list(runs) or not self.option_count:
            self._list(found)
        else:
            for path, run in runs.items():
                if run != self._runs[path]:
                    self._runs[path] = run
                    self.replace_option_prompt(path, _line(run, self._narrow))
        self.post_message(self.Listed())

    def fit(self, narrow: bool) -> None:
        """List the same runs in another width."""
        self._narrow = narrow
        self._list(list(self._runs.values()))

    def _list(self, found: list[RunSummary]) -> None:
        before, chosen = list(self._runs), self.chosen
        self._runs = _by_path(found)
        self.clear_options()
        if found:
            self.add_options([Option(_line(run, self._narrow), id=path) for path, run in self._runs.items()])
            self.highlighted = _place(before, str(chosen.folder.path) if chosen else self._wanted, list(self._runs))
        else:
            self.add_option(
                Option(Content.styled(self._problem or "No runs yet; enter starts one.", "$dim"), disabled=True)
            )


def _by_path(found: list[RunSummary]) -> dict[str, RunSummary]:
    return {str(run.folder.path): run for run in found}


def _place(before: list[str], chosen: str, now: list[str]) -> int:
    """Where the cursor belongs: on what was chosen, or, if it is gone, on what followed it, or else was before it."""
    at = before.index(chosen) if chosen in before else 0
    near = [chosen, *before[at:], *reversed(before[:at])]
    return next((now.index(path) for path in near if path in now), 0)


def _line(run: RunSummary, narrow: bool) -> Content:
    done = percent(run.step, run.steps_total) if run.steps_total else ""
    color = "$success" if run.alive else ("$error" if run.state in ("failed", ENDED) else "$dim")
    color = "$warning" if run.standing.waits else color
    mark, state = state_mark(run.shown), run.shown.removeprefix(f"{WAITING}: ")
    room = 13 if narrow else 16
    name = padded(short_name(run.folder.name, room), room + 1)
    if narrow and run.alive and done:  # its mark says that it trains
        return Content.assemble((f"{mark} ", color), name, (done, color))
    done = "" if narrow else f" {done}"
    return Content.assemble((f"{mark} ", color), name, (f"{state:<11.11}", color), (done, "$dim"))
