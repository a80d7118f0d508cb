"""The keys of the training screen, and which of them do something at a moment of a run, or why not."""

from dataclasses import replace

from textual.actions import parse
from textual.app import App
from textual.binding import Binding, BindingType

from gan_tui.dashboard import own_keys
from gan_tui.dashboard.screens.another import why_never_another
from gan_tui.dashboard.screens.look_keys import LOOK_KEYS
from gan_tui.dashboard.screens.picture_keys import PICTURE_KEYS
from gan_tui.dashboard.views.surface import why_not_painted
from gan_tui.run.holder import DELETED, READING, Standing
from gan_tui.run.maker import Maker
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
    Binding("4", "tab('workers')", "Workers", tooltip="Show the workers that take this run's steps together"),
    Binding("r", "restart", "Resume", tooltip="Resume a stopped or crashed run from its last checkpoint"),
    Binding("r", "longer", "Train longer", tooltip="Train a finished run longer, from where it ended"),
    Binding(
        "o,O",
        "other_seed",
        "Other seed",
        key_display="o",
        tooltip="Train it again, from another seed; asks first",
    ),
    Binding("A", "again", "Again", tooltip="Train it again, as it was: settings, seed, data; asks first"),
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
    Binding("X", "export", "Export", tooltip="Write the run into a file to send: a page, CSV, the picture on show"),
    Binding("C", "compare", "Compare", show=False, tooltip="Compare with another run, chosen from a list"),
    Binding("escape", "back", "Back", tooltip="Back from what is enlarged, chosen, zoomed into, or wide"),
    Binding("escape", "menu", "Menu", tooltip="Back to the menu; training continues"),
    Binding("question_mark", "help", "Help", key_display="?", tooltip="Show this help"),
]
_OF_A_RUN = ("pause", "go_on", "command", "restart", "longer", "other_seed", "again", "points", "look")
"""What means something, or nothing, by how a run stands."""
KEYS = own_keys.named([*_RUN_KEYS, *LOOK_KEYS, *PICTURE_KEYS, *_PANE_KEYS, *_OTHER_KEYS])


_OF_A_SCRIPT = {
    "command('save')": "Save, in the way that the run's script has for it",
    "command('stop')": "Ask the run's script to end",
    "restart": "Start the run's script again, by the command that started it",
    "again": "Start the run's script anew, as a run of its own",
    "about": "What is known of the run: its command, its folder, its settings",
}
_OF_A_LOG = {"about": "What is known of this log"}


def in_words(key: Binding, maker: Maker) -> Binding:
    """A key with what it does to a run, by what trains that."""
    words = {Maker.TRAINER: {}, Maker.SWEEP: {}, Maker.LOGGER: _OF_A_LOG}.get(maker, _OF_A_SCRIPT)
    return replace(key, tooltip=words[key.action]) if key.action in words else key


def in_groups(app: App[None], state: RunState, maker: Maker) -> dict[str, list[Binding]]:
    """All keys that may do something for a run at some time, those of the app among them, under headings."""
    groups = {
        "Training": _RUN_KEYS,
        "Charts": LOOK_KEYS,
        "Pictures, layers, log": [*PICTURE_KEYS, *_PANE_KEYS],
        "Everywhere": [*_OTHER_KEYS, *app.BINDINGS],
    }
    return {
        name: [
            in_words(own_keys.as_shown(key), maker)
            for key in own_keys.named(keys)
            if isinstance(key, Binding) and not why_never(*_parsed(key), state, maker)
        ]
        for name, keys in groups.items()
    }


def _parsed(binding: Binding) -> tuple[str, tuple[object, ...]]:
    """The action of a key, and its parameters."""
    _, name, parameters = parse(binding.action)
    return name, parameters


_OF_A_SWEEP = {
    "look": "a sweep keeps no networks; A trains this as a run of its own",
    "points": "a sweep trains what was painted before",
    **dict.fromkeys(("restart", "longer"), "gan-tui sweep --resume goes on with a sweep; A trains this as a run"),
}
_CANNOT = {
    "pause": "its script cannot be paused", "resume": "its script cannot be paused",
    "step": "its script takes no single steps", "save": "its script has given no way to save",
    "stop": "its script cannot be stopped from here",
}  # fmt: skip
_COMMANDS = {"pause": "pause", "go_on": "resume"}


