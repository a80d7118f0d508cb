"""The keys of the comparison's screen."""

from textual.app import App
from textual.binding import Binding, BindingType

from gan_tui.dashboard.own_keys import named
from gan_tui.dashboard.screens.look_keys import LOOK_KEYS
from gan_tui.run.comparison import MOST_COLORS

RUN_KEYS: list[BindingType] = [
    Binding("up", "choose(-1)", "Up", show=False, tooltip="Choose a run; with tab, a chart"),
    Binding("down", "choose(1)", "Down", show=False, tooltip="Choose a run; with tab, a chart"),
    Binding("enter", "open", "Open", tooltip="Open the chosen run, and come back by escape; with tab, enlarge a chart"),
    Binding("v", "which", "Training too", tooltip="Show validation, training as well, or training alone"),
    Binding("p", "pictures(1)", "Pictures", tooltip="Show the runs' pictures side by side; again, the next view"),
    Binding("P", "pictures(-1)", "Pictures before", show=False, tooltip="The view before"),
    Binding("left", "move(-1)", "Left", show=False, tooltip="Columns or pictures before; with tab, move the cursor"),
    Binding("right", "move(1)", "Right", show=False, tooltip="Columns or pictures after; with tab, move the cursor"),
    Binding("f", "full", "Table", tooltip="Show all that differs on the whole screen, and back"),
    *(
        Binding(str(number), f"hide({number})", "Hide", show=False, tooltip="Hide or show the run with that number")
        for number in range(1, MOST_COLORS + 1)
    ),
]
OTHER_KEYS: list[BindingType] = [
    Binding("escape", "back", "Back", tooltip="Back from what was chosen, then to where you came from"),
    Binding("question_mark", "help", "Help", key_display="?", tooltip="Show this help"),
]
KEYS = named([*RUN_KEYS, *LOOK_KEYS, *OTHER_KEYS])
OF_CHARTS = {binding.action.partition("(")[0] for binding in LOOK_KEYS if isinstance(binding, Binding)} | {"which"}
"""Actions that mean something while charts are on show."""


def in_groups(app: App[None]) -> dict[str, list[Binding]]:
    """All keys, under headings."""
    groups = {"Runs": RUN_KEYS, "Charts": LOOK_KEYS, "Everywhere": [*OTHER_KEYS, *app.BINDINGS]}
    return {name: [key for key in keys if isinstance(key, Binding)] for name, keys in groups.items()}
