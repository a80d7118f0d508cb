"""Help in words: what is on a screen, and every key of it."""

import textwrap
from collections.abc import Iterable, Mapping
from typing import ClassVar

from textual.actions import parse
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from gan_tui.dashboard.widgets.key_line import KeyLine

SELECTING = """\
Dragging the mouse over text selects it, and ctrl+c copies it. With Shift held (Option on a Mac) the terminal itself \
selects, also what is drawn. A key on the last line can be clicked. A run's name and its checkpoints lead to their \
folders where the terminal knows links: click with Ctrl, Cmd or Shift held, as it has it."""

MENU_LEAD = """\
Choose a preset on the left. The right side shows what it is, its networks and its settings; enter starts it with \
these settings. Runs, alive and past, are listed below the presets; enter opens one."""
MENU = f"""\
A run trains in the background. Closing this program or the terminal, or losing the connection, does not affect it. \
Your own presets are TOML files in {{presets}}; E opens a copy of the chosen one in your editor, with the settings as \
they are here, and gan-tui presets copy makes one in a shell.

What you choose by a key is kept for the next time. gan-tui config, in a shell, opens a file in which you can have \
other keys, themes of your own, and what screens begin with.

{SELECTING}"""

RUNS_LEAD = """\
All runs, alive and past, a line each; below them the chosen one, with what it has come to, its curves and its newest \
picture. A sweep (≡) opens into its trainings, the best first."""
RUNS = f"""\
A filter has words, of the name, preset, state or note, and conditions, all of which must hold: preset=gan \
state=finished best>0.9 learning_rate<0.001 age<2d. Conditions take name, state, preset, age, duration, step, newest, \
best, changed, note, and any setting or metric by its name; the signs = != < <= > >=; times as 90s, 30min, 2h, 3d; and \
* for any letters.

A run is judged by one metric: validation before training, accuracy before loss. Sorted by it, the best come first.

With the mouse: a click chooses, a second one opens; a click on the head of a column sorts by it, another turns that \
round.

{SELECTING}"""

SEEN = (
    ("curve", "The values of the steps, smoothed once there are as many as that reaches over: 10 at 0.9, 100 at 0.99;"
     " of validation, one an epoch"),
    ("band", "From the least to the most of them: a spike of one step is seen"),
    ("dotted", "A level to compare with, as ln 2, the loss of mere guessing"),
    ("◆ ● ‖ ▲ ┴", "Saved, a setting changed, pause, alert, end of an epoch"),
    ("pictures", "Greys are images; a feature map is brighter where it is more active; weights are blue below zero"
     " and orange above it"),
)  # fmt: skip
"""Each thing that is on the screen of a run, and what it is."""
TRAINING = f"""\
With the mouse: the wheel zooms, a click puts the cursor, and a stretch that is drawn over fills the charts.

The picture on the right shows the networks at the step named above it. Generated digits always come from the same \
latent vectors, feature maps from the same image: only the network changes.

Quitting (q) never stops the training. gan-tui attach reopens the run, also from another terminal. From a shell, \
gan-tui pause, resume, save and stop do what the keys do here.

{SELECTING}"""

OF_A_SWEEP = f"""\
This is one training of a sweep, which trains it to its end; nobody steers it. Of its numbers it keeps as many as a \
chart has room for, each the mean of equal parts of its steps, and neither checkpoints nor pictures. To have those, \
train it once more as a run of its own (A), or from another seed (o).

{SELECTING}"""


SCRIPT = f"""\
With the mouse: the wheel zooms, a click puts the cursor, and a stretch that is drawn over fills the charts.

What is shown is what the run's script has told, at the steps that it told; the keys are those that it answers. \
Quitting (q) never stops it. gan-tui attach reopens the run, also from another terminal.

{SELECTING}"""


LOG = f"""\
With the mouse: the wheel zooms, a click puts the cursor, and a stretch that is drawn over fills the charts.

This is a log of another program: it is read as it grows, and nothing is ever written into it.

{SELECTING}"""


SWEPT = (
    ("curves", "The chosen training's, those under way, and the best ones: eight at most; a number leads to its row"),
    ("worker", "Who trains it now, and where; of what has failed, where that was"),
    ("1 2 3", "Trainings and who trains which; the table of combinations; what failed, and why"),
    ("green", "The best so far, by what the sweep waits for, or else by its loss"),
)
"""Each thing that is on the screen of a sweep, and what it is."""
A_SWEEP = f"""\
Enter opens a training as a run, with its charts and its layers. It keeps as many numbers as a chart has room for, and \
neither checkpoints nor pictures; A trains it once more as a run of its own.

A sweep is trained by the command that has begun it, and ends with that; gan-tui sweep --resume NAME goes on with it. \
Nothing here changes it.

{SELECTING}"""


