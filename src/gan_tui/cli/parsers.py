"""How command lines are read: argparse's ways, with sentences of our own for what is wrong."""

import argparse
import sys
from typing import Any, NoReturn

from gan_tui.cli.other_words import CHOSEN, INSTEAD
from gan_tui.cli.whole_numbers import UsageError
from gan_tui.errors import WRONG_USE
from gan_tui.text import harmless, nearest


class _Once(argparse._StoreAction):
    """An option with one value: of two that differ, one would be ignored."""

    def __call__(self, parser: Any, namespace: Any, values: Any, option_string: str | None = None) -> None:
        if option_string and (before := parser.said.setdefault(self.dest, values)) != values:
            raise UsageError(f"{option_string} is given twice, as {_quoted(before)} and as {_quoted(values)}")
        super().__call__(parser, namespace, values, option_string)


def _quoted(value: Any) -> str:
    return f'"{harmless(str(value), 40)}"'


class Parser(argparse.ArgumentParser):
    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **{**named, "exit_on_error": False, "allow_abbrev": False})
        for word in (None, "store"):
            self.register("action", word, _Once)
        self.said = dict[str, Any]()
        """Option → its value, in the line that is read."""

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        words = sys.argv[1:] if args is None else list(args)
        self.said.clear()
        try:
            given, unknown = self._read(words, namespace)
            if unknown:
                raise UsageError(self._refused(unknown[0]))
        except argparse.ArgumentError as error:
            self.error(self._in_words(error, words))
        except UsageError as error:
            self.error(str(error))
        return given, unknown

    def _read(self, words: list[str], namespace: Any) -> Any:
        return super().parse_known_args(words, namespace)

    def takes_a_value(self, option: str) -> bool:
        """Whether an option's value is the word behind it."""
        action = self._option_string_actions.get(option)
        return action is not None and action.nargs != 0

    def _in_words(self, error: argparse.ArgumentError, words: list[str]) -> str:
        """What is wrong with an option."""
        given = list(dict.fromkeys(word.partition("=")[0] for word in words))
        for group in self._mutually_exclusive_groups:
            options = [option for action in group._group_actions for option in action.option_strings]
            if error.argument_name in options and len(both := [option for option in given if option in options]) > 1:
                return f"{' and '.join(both)} cannot be used together"
        action = self._option_string_actions.get(error.argument_name or "")
        if action is None:
            return str(error)
        return f"{error.argument_name} {'takes no' if action.nargs == 0 else 'needs a'} value"

    def _refused(self, word: str) -> str:
        """What is said of a word that has no place."""
        whose = self.prog.removeprefix("gan-tui ")
        if not word.startswith("-"):
            return f'{whose} takes no "{harmless(word, 40)}" there'
        option = word.partition("=")[0]
        if instead := INSTEAD.get((whose, option)):
            return instead
        known = [name for name in self._option_string_actions if name.startswith("--")]
        return f'{whose} has no option "{harmless(option, 40)}", {nearest(option, known)}'

    def error(self, message: str) -> NoReturn:
        message = harmless(message)
        see = " See" if message.endswith("?") else "; see"
        self.exit(WRONG_USE, f"gan-tui: {message}{see} {self.prog} --help.\n")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.dest in CHOSEN and action.choices is not None and value not in action.choices:
            raise UsageError(CHOSEN[action.dest](value, action.choices))
        super()._check_value(action, value)


class AnyOrderParser(Parser):
    """Words may stand on both sides of options: argparse takes those of one list from one place alone."""

    _is_parting = False
    """Whether argparse reads options and words apart, for which it calls itself."""

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        if self._is_parting:
            return argparse.ArgumentParser.parse_known_args(self, args, namespace)
        self._is_parting = True
        try:
            return super().parse_known_args(args, namespace)
        finally:
            self._is_parting = False

    def _read(self, words: list[str], namespace: Any) -> Any:
        return self.parse_known_intermixed_args(words, namespace)


class ScriptParser(Parser):
    """Options end where the script is named: what follows belongs to it, whatever it looks like."""

    SCRIPT = argparse.Action([], "script", nargs="*", metavar="SCRIPT")
    """What is not argparse's to read, for who asks what may stand where."""

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        words, at = list(args), 0
        while at < len(words) and words[at].startswith("-") and words[at] not in ("-", "--", "-m"):
            at += 2 if self.takes_a_value(words[at]) else 1
        given, unknown = super().parse_known_args(words[:at], namespace)
        given.script = words[at + 1 :] if words[at : at + 1] == ["--"] else words[at:]
        if given.script in ([], [""], ["-m"]):
            module = given.script == ["-m"]
            missing = "-m needs the name of a module" if module else "gan-tui run needs a SCRIPT"
            self.error(f"{missing}, such as gan-tui run {'-m package.module' if module else 'train.py'}")
        return given, unknown
