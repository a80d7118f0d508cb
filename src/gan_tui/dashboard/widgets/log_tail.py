"""What a run said: checkpoints and alerts first, then the last lines of trainer.log."""

import os
from pathlib import Path

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from gan_tui.run_folder import RunFolder
from gan_tui.run_state import RunState
from gan_tui.text import harmless

LINES = 200
_BYTES = 64_000


def tail(path: Path) -> list[str]:
    """The last lines of a log, each harmless."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _BYTES))
            return [harmless(line.decode(errors="replace"), 400) for line in file.read().splitlines()[-LINES:]]
    except OSError:
        return []


class LogTail(VerticalScroll):
    """The log pane."""

    DEFAULT_CSS = """
    LogTail { padding: 0 1; }
    LogTail Static { width: 1fr; }
    """

    def __init__(self, folder: RunFolder) -> None:
        super().__init__()
        self._folder = folder
        self._shown: object = None

    def compose(self) -> ComposeResult:
        yield Static("", markup=False)

    def show(self, state: RunState) -> None:
        path = self._folder.trainer_log
        version = (len(state.checkpoints), len(state.alerts), path.stat().st_size if path.exists() else 0)
        if version == self._shown or not self.region:
            return
        self._shown = version
        alerts = [f"! step {alert.step:,}: {alert.text}" for alert in state.alerts[-5:]]
        there = [saved for saved in state.checkpoints if (self._folder.inside(saved.folder) or path).is_dir()]
        saved = [f"↓ step {saved.step:,}: saved {saved.folder} ({saved.why})" for saved in there[-8:]]
        lines = [Content.styled(line, "bold $error") for line in alerts]
        lines += [Content(line) for line in saved or ["No checkpoint yet; press c to save one."]]
        lines += [Content(), Content.styled("trainer.log", "bold")]
        lines += [Content.styled(line, "$dim") for line in tail(path) or ["(empty)"]]
        self.query_one(Static).update(Content("\n").join(lines))
