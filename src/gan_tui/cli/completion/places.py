"""What may stand at the cursor of a command line, by the parser's own tables."""

import argparse
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field


@dataclass
class Place:
    """Where the cursor is."""

    command: str
    """The command and its own word, if any: "train", "data fetch"; empty before there is one."""
    current: str
    """What has been typed of the word at the cursor, without the option before its sign of equality."""
    before: str
    """That option and its sign, which any word at the cursor begins with."""
    given: dict[str, list[str]] = field(default_factory=dict)
    """Argument, by argparse's name → the words that were given for it."""
    argument: argparse.Action | None = None
    """What the word at the cursor is for; None where the command takes no more words."""
    options: tuple[argparse.Action, ...] = ()
    """Those that may begin there."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """What the argument is called in help, part by part: "PRESET|RUN" is both."""
        shown = self.argument.metavar if self.argument else ""
        text = shown if isinstance(shown, str) else " ".join(shown or ())
        return tuple(part.strip("[]…") for part in re.split(r"[| ]", text) if part.strip("[]…"))

    def last(self, argument: str) -> str:
        """The last word that was given for an argument; empty without any."""
        return self.given.get(argument, [""])[-1]


def place(parser: argparse.ArgumentParser, words: Sequence[str]) -> Place:
    """Where the last of some words, which follow the program's name, is being typed."""
    *done, current = words
    walk = _Walk(parser)
    for word in done:
        walk.take(word)
    option, sign, value = current.partition("=")
    awaited = walk.awaited
    if awaited is None and sign and (named := walk.option(option)) is not None and named.nargs != 0:
        return Place(walk.command, value, f"{option}=", walk.given, named)
    found = Place(walk.command, current, "", walk.given, awaited)
    if awaited is None:
        found.argument, found.options = walk.next_positional(), tuple(walk.open_options())
    return found


class _Walk:
    """What the words before the cursor come to."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self._parser, self._positionals_taken, self._options_ended = parser, 0, False
        self.command = ""
        self.given: dict[str, list[str]] = {}
        self.awaited: argparse.Action | None = None
        """The option whose value comes next."""

    @property
    def _script(self) -> argparse.Action | None:
        """What ends a command's options, where something does."""
        return getattr(self._parser, "SCRIPT", None)

    def option(self, name: str) -> argparse.Action | None:
        return None if self._options_ended else self._parser._option_string_actions.get(name)

    def take(self, word: str) -> None:
        name, sign, value = word.partition("=")
        if self.awaited is not None:
            self._give(self.awaited, word)
            self.awaited = None
        elif word == "--" and not self._options_ended:
            self._options_ended = True
        elif (action := self.option(name)) is not None:
            self.awaited = action if action.nargs != 0 and not sign else None
            self.given.setdefault(action.dest, [])
            if sign:
                self._give(action, value)
        elif not word.startswith("-") or self._options_ended:
            self._take_positional(word)

    def _take_positional(self, word: str) -> None:
        action = self.next_positional()
        if isinstance(action, argparse._SubParsersAction):
            if word in action.choices:
                self._parser, self._positionals_taken = action.choices[word], 0
                self.command = f"{self.command} {word}".strip()
        elif action is not None:
            self._give(action, word)
            self._positionals_taken += 1
            self._options_ended = self._options_ended or action is self._script

    def _give(self, action: argparse.Action, word: str) -> None:
        self.given.setdefault(action.dest, []).append(word)

    def next_positional(self) -> argparse.Action | None:
        """What the next word that is no option is for."""
        known = [self._script] if self._script else self._parser._get_positional_actions()
        if self._positionals_taken < len(known):
            return known[self._positionals_taken]
        return known[-1] if known and known[-1].nargs in ("*", "+") else None

    def open_options(self) -> Iterator[argparse.Action]:
        """Options that may still be given: not twice, and not beside one that excludes them."""
        if self._options_ended:
            return
        excluded = {
            action.dest
            for group in self._parser._mutually_exclusive_groups
            if any(action.dest in self.given for action in group._group_actions)
            for action in group._group_actions
        }
        for action in dict.fromkeys(self._parser._option_string_actions.values()):
            again = isinstance(action, argparse._AppendAction)
            if again or (action.dest not in self.given and action.dest not in excluded):
                yield action
