"""The keys of the training screen, and which of them do something at a moment of a run, or why not."""

from textual.actions import parse
from textual.app import App
from textual.binding import Binding, BindingType

from gan_tui.dashboard.screens.look_keys import LOOK_KEYS
from gan_tui.dashboard.screens.picture_keys import PICTURE_KEYS
from gan_tui.dashboard.views.surface import why_not_painted
from gan_tui.run.holder import DELETED, Standing
from gan_tui.run.state import RunState

_RUN_KEYS: list[BindingType] = [
    Binding("space", "pause", "Pause", key_display="space", tooltip="Pause the training"),
    Binding("space", "go_on", "Resume", key_display="space", tooltip="Resume a paused run"),
    Binding("s", "command('step')", "Step", tooltip="Train exactly one step, then pause"),
    Binding(
        "c",
        "command('save')",
        "Save",
        tooltip="Save a checkpoint: weights, optimizers, random states, and .keras files",
    ),
    Binding("x", "command('stop')", "Stop", tooltip="Save a checkpoint and end the run; it can be resumed"),
    Binding("r", "restart", "Resume", tooltip="Resume a stopped or crashed run from its last checkpoint"),
    Binding("r", "longer", "Train longer", tooltip="Train a finished run longer, from where it ended"),
    Binding("o", "other_seed", "Other seed", show=False, tooltip="Train the same again, from another seed"),
    Binding("a", "points", "Paint", show=False, tooltip="Paint points while it trains"),
    Binding("h", "about", "About", show=False, tooltip="About this preset and what to look at"),
]
_PANE_KEYS: list[BindingType] = [
    Binding("g", "diagram", "Diagram", show=False, tooltip="Show the layers as a diagram, or as a table"),
    Binding("1", "tab('picture')", "Picture tab", show=False, tooltip="Show the pictures"),
    Binding("2", "tab('layers')", "Layers tab", show=False, tooltip="Show the layers of the networks"),
    Binding("3", "tab('log')", "Log tab", show=False, tooltip="Show checkpoints, alerts and the trainer's log"),
]
_OTHER_KEYS: list[BindingType] = [
    Binding("escape", "back", "Back", tooltip="Back from what is enlarged, chosen, zoomed into, or wide"),
    Binding("escape", "menu", "Menu", tooltip="Back to the menu; training continues"),
    Binding("question_mark", "help", "Help", key_display="?", tooltip="Show this help"),
]
KEYS = [*_RUN_KEYS, *LOOK_KEYS, *PICTURE_KEYS, *_PANE_KEYS, *_OTHER_KEYS]


def in_groups(app: App[None]) -> dict[str, list[Binding]]:
    """All keys there are on the screen, those of the app among them, under headings."""
    groups = {
        "Training": _RUN_KEYS,
        "Charts": LOOK_KEYS,
        "Pictures, layers, log": [*PICTURE_KEYS, *_PANE_KEYS],
        "Everywhere": [*_OTHER_KEYS, *app.BINDINGS],
    }
    return {name: [key for key in keys if isinstance(key, Binding)] for name, keys in groups.items()}


def why_not(action: str, parameters: tuple[object, ...], state: RunState, standing: Standing) -> str:
    """Why an action means nothing to a run in this state, half a sentence; empty where it does something."""
    trains, shown = standing.alive and state.live, standing.shown(state.state)
    if action in ("restart", "longer") and state.ended_early and shown == "finished":
        return "early stopping ended the run, and would again"
    if action == "restart":
        return _why_not_resumed(trains, shown)
    if action == "longer":
        return "" if shown == "finished" else f"the run is {shown}"
    if action == "other_seed":
        return f"the run is {shown}" if trains else ""
    if action in ("pause", "go_on", "command", "points") and not trains:
        way = "" if shown == DELETED else "trains it longer" if shown == "finished" else "resumes it"
        return f"the run is {shown}" + (f", and r {way}" if way and not state.ended_early else "")
    if action in ("pause", "go_on") and (action == "go_on") != (state.state == "paused"):
        return "the run is paused" if action == "pause" else "the run is not paused"
    if action == "points":
        return why_not_painted(state)
    if action == "look" and "image" not in state.settable:
        has_latents = "latent" in state.settable
        only_n = "n alone does something here: it takes a new latent vector" if has_latents else ""
        return "" if has_latents and parameters == ("next",) else only_n or "this run has no images to choose from"
    return ""


def _why_not_resumed(trains: bool, shown: str) -> str:
    if trains:
        return (
            "the run is still saving; r resumes it once it has stopped" if shown == "saving" else f"the run is {shown}"
        )
    return {"finished": "the run has finished", DELETED: "the run was deleted"}.get(shown, "")


def refusal(key: str, state: RunState, standing: Standing) -> str:
    """Why a key does nothing now, in a sentence without its full stop; empty where it does, or is none of these."""
    whys = [
        (binding, why_not(name, parameters, state, standing))
        for binding in KEYS
        if isinstance(binding, Binding) and key in binding.key.split(",")
        for _, name, parameters in [parse(binding.action)]
    ]
    if not whys or not all(why for _, why in whys):
        return ""
    binding, why = whys[0]
    return f"{binding.key_display or binding.key} does nothing now: {why}"
