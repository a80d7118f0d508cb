"""Files that may come from anybody: opened without waiting, only where they are files, and read up to a limit."""

import errno
import os
import re
import stat
import tomllib
from pathlib import Path
from typing import Any, BinaryIO

from gan_tui.errors import UserError
from gan_tui.text import harmless

MOST_DOTS = 8
"""In one key, such as the one in `a.b = 1`: tomllib needs memory by the square of them."""

TOKENS = re.compile(
    r'"""(?:[^\\]|\\.)*?(?:"""|\Z)' r"|'''.*?(?:'''|\Z)" r'|"(?:[^"\\\n]|\\.)*"?' r"|'[^'\n]*'?"
    r"|#[^\n]*|[A-Za-z0-9_ \t-]+|.", re.DOTALL,
)  # fmt: skip
"""Every character of a TOML file belongs to one token, so that looking through it takes time by its length."""


def opened(path: Path, follow: bool = True) -> BinaryIO:
    """A file opened for reading; `follow` says whether it may be a link.

    Raises OSError, also for what is no file: a pipe would make us wait for ever, a device may act when it is opened.
    """
    try:
        named = path.stat(follow_symlinks=follow)
    except ValueError:
        raise OSError(errno.EINVAL, "no file is called that", str(path)) from None  # NUL in its name
    _check(named, path)
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | (0 if follow else os.O_NOFOLLOW)
    descriptor = os.open(path, flags)
    try:
        _check(os.fstat(descriptor), path)  # what was looked at may have been replaced since
    except OSError:
        os.close(descriptor)
        raise
    return os.fdopen(descriptor, "rb")


def _check(found: os.stat_result, path: Path) -> None:
    if stat.S_ISLNK(found.st_mode):
        raise OSError(errno.ELOOP, "it is a link", str(path))
    if stat.S_ISDIR(found.st_mode):
        raise OSError(errno.EISDIR, "it is a folder", str(path))
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "it is not a file", str(path))


def is_linked(path: Path, top: Path) -> bool:
    """Whether the way to something below a folder goes over a link; the folder itself may be one, a person named it."""
    return any(part.is_symlink() for part in (path, *path.parents) if part != top and part.is_relative_to(top))


def read(path: Path, most: int, follow: bool = True) -> bytes:
    """The content of a file of at most so many bytes. Raises OSError, EFBIG for a longer one."""
    with opened(path, follow) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, f"it is larger than {most:,} bytes", str(path))
    return content


def refuse_links(folder: Path) -> None:
    """Raises UserError where a folder that is to be written into holds more than files and folders, at any depth.

    What is written to through a link lies elsewhere, and a pipe waits for ever.
    """
    for around, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(around, name)
            try:
                mode = path.lstat().st_mode
            except OSError:
                continue  # deleted meanwhile
            if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
                what = (
                    "is a link; put what it points to in its place" if stat.S_ISLNK(mode) else "is no file; remove it"
                )
                raise UserError(f"{harmless(folder.name, 80)}: {harmless(str(path.relative_to(folder)))} {what}.")


def toml(text: str) -> dict[str, Any]:
    """The document in a TOML text. Raises ValueError, half a sentence, also where parsing it would need much memory."""
    dots = 0
    for token in TOKENS.finditer(text):
        first = token[0][0]
        dots = dots + 1 if first == "." else dots if first in "\"'" or first.isalnum() or first in "_- \t" else 0
        if dots > MOST_DOTS:
            raise ValueError(f"a key has more than {MOST_DOTS + 1} parts (at character {token.start():,})")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("its tables or lists lie in each other too deeply") from None