def why_never(action: str, parameters: tuple[object, ...], state: RunState, maker: Maker) -> str:
    """Why an action means nothing to a run however it stands, half a sentence; empty where it may do something."""
    if (action, parameters) == ("tab", ("workers",)):
        return "" if state.workers else "one process takes the steps of this run"
    if maker is Maker.TRAINER or action not in _OF_A_RUN:
        return ""
    if maker is Maker.SWEEP:
        return "" if action in ("other_seed", "again") else _OF_A_SWEEP.get(action, "its sweep trains it to its end")
    if maker is Maker.LOGGER:
        return "this is a log of another program, which can only be looked at"
    if action == "longer":
        return "the run's length is its script's"
    if action in ("other_seed", "again"):
        return why_never_another(action, maker)
    if action == "restart" and not maker.starts_again:
        return "the run does not know by which command its script is started"
    if action == "points":
        return why_not_painted(state)
    if action == "look":
        return "" if {"image", "latent"}.intersection(state.settable) else "this run has no images to choose from"
    command = str(parameters[0]) if action == "command" else _COMMANDS.get(action, "")
    return "" if not command or state.obeys(command) else _CANNOT[command]


def why_not(
    action: str, parameters: tuple[object, ...], state: RunState, standing: Standing, maker: Maker = Maker.TRAINER
) -> str:
    """Why an action means nothing to a run in this state, half a sentence; empty where it does something."""
    if standing.shown(state.state) == READING:
        return "the run is still being read" if action in _OF_A_RUN else ""
    return why_never(action, parameters, state, maker) or _why_not_now(action, parameters, state, standing, maker)


def _why_not_now(action: str, parameters: tuple[object, ...], state: RunState, standing: Standing, maker: Maker) -> str:
    """Likewise, of what it may mean at another time."""
    trains, shown = standing.alive and state.live, standing.shown(state.state)
    if action in ("restart", "longer") and state.ended_early and shown == "finished":
        return "early stopping ended the run, and would again"
    if action == "restart":
        return _why_not_resumed(trains, shown)
    if action == "longer":
        return "" if shown == "finished" else f"the run is {shown}"
    if action in ("other_seed", "again"):
        return f"the run is {shown}" if trains else "the run was deleted" if shown == DELETED else ""
    if action in ("pause", "go_on", "command", "points") and not trains:
        way = _WAYS.get(maker, {}).get(shown == "finished", "") if shown != DELETED else ""
        key = own_keys.told("resume", "r")
        return f"the run is {shown}" + (f", and {key} {way}" if way and not state.ended_early else "")
    if action in ("pause", "go_on") and (action == "go_on") != (state.state == "paused"):
        return "the run is paused" if action == "pause" else "the run is not paused"
    if action == "points":
        return why_not_painted(state)
    if action == "look" and "image" not in state.settable:
        has_latents = "latent" in state.settable
        only_n = "n alone does something here: it takes a new latent vector" if has_latents else ""
        return "" if has_latents and parameters == ("next",) else only_n or "this run has no images to choose from"
    return ""


_WAYS = {Maker.TRAINER: {True: "trains it longer", False: "resumes it"}, Maker.COMMAND: {False: "starts it again"}}
"""What `r` does to a run that has finished, or has not."""


def _why_not_resumed(trains: bool, shown: str) -> str:
    if trains:
        return (
            f"the run is still saving; {own_keys.told('resume', 'r')} resumes it once it has stopped"
            if shown == "saving"
            else f"the run is {shown}"
        )
    return {"finished": "the run has finished", DELETED: "the run was deleted"}.get(shown, "")


def refusal(key: str, state: RunState, standing: Standing, maker: Maker = Maker.TRAINER) -> str:
    """Why a key does nothing now, in a sentence without its full stop; empty where it does, or is none of these."""
    whys = [(binding, why_not(*_parsed(binding), state, standing, maker)) for binding in own_keys.doing(KEYS, key)]
    if not whys or not all(why for _, why in whys):
        return ""
    binding, why = whys[0]
    shown = own_keys.as_shown(binding)
    return f"{shown.key_display or shown.key} does nothing now: {why}"
