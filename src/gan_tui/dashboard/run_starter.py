"""Starts runs for the menu without making the interface wait, with a warm start where one waits."""

import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual.screen import Screen

from gan_tui.dashboard.navigation import ShowRun
from gan_tui.dashboard.screens.reading import LeftError, Reading
from gan_tui.errors import UserError, why
from gan_tui.presets import Preset
from gan_tui.run.folder import RunFolder
from gan_tui.supervision import anew, starting
from gan_tui.supervision.warm_start import WarmStart, WarmSupervisor

if TYPE_CHECKING:
    from gan_tui.data.points import Points

StartRun = Callable[[WarmSupervisor | None], RunFolder]
"""Starts a run, with the supervisor that waits for one if there is any; raises UserError where it cannot."""


class RunStarter:
    """Starts one run for a screen and has it shown there, or says why it cannot be.

    Once one has been started the screen is left: another enter does not start a second one.
    """

    def __init__(self, screen: Screen[None], runs: Path) -> None:
        self._screen, self._runs = screen, runs
        self._starting = threading.Lock()
        """Held while a run is being started, and for good once it has been."""
        self._warm_start = WarmStart(runs)
        self._reading: Reading | None = None

    def prepare(self) -> None:
        """Let TensorFlow load while the person chooses."""
        self._screen.run_worker(self._prepare, thread=True, group="prepare")

    def _prepare(self) -> None:
        if not self._starting.locked():
            self._warm_start.begin()

    def end(self) -> None:
        """The screen is left: nothing waits any more."""
        if self._reading:
            self._reading.leave()
        self._warm_start.close()

    def start(self, preset: Preset) -> None:
        """Start a preset, once its data have been read."""

        def start(warm: WarmSupervisor | None) -> RunFolder:
            self._reading = reading = Reading(self._screen)
            try:
                return starting.start(preset, self._runs, None, warm, reading.on_read)
            finally:
                reading.end()

        self._in_thread(start)

    def start_on(self, preset: Preset, points: "Points", kept: Callable[[], None]) -> None:
        """Start a preset on points that were painted; `kept` is called once its run has a copy of them."""

        def start(warm: WarmSupervisor | None) -> RunFolder:
            with _written(points) as path:  # the run makes a copy of its own
                folder = starting.start(preset.with_settings({"points": str(path)}), self._runs, None, warm)
            kept()
            return folder

        self._in_thread(start)

    def run_anew(self, folder: RunFolder) -> None:
        """Start the script of a run once more, as a run of its own."""
        self._in_thread(lambda warm: anew.begin(folder, self._runs))

    def restart(self, folder: RunFolder, here: bool) -> None:
        """Go on with a run from its last checkpoint; `here` is the word to do so with one that may be elsewhere."""

        def start(warm: WarmSupervisor | None) -> RunFolder:
            starting.restart(folder, warm, here)
            return folder

        self._in_thread(start)

    def train_longer(self, folder: RunFolder, unit: str, count: int) -> None:
        """Go on with a run that has finished, to so many "steps" or "epochs" in all."""

        def start(warm: WarmSupervisor | None) -> RunFolder:
            starting.train_longer(folder, unit, count, warm)
            return folder

        self._in_thread(start)

    def _in_thread(self, start: StartRun) -> None:
        self._screen.run_worker(partial(self._show_once_started, start), thread=True, group="launch")

    def _show_once_started(self, start: StartRun) -> None:
        if not self._starting.acquire(blocking=False):
            return
        try:
            folder = self._with_warm_start(start)
        except LeftError:
            self._starting.release()
        except UserError as error:
            self._starting.release()
            self._screen.notify(str(error), severity="error", markup=False)
        else:
            self._screen.post_message(ShowRun(folder))

    def _with_warm_start(self, start: StartRun) -> RunFolder:
        warm = self._warm_start.take()
        try:
            return start(warm)
        finally:
            self._warm_start.put_back(warm)


@contextmanager
def _written(points: "Points") -> Iterator[Path]:
    """Points as a file for a while. Raises UserError where it cannot be written."""
    from gan_tui.data.points import write_csv  # brings numpy, which the menu paints without

    with ExitStack() as until_then:
        try:
            path = Path(until_then.enter_context(tempfile.TemporaryDirectory())) / "drawn.csv"
            write_csv(path, points)
        except OSError as error:
            where = f" {tempfile.tempdir}" if tempfile.tempdir else ""
            problem = f"The points cannot be written into the temporary folder{where}: {why(error)}"
            raise UserError(f"{problem}; set TMPDIR to a folder with some room.") from None
        yield path
