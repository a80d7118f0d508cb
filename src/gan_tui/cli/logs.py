"""Other tools' logs in the shell: found at a path or by name, listed, and kept on the list of runs."""

import sys
from pathlib import Path

from gan_tui.cli import commands, tables
from gan_tui.cli.json_output import print_json
from gan_tui.errors import DONE, UserError
from gan_tui.integrations.logs import listed, remembered
from gan_tui.run.folder import RunFolder
from gan_tui.run.summaries import RunSummary
from gan_tui.system import kept_answers, terminal
from gan_tui.system.paths import is_there, user_path, whole_path
from gan_tui.system.shell_words import shell_word
from gan_tui.text import counted, shown_path


def at(word: str, runs: Path) -> RunFolder | None:
    """The log at a path, or of a name on the list; None where there is neither. Raises UserError."""
    path = user_path(word)
    if not is_there(path):
        known = listed.every(runs) if remembered.places() else []
        return next((run.folder for run in known if run.is_log and run.folder.name == word), None)
    from gan_tui.integrations.logs import formats  # brings numpy

    return formats.opened(path)


def add(word: str) -> int:
    """Put what lies at a path on the list of runs."""
    from gan_tui.integrations.logs import formats

    path = whole_path(word)
    formats.refuse_too_wide(path)
    found = formats.below(path) or [formats.opened(path)]  # which says why there is none
    tools = sorted({one.format.name for one in found})
    remembered.add(path, found[0].format.name)
    logs = f"{counted(len(found), 'log')} of {', '.join(tools)}"
    _say_what_was_put_aside()
    print(f"Added {shown_path(path)}: {logs}; gan-tui runs lists what is there.")
    if closed := formats.not_looked_into(path):
        print(closed, file=sys.stderr)
    return DONE


def remove(word: str) -> int:
    """Take it off the list; the log itself stays as it is."""
    path = whole_path(word)
    named = [place for place in remembered.places() if place.name == word]
    remembered.remove(named[0] if path not in remembered.places() and len(named) == 1 else path)
    _say_what_was_put_aside()
    print(f"{shown_path(word)} is off the list; nothing of it was deleted.")
    return DONE


def list_below(word: str, runs: Path, plain: bool, as_json: bool) -> int:
    """The logs below a folder: in the menu's list of runs, or as a table."""
    from gan_tui.integrations.logs import formats

    place = whole_path(word)
    found = listed.below(place)
    if not found:
        formats.opened(place)  # says why
    if as_json:
        print_json([_row(run) for run in found])
    elif plain or not (sys.stdin.isatty() and sys.stdout.isatty()):
        print(tables.run_table(found, terminal.columns_of_output()))
        print(f"gan-tui attach {shell_word(found[0].folder.path)} opens the first of them.")
    else:
        return commands.show_dashboard(runs, logs=place)
    return DONE


def _row(run: RunSummary) -> dict[str, object]:
    return {
        "name": run.folder.name, "folder": str(run.folder.path), "format": run.preset, "state": run.state,
        "growing": run.alive, "step": run.step, "changed": run.changed,
    }  # fmt: skip


def say_what_is_gone() -> None:
    """A list that cannot be read, and of the places on it those that are not there any more."""
    if problem := remembered.problem():
        print(f"{problem} Logs that were on the list are missing.", file=sys.stderr)
    for place in listed.gone():
        print(
            f"{shown_path(place)} is no longer there; gan-tui runs --remove {shell_word(place)} takes it off the list.",
            file=sys.stderr,
        )


def _say_what_was_put_aside() -> None:
    for words in kept_answers.put_aside():
        print(words, file=sys.stderr)


def refuse_both(add_path: str | None, remove_path: str | None) -> None:
    if add_path is not None and remove_path is not None:
        raise UserError("runs adds or removes one place at a time; leave out --add or --remove.")
