"""Which kind of data lies at a path, or bears a name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from gan_tui.data.own import arrays, folders, named, tables
from gan_tui.data.own.found import Found
from gan_tui.data.own.troubles import troubles_told
from gan_tui.errors import UserError
from gan_tui.system.paths import refuse_not_unicode
from gan_tui.text import harmless, meant

_KINDS: tuple[Callable[[Path, str], Found | None], ...] = (tables.look, arrays.look, folders.look)
"""Each looks at a path and gives what it found, None where that is for another.

Raises UserError where it is for it, and cannot be used."""


def is_name(text: str) -> bool:
    """Whether a text names a published set, rather than a path."""
    return text in named.NAMES


def look(place: str, label: str = "", origin: str = "") -> Found:
    """What lies at a path, or under a name; of a table, `label` is the column to learn ("": the last).

    `origin` is where a published set was found when a run began, which is looked at first.
    Told from names, headers, and a sample of the images. Raises UserError: one sentence with what lies there and what
    would do.
    """
    with troubles_told(place):
        return named.look(place, origin) if is_name(place) else _look(place, label)


def is_there(place: str) -> bool:
    """Whether anything lies at a path, or a name is one. Raises UserError where that cannot be told."""
    with troubles_told(place):
        return is_name(place) or Path(place).exists()


def _look(place: str, label: str) -> Found:
    path = Path(place)
    refuse_not_unicode(path)
    if not path.exists():
        name = meant(path.name, named.NAMES)  # every path is whole by now
        near = f'; did you mean "{name}", the published set?' if name else ""
        raise UserError(f"There is nothing at {harmless(place, 200)}: check the path{near}.")
    for kind in _KINDS:
        if found := kind(path, label):
            return found
    raise UserError(
        f"{harmless(place, 200)} holds no data that gan-tui reads: name a folder with a folder of images for each "
        "class, an .npz, .npy or IDX file of images, or a CSV file."
    )
