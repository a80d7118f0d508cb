"""The command line: arguments in, one command out, errors as one sentence."""

import argparse
import io
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from gan_tui import __version__
from gan_tui.errors import DONE, INTERRUPTED, TRAINING_FAILED, WRONG_USE, UserError
from gan_tui.system import signals
from gan_tui.system.paths import user_path
from gan_tui.text import harmless, nearest, shown_path

DESCRIPTION = "Watch and steer neural-network training in a terminal. Without a command: the menu."


_NO_COMMAND = re.compile(r"argument COMMAND: invalid choice: '(.*)' \(choose from (.*)\)", re.DOTALL)
_NO_NUMBER = re.compile(r"argument (--[a-z]+): invalid int value: '(.*)'", re.DOTALL)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        if found := _NO_COMMAND.fullmatch(message):
            known = re.findall(r"[a-z]+", found[2])
            message = f'there is no command "{harmless(found[1], 40)}", {nearest(found[1], known)}'
        elif found := _NO_NUMBER.fullmatch(message):
            message = f'{found[1]} must be a whole number, such as 2000, not "{harmless(found[2], 40)}"'
        self.exit(WRONG_USE, f"gan-tui: {harmless(message)}; {self.prog} --help shows how.\n")


def _parser() -> argparse.ArgumentParser:
    places = _places()
    parser = _Parser("gan-tui", description=DESCRIPTION, parents=[places])
    parser.add_argument("--version", action="version", version=f"gan-tui {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)

    def add(name: str, about: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=about, description=about[0].upper() + about[1:] + ".", parents=[places])

    _add_train(add("train", "train a preset, and watch it"))
    _add_sweep(add("sweep", "train every combination of some settings' values, several at once, and compare them"))
    for name, about in (
        ("attach", "the dashboard on a run, the newest by default"),
        ("pause", "pause a run"),
        ("resume", "go on with a paused run, or restart a stopped or crashed one from its last checkpoint"),
        ("save", "save a checkpoint and print its folder"),
        ("stop", "save a checkpoint and end the run"),
    ):
        add(name, about).add_argument(
            "run", metavar="RUN", nargs="?" if name == "attach" else None, help="a run's name or folder"
        )
    for name, about in (
        ("runs", "the runs there are, and their states"),
        ("presets", "the presets there are"),
        ("doctor", "what this machine has, what would end a run, and what helps"),
    ):
        add(name, about).add_argument("--json", action="store_true", help="print it for scripts")
    add("show", "layer tables and settings as text").add_argument("what", metavar="PRESET|RUN")
    _add_fetch(add("data", "the data sets at hand; `fetch NAME` downloads a full one"))
    return parser


def _places() -> _Parser:
    """What every command takes."""
    places = _Parser(add_help=False)
    for option, about in (
        ("--runs-dir", "where runs live (default: $GAN_TUI_RUNS, or your data folder)"),
        ("--data-dir", "where data sets of your own lie, as README's section Data says (default: $GAN_TUI_DATA)"),
    ):
        places.add_argument(option, metavar="FOLDER", default=argparse.SUPPRESS, help=about)
    return places


def _add_train(train: argparse.ArgumentParser) -> None:
    train.add_argument("preset", metavar="PRESET", help="a bundled name or the path of a TOML file")
    length = train.add_mutually_exclusive_group()
    length.add_argument("--steps", type=int, metavar="N", help="updates to train for")
    length.add_argument("--epochs", type=int, metavar="N", help="passes over the data")
    train.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        dest="changes",
        help="change a setting of the preset",
    )
    train.add_argument("--seed", type=int, metavar="N", help="where all randomness starts")
    train.add_argument("--name", metavar="NAME", help="the run's name (default: the preset's and a number)")
    train.add_argument(
        "--restarts", type=int, metavar="N", help="start a trainer that died again from its last checkpoint, N times"
    )
    front = train.add_mutually_exclusive_group()
    front.add_argument(
        "--plain", action="store_true", help="follow it as lines of text (the default without a terminal)"
    )
    front.add_argument("--detach", action="store_true", help="print the run's folder and return")


def _add_sweep(sweep: argparse.ArgumentParser) -> None:
    sweep.add_argument("preset", metavar="PRESET", nargs="?", help="a bundled name or the path of a TOML file")
    sweep.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=V1,V2,…",
        dest="changes",
        help="values of a setting; a list is one value: hidden=[8],[8,8]",
    )
    sweep.add_argument("--until", metavar="NAME=VALUE", help="end a training at the first epoch that reaches it")
    sweep.add_argument("--repeats", type=int, metavar="N", help="seeds to train each combination from (default: 1)")
    length = sweep.add_mutually_exclusive_group()
    length.add_argument("--steps", type=int, metavar="N", help="updates to train for at most")
    length.add_argument("--epochs", type=int, metavar="N", help="passes over the data at most")
    sweep.add_argument("--seed", type=int, metavar="FIRST", help="the first seed (default: the preset's)")
    sweep.add_argument("--name", metavar="NAME", help="the sweep's name (default: the preset's and a number)")
    sweep.add_argument("--resume", metavar="NAME", help="go on with a sweep that was interrupted")
    sweep.add_argument("--json", action="store_true", help="print the rows for scripts")


