"""Machines to offer behind --on: those that a person's own ~/.ssh/config names."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_MOST_BYTES = 1 << 18


def hosts() -> Iterator[str]:
    """The names, without those that stand for several."""
    from gan_tui.system import untrusted_files

    with suppress(OSError, ValueError, RuntimeError):  # none there, or no home
        for line in untrusted_files.read(Path.home() / ".ssh/config", _MOST_BYTES).decode().splitlines():
            key, *names = line.replace("=", " ", 1).split() or [""]
            if key.lower() == "host":
                yield from (name for name in names if not set(name) & set('*?!"'))
