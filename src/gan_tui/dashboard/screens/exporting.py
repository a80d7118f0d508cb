"""A run taken along from a screen: what of it, into which file; written in a thread, while the screen goes on.

Nothing that is there is replaced: the file that is asked for is a new one.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from textual import work
from textual.notifications import SeverityLevel
from textual.screen import Screen
from textual.worker import get_current_worker

from gan_tui.dashboard.screens.ask import NewFileScreen
from gan_tui.dashboard.screens.choose import ChooseScreen
from gan_tui.dashboard.themes import Inks, inks
from gan_tui.dashboard.widgets.side_pane import SidePane
from gan_tui.dashboard.widgets.status import StatusLines
from gan_tui.errors import UserError
from gan_tui.integrations.export.whole_run import WholeRun
from gan_tui.presets.run_settings import settings_of
from gan_tui.run.folder import RunFolder
from gan_tui.run.state import RunState
from gan_tui.text import counted, harmless, shown_path

PROGRESS_SECONDS = 0.25
"""Between two words of how far the writing has come."""


class _Left(Exception):  # noqa: N818 - nothing went wrong
    """The app is being left: nobody waits for the file any more."""


@dataclass(frozen=True)
class _Export:
    """What is being written."""

    run: WholeRun
    tag: str
    path: Path
    ink: Inks
    progress: Callable[[int, int], object]


@dataclass(frozen=True)
class _Form:
    """One that a person may choose."""

    words: str
    suffix: str
    write: Callable[[_Export], int]
    """Returns how many pictures it left out, because they cannot be read. Raises UserError."""
    of_picture: bool = False
    """Whether it is of the picture on show, and not of the run."""


def _page(asked: _Export) -> int:
    from gan_tui.integrations.export import page

    page.export(asked.run, settings_of(asked.run.folder), asked.path, inks(True), inks(False))
    return 0


def _csv(asked: _Export) -> int:
    from gan_tui.integrations.export import csv_table

    csv_table.export(asked.run, asked.path)
    return 0


def _png(asked: _Export) -> int:
    from gan_tui.integrations.export import png_picture

    png_picture.export(asked.run, asked.tag, None, asked.path, asked.ink)
    return 0


def _gif(asked: _Export) -> int:
    from gan_tui.integrations.export import gif_history

    return gif_history.export(asked.run, asked.tag, asked.path, asked.ink, progress=asked.progress)


FORMS = (
    _Form("One page to send: charts, pictures, settings (HTML)", ".html", _page),
    _Form("All that was measured, a row a step (CSV)", ".csv", _csv),
    _Form("The picture on show, large: {} (PNG)", ".png", _png, of_picture=True),
    _Form("Its history, as an animation: {} (GIF)", ".gif", _gif, of_picture=True),
)


class ExportFileScreen(NewFileScreen):
    """Asks where an export goes."""

    def problem(self, answer: str) -> str:
        if found := super().problem(answer):
            return found
        folder = self.path(answer).parent
        return "" if folder.is_dir() else f"There is no folder {harmless(str(folder))}; name another place."


class ExportsRuns(Screen[None]):
    """The part of a screen that takes runs along."""

    def say_exporting(self, words: str) -> None:
        """How far the writing has come; nothing once it is done."""

    @work
    async def export_run(self, folder: RunFolder, tag: str = "", called: str = "") -> None:
        """Ask what of a run is wanted, and where; `tag` is of the pictures that are on show, if any are, and `called`
        what they are called.
        """
        forms = [form for form in FORMS if tag or not form.of_picture]
        names = [form.words.format(called or tag) for form in forms]
        place = await ChooseScreen(f"Export {folder.name}", names, 0).answer(self)
        if place is None or place < 0:
            return
        form = forms[place]
        stem = f"{folder.stem}-{tag}" if form.of_picture else folder.stem
        stem = re.sub(r"[^\w.-]+", "-", stem).strip("-.")[:60] or "run"
        try:
            asking = ExportFileScreen("Write it into which file? (enter writes, esc cancels)", stem, form.suffix)
            answer = await asking.answer(self)
            if answer:
                write = partial(self._write, form, folder, tag, asking.path(answer), inks(self.app.current_theme))
                self.app.run_worker(write, thread=True, group="export", exit_on_error=False)  # goes on in the menu
        except UserError as error:
            self.notify(str(error), severity="error", markup=False)

    def _write(self, form: _Form, folder: RunFolder, tag: str, path: Path, ink: Inks) -> None:
        told, worker = time.monotonic(), get_current_worker()

        def progress(done: int, total: int) -> None:
            nonlocal told
            if worker.is_cancelled:
                raise _Left
            if time.monotonic() - told > PROGRESS_SECONDS:
                told = time.monotonic()
                self._tell(self.say_exporting, f"writing {path.name}, {done} of {total}")

        self._tell(self.say_exporting, f"writing {path.name}")
        try:
            left_out = form.write(_Export(WholeRun.read(folder), tag, path, ink, progress))
        except _Left:
            return
        except UserError as error:
            self._tell(self._end, str(error), "error")
        else:
            lacks = f" without {counted(left_out, 'picture')} that cannot be read" if left_out else ""
            self._tell(self._end, f"Written to {shown_path(path)}{lacks}.", "information")

    def _tell(self, say: Callable[..., None], *words: str) -> None:
        if not get_current_worker().is_cancelled:
            self.app.call_from_thread(say, *words)

    def _end(self, words: str, severity: str) -> None:
        self.say_exporting("")
        kind: SeverityLevel = "error" if severity == "error" else "information"
        self.app.notify(words, severity=kind, markup=False, timeout=10)


class ExportsShown(ExportsRuns):
    """Of the run that a screen shows."""

    folder: RunFolder
    state: RunState
    _side: SidePane
    _status: StatusLines

    def say_exporting(self, words: str) -> None:
        if self._status.is_attached:
            self._status.show_pending(words)

    def action_export(self) -> None:
        view = self._side.picture_pane.view
        needed = view.needs(self.state) if view else []
        self.export_run(self.folder, needed[-1].tag if needed else "", view.name if view else "")
