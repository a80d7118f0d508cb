"""What the command line may say: the commands, what each of them takes, and sentences for what none of them takes."""

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NoReturn

from gan_tui import __version__, presets
from gan_tui.errors import WRONG_USE
from gan_tui.text import harmless, nearest

DESCRIPTION = "Watch and steer neural-network training in a terminal. Without a command: the menu."


def parsed(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """What a command line says (default: the program's own). Ends the program with a sentence where it is wrong."""
    return _parser().parse_args(arguments)


class _UsageError(Exception):
    """A whole sentence. Of no kind that argparse catches: it would put words of its own before it."""


_OTHER_RUN = (
    "resume goes on with the run's own settings, but for its length (--steps, --epochs); for others start a new run: "
    "gan-tui train PRESET {}"
)
_INSTEAD = {
    ("resume", "--set"): _OTHER_RUN.format("--set KEY=VALUE"),
    ("resume", "--seed"): _OTHER_RUN.format("--seed N"),
    ("resume", "--name"): "resume keeps the run's name; a new run gets one: gan-tui train PRESET --name NAME",
}
"""(command, option) that it does not have → what works."""


_DELETED = "d deletes a run in the menu, or remove its folder, which gan-tui runs --json names"
_OTHER_WORDS = {
    "ls": "runs", "list": "runs", "ps": "runs", "status": "runs", "kill": "stop", "cancel": "stop", "end": "stop",
    "continue": "resume", "restart": "resume", "open": "attach", "watch": "attach", "view": "attach", "log": "attach",
    "logs": "attach", "start": "train", "fit": "train", "info": "show", "describe": "show", "checkpoint": "save",
}  # fmt: skip
"""What other programs call a command → what it is called here."""


def _unknown_command(word: str, known: Iterable[str]) -> str:
    """What is said of a word that is no command."""
    if word in ("delete", "rm", "remove", "del"):
        way = f": {_DELETED}"
    elif word.endswith(".toml") or word in presets.files():
        way = f": it is a preset, so gan-tui train {harmless(word, 40)}"
    else:
        way = f", {nearest(_OTHER_WORDS.get(word, word), known)}"
    return f'unknown command "{harmless(word, 40)}"{way}'


_CHOSEN: dict[str, Callable[[str, Iterable[str]], str]] = {
    "command": _unknown_command,
    "data_command": lambda word, known: f'unknown word "{harmless(word, 40)}", {nearest(word, known)}',
}
"""Where one of some words is chosen: what is said of another."""


class _Parser(argparse.ArgumentParser):
    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **{**named, "exit_on_error": False, "allow_abbrev": False})

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        words = sys.argv[1:] if args is None else list(args)
        try:
            given, unknown = super().parse_known_args(words, namespace)
            if unknown:
                raise _UsageError(self._refused(unknown[0]))
        except argparse.ArgumentError as error:
            self.error(self._in_words(error, words))
        except _UsageError as error:
            self.error(str(error))
        return given, unknown

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
        if instead := _INSTEAD.get((whose, option)):
            return instead
        known = [name for name in self._option_string_actions if name.startswith("--")]
        return f'{whose} has no option "{harmless(option, 40)}", {nearest(option, known)}'

    def error(self, message: str) -> NoReturn:
        message = harmless(message)
        see = " See" if message.endswith("?") else "; see"
        self.exit(WRONG_USE, f"gan-tui: {message}{see} {self.prog} --help.\n")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.dest in _CHOSEN and action.choices is not None and value not in action.choices:
            raise _UsageError(_CHOSEN[action.dest](value, action.choices))
        super()._check_value(action, value)


def _whole_number(option: str, such_as: int) -> Callable[[str], int]:
    """For `type`: the number in an option's value."""

    def number(word: str) -> int:
        try:
            return int(word)
        except ValueError:
            sentence = f'{option} must be a whole number, such as {such_as}, not "{harmless(word, 40)}"'
            raise _UsageError(sentence) from None

    return number


def _add_number(
    to: "argparse._ActionsContainer", option: str, about: str, such_as: int = 3, metavar: str = "N"
) -> None:
    to.add_argument(option, type=_whole_number(option, such_as), metavar=metavar, help=about)