COMPARED = (
    ("colour", "A run's own: it keeps it, also in other comparisons, whichever runs come and go"),
    ("1 2 3 …", "A run's number, at the ends of its curves and in the table: the key that hides and shows it"),
    ("curve", "What was held back for validation; of a run without that, of a training, drawn faint beside others'"),
    ("green", "The best of a column"),
    ("± …", "Seeds of the same settings: their mean and its standard deviation"),
)  # fmt: skip
"""Each thing that is on the screen of a comparison, and what it is."""
COMPARING = f"""\
Only what differs is in the table: settings that all runs share are left out, and one that a run lacks is absent. What \
was changed while a run trained is told as before → now.

By steps, each run's curve is where its steps are; e counts epochs or the time of training instead. A run without a \
picture of the very step shows the nearest that it has, and says of which step it is.

gan-tui compare prints the table in a shell, and with --json for scripts.

{SELECTING}"""


DRAWING = f"""\
Points are painted with the mouse, or with the arrows and space. The digits 1 to 9 choose the class of what is painted \
next, as far as the network tells so many classes apart.

Before a run, enter trains a network on these points, and the menu keeps them until then. While a run trains, it is \
given each stroke, and the square shows what its network makes of every place. A run learns points of at least two \
classes.

{SELECTING}"""


DATA = f"""\
What lies at a path is told before anything is trained: how many examples there are of each class, a few of them, \
their sizes, what is held back for validation, and what was left out and why. Nothing is changed there.

Where the chosen preset changes images at random (its setting augment), a few of them are drawn at the end as training \
may see them, each behind itself as it is.

gan-tui data show prints the same in a shell, and with --json for scripts.

{SELECTING}"""


SETTINGS = """\
Type a part of a name, or of what it does, and the settings that have it are listed; the arrows choose one, and enter \
changes it. What is changed is marked, belongs to this preset in the menu, and goes into the run that is started.

A setting that does nothing beside the present others says so. gan-tui show PRESET --settings prints them all."""


CHECKED = """\
What was written in the editor is checked as the shell checks it. Once it is right it can be kept among your presets, \
where the menu lists it; no other preset is ever replaced. A draft that is left lies beside them until E opens it."""


def about(title: str, page: str) -> str:
    """A preset's page for learners, its headings set apart."""
    lines = [line.removeprefix("## ").upper() if line.startswith("## ") else line for line in page.split("\n")]
    return f"{title}\n\n" + "\n".join(lines)


KEY_COLUMNS = 13
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

    def __init__(
        self,
        words: str | Content,
        lead: str | Iterable[tuple[str, str]] = "",
        groups: Mapping[str, Iterable[Binding]] | None = None,
    ) -> None:
        """A page of words: before the keys, in groups by their headings, and after them."""
        super().__init__()
        self._words, self._lead, self._groups = words, lead, groups or {}

    def compose(self) -> ComposeResult:
        lead = Content(self._lead) if isinstance(self._lead, str) else self._entries(self._lead)
        groups = [
            Content.assemble((heading, "bold"), "\n", self._entries(self._in_words(bindings)))
            for heading, bindings in self._groups.items()
        ]
        words = Content(self._words) if isinstance(self._words, str) else self._words
        parts = [part for part in (lead, *groups, words) if part]
        with VerticalScroll():
            yield Static(Content("\n\n").join(parts), markup=False)
        yield KeyLine()

    def _in_words(self, bindings: Iterable[Binding]) -> list[tuple[str, str]]:
        """Keys and what they do, a line for those that belong together."""
        together: dict[str, list[Binding]] = {}
        for binding in bindings:
            _, name, parameters = parse(binding.action)
            opposite = all(isinstance(value, int) for value in parameters)  # as zoom(1) and zoom(-1)
            own = name if parameters and opposite else self.app.get_key_display(binding)
            together.setdefault(own, []).append(binding)
        return [(self._keys(each), _words_of(each)) for each in together.values()]

    def _keys(self, bindings: Iterable[Binding]) -> str:
        """shift+← →"""
        first, *others = dict.fromkeys(map(self.app.get_key_display, bindings))
        held = f"{first.rpartition('+')[0]}+"
        return " ".join([first, *(other.removeprefix(held) for other in others)])

    def _entries(self, entries: Iterable[tuple[str, str]]) -> Content:
        """Terms or keys, and beside them what they mean, further lines under the first."""
        page = min(88, int(0.96 * self.app.size.width)) - FRAME_COLUMNS
        beside = max(20, page - KEY_COLUMNS)
        return Content("\n").join(
            Content.assemble(
                (f"  {term:<{KEY_COLUMNS - 2}}", "bold $accent"),
                f"\n{' ' * KEY_COLUMNS}".join(textwrap.wrap(words, beside)),
            )
            for term, words in entries
        )

    async def action_dismiss(self, result: None = None) -> None:
        self.dismiss(None)


def _words_of(bindings: Iterable[Binding]) -> str:
    """What each of them does, once."""
    first, *others = dict.fromkeys(binding.tooltip or binding.description for binding in bindings)
    return "; ".join([first, *(other[:1].lower() + other[1:] for other in others)])
