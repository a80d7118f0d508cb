"""What was written in an editor, checked: a preset with its networks, or a mistake at its line. What becomes of it?"""

from collections.abc import Collection
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from gan_tui.dashboard.actions import keys_of
from gan_tui.dashboard.screens import help as help_screen
from gan_tui.dashboard.screens.ask import AskScreen
from gan_tui.dashboard.screens.confirm import ConfirmScreen
from gan_tui.dashboard.screens.question import Question
from gan_tui.dashboard.widgets.key_line import KeyLine
from gan_tui.dashboard.widgets.preset_details import PresetDetails
from gan_tui.dashboard.widgets.typed_preset import outcome_of
from gan_tui.errors import UserError
from gan_tui.presets import Preset, copies
from gan_tui.presets.drafts import Checked, Draft
from gan_tui.text import harmless

EDIT, LEAVE, DISCARD = "edit", "leave", "discard"
"""Answers; any other is the name by which it was kept."""
KEPT = "kept "
ABOVE = 4
"""Lines that are seen above the mistake, or the first change."""


class NameScreen(AskScreen):
    """Asks what a copy is to be called."""

    def __init__(self, suggestion: str) -> None:
        super().__init__("The name of your preset (enter keeps it, esc goes back)", suggestion)

    def problem(self, answer: str) -> str:
        why = copies.refusal(answer)
        return f"{why[:1].upper()}{why[1:]}." if why else ""


class CheckScreen(Question[str]):
    """The text on the left; on the right what it comes to, once it is right."""

    DEFAULT_CSS = """
    CheckScreen { background: $background; color: $foreground; }
    CheckScreen #verdict { height: auto; max-height: 4; padding: 0 1; background: $surface; }
    CheckScreen #verdict.bad { color: $error; }
    CheckScreen Horizontal { height: 1fr; }
    CheckScreen #text {
        width: 1fr; border: round $border; border-title-color: $foreground; scrollbar-size: 1 1;
    }
    CheckScreen #text:focus { border: round $primary; }
    CheckScreen #text Static { width: auto; height: auto; }
    CheckScreen PresetDetails { width: 1fr; scrollbar-size-vertical: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "keep", "Keep", tooltip="Keep it among your presets, by a name"),
        Binding("e", "edit", "Edit again", tooltip="Open it in the editor again"),
        Binding("x", "discard", "Throw away", tooltip="Throw away what was written; asks first"),
        Binding(
            "escape,q", "leave", "Leave as draft", key_display="esc", tooltip="Leave it as a draft, which E opens again"
        ),
        Binding("question_mark", "help", "Help", key_display="?", tooltip="Show this help"),
    ]

    def __init__(self, draft: Draft, checked: Checked, ended: str) -> None:
        """`ended` is how the editor ended, where that was not as it should be."""
        super().__init__()
        self._draft, self._checked, self._ended = draft, checked, ended
        self._changed = draft.changed_lines(checked.text)

    def compose(self) -> ComposeResult:
        yield Static(self._verdict(), id="verdict", classes="" if self._checked.preset else "bad", markup=False)
        with Horizontal():
            with VerticalScroll(id="text"):
                yield Static(_numbered(self._checked, self._changed), markup=False)
            if self._checked.preset:
                yield PresetDetails()
        yield KeyLine()

    def on_mount(self) -> None:
        text = self.query_one("#text")
        text.border_title = self._draft.name
        text.focus()
        if self._checked.preset:
            self.query_one(PresetDetails).show(self._checked.preset)
        line = self._checked.line or min(self._changed, default=1)
        self.call_after_refresh(text.scroll_to, y=max(0, line - 1 - ABOVE), animate=False)

    def _verdict(self) -> str:
        before = f"{self._ended[:1].upper()}{self._ended[1:]}. " if self._ended else ""
        if self._checked.preset:
            return f"{before}{_what_it_comes_to(self._checked.preset)}; enter keeps it among your presets."
        where = f"Line {self._checked.line}" if self._checked.line else "Not right"
        return f"{before}{where}: {self._checked.problem}"

    # Keys ----------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "keep" or self._checked.preset is not None

    @work
    async def action_keep(self) -> None:
        name = await NameScreen(self._draft.name).answer(self)
        if name:
            try:
                self._draft.keep(self._checked.text, name)
            except UserError as error:
                self.notify(str(error), severity="error", markup=False)
            else:
                self.dismiss(KEPT + name)

    def action_edit(self) -> None:
        self.dismiss(EDIT)

    def action_leave(self) -> None:
        self.dismiss(LEAVE)

    @work
    async def action_discard(self) -> None:
        if await ConfirmScreen(f"Throw away what was written of {self._draft.name}?").answer(self):
            self._draft.discard()
            self.dismiss(DISCARD)

    def action_help(self) -> None:
        self.app.push_screen(help_screen.HelpScreen(help_screen.CHECKED, groups={"Keys": keys_of(self)}))


def _what_it_comes_to(preset: Preset) -> str:
    try:
        return f"It is right: {outcome_of(preset)}"
    except UserError as error:
        return f"It is right, but cannot be trained as it is: {str(error).rstrip('.')}"


def _numbered(checked: Checked, changed: Collection[int]) -> Content:
    """The text with the numbers of its lines, those that were changed marked, and what is wrong below its line."""
    lines = checked.text.splitlines() or [""]
    wide = len(str(len(lines)))
    shown = list[Content]()
    for number, line in enumerate(lines, 1):
        bad = number == checked.line
        ink = "$error bold" if bad else "$warning bold" if number in changed else "$dim"
        shown.append(Content.assemble((f"{number:>{wide}} ", ink), (_plain(line), "bold" if bad else "")))
        if bad:
            indent = " " * (wide + 1 + len(line) - len(line.lstrip()))
            shown.append(Content.styled(f"{indent}↑ {checked.problem}", "$error"))
    return Content("\n").join(shown)


def _plain(line: str) -> str:
    """A line of a file as it can be shown, its indent with it."""
    spread = line.expandtabs(4)
    indent = len(spread) - len(spread.lstrip())
    return " " * indent + harmless(spread, 400)
