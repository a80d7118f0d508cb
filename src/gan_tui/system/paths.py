"""Paths as people and their environment write them, and where a person's own files lie."""

import os
import pwd
import shlex
from contextlib import suppress
from pathlib import Path
from typing import Literal
from urllib.parse import unquote

import platformdirs

from gan_tui.errors import UserError
from gan_tui.text import harmless, shown_path

_URI = "file://"


def home() -> Path | None:
    """The user's home folder; None where there is none, as for a container's user who has only a number."""
    named = os.environ.get("HOME", "")
    if not named.startswith("/"):
        with suppress(KeyError):
            named = pwd.getpwuid(os.getuid()).pw_dir
    return Path(named) if named.startswith("/") else None


def user_path(text: str) -> Path:
    """A path as a person writes it, ~ and ~name for home folders. Raises UserError where there is no home."""
    first, _, rest = text.partition("/")
    if first != "~":
        with suppress(RuntimeError):  # nobody is called that
            return Path(text).expanduser()
        return Path(text)
    folder = home()
    if folder is None:
        raise UserError(f'There is no home folder for "{harmless(text, 200)}"; set HOME, or write the whole path.')
    return folder / rest


def as_dropped(text: str) -> str:
    """The path that a terminal pastes for a file that is dropped onto it: quoted as for a shell, or as a URI.

    Any other text is given back as it is.
    """
    line = text.strip()
    if line.startswith(_URI):
        host, slash, rest = line.removeprefix(_URI).partition("/")
        return slash + unquote(rest) if slash and host in ("", "localhost", os.uname().nodename) else text
    with suppress(ValueError):  # a quote that is not closed
        words = shlex.split(line) if line.startswith(("'", '"')) or "\\" in line else []
        if len(words) == 1 and words[0].startswith(("/", "~")):
            return words[0]
    return text


def whole_path(text: str) -> Path:
    """A path as a person writes it, absolute: processes work elsewhere. Raises UserError where that cannot be told.

    Without .., except where a link leads elsewhere.
    """
    path = user_path(text)
    try:
        return _without_ways_up(path.absolute())
    except FileNotFoundError:
        raise UserError("The current folder is not there any more; go to another (cd), or write whole paths.") from None


def _without_ways_up(path: Path) -> Path:
    if ".." not in path.parts:
        return path
    straight = Path(os.path.normpath(path))
    return straight if os.path.realpath(straight) == os.path.realpath(path) else path


def from_home(path: Path) -> str:
    """A path as a person would say it: ~/runs/xor-1 where it lies in their home."""
    where = home()
    inside = where is not None and path.is_relative_to(where) and path != where
    return f"~/{path.relative_to(where)}" if where is not None and inside else str(path)


def is_there(path: Path) -> bool:
    """Whether anything lies at a path, as far as is known."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False  # a name too long for a file, or of none


def keep_private(path: Path) -> None:
    """Have nobody but its owner read a file, where the file system knows owners: exFAT and drives of Windows do not."""
    with suppress(OSError):
        path.chmod(0o600)


def is_unicode(path: Path) -> bool:
    """Whether a path can be written into a file of ours: those are UTF-8, and names of files may be any bytes."""
    try:
        return bool(str(path).encode())
    except UnicodeEncodeError:
        return False


def refuse_not_unicode(path: Path) -> None:
    """Raises UserError for a path that could not be written down, so that a run would lose what lies there."""
    if not is_unicode(path):
        raise UserError(
            f"{shown_path(path)} has a name that is not UTF-8, so no run could say where it is; rename it, or name a "
            "link to it (ln -s)."
        )


def own_folder(kind: Literal["data", "config", "cache"]) -> Path | None:
    """Where a user's files of a kind lie; None where there is no home for them."""
    folders = {
        "data": platformdirs.user_data_dir, "config": platformdirs.user_config_dir, "cache": platformdirs.user_cache_dir
    }  # fmt: skip
    with suppress(RuntimeError):
        return Path(folders[kind]("gan-tui"))
    return None


def no_home(instead: str) -> UserError:
    """What is said where something has no place."""
    return UserError(f"There is no home folder; set HOME, or name a folder with {instead}.")


def runs_folder(named: str | None = None) -> Path:
    """Where runs live: the folder named, else $GAN_TUI_RUNS, else `runs` in the user's data folder.

    Raises UserError where that cannot be told.
    """
    if named := named or os.environ.get("GAN_TUI_RUNS"):
        return whole_path(named)
    own = own_folder("data")
    if own is None:
        raise no_home("--runs-dir or GAN_TUI_RUNS")
    return own / "runs"
