"""Other keys for actions, as a person has written them below [keys] in config.toml.

Each key of a screen has a name, by which Textual has it replaced wherever keys are looked up: `named` gives it. Keys
that do what belongs together, as space pauses and resumes, share one: they are replaced together.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from textual.binding import Binding, BindingType

from gan_tui.dashboard import key_check
from gan_tui.dashboard.key_check import Screens
from gan_tui.system import config

_NAMES = {
    "go_on": "pause", "longer": "resume", "restart": "resume", "menu": "back", "about": "about",
    "command('step')": "step", "command('save')": "save", "command('stop')": "stop",
    "tab('picture')": "picture_tab", "tab('layers')": "layers_tab", "tab('log')": "log_tab",
    "tab('workers')": "workers_tab",
    "smooth(1)": "smooth", "smooth(-1)": "smooth_less", "zoom(1)": "zoom_in", "zoom(-1)": "zoom_out",
    "pan(-1)": "earlier", "pan(1)": "later", "cursor(-10)": "far_left", "cursor(10)": "far_right",
    "more_charts(1)": "more_charts", "more_charts(-1)": "charts_above",
    "turn(1)": "next_view", "turn(-1)": "previous_view", "page(1)": "more_tiles", "page(-1)": "tiles_before",
    "look('next')": "next_image", "look('previous')": "previous_image", "look('random')": "random_image",
    "toggle_theme": "theme", "command_palette": "commands", "suspend_process": "suspend", "leave": "quit",
    "focus_next": "next_pane", "turn_arrows": "charts", "ask_range": "range", "find_charts": "find",
    "move(-1, 0)": "left", "move(1, 0)": "right", "move(0, -1)": "up", "move(0, 1)": "down",
}  # fmt: skip
"""Action → its name, where that is another one."""
FIXED = frozenset({"up", "down", "left", "right", "enlarge", "select", "submit", "dismiss", "cancel"})
"""What lists and fields do with the same keys, which are no one's to choose."""


def name_of(action: str) -> str:
    """What the action of a key is called below [keys]; empty where its key cannot be another."""
    own = action.rpartition(".")[2] if action.startswith(("app.", "screen.")) else action
    name = _NAMES.get(own, own)
    return "" if name in FIXED or not name.isidentifier() else name


def named(bindings: Sequence[BindingType]) -> list[BindingType]:
    """Keys of a screen, with their names. Of several keys of one action the first has it: the others stay."""
    known, found = dict[str, str](), list[BindingType]()
    for binding in bindings:
        if isinstance(binding, Binding) and (name := name_of(binding.action)):
            first = known.setdefault(binding.action, binding.key)
            binding = replace(binding, id=name) if first == binding.key else binding
        found.append(binding)
    return found


_own: Mapping[str, tuple[str, ...]] = {}
"""Name → the keys that are to do it, as far as they can be."""


def begin(screens: Callable[[], Screens]) -> tuple[Mapping[str, str], list[str]]:
    """At a start: what is written, as Textual takes it, and what of that cannot be, in sentences.

    `screens` loads all screens, for those alone who have keys of their own.
    """
    global _own
    written, problems = config.written().keys, list[str]()
    _own = {}
    if written:
        _own, problems = key_check.checked(written, screens())
    return {name: ",".join(keys) for name, keys in _own.items()}, problems


def keys_of(binding: Binding) -> tuple[str, ...]:
    """The keys that do it, with a person's own."""
    own = _own.get(binding.id or "")
    return own or tuple(key.strip() for key in binding.key.split(","))


def doing(bindings: Sequence[BindingType], key: str) -> list[Binding]:
    """Those that a key does."""
    return [binding for binding in bindings if isinstance(binding, Binding) and key in keys_of(binding)]


def in_order(actions: Iterable[str], bindings: Sequence[BindingType]) -> list[str]:
    """Actions as their keys stand in a list, where a person has others: Textual puts those last."""
    if not _own:
        return list(actions)
    places = {binding.action: place for place, binding in enumerate(bindings) if isinstance(binding, Binding)}
    return sorted(actions, key=lambda action: places.get(action, -1))


def told(name: str, usual: str) -> str:
    """The key that does something, in a sentence; `usual` where there is no other."""
    return _own[name][0] if name in _own else usual


def as_shown(binding: Binding) -> Binding:
    """As it is told: with the first of a person's own keys, where there are any."""
    own = _own.get(binding.id or "")
    return replace(binding, key=own[0], key_display=None) if own else binding
