"""What the command line may say: the commands, what each of them takes, and sentences for what none of them takes."""

import argparse
from collections.abc import Callable, Sequence
from typing import Any

from gan_tui import __version__
from gan_tui.cli import query_arguments
from gan_tui.cli.completion import SHELLS
from gan_tui.cli.group_arguments import add_group
from gan_tui.cli.parsers import AnyOrderParser, Parser, ScriptParser
from gan_tui.cli.whole_numbers import add_number

DESCRIPTION = "Watch and steer neural-network training in a terminal. Without a command: the menu."


def parsed(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """What a command line says (default: the program's own). Ends the program with a sentence where it is wrong."""
    return tree().parse_args(arguments)


_KINDS = {"run": ScriptParser, "runs": AnyOrderParser}
"""Command → how it is read, where that is otherwise."""


def tree() -> argparse.ArgumentParser:
    """All commands with what they take."""
    folders = _folders()
    parser = Parser("gan-tui", description=DESCRIPTION, parents=[folders])
    parser.add_argument("--version", action="version", version=f"gan-tui {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=Parser)
    for name, about, add_arguments in _COMMANDS:
        words = about[0].upper() + about[1:] + "."
        kind = _KINDS.get(name, Parser)
        commands._parser_class = kind
        add_arguments(commands.add_parser(name, help=about, description=words, parents=[folders]))
    return parser


def _folders() -> Parser:
    """What every command takes."""
    folders = Parser(add_help=False)
    for option, about in (
        ("--runs-dir", "the folder of runs (default: $GAN_TUI_RUNS, else your data folder)"),
        ("--data-dir", "a folder with your own data sets; see Data in the README (default: $GAN_TUI_DATA)"),
    ):
        folders.add_argument(option, metavar="FOLDER", default=argparse.SUPPRESS, help=about)
    return folders


def _add_train(train: argparse.ArgumentParser) -> None:
    about = "a bundled name, the path of a TOML file, or a model that Keras saved (.keras)"
    train.add_argument("preset", metavar="PRESET", help=about)
    about = "begin with the weights of a run's checkpoint (default: the newest), or of a .keras file"
    train.add_argument("--from", dest="start", metavar="RUN[@STEP]", help=about)
    _add_length(train, "steps to train for", "epochs (passes over the data) to train for")
    _add_data(train)
    _add_set(train, "KEY=VALUE", "change a setting of the preset")
    add_number(train, "--seed", "the seed of all random numbers", 42)
    train.add_argument("--name", metavar="NAME", help="the run's name (default: the preset's and a number)")
    add_number(train, "--restarts", "if the trainer dies, restart it from its last checkpoint, up to N times")
    add_group(train)
    front = train.add_mutually_exclusive_group()
    for option, about in (
        ("--plain", "print progress as lines of text (the default without a terminal)"),
        ("--detach", "print the run's folder and return"),
        ("--dry-run", "print what would be trained, how long it would take and what it needs; train nothing"),
    ):
        front.add_argument(option, action="store_true", help=about)
    train.add_argument("--json", action="store_true", help="with --dry-run: print JSON, for scripts")


def _add_run(run: argparse.ArgumentParser) -> None:
    run.usage = "gan-tui run [OPTION…] SCRIPT [ARG…]   or   gan-tui run [OPTION…] -m MODULE [ARG…]"
    run.epilog = "What follows SCRIPT belongs to it: gan-tui run --restarts 2 train.py --lr 0.1"
    run.add_argument("--name", metavar="NAME", help="the run's name (default: the script's and a number)")
    add_number(run, "--restarts", "if the script fails, start it again, up to N times")
    about = "the Python to run it with (default: that of the active environment, else gan-tui's own)"
    run.add_argument("--python", metavar="PATH", help=about)
    front = run.add_mutually_exclusive_group()
    about = "print its output and progress as lines of text (the default without a terminal); Ctrl-C asks it to stop"
    front.add_argument("--plain", action="store_true", help=about)
    front.add_argument("--detach", action="store_true", help="print the run's folder and return")


def _add_sweep(sweep: argparse.ArgumentParser) -> None:
    sweep.add_argument("preset", metavar="PRESET", nargs="?", help="a bundled name or the path of a TOML file")
    _add_data(sweep)
    ranges = "LOW..HIGH/COUNT, log:LOW..HIGH/COUNT; --search random needs no /COUNT"
    _add_set(sweep, "KEY=V1,V2,…", f"values of a setting (a list is one: hidden=[8],[8,8]), or ranges: {ranges}")
    sweep.add_argument("--search", metavar="METHOD", help="grid: train every combination (default); random: draw some")
    add_number(sweep, "--trials", "number of combinations that --search random draws", 20)
    sweep.add_argument("--until", metavar="NAME=VALUE", help="end a training at the first epoch that reaches VALUE")
    add_number(sweep, "--repeats", "number of seeds for each combination (default: 1)")
    _add_length(sweep, "the most steps to train for", "the most epochs (passes over the data) to train for")
    add_number(sweep, "--seed", "the first seed, from which a search draws, too (default: the preset's)", 42, "FIRST")
    sweep.add_argument("--name", metavar="NAME", help="the sweep's name (default: the preset's and a number)")
    about = "train there: what leads to a machine, such as 'ssh box1', *N for N workers, or ray; several --on add up"
    sweep.add_argument("--on", action="append", default=[], metavar="PREFIX[*N]", help=about)
    sweep.add_argument("--resume", metavar="NAME", help="continue an interrupted sweep")
    sweep.add_argument("--by", metavar="METRIC", help="put the combinations best first, by what this is at the end")
    add_number(sweep, "--rows", "show so many of the best (default: 20 of many)", 20)
    sweep.add_argument("--json", action="store_true", help="print all rows as JSON, for scripts")


def _add_data(command: argparse.ArgumentParser) -> None:
    command.add_argument("--data", metavar="PATH|NAME", help="learn from data of your own, or a set by its name")
    command.add_argument("--label", metavar="COLUMN", help="the column of a table to learn (default: the last)")


def _add_length(command: argparse.ArgumentParser, steps: str, epochs: str) -> None:
    length = command.add_mutually_exclusive_group()
    add_number(length, "--steps", steps, 2000)
    add_number(length, "--epochs", epochs, 10)


def _add_set(command: argparse.ArgumentParser, metavar: str, about: str) -> None:
    command.add_argument("--set", action="append", default=[], metavar=metavar, dest="changes", help=about)


def _add_resume(resume: argparse.ArgumentParser) -> None:
    query_arguments.add_run(resume)
    _add_length(resume, "train to so many steps in all", "train to so many epochs in all")
    about = "train it here though it may be alive on another machine, or is a copy of a run that was"
    resume.add_argument("--here", action="store_true", help=about)
    add_group(resume)
    about = "follow it as lines of text to its end, as train --plain does; Ctrl-C saves and stops it"
    resume.add_argument("--plain", action="store_true", help=about)


def _add_attach(attach: argparse.ArgumentParser) -> None:
    query_arguments.add_run_or_log(attach)
    attach.add_argument("--plain", action="store_true", help="print its progress as lines of text; Ctrl-C just leaves")


def _add_json(command: argparse.ArgumentParser, default: Any = False) -> None:
    command.add_argument("--json", action="store_true", default=default, help="print JSON, for scripts")


def _add_runs(runs: argparse.ArgumentParser) -> None:
    about = "words in its name, preset, state or note, and conditions such as preset=gan 'learning_rate<0.001' 'age<2d'"
    runs.add_argument("words", metavar="WORD|CONDITION", nargs="*", help=about)
    about = "by name, state, preset, age, duration, step, newest, best, changed, note, or a setting or metric"
    runs.add_argument("--sort", metavar="COLUMN", help=about)
    runs.add_argument("--reverse", action="store_true", help="the other way round")
    _add_json(runs)
    runs.add_argument("--add", metavar="PATH", help="put a log of another tool on the list, or a folder of them")
    runs.add_argument("--remove", metavar="PATH", help="take it off the list; nothing is deleted")


def _add_rename(rename: argparse.ArgumentParser) -> None:
    rename.add_argument("run", metavar="RUN", help="a run's name or folder; it may be alive")
    rename.add_argument("new", metavar="NEW", help="what it is called from now on")


def _add_note(note: argparse.ArgumentParser) -> None:
    note.add_argument("run", metavar="RUN", help="a run's name or folder")
    about = 'what to note, in place of what was; "" takes the note away, and without it the note is printed'
    note.add_argument("text", metavar="TEXT", nargs="*", help=about)


def _add_delete(delete: argparse.ArgumentParser) -> None:
    delete.add_argument("named", metavar="RUN", nargs="+", help="a run's name or folder")
    delete.add_argument("--yes", action="store_true", help="delete without a question")


def _add_tb(tb: argparse.ArgumentParser) -> None:
    tb.add_argument("folder", metavar="LOGDIR", help="a folder with logs in it or below it")
    tb.add_argument("--plain", action="store_true", help="print them as a table (the default without a terminal)")
    _add_json(tb)


def _add_what(show: argparse.ArgumentParser) -> None:
    show.add_argument("what", metavar="PRESET|RUN|MODEL.keras")
    show.add_argument("--toml", action="store_true", help="print a saved model as a preset, to be changed and trained")
    about = "each setting with its default, and what it takes"
    show.add_argument("--settings", action="store_true", help=about)
    _add_json(show)


def _add_config(config: argparse.ArgumentParser) -> None:
    about = "print each key with what it is now, and where that comes from"
    config.add_argument("--print", action="store_true", dest="prints", help=about)
    config.add_argument("--json", action="store_true", help="with --print: print JSON, for scripts")


def _add_presets_commands(presets: argparse.ArgumentParser) -> None:
    _add_json(presets)
    commands = presets.add_subparsers(dest="presets_command", metavar="COMMAND", parser_class=Parser)
    copy = commands.add_parser("copy", help="copy a preset among your own, to be changed, and print where it lies")
    copy.add_argument("preset", metavar="NAME", help="a preset's name or the path of a TOML file")
    copy.add_argument("new", metavar="NEW", nargs="?", help="what the copy is called (default: my-NAME)")


def _add_data_commands(data: argparse.ArgumentParser) -> None:
    _add_json(data)
    commands = data.add_subparsers(dest="data_command", metavar="COMMAND", parser_class=Parser)
    fetch = commands.add_parser("fetch", help="download a full data set")
    fetch.add_argument("name", metavar="NAME", help="mnist or fashion-mnist")
    clear = "remove what is kept of your own images once they were read; no original goes"
    commands.add_parser("clear", help=clear)
    show = commands.add_parser("show", help="look at data of your own: classes, sizes, examples, what is left out")
    show.add_argument("place", metavar="PATH|NAME", help="a folder, a file, or a set's name")
    show.add_argument("--label", metavar="COLUMN", help="the column of a table to learn (default: the last)")
    show.add_argument("--augment", metavar="CHANGES", help="draw images as training may see them: 'flip, rotate 0.1'")
    _add_json(show, argparse.SUPPRESS)  # which may stand before the word, too


def _add_shell(completion: argparse.ArgumentParser) -> None:
    completion.add_argument("shell", metavar="|".join(SHELLS), choices=SHELLS, help="the shell that is to load it")


_COMMANDS: tuple[tuple[str, str, Callable[[argparse.ArgumentParser], None]], ...] = (
    ("train", "train a preset, and watch it", _add_train),
    ("run", "run a Python script of your own, and watch what it trains", _add_run),
    ("sweep", "train every combination of settings, several at once, and compare them", _add_sweep),
    ("attach", "open the dashboard on a run (default: the newest)", _add_attach),
    ("pause", "pause a run (default: the newest that is alive)", query_arguments.add_run),
    (
        "resume",
        "continue a paused run (default: the newest that is alive), or one that has ended, also for longer",
        _add_resume,
    ),
    (
        "set",
        "change settings of a run while it trains (default: the newest that is alive)",
        query_arguments.add_changes,
    ),
    ("save", "save a checkpoint and print its folder (default: the newest that is alive)", query_arguments.add_run),
    ("stop", "save a checkpoint and end the run (default: the newest that is alive)", query_arguments.add_run),
    ("runs", "list runs, what they have come to, and sweeps; --add puts other tools' logs on the list", _add_runs),
    ("rename", "give a run another name", _add_rename),
    ("note", "note a line about a run, or print what is noted", _add_note),
    ("delete", "delete runs for good, after a question", _add_delete),
    ("tb", "list the TensorBoard runs, and other tools' logs, below a folder", _add_tb),
    ("status", "one line about a run: state, step, speed, time left, newest values", query_arguments.add_status),
    ("wait", "wait until a run has ended, or has reached something", query_arguments.add_wait),
    ("metrics", "what a run has measured, as a table, CSV or JSON", query_arguments.add_metrics),
    ("events", "what a run has said, as JSON lines", query_arguments.add_events),
    ("compare", "what differs between runs: settings, results, seeds of the same", query_arguments.add_compare),
    ("export", "write a run as a page, CSV, pictures, ONNX, or for TensorBoard", query_arguments.add_export),
    ("presets", "list presets; copy: see gan-tui presets --help", _add_presets_commands),
    ("config", "open config.toml in your editor, made first where it is not there: keys, themes, habits", _add_config),
    ("doctor", "check this machine: what it has, what would end a run, and what to do about it", _add_json),
    ("show", "show layers and settings as text, and what a run has come to", _add_what),
    ("completion", "print what completes these words in a shell, for it to load", _add_shell),
    ("data", "list the available data sets; show, fetch and clear: see gan-tui data --help", _add_data_commands),
)
"""Name, what it does, and what adds its arguments, in the order in which --help lists them."""
