"""Which formats of logs there are, which one lies at a path, and all that lie below a folder."""

import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from gan_tui.errors import UserError, told
from gan_tui.integrations.logs import burn, hugging_face, json_document, json_lines, table, wandb
from gan_tui.integrations.logs.base import Format, Log
from gan_tui.integrations.logs.known_folders import KnownFolders
from gan_tui.integrations.logs.log_folder import LogFolder
from gan_tui.integrations.logs.tensorboard.format import FORMAT as TENSORBOARD
from gan_tui.system.shell_words import shell_word
from gan_tui.text import counted, shown_path

FORMATS: tuple[Format, ...] = (
    TENSORBOARD, wandb.FORMAT, hugging_face.FORMAT, burn.FORMAT, json_lines.FORMAT, json_document.FORMAT, table.FORMAT,
)  # fmt: skip
"""In the order in which they are tried."""
MOST_FOLDERS, MOST_LOGS, DEEPEST = 20_000, 2_000, 12
"""Of what lies below a folder, so much is looked at."""
MOST_LISTED = 5_000
"""Folders below a place on the list of runs, which is looked through again and again."""
_NAMED = 8
"""So many logs are named where one must be chosen."""


def recognized(path: Path) -> Format | None:
    """Which format a file, or what lies in a folder, has; None where it is none of them, or cannot be looked at."""
    found = next(iter(_logs_at(path)), None)
    return found and found[0]


def opened(path: Path) -> LogFolder:
    """The log at a path, or the only one below it. Raises UserError, also where there are several, naming them."""
    whole = path.absolute()
    try:
        whole.stat()
    except OSError as error:
        raise UserError(f"{shown_path(path)} cannot be opened: {told(error, 'check the path')}.") from None
    except ValueError:
        raise UserError("No file is called that; check the path.") from None
    here = [LogFolder(log.path, kind) for kind, log in _logs_at(whole)]
    found = here if len(here) == 1 else below(whole)
    if not found and (why := not_looked_into(whole)):
        raise UserError(why)
    if not found:
        raise UserError(f"{shown_path(path)} holds no log that gan-tui reads, which are those of {_all_formats()}.")
    if len(found) > 1:
        raise UserError(_which(path, found))
    return found[0]


def lost(path: Path, name: str) -> LogFolder:
    """What was a log of a format, and is none any more."""
    return LogFolder(path, next((kind for kind in FORMATS if kind.name == name), FORMATS[0]))


Kinds = list[tuple[Format, Log]]
_known = KnownFolders[Kinds](lambda path: _logs_at(path))


def known_below(path: Path) -> list[LogFolder]:
    """The same as `below`, for who asks again and again: folders in which nothing changed are looked at seldom."""
    _known.begin()
    return below(path, _known.at)


def below(path: Path, logs_at: Callable[[Path], Kinds] | None = None) -> list[LogFolder]:
    """The log that lies at a path; else all those in a folder and below it, by their paths. Follows no links below.

    `logs_at` tells what lies in each folder.
    """
    found: list[LogFolder] = []
    parts: set[Path] = set()
    for count, folder in enumerate(_folders(path, parts), 1):
        for kind, log in (logs_at or _logs_at)(folder):
            found.append(LogFolder(log.path, kind, path))
            parts.update(log.parts)
        if count >= MOST_FOLDERS or len(found) >= MOST_LOGS:
            break
    return found


def refuse_too_wide(path: Path) -> None:
    """Raises UserError for a folder that takes too long to look through for a list."""
    if sum(1 for _ in itertools.islice(_folders(path, set()), MOST_LISTED + 1)) > MOST_LISTED:
        raise UserError(
            f"{shown_path(path)} has more than {MOST_LISTED:,} folders in it, too many to look through for a list; "
            "add folders in it that hold logs."
        )


def not_looked_into(path: Path) -> str:
    """A sentence on what may not be read of what lies at a path; empty where there is nothing of the kind."""
    every = itertools.islice(_folders(path, set()), MOST_LISTED)
    closed = [one for one in every if not os.access(one, os.R_OK | os.X_OK * one.is_dir())]
    names = ", ".join(map(shown_path, closed[:_NAMED])) + (
        f" and {len(closed) - _NAMED:,} more" * (len(closed) > _NAMED)
    )
    return f"{names} may not be read; check who owns that." if closed else ""


def _folders(top: Path, without: set[Path]) -> Iterator[Path]:
    """A folder and those below it; what is put into the set meanwhile is not gone into."""
    waiting = [(top, 0)]
    while waiting:
        path, depth = waiting.pop()
        if path not in without:
            yield path
            if depth < DEEPEST:
                waiting += [(child, depth + 1) for child in reversed(_children(path))]


def _children(folder: Path) -> list[Path]:
    with suppress(OSError), os.scandir(folder) as entries:
        return sorted(folder / entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
    return []


def _logs_at(path: Path) -> Kinds:
    """A file is of the first format that takes it; a folder may hold logs of several."""
    found: dict[Path, tuple[Format, Log]] = {}
    for kind in FORMATS:
        with suppress(Exception):  # whatever a file makes one format trip over, another may read it
            for log in kind.logs_at(path):
                found.setdefault(log.path, (kind, log))
        if found and not path.is_dir():
            break
    return list(found.values())


def _all_formats() -> str:
    *others, last = [kind.name for kind in FORMATS]
    return f"{', '.join(others)} and {last}" if others else last


def _which(path: Path, found: list[LogFolder]) -> str:
    """What is said where one of several logs must be chosen."""
    base = path.absolute()
    names = [str(log.path.relative_to(base)) for log in found[:_NAMED]]
    more = f" and {len(found) - _NAMED:,} more" if len(found) > _NAMED else ""
    return (
        f"{shown_path(path)} holds {counted(len(found), 'log')}: {', '.join(map(shown_path, names))}{more}; "
        f"name one, such as gan-tui attach {shell_word(path / names[0])}; gan-tui tb {shell_word(path)} lists them. "
        f"{not_looked_into(base)}".rstrip()
    )
