"""A mark that nobody but this user can have made, for words that will be obeyed and lie where anybody may have written.

It is a checksum with a key, which lies among the user's settings.
"""

import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path

from gan_tui.system.paths import own_folder

_LENGTH = 32
"""Bytes of the key."""


def mark(content: bytes) -> str:
    """The mark of some content; empty where there is no place for a key."""
    key = _key() or _new_key()
    return _mark(key, content) if key else ""


def is_own(content: bytes, told: str) -> bool:
    """Whether this user has made that mark, of this content."""
    key = _key()
    return key is not None and hmac.compare_digest(_mark(key, content), told)


def _mark(key: bytes, content: bytes) -> str:
    return hmac.new(key, content, hashlib.sha256).hexdigest()


def _file() -> Path | None:
    folder = own_folder("config")
    return folder and folder / "key"


def _key() -> bytes | None:
    file = _file()
    with suppress(OSError):
        content = file.read_bytes() if file and file.is_file() else b""
        return content if len(content) == _LENGTH else None
    return None


def _new_key() -> bytes | None:
    file = _file()
    if file is None:
        return None
    making = file.with_name(f".key.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
            opened.write(secrets.token_bytes(_LENGTH))
        with suppress(FileExistsError):
            os.link(making, file)  # whole at once, and whoever was first stays
        making.unlink()
    except OSError:
        return None
    return _key()