def _add_fetch(data: argparse.ArgumentParser) -> None:
    fetch = data.add_subparsers(dest="data_command", metavar="fetch", parser_class=_Parser)
    fetch.add_parser("fetch", help="download a full data set").add_argument(
        "name", metavar="NAME", help="mnist or fashion-mnist"
    )


def _run(arguments: argparse.Namespace) -> int:
    with signals.held_back():  # Ctrl-C in the midst of loading orjson crashes it
        from gan_tui.cli import commands
        from gan_tui.run import catalog

    if folder := getattr(arguments, "data_dir", None) or os.environ.get("GAN_TUI_DATA"):
        os.environ["GAN_TUI_DATA"] = str(user_path(folder).absolute())  # the trainer works elsewhere
    runs = catalog.runs_folder(getattr(arguments, "runs_dir", None))
    command = arguments.command
    if command is None:
        return commands.show_dashboard(runs)
    if command in ("train", "sweep"):
        return (_train if command == "train" else _sweep)(arguments, runs)
    if command == "attach":
        return commands.show_dashboard(runs, catalog.find(arguments.run, runs))
    if command == "resume":
        return commands.resume(catalog.find(arguments.run, runs))
    if command in ("pause", "save", "stop"):
        return commands.command_run(catalog.find(arguments.run, runs), command)
    return _look(arguments, runs)


def _look(arguments: argparse.Namespace, runs: Path) -> int:
    """The commands that change no run."""
    from gan_tui.cli import commands

    command = arguments.command
    if command == "runs":
        return commands.list_runs(runs, arguments.json)
    if command == "presets":
        return commands.list_presets(arguments.json)
    if command == "show":
        return commands.show(arguments.what, runs)
    if command == "doctor":
        from gan_tui import data, doctor

        return doctor.doctor(runs, arguments.json, data.NAMES, data.find)
    return commands.fetch_data(arguments.name) if arguments.data_command else commands.show_data()


def _train(arguments: argparse.Namespace, runs: Path) -> int:
    from gan_tui import presets
    from gan_tui.cli import commands
    from gan_tui.supervision import starting

    preset = presets.find(arguments.preset)
    given = arguments
    preset = starting.configured(preset, given.changes, given.steps, given.epochs, given.seed, given.restarts)
    plain = arguments.plain or not (sys.stdin.isatty() and sys.stdout.isatty())
    if not plain and not arguments.detach:
        commands.needs_terminal("The dashboard needs")
    if plain and not arguments.detach:
        return commands.start_and_follow(preset, runs, arguments.name)
    folder = starting.start(preset, runs, arguments.name)
    if arguments.detach:
        print(shown_path(folder.path))
        return DONE
    return commands.show_dashboard(runs, folder)


def _sweep(arguments: argparse.Namespace, runs: Path) -> int:
    from gan_tui import presets
    from gan_tui.cli import commands
    from gan_tui.supervision import starting

    given = arguments
    named = [given.preset, given.until, given.repeats, given.steps, given.epochs, given.seed, given.name]
    if given.resume is not None:
        if given.changes or any(value is not None for value in named):
            raise UserError("--resume NAME goes on with a sweep as it was begun; leave out all else but --json.")
        return commands.resume_sweep(given.resume, runs, given.json)
    if given.preset is None:
        raise UserError("gan-tui sweep needs a PRESET, such as gan-tui sweep xor --set batch_size=1,2,4.")
    length = given.steps is not None or given.epochs is not None
    if length and any(change.partition("=")[0].strip() in ("steps", "epochs") for change in given.changes):
        raise UserError("--steps and --epochs hold for all combinations; leave them out to sweep either with --set.")
    preset = starting.configured(presets.find(given.preset), [], given.steps, given.epochs, given.seed)
    repeats = 1 if given.repeats is None else given.repeats
    return commands.sweep(preset, given.changes, given.until, repeats, runs, given.name, given.json)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line; returns its exit code, never raises (unless GAN_TUI_DEBUG=1 asks to)."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that lacks × shows ? and not an error
    parsed = _parser().parse_args(arguments)
    try:
        return _run(parsed)
    except UserError as error:
        print(f"gan-tui: {error}", file=sys.stderr)
        return error.code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read our output has gone
        return INTERRUPTED
    except Exception as error:
        if os.environ.get("GAN_TUI_DEBUG") == "1":
            raise
        print(
            f"gan-tui: {type(error).__name__}: {harmless(str(error))} (GAN_TUI_DEBUG=1 shows where).",
            file=sys.stderr,
        )
        return TRAINING_FAILED


if __name__ == "__main__":
    sys.exit(main())
