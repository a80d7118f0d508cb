"""The page of data: what lies at a path, looked at before training, with examples of each class."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.message import Message
from textual.widgets import Input, Label, Static

from gan_tui.dashboard.actions import keys_of
from gan_tui.dashboard.looks import TROUBLES, Looked, NewestLook, words_of
from gan_tui.dashboard.screens import help as help_screen
from gan_tui.dashboard.terminal.window_screen import WindowScreen
from gan_tui.dashboard.typed_changes import Changes
from gan_tui.dashboard.widgets.augmented_view import AugmentedView
from gan_tui.dashboard.widgets.data_view import DataView
from gan_tui.dashboard.widgets.key_line import KeyLine
from gan_tui.dashboard.widgets.path_input import PathInput
from gan_tui.data import own
from gan_tui.presets.checks import place as checked_place
from gan_tui.text import harmless

PROGRESS_SECONDS = 0.2
"""Between two words of how far the reading has come."""
EMPTY = (
    "Type the path of your data above, and press enter: a folder with a folder of images for each class, an .npz, .npy "
    "or IDX file of images, or a CSV file. Tab completes what you type."
)


class _Left(Exception):  # noqa: N818 - nothing went wrong
    """Nobody waits for it any more."""


@dataclass(frozen=True)
class _Shown:
    """What a look has come to: a report, or a sentence."""

    report: own.Report | None
    problem: str = ""


class DataScreen(WindowScreen[None]):
    """A path to type, and below it what lies there; read in a thread that ends where nobody waits for it."""

    DEFAULT_CSS = """
    DataScreen { background: $background; color: $foreground; }
    DataScreen Horizontal { height: 1; padding: 0 1; background: $surface; }
    DataScreen Label { width: 6; color: $dim; }
    DataScreen PathInput { width: 1fr; background: $panel; }
    DataScreen #said { height: auto; max-height: 4; padding: 0 1; color: $dim; }
    DataScreen #said.bad { color: $error; }
    DataScreen VerticalScroll { height: 1fr; padding: 1 1 0 1; scrollbar-size-vertical: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("u", "use", "Use", tooltip="Train the chosen preset on these data"),
        Binding("slash", "type", "Path", tooltip="Type another path"),
        Binding("escape", "back", "Back", key_display="esc"),
        Binding("question_mark", "help", "Help", key_display="?", tooltip="Show this help"),
    ]

    @dataclass
    class Progress(Message):
        """So much has been read."""

        done: int
        total: int

    def __init__(
        self,
        place: str = "",
        label: str = "",
        use: Callable[[str], None] | None = None,
        changes: Changes = Changes(),  # noqa: B008 (frozen)
    ) -> None:
        """On what lies at `place`; `use` takes it for what is to be trained, which changes images so."""
        super().__init__()
        self._changes = changes
        self._place, self._label, self._use = place, label, use
        self._looks = NewestLook(self)
        self._asked: object = None
        self._shown: _Shown | None = None

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Label("data")
            yield PathInput("place")
        yield Static(EMPTY, id="said", markup=False)
        with VerticalScroll():
            yield DataView()
            yield AugmentedView(self._changes)
        yield KeyLine()

    def on_mount(self) -> None:
        self.query_one(PathInput).value = self._place
        self.query_one(PathInput).focus()
        if self._place:
            self._look()

    def on_unmount(self) -> None:
        self._forget()

    def _forget(self) -> None:
        self._asked = None
        self._looks.forget()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._look()

    def on_path_input_offered(self, event: PathInput.Offered) -> None:
        self._say(", ".join(event.choices))

    def _look(self) -> None:
        """Read what is typed, and forget what was asked for before."""
        text = self.query_one(PathInput).value.strip()
        label = self._label if text == self._place else ""
        self._asked = asked = object()
        self._shown = None
        self._show(None)
        self.refresh_bindings()
        if not text:
            self._looks.forget()
            self._say(EMPTY)
            return
        self._say(f"Looking at {harmless(text, 200)} …")
        self._looks.ask(lambda: self._read(text, label, asked))

    def _read(self, text: str, label: str, asked: object) -> _Shown | None:
        """In a thread."""
        told = time.monotonic()

        def on_read(done: int, total: int) -> None:
            nonlocal told
            if self._asked is not asked:
                raise _Left
            if time.monotonic() - told > PROGRESS_SECONDS:
                told = time.monotonic()
                self.post_message(self.Progress(done, total))

        try:
            return _Shown(own.report(own.look(checked_place(text), label), on_read))
        except _Left:
            return None
        except TROUBLES as trouble:
            return _Shown(None, words_of(trouble))

    def on_data_screen_progress(self, message: Progress) -> None:
        if self._shown is None:
            self._say(f"Reading {message.done:,} of {message.total:,} …")

    def on_looked(self, message: Looked) -> None:
        assert message.found is None or isinstance(message.found, _Shown)
        self._shown = shown = message.found
        if shown is None:
            return
        self._say(shown.problem, bad=True)
        self._show(shown.report)
        if shown.report:
            self.query_one(VerticalScroll).focus()
        self.refresh_bindings()

    def _show(self, report: own.Report | None) -> None:
        self.query_one(DataView).show(report)
        self.query_one(AugmentedView).show(report)

    def _say(self, words: str, bad: bool = False) -> None:
        said = self.query_one("#said", Static)
        said.display = bool(words)
        said.set_class(bad, "bad")
        said.update(words)

    # Keys ----------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "type":
            return not isinstance(self.focused, PathInput)
        return action != "use" or bool(self._use and self._shown and self._shown.report)

    def on_descendant_focus(self) -> None:
        self.refresh_bindings()

    def action_use(self) -> None:
        if self._use:
            self.app.pop_screen()
            self._use(self.query_one(PathInput).value.strip())

    def action_type(self) -> None:
        self.query_one(PathInput).focus()

    def action_back(self) -> None:
        self._forget()
        self.app.pop_screen()

    def action_help(self) -> None:
        keys = [key for key in keys_of(self) if self.check_action(key.action, ())]
        self.app.push_screen(help_screen.HelpScreen(help_screen.DATA, groups={"Keys": keys}))
