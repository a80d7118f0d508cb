"""What a run said: checkpoints and alerts first, then the last lines of trainer.log."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
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
from gan_tui.run.printed_line import all_came_to
from gan_tui.run.state import RunState
from gan_tui.system.untrusted_files import opened
from gan_tui.text import laid_out, size

MOST_LINES, _WIDEST = 200, 800
"""Lines that are shown, and cells of each: tabs take room, too."""
_TAIL_BYTES, _WITH_BARS = 64_000, 1_000_000
_CHECKPOINT = re.compile(r"checkpoints/[0-9]+")
_LOOK_SECONDS = 1.0
MOST_SHOWN = 8
"""Checkpoints, the newest."""


def tail(path: Path) -> list[str]:
    """The last lines of a log, each harmless and as it was laid out. Where bars fill its end, more is looked at."""
    try:
        with opened(path, follow=False) as file:
            for most in (_TAIL_BYTES, _WITH_BARS):
                begin = max(0, file.seek(0, os.SEEK_END) - most)
                file.seek(begin)
                lines = file.read().decode(errors="replace").removesuffix("\n").split("\n")
                if not begin or len(lines) > MOST_LINES or "\r" not in "".join(lines[-2:]):
                    break
    except OSError:
        return []
    return [laid_out(line, _WIDEST) for line in all_came_to(lines)[-MOST_LINES:]] if lines != [""] else []


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


def gone(before: Sequence[str], now: Sequence[str]) -> int:
    """How many lines at the beginning of a tail are not in a later one.

    Of the later one the first line may be cut, and the last one of the other may have grown.
    """
    last = len(before) - 1
    return next(n for n in range(len(before) + 1) if [*before[n + 1 : -1]] == [*now[1 : max(1, last - n)]])


@dataclass(frozen=True)
class _Shown:
    """What is in the pane: what happened first, and below it what was printed."""

    said: Sequence[Content]
    printed: Sequence[str] = ()

    def content(self) -> Content:
        return Content("\n").join([*self.said, *(Content.styled(line, "$dim") for line in self.printed)])


class LogTail(VerticalScroll):
    """The log pane. What is read in it stays where it is, whatever comes; at its end, what comes is followed."""

    DEFAULT_CSS = """
    LogTail { padding: 0 1; }
    LogTail Static { width: 1fr; }
    """

    def __init__(self, folder: RunFolder) -> None:
        super().__init__()
        self._folder = folder
        self._state = RunState()
        self._unfolded = False
        self._version: object = None
        self._shown = _Shown(())
        self._looks = Looks(self, self._found)

    def compose(self) -> ComposeResult:
        yield Static("", markup=False)

    def on_mount(self) -> None:
        """What is printed is no event, so nobody tells that there is more."""
        self.set_interval(_LOOK_SECONDS, lambda: self.show(self._state))

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

    def _found(self) -> _Shown | None:
        """What is to be shown, where that has changed."""
        state, path = self._state, self._folder.trainer_log
        about = self._folder.about() if isinstance(self._folder, LogFolder) else None
        said = state.state, state.reason, state.checkpoints, len(state.alerts)
        version = (*said, _length(path), self._unfolded, about)
        if version == self._version:
            return None
        self._version = version
        alerts = [f"! step {alert.step:,}: {alert.text}" for alert in state.alerts[-5:]]
        alerts += [f"! {state.reason}"] if state.state == "failed" else []
        lines = [Content.styled(line, "bold $error") for line in alerts]
        if about is not None:
            return _Shown([*lines, *map(Content, about)])
        lines += [_linked(line, self._folder) for line in checkpoint_lines(self._folder, state)]
        printed = tail(path)
        if not printed and state.is_of_others:  # what a script prints is seen where it was started
            return _Shown(lines)
        heading, shown = self._lines_of_log(printed)
        return _Shown([*lines, Content(), heading], shown)

    def on_looked(self, message: Looked) -> None:
        before, self._shown = self._shown, cast(_Shown, message.found)
        at, is_at_end = self.scroll_offset.y, 0 < self.max_scroll_y <= self.scroll_offset.y
        self.query_one(Static).update(self._shown.content())
        if is_at_end:
            self.call_after_refresh(self.scroll_end, animate=False)
        elif at >= self._rows(before.said):
            self.scroll_to(y=at + self._moved(before), animate=False, immediate=True)

    def _moved(self, before: _Shown) -> int:
        """How many rows further down what was printed stands than before; fewer than none where lines have gone."""
        lines = [Content(line) for line in before.printed[: gone(before.printed, self._shown.printed)]]
        return self._rows(self._shown.said) - self._rows(before.said) - self._rows(lines)

    def _rows(self, lines: Sequence[Content]) -> int:
        columns = self.query_one(Static).content_size.width
        return sum(line.get_height({}, columns) for line in lines) if columns else 0

    def _lines_of_log(self, said: list[str]) -> tuple[Content, list[str]]:
        """The end of the trainer's log and its heading, without TensorFlow's own lines unless they are unfolded."""
        folded = [line for line in said if not self._unfolded and is_noise(line.lstrip())]
        shown = [line for line in said if line not in folded] or ["(empty)" if not said else "(nothing else)"]
        key = f"  v shows {len(folded)} lines of TensorFlow's own" if folded else "  v folds them" * self._unfolded
        heading = Content.assemble(("trainer.log", "bold"), (key, "$dim"))
        return heading, shown