def _parser() -> _Parser:
    folders = _folders()
    parser = _Parser("gan-tui", description=DESCRIPTION, parents=[folders])
    parser.add_argument("--version", action="version", version=f"gan-tui {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)
    for name, about, add_arguments in _COMMANDS:
        words = about[0].upper() + about[1:] + "."
        add_arguments(commands.add_parser(name, help=about, description=words, parents=[folders]))
    return parser


def _folders() -> _Parser:
    """What every command takes."""
    folders = _Parser(add_help=False)
    for option, about in (
        ("--runs-dir", "the folder of runs (default: $GAN_TUI_RUNS, else your data folder)"),
        ("--data-dir", "a folder with your own data sets; see Data in the README (default: $GAN_TUI_DATA)"),
    ):
        folders.add_argument(option, metavar="FOLDER", default=argparse.SUPPRESS, help=about)
    return folders


def _add_train(train: argparse.ArgumentParser) -> None:
    train.add_argument("preset", metavar="PRESET", help="a bundled name or the path of a TOML file")
    _add_length(train, "steps to train for", "epochs (passes over the data) to train for")
    _add_set(train, "KEY=VALUE", "change a setting of the preset")
    _add_number(train, "--seed", "the seed of all random numbers", 42)
    train.add_argument("--name", metavar="NAME", help="the run's name (default: the preset's and a number)")
    _add_number(train, "--restarts", "if the trainer dies, restart it from its last checkpoint, up to N times")
    front = train.add_mutually_exclusive_group()
    for option, about in (
        ("--plain", "print progress as lines of text (the default without a terminal)"),
        ("--detach", "print the run's folder and return"),
    ):
        front.add_argument(option, action="store_true", help=about)


def _add_sweep(sweep: argparse.ArgumentParser) -> None:
    sweep.add_argument("preset", metavar="PRESET", nargs="?", help="a bundled name or the path of a TOML file")
    _add_set(sweep, "KEY=V1,V2,…", "values of a setting; a list is one value: hidden=[8],[8,8]")
    sweep.add_argument("--until", metavar="NAME=VALUE", help="end a training at the first epoch that reaches VALUE")
    _add_number(sweep, "--repeats", "number of seeds for each combination (default: 1)")
    _add_length(sweep, "the most steps to train for", "the most epochs (passes over the data) to train for")
    _add_number(sweep, "--seed", "the first seed (default: the preset's)", 42, "FIRST")
    sweep.add_argument("--name", metavar="NAME", help="the sweep's name (default: the preset's and a number)")
    sweep.add_argument("--resume", metavar="NAME", help="continue an interrupted sweep")
    sweep.add_argument("--json", action="store_true", help="print the rows as JSON, for scripts")


def _add_length(command: argparse.ArgumentParser, steps: str, epochs: str) -> None:
    length = command.add_mutually_exclusive_group()
    _add_number(length, "--steps", steps, 2000)
    _add_number(length, "--epochs", epochs, 10)


def _add_set(command: argparse.ArgumentParser, metavar: str, about: str) -> None:
    command.add_argument("--set", action="append", default=[], metavar=metavar, dest="changes", help=about)


def _add_resume(resume: argparse.ArgumentParser) -> None:
    _add_run_if_any(resume)
    _add_length(resume, "train to so many steps in all", "train to so many epochs in all")
    about = "train it here though it may be alive on another machine, or is a copy of a run that was"
    resume.add_argument("--here", action="store_true", help=about)


def _add_run_if_any(command: argparse.ArgumentParser) -> None:
    command.add_argument("run", metavar="RUN", nargs="?", help="a run's name or folder")


def _add_attach(attach: argparse.ArgumentParser) -> None:
    _add_run_if_any(attach)
    attach.add_argument("--plain", action="store_true", help="print its progress as lines of text; Ctrl-C just leaves")


def _add_json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print JSON, for scripts")


def _add_what(show: argparse.ArgumentParser) -> None:
    show.add_argument("what", metavar="PRESET|RUN")


def _add_fetch(data: argparse.ArgumentParser) -> None:
    fetch = data.add_subparsers(dest="data_command", metavar="fetch", parser_class=_Parser)
    fetch.add_parser("fetch", help="download a full data set").add_argument(
        "name", metavar="NAME", help="mnist or fashion-mnist"
    )


_COMMANDS: tuple[tuple[str, str, Callable[[argparse.ArgumentParser], None]], ...] = (
    ("train", "train a preset, and watch it", _add_train),
    ("sweep", "train every combination of settings, several at once, and compare them", _add_sweep),
    ("attach", "open the dashboard on a run (default: the newest)", _add_attach),
    ("pause", "pause a run (default: the newest that is alive)", _add_run_if_any),
    (
        "resume",
        "continue a paused run (default: the newest that is alive), or one that has ended, also for longer",
        _add_resume,
    ),
    ("save", "save a checkpoint and print its folder (default: the newest that is alive)", _add_run_if_any),
    ("stop", "save a checkpoint and end the run (default: the newest that is alive)", _add_run_if_any),
    ("runs", "list runs and their states", _add_json),
    ("presets", "list presets", _add_json),
    ("doctor", "check this machine: what it has, what would end a run, and what to do about it", _add_json),
    ("show", "show layers and settings as text, and what a run has come to", _add_what),
    ("data", "list the available data sets; `fetch NAME` downloads a full one", _add_fetch),
)
"""Name, what it does, and what adds its arguments, in the order in which --help lists them."""
