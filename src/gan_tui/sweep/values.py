"""The values that a setting has in a sweep, as a person lists them: 1,2,4, or ranges, or both."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from gan_tui.errors import UserError
from gan_tui.presets import Preset
from gan_tui.presets.settings import value_words
from gan_tui.sweep import ranges
from gan_tui.sweep.ranges import Range
from gan_tui.text import harmless

_FIXED = {
    "seed": "--seed sets the first seed and --repeats how many",
    **dict.fromkeys(("autosave_minutes", "autosave_epochs", "autosave_keep"), "a sweep saves no checkpoints"),
}
_ELSEWHERE = re.compile(r"\w\(|\d\s*(?:[:…–-]|to)\s*[.\d]")
"""How a range looks in other programs."""


def varied(preset: Preset, change: str, drawn: bool) -> tuple[str, tuple[Any, ...]]:
    """(setting, values) of a word of --set. Where they are `drawn` from, a range without a number of values stays one.

    Raises UserError naming what is wrong, and what to do.
    """
    name, equals, text = (part.strip() for part in change.partition("="))
    if not equals:
        raise UserError(f'--set takes KEY=V1,V2,…, such as --set batch_size=1,2,4, not "{harmless(change, 60)}".')
    if name in _FIXED:
        raise UserError(f"{name} cannot be swept: {_FIXED[name]}.")
    try:
        values = [value for part in split(text) for value in _values(preset, name, part, drawn)]
    except ValueError as error:
        raise UserError(f"{preset.name}: {error}{_hint(preset, name, text)}.") from None
    for value, count in Counter(values).items():
        if count > 1:
            raise UserError(f"--set {name} has {value_words(value)} twice; list each value once.")
    return name, tuple(values)


def _values(preset: Preset, name: str, text: str, drawn: bool) -> list[Any]:
    """What a part between commas stands for. Raises ValueError."""
    try:
        return [preset.rules.from_text(name, text, preset.dataset)]  # a file may be called a..b
    except ValueError:
        setting = preset.rules.settings_for(preset.dataset).get(name)
        if setting is None or ".." not in text:
            raise
    found, count = ranges.read(setting, text)
    if count:
        return ranges.values(setting, found, count)
    if not drawn:
        such_as = f"{name}={found}/{min(found.size, 5):g}"
        raise ValueError(f"{name}: {found} needs its number of values: {such_as}; or --search random --trials 20")
    return [found]


def _hint(preset: Preset, name: str, text: str) -> str:
    """What is added where a person writes a range as other programs have it."""
    setting = preset.rules.settings_for(preset.dataset).get(name)
    meant = setting and ".." not in text and ranges.takes_numbers(setting) and _ELSEWHERE.search(text)
    return f"; for a range {ranges.FORM}" if meant else ""


def kept(preset: Preset, name: str, value: object) -> Any:
    """A value, or a range, as a file has it. Raises ValueError."""
    try:
        return preset.rules.checked(name, value)
    except ValueError:
        if not isinstance(value, str):
            raise
        return ranges.read(preset.rules.settings_for()[name], value)[0]


def split(text: str) -> Iterator[str]:
    """The values in a list, parted by commas outside brackets and quotes. Raises ValueError for half a bracket."""
    begin, depth, quote = 0, 0, ""
    for place, character in enumerate(text):
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character in "[]":
            depth += 1 if character == "[" else -1
            if depth < 0:
                break
        elif character == "," and not depth:
            yield _value(text[begin:place], text)
            begin = place + 1
    if depth or quote:
        raise ValueError(f'"{harmless(text, 60)}" has an unmatched bracket or quote')
    yield _value(text[begin:], text)


def _value(part: str, text: str) -> str:
    if not part.strip():
        raise ValueError(f'"{harmless(text, 60)}" has an empty value; write V1,V2 without empty places')
    return part.strip()


def in_file(value: object) -> object:
    """A value, or a range, as a file has it; `kept` gives it back."""
    return str(value) if isinstance(value, Range) else value
