"""Help in words: what is on a screen, and every key of it."""

import textwrap
from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from gan_tui.dashboard.widgets.key_line import KeyLine

SELECTING = """\
Dragging the mouse over text selects it, and ctrl+c copies it. With Shift held (Option on a Mac) the terminal itself \
selects, also what is drawn."""

MENU = f"""\
Choose a preset on the left. The right side shows what it is, its networks and its settings; enter starts it with \
these settings. Runs, alive and past, are listed below the presets; enter opens one.

A run trains in the background. Closing this program or the terminal, or losing the connection, does not affect it. \
Your own presets are TOML files in {{presets}}; copy a bundled one to start with.

{SELECTING}"""

TRAINING = f"""\
The charts show every step so far. Behind each curve is shaded what its steps lie between, so that a spike of a \
single step stays visible; zoomed in, every step is there. Validation has one point per epoch. Dotted lines say what \
a value means: "ln 2: guessing" is the loss of a network that takes either answer for as likely. On the line of steps \
are marks: ◆ checkpoint, ● changed setting, ‖ pause, ▲ alert, ┴ end of an epoch; the cursor (tab) says which.

With the mouse: the wheel zooms, a click puts the cursor, and a stretch that is drawn over fills the charts.

The picture on the right shows the networks at the step named above it. Generated digits always come from the same \
latent vectors, feature maps from the same image: only the network changes. Greys are \
images; from dark to bright, a feature map is more active; weights are blue below zero and orange above it, and what \
is zero is not there.

Quitting (q) never stops the training. gan-tui attach reopens the run, also from another terminal. From a shell, \
gan-tui pause, resume, save and stop do what the keys do here.

{SELECTING}"""


DRAWING = f"""\
Points are painted with the mouse, or with the arrows and space. The digits 1 to 9 choose the class of what is painted \
next, as far as the network tells so many classes apart.

Before a run, enter trains a network on these points, and the menu keeps them until then. While a run trains, it is \
given each stroke, and the square shows what its network makes of every place. A run learns points of at least two \
classes.

{SELECTING}"""


def about(title: str, page: str) -> str:
    """A preset's page for learners, its headings set apart."""
    lines = [line.removeprefix("## ").upper() if line.startswith("## ") else line for line in page.split("\n")]
    return f"{title}\n\n" + "\n".join(lines)


KEY_COLUMNS = 12
FRAME_COLUMNS = 8
"""Of a page: its border, what it keeps free inside, and a scroll bar."""


class HelpScreen(ModalScreen[None]):
    """A page of words and keys over the screen it explains."""

    DEFAULT_CSS = """
    HelpScreen { align: center middle; }
    HelpScreen VerticalScroll {
        width: 88; max-width: 96%; height: auto; max-height: 90%; padding: 1 2;
        background: $surface; border: round $border;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,question_mark,q", "dismiss", "Close", key_display="esc")]

    def __init__(self, words: str, bindings: Iterable[Binding]) -> None:
        super().__init__()
        self._words, self._bindings_shown = words, list(bindings)

    def compose(self) -> ComposeResult:
        keys = [
            Content.assemble(
                (f"  {self.app.get_key_display(binding):<{KEY_COLUMNS - 2}}", "bold $accent"),
                self._beside_key(binding.tooltip or binding.description),
            )
            for binding in self._bindings_shown
        ]
        first = [Content.styled("Keys", "bold"), *keys, Content()] if keys else []
        text = Content("\n").join([*first, Content(self._words)])
        with VerticalScroll():
            yield Static(text, markup=False)
        yield KeyLine()

    def _beside_key(self, words: str) -> str:
        """What a key does, its further lines under the first."""
        page = min(88, int(0.96 * self.app.size.width)) - FRAME_COLUMNS
        return f"\n{' ' * KEY_COLUMNS}".join(textwrap.wrap(words, max(20, page - KEY_COLUMNS)))

    async def action_dismiss(self, result: None = None) -> None:
        self.dismiss(None)
