"""What a run said: checkpoints and alerts first, then the last lines of trainer.log."""

import os
import re
from pathlib import Path
from typing import cast

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from gan_tui.dashboard.linking import leading_to
from gan_tui.dashboard.looks import Looked, Looks
from gan_tui.integrations.logs.log_folder import LogFolder
from gan_tui.run.folder import RunFolder
from gan_tui.run.log_noise import is_noise
from gan_tui.run.state import RunState
from gan_tui.system.untrusted_files import opened
from gan_tui.text import harmless, size

MOST_LINES = 200
_TAIL_BYTES = 64_000
_CHECKPOINT = re.compile(r"checkpoints/[0-9]+")
MOST_SHOWN = 8
"""Checkpoints, the newest."""


def tail(path: Path) -> list[str]:
    """The last lines of a log, each harmless."""
    try:
        with opened(path, follow=False) as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL_BYTES))
            return [harmless(line.decode(errors="replace"), 400) for line in file.read().splitlines()[-MOST_LINES:]]
    except OSError:
        return []


def checkpoint_lines(folder: RunFolder, state: RunState) -> list[str]:
    """What is kept of a run's checkpoints, why, and how large it is; the newest last."""
    sizes = {f"checkpoints/{path.name}": _size(path) for path in checkpoint_folders(folder.checkpoints)}
    there = [saved for saved in state.checkpoints if saved.folder in sizes]
    if not there:
        may_save = state.live and state.obeys("save")
        return ["No checkpoint yet; press c to save one." if may_save else "No checkpoint was saved."]
    total = size(sum(sizes[saved.folder] for saved in there))
    lines = [f"kept: {len(there)} checkpoint{'s' * (len(there) != 1)}, {total}"]
    lines += [
        f"↓ step {saved.step:,}: saved {saved.folder} ({saved.why}), {size(sizes[saved.folder])}"
        for saved in there[-MOST_SHOWN:]
    ]
    return lines


def _linked(line: str, folder: RunFolder) -> Content:
    """A line about a checkpoint, whose folder can be clicked."""
    named = _CHECKPOINT.search(line)
    return leading_to(line, named[0], folder.path / named[0]) if named else Content(line)


def checkpoint_folders(checkpoints: Path) -> list[Path]:
    try:
        return [path for path in checkpoints.iterdir() if path.name.isdigit() and path.is_dir()]
    except OSError:
        return []


def _length(log: Path) -> int:
    try:
        return log.stat().st_size
    except OSError:
        return 0


def _size(folder: Path) -> int:
    """Bytes of the files in a folder, 0 when it is being deleted."""
    try:
        return sum(path.lstat().st_size for path in folder.iterdir())
    except OSError:
        return 0


class LogTail(VerticalScroll):
    """The log pane."""

    DEFAULT_CSS = """
    LogTail { padding: 0 1; }
    LogTail Static { width: 1fr; }
    """

    def __init__(self, folder: RunFolder) -> None:
        super().__init__()
        self._folder = folder
        self._state = RunState()
        self._unfolded = False
        self._shown: object = None
        self._looks = Looks(self, self._found)

    def compose(self) -> ComposeResult:
        yield Static("", markup=False)

    def unfold(self) -> None:
        """Show what TensorFlow says of itself, too; and back."""
        self._unfolded = not self._unfolded
        self.show(self._state)

    def on_resize(self) -> None:
        """It has a place on the screen now."""
        self.show(self._state)

    def show(self, state: RunState) -> None:
        self._state = state
        if self.region:
            self._looks.ask()

    def _found(self) -> Content | None:
        """What is to be shown, where that has changed."""
        state, path = self._state, self._folder.trainer_log
        about = self._folder.about() if isinstance(self._folder, LogFolder) else None
        said = state.state, state.reason, state.checkpoints, len(state.alerts)
        version = (*said, _length(path), self._unfolded, about)
        if version == self._shown:
            return None
        self._shown = version
        alerts = [f"! step {alert.step:,}: {alert.text}" for alert in state.alerts[-5:]]
        alerts += [f"! {state.reason}"] if state.state == "failed" else []
        lines = [Content.styled(line, "bold $error") for line in alerts]
        if about is not None:
            return Content("\n").join([*lines, *map(Content, about)])
        lines += [_linked(line, self._folder) for line in checkpoint_lines(self._folder, state)]
        printed = tail(path)
        if printed or not state.is_of_others:  # what a script prints is seen where it was started
            lines += [Content(), *self._lines_of_log(printed)]
        return Content("\n").join(lines)

    def on_looked(self, message: Looked) -> None:
        self.query_one(Static).update(cast(Content, message.found))

    def _lines_of_log(self, said: list[str]) -> list[Content]:
        """The end of the trainer's log, without TensorFlow's own lines unless they are unfolded."""
        folded = [line for line in said if not self._unfolded and is_noise(line)]
        shown = [line for line in said if line not in folded] or ["(empty)" if not said else "(nothing else)"]
        key = f"  v shows {len(folded)} lines of TensorFlow's own" if folded else "  v folds them" * self._unfolded
        heading = Content.assemble(("trainer.log", "bold"), (key, "$dim"))
        return [heading, *(Content.styled(line, "$dim") for line in shown)]
