"""What a person has answered or chosen, kept for the next time: small files of words in their configuration folder.

A file that holds something else, after a power cut say, or because somebody wrote into it, is never written over: it
is put beside the new one.
"""

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from gan_tui.errors import told
from gan_tui.system import untrusted_files, whole_files
from gan_tui.system.paths import own_folder
from gan_tui.text import harmless, shown_path

_LARGEST = 1 << 20
"""Bytes; nobody has so much to say."""
NAMES = ("choices", "logs", "pixels", "place", "symbols", "theme")
_UNREAD = "unreadable"
"""What is put behind the name of a file that was put aside."""
_put_aside_now: list[str] = []
_PATIENCE = 2.0
"""Seconds that are waited for others who change a file: each takes thousandths, and one that is stopped for ever."""


def kept(name: str) -> dict[str, str]:
    """The words in a file; none where it is missing, or somebody has made another one of it."""
    return _read(name)[0]


def problem(name: str) -> str:
    """A sentence where a file is there and is not as it was kept; else nothing."""
    return _read(name)[1]


def problems() -> list[str]:
    """The same, of all files."""
    return [words for name in NAMES if (words := problem(name))]


def put_aside() -> list[str]:
    """What `keep` has put aside since it was last asked, each in a sentence."""
    said = list(_put_aside_now)
    _put_aside_now.clear()
    return said


def keep(name: str, answers: Mapping[str, str]) -> None:
    """Write the words into a file, which nobody else may read. Raises OSError where that cannot be."""
    file = _file(name)
    if file is None:
        raise FileNotFoundError("there is no home folder")
    file = Path(os.path.realpath(file))  # a link of theirs stays one
    if problem(name):
        _put_aside(file)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    whole_files.put(file, (json.dumps(answers, indent=2) + "\n").encode())


def change(name: str, changed: Callable[[dict[str, str]], Mapping[str, str]]) -> None:
    """Write into a file what becomes of its words, which nobody else changes meanwhile: of several programs at once,
    each finds what those before it have kept. Raises OSError likewise, and what `changed` raises.
    """
    with _alone():
        before = kept(name)
        if (now := {**changed(before)}) != before or problem(name):
            keep(name, now)


@contextmanager
def _alone() -> Iterator[None]:
    """Have the folder, where its disk knows locks."""
    folder = own_folder("config")
    if folder is None:
        yield
        return
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:  # whoever writes there says so
        yield
        return
    try:
        _lock(descriptor)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> None:
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                return
            time.sleep(0.01)
        except OSError:
            return


def not_kept(what: str, error: OSError) -> str:
    """A sentence about what a person has chosen, which `keep` could not keep."""
    folder = own_folder("config")
    where = f" in {shown_path(folder)}" if folder else ""
    how = told(error, "check that folder and its disk" if folder else "set HOME")
    return f"{what} holds for this time only: it could not be kept{where} ({how})."


def _file(name: str) -> Path | None:
    folder = own_folder("config")
    return folder and folder / f"{name}.json"


def _read(name: str) -> tuple[dict[str, str], str]:
    """(the words in a file, what is wrong with it)"""
    file = _file(name)
    if file is None:
        return {}, ""
    try:
        text = untrusted_files.read(file, _LARGEST)
        found = json.loads(text.decode("utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError):
        return {}, ""
    except OSError as error:
        return {}, f"{shown_path(file)} cannot be read: {told(error)}."
    except (ValueError, RecursionError) as error:
        return {}, f"{shown_path(file)} is no JSON: {harmless(str(error), 80) if text else 'it is empty'}."
    words = found if isinstance(found, dict) else {}
    right = {about: answer for about, answer in words.items() if isinstance(answer, str)}
    wrong = not isinstance(found, dict) or len(right) < len(words)
    return right, f"{shown_path(file)} is not as it was kept: it holds more than names with words." if wrong else ""


def _put_aside(file: Path) -> None:
    """Keep a file beside the new one. Raises OSError."""
    if file.is_dir() or not file.stat().st_size:
        return  # the one cannot be written over, the other holds nothing
    names = (f"{file.name}.{_UNREAD}{number or ''}" for number in range(1000))
    where = next(place for name in names if not os.path.lexists(place := file.with_name(name)))
    file.rename(where)
    _put_aside_now.append(f"{shown_path(file)} could not be read, and is kept as {where.name}.")
