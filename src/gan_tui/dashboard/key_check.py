"""Whether the keys that a person wants can be had: each is a key, and hides no other on any screen."""

import string
from collections.abc import Mapping, Sequence

from textual.binding import Binding
from textual.keys import Keys

from gan_tui.system import config
from gan_tui.text import harmless, nearest, shown_path

Screens = Mapping[str, Sequence[Binding]]
"""Where a screen is, in words, as "in the menu" → its keys, those of the app among them."""
_ACTS_IN_FIELDS = "ctrl+"
"""What begins so by default acts while something is typed, too."""
_NEEDED = frozenset({
    "enter", "return", "tab", "shift+tab", "backspace", "delete", "up", "down", "left", "right", "home", "end",
    "ctrl+i", "ctrl+j", "ctrl+m", "ctrl+h", "ctrl+@", "ctrl+[", "ctrl+c", "ctrl+v", "ctrl+left", "ctrl+right",
})  # fmt: skip
"""Keys of lists and fields, or which a terminal sends for those."""
_EDITS = frozenset(["ctrl+a", "ctrl+d", "ctrl+e", "ctrl+f", "ctrl+k", "ctrl+u", "ctrl+w", "ctrl+x"])
"""Keys that change what stands in a field."""


_NAMED = frozenset(key.value for key in Keys if not key.value.startswith("<") and key.value != "ctrl-at")
_SIGNS = {
    sign: "comma" if sign == "," else next(iter(Binding.make_bindings([Binding(sign, "")]))).key
    for sign in string.punctuation
}
"""What Textual calls them: "?" is question_mark."""
_WORDS = sorted(_NAMED | set(_SIGNS.values()))


_BY_NAME = {name: sign for sign, name in _SIGNS.items() if sign not in '"\\'}


def as_written(key: str) -> str:
    """As a person writes it: question_mark is "?"."""
    return _BY_NAME.get(key, key)


def normalized(key: str) -> str:
    """As Textual calls it; empty where there is no such key."""
    if len(key) == 1:
        return key if key.isascii() and key.isalnum() else _SIGNS.get(key, "")
    *held, last = key.split("+")
    lower = "+".join([*sorted(map(str.lower, held)), last if len(last) == 1 else last.lower()])
    is_with_alt = held == ["alt"] and len(last) == 1 and last.isascii() and last.isalnum()
    return lower if lower in _WORDS or is_with_alt else ""


def usual(on: Screens) -> dict[str, tuple[str, ...]]:
    """Name of an action → its keys by default, of all that may have others."""
    found = dict[str, tuple[str, ...]]()
    for binding in (binding for bindings in on.values() for binding in bindings):
        if binding.id:
            found.setdefault(binding.id, tuple(binding.key.split(",")))
    return found


def checked(wanted: Mapping[str, Sequence[str]], on: Screens) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """Name of an action → keys that it can have, as Textual calls them; and why others it cannot, in sentences."""
    known, right, problems = usual(on), dict[str, tuple[str, ...]](), list[str]()
    for name, keys in wanted.items():
        if problem := _wrong(name, keys, known):
            problems.append(problem)
        else:
            right[name] = tuple(map(normalized, keys))
    while hidden := _hidden(right, on):
        name, problem = hidden
        del right[name]
        problems.append(problem)
    return right, [f"{shown_path(config.file())}: {problem}" for problem in problems]


def _wrong(name: str, keys: Sequence[str], known: Mapping[str, Sequence[str]]) -> str:
    """What is wrong with the keys of an action by themselves; empty where nothing is."""
    shown = harmless(f"keys.{name}", 60)
    if name not in known:
        near = nearest(name, list(known))
        return f"{shown} is no action, {near}{'' if near.endswith('?') else '.'}"
    acts_in_fields = known[name][0].startswith(_ACTS_IN_FIELDS)
    for key in keys:
        found, told = normalized(key), f'"{harmless(key, 30)}"'
        if not found:
            near = nearest(key, _WORDS) if len(key) > 1 else ""
            return f"{shown}: there is no key {told}" + (
                f", {near}" if near.endswith("?") else ", such as p, P, f5 or ctrl+g."
            )
        if found in _NEEDED and found not in known[name]:
            return f"{shown}: {told} is a key of lists and fields; choose another, such as f5."
        if acts_in_fields and (len(found) == 1 or found in _EDITS or found in _SIGNS.values() or found == "space"):
            return f"{shown}: {told} types into fields; choose another, such as f5."
    return ""


def _hidden(right: Mapping[str, tuple[str, ...]], on: Screens) -> tuple[str, str] | None:
    """The first action of which a key is another action's on a screen, and that in a sentence."""
    for where, bindings in on.items():
        does = dict[str, str]()
        for binding in bindings:
            name = binding.id or binding.action
            for key in right.get(name) or tuple(binding.key.split(",")):
                other = does.setdefault(key, name)
                if other != name and (mine := name if name in right else other) in right:
                    hides = other if mine == name else name
                    return (
                        mine,
                        f'keys.{mine}: "{key}" is {hides} {where}; give {hides} another key, or choose a free one.',
                    )
    return None
