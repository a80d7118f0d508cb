"""A preset's text, line by line: where what is wrong stands in it, and other settings written into it.

What a person has written stays as it is, comments and order, too; TOML's own libraries give documents, not lines.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gan_tui.presets.checks import written
from gan_tui.system.untrusted_files import TOKENS

Keys = tuple[str, ...]
"""The keys that lead to a value: ("settings", "epochs")."""
_SHOWN_LINE = re.compile(r"at line (\d+), column")
_LAYER = re.compile(r"networks\.([a-z_]+), layer (\d+)")
_UNKNOWN = re.compile(r'(?:(?P<table>[a-z_.]+)[:,] )?unknown (?:key|setting) "(?P<key>[^"]*)"')
_NAMED = re.compile(r"(?:settings: )?(?P<path>[A-Za-z0-9_.-]+)(?:'s)?(?:[:,]? (?P<key>[a-z_]+))?")


@dataclass(frozen=True)
class Statement:
    """A header of a table, or a key with its value."""

    path: Keys
    """With that of the table that it is in."""
    start: int
    value: int
    """Where its value begins; of a header, its end."""
    end: int
    """Behind its last character, before the comment that may follow."""
    is_header: bool = False


def statements(text: str) -> Iterator[Statement]:
    """All of a text that is valid TOML, in order."""
    table: Keys = ()
    for start, equals, end in _pieces(text):
        words = text[start:end]
        if words.startswith("["):
            table = _keys(words.strip("[] \t"))
            yield Statement(table, start, end, end, is_header=True)
        elif equals >= 0:
            value = equals + 1 + len(text[equals + 1 : end]) - len(text[equals + 1 : end].lstrip())
            yield Statement((*table, *_keys(text[start:equals])), start, value, end)


def _pieces(text: str) -> Iterator[tuple[int, int, int]]:
    """(start, place of the = or -1, end) of what goes from one line's beginning to an end of line outside brackets."""
    start = equals = -1
    end = depth = 0
    for token in TOKENS.finditer(text):
        word = token[0]
        if word == "\n" and depth == 0:
            if start >= 0:
                yield start, equals, end
            start = equals = -1
        elif not word.isspace() and not word.startswith("#"):
            start = start if start >= 0 else token.start() + len(word) - len(word.lstrip())
            equals = token.start() if word == "=" and equals < 0 and depth == 0 else equals
            depth += (word in "[{") - (word in "]}")
            end = token.start() + len(word.rstrip())
    if start >= 0:
        yield start, equals, end


def _keys(words: str) -> Keys:
    """The parts of a key as it is written."""
    found, keys = tomllib.loads(f"{words} = 0"), []
    while isinstance(found, dict):
        ((key, found),) = found.items()
        keys.append(key)
    return tuple(keys)


# Where something stands ----------------------------------------------------------


def line_of(text: str, problem: str) -> int | None:
    """The line, counted from 1, that a sentence about a preset speaks of; None where it speaks of no line.

    `problem` is what `files.from_document` or a parser of TOML has raised.
    """
    if shown := _SHOWN_LINE.search(problem):
        return int(shown[1])
    if "(at end of document)" in problem:
        return _line(text, len(text.rstrip()))
    try:
        place = _place(text, list(statements(text)), problem)
    except ValueError:  # a text whose TOML is no good has no statements
        return None
    return None if place is None else _line(text, place)


def _place(text: str, known: list[Statement], problem: str) -> int | None:
    if layer := _LAYER.match(problem):
        return _layer(text, known, layer[1], int(layer[2]))
    if unknown := _UNKNOWN.match(problem):
        path = (*(unknown["table"] or "").split("."), unknown["key"]) if unknown["table"] else (unknown["key"],)
        return _start(known, path)
    named = _NAMED.match(problem)
    if named is None:
        return None
    path = tuple(named["path"].split("."))
    deeper = [(*path, named["key"])] if named["key"] else []
    for each in (*deeper, path, ("settings", *path)):
        if (place := _start(known, each)) is not None:
            return place
    return None


def _start(known: list[Statement], path: Keys) -> int | None:
    """Where a key or a table begins: the last of them that leads there, or leads to something in it."""
    exact = [one.start for one in known if one.path == path]
    within = [one.start for one in known if one.path[: len(path)] == path]
    return next(iter([*exact, *within]), None)


def _layer(text: str, known: list[Statement], network: str, number: int) -> int | None:
    """Where the layer of that number in a network begins, in a list or as a table of its own."""
    path = ("networks", network, "layers")
    headers = [one.start for one in known if one.path == path and one.is_header]
    if headers:
        return headers[number - 1] if number <= len(headers) else headers[-1]
    lists = [one for one in known if one.path == path]
    starts = list(_tables_in(text[lists[0].value : lists[0].end])) if lists else []
    if number <= len(starts):
        return lists[0].value + starts[number - 1]
    return lists[0].start if lists else _start(known, path[:2])


def _tables_in(words: str) -> Iterator[int]:
    """Where each table of a list begins."""
    depth = 0
    for token in TOKENS.finditer(words):
        if token[0] == "{" and depth == 1:
            yield token.start()
        depth += (token[0] in "[{") - (token[0] in "]}") if not token[0].isspace() else 0


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


# Other settings ----------------------------------------------------------


def with_settings(text: str, values: Mapping[str, object]) -> str:
    """The text with other values of some settings: where one is written, else behind the last one."""
    for name, value in values.items():
        known = list(statements(text))
        places = [one for one in known if one.path == ("settings", name) or (name == "data" and one.path == (name,))]
        if places:
            text = text[: places[0].value] + written(value) + text[places[0].end :]
        else:
            text = _added(text, known, f"{name} = {written(value)}")
    return text


def _added(text: str, known: list[Statement], line: str) -> str:
    within = [one for one in known if one.path[:1] == ("settings",)]
    if not within:
        tables = [one.start for one in known if one.is_header]
        place = tables[0] if tables else len(text)
        before = text[:place].rstrip("\n")
        return f"{before}\n\n[settings]\n{line}\n\n{text[place:]}"
    stop = text.find("\n", within[-1].end)
    place = len(text) if stop < 0 else stop
    dotted = not any(one.is_header for one in within)
    return f"{text[:place]}\n{'settings.' if dotted else ''}{line}{text[place:]}"
