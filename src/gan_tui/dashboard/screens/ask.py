"""Questions that are answered by typing."""

import os
from itertools import chain, count
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import Input, Static

from gan_tui import presets
from gan_tui.dashboard.screens.question import Question
from gan_tui.dashboard.widgets.key_line import KeyLine
from gan_tui.dashboard.widgets.line_input import LineInput
from gan_tui.errors import UserError
from gan_tui.run.folder import RunFolder
from gan_tui.system.paths import whole_path
from gan_tui.text import harmless


class AskScreen(Question[str]):
    """Asks for a line of text; an empty one where nothing is wanted."""

    DEFAULT_CSS = """
    AskScreen { align: center middle; }
    AskScreen Vertical {
        width: 64; max-width: 94%; height: auto; padding: 1 2; background: $surface; border: round $primary;
    }
    AskScreen #problem { color: $error; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Cancel", key_display="esc")]

    def __init__(self, question: str, suggestion: str) -> None:
        super().__init__()
        self._question, self._suggestion = question, suggestion

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(self._question, markup=False)
            yield LineInput(self._suggestion, compact=True)
            yield Static("", id="problem", markup=False)
        yield KeyLine()

    def problem(self, answer: str) -> str:
        """What is wrong with an answer, in a sentence; nothing where all is well."""
        return ""

    def on_input_submitted(self, event: Input.Submitted) -> None:
        answer = event.value.strip()
        problem = self.problem(answer) if answer else ""
        self.query_one("#problem", Static).update(problem)
        if not problem:
            self.dismiss(answer)

    def action_cancel(self) -> None:
        self.dismiss("")


class NewFileScreen(AskScreen):
    """Asks where to make a file: nothing is replaced."""

    def __init__(self, question: str, stem: str, suffix: str = ".csv") -> None:
        """Suggests `stem`, with a number where that is taken."""
        names = chain([f"{stem}{suffix}"], (f"{stem}-{number}{suffix}" for number in count(2)))
        super().__init__(question, next(name for name in names if not os.path.lexists(name)))
        self._suffix = suffix

    def path(self, answer: str) -> Path:
        """The file that is meant: its name says what it is. Raises UserError where that cannot be told."""
        path = whole_path(answer)
        named = path.name.lower().endswith(self._suffix) or not path.name
        return path if named else path.with_name(f"{path.name}{self._suffix}")

    def problem(self, answer: str) -> str:
        try:
            path = self.path(answer)
        except UserError as error:
            return str(error)
        return f"{harmless(str(path))} exists already; choose another name." if os.path.lexists(path) else ""


async def ask_length(asking: Screen[None], folder: RunFolder) -> tuple[str, int] | None:
    """How long a run is to train in all, as `Preset.length` has it; None where it is not to. Awaited in a worker."""
    try:
        screen = LengthScreen(folder)
    except UserError as error:
        asking.notify(str(error), severity="error", markup=False)
        return None
    answer = await screen.answer(asking)
    return (screen.unit, screen.count(answer)) if answer else None


class LengthScreen(AskScreen):
    """Asks how long a run is to train in all; `unit` is what the answer counts, "steps" or "epochs"."""

    def __init__(self, folder: RunFolder) -> None:
        """Raises UserError where the run's preset cannot be read."""
        self._preset = presets.of_run(folder)
        self.unit, before = self._preset.length
        question = f"Train {folder.name} longer: {self.unit} in all, until now {before:,} (enter trains, esc cancels)"
        super().__init__(question, str(2 * before))

    def count(self, answer: str) -> int:
        """The length that an answer means. Raises ValueError where it means none."""
        return int(self._preset.rules.from_text(self.unit, answer, self._preset.dataset))

    def problem(self, answer: str) -> str:
        try:
            count = self.count(answer)
        except ValueError as error:
            return f"{error}."
        before = self._preset.length[1]
        return "" if count > before else f"Its length is {before:,} {self.unit}: give more."
