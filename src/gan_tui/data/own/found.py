"""What lies at a path of a person's, as far as it can be told without reading all of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Any

from gan_tui.text import harmless

GREY, COLOR = 1, 3
"""Channels."""
MOST_CLASSES = 1000
_WHOLE = re.compile(r"-?\d+", re.ASCII)
USUAL_SIDE = 64
"""Images of several sizes take this form where nothing else says one."""
MOST_USUAL = 128
"""Images of one size keep it up to this."""


class Form(Enum):
    """What examples are."""

    IMAGES = "images"
    TABLE = "table"


@dataclass(frozen=True)
class Found:
    """Data that were recognized."""

    path: Path
    name: str
    """What to call them where there is little room: the path's last part, or the name of a published set."""
    form: Form
    count: int
    """Examples, those held back among them; of image folders, files of images, until they have been read."""
    names: tuple[str, ...] = ()
    """Of the classes, in the order of their numbers; none where nothing says of which class an example is."""
    held_back: int = 0
    """Examples that the data themselves set apart for validation."""
    sides: tuple[int, int] | None = None
    """(height, width) of every image; None where they are of several sizes, or no images."""
    channels: int = GREY
    """Of images: 1 where all are grey, else 3."""
    inputs: tuple[str, ...] = ()
    """The columns of a table that are learnt from, as numbers: one of words counts once for each of its words."""
    label: str = ""
    """The column of a table that is learnt."""
    says: str = ""
    """All that in a line for a person: '1,203 colour images, 64 × 48 to 640 × 480, in 5 classes'."""
    origin: str = ""
    """Where a published set was found, of several places where it may be; a run that goes on takes the same."""
    notes: tuple[str, ...] = ()
    """What a person may not expect, a clause each."""

    @property
    def is_number(self) -> bool:
        """Whether what is learnt is a number, and no class."""
        return self.form is Form.TABLE and not self.names

    def with_number(self) -> Found:
        """The same with a label of few whole numbers learnt as a number, and as no class."""
        if self.form is not Form.TABLE or not self.names or not all(map(_WHOLE.fullmatch, self.names)):
            return self
        classes, numbers = f"in {len(self.names):,} classes", f"from {self.names[0]} to {self.names[-1]}"
        return replace(self, names=(), says=self.says.removesuffix(classes) + numbers)

    @property
    def usual_sides(self) -> tuple[int, int]:
        """The (height, width) that images keep, or take, where nothing else says one."""
        return self.sides if self.sides and max(self.sides) <= MOST_USUAL else (USUAL_SIDE, USUAL_SIDE)

    def as_document(self) -> dict[str, Any]:
        """What a run must know of its data when they are not there any more, as TOML holds it."""
        return {
            "name": self.name, "form": self.form.value, "count": self.count, "held_back": self.held_back,
            "names": list(self.names), "sides": list(self.sides or ()), "channels": self.channels,
            "inputs": list(self.inputs), "label": self.label,
            **({"origin": self.origin} if self.origin else {}),
        }  # fmt: skip


MOST_TOLD = 3
"""Names in a sentence; of more, it is said how many there are."""


def some(names: Sequence[str]) -> str:
    """'a, b, c and 4 more'"""
    more = f" and {len(names) - MOST_TOLD:,} more" if len(names) > MOST_TOLD else ""
    return ", ".join(names[:MOST_TOLD]) + more


def from_document(table: Mapping[str, Any], path: Path) -> Found:
    """What `Found.as_document` told, of a file that anybody may have changed.

    Raises ValueError with a sentence that begins with the key.
    """
    if (form := table.get("form")) not in [known.value for known in Form]:
        raise ValueError(f'found: form must be "images" or "table", not {harmless(repr(form), 60)}')
    sides = table.get("sides", [])
    if not (isinstance(sides, list) and len(sides) in (0, 2) and all(type(side) is int and side > 0 for side in sides)):
        raise ValueError("found: sides must be a list of a height and a width, or empty")
    if (channels := table.get("channels", GREY)) not in (GREY, COLOR):
        raise ValueError(f"found: channels must be {GREY} or {COLOR}, not {harmless(repr(channels), 60)}")
    name, label, origin = (harmless(str(table.get(key, "")), 200) for key in ("name", "label", "origin"))
    return Found(
        path, name, Form(form), _whole(table, "count"), _words(table, "names"), _whole(table, "held_back"),
        (sides[0], sides[1]) if sides else None, int(channels), _words(table, "inputs"), label,
        origin=origin,
    )  # fmt: skip


def _words(table: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise ValueError(f"found: {key} must be a list of words")
    return tuple(harmless(word, 200) for word in value)


def _whole(table: Mapping[str, Any], key: str) -> int:
    value = table.get(key, 0)
    if type(value) is not int or not 0 <= value < 2**48:
        raise ValueError(f"found: {key} must be a whole number, not {harmless(repr(value), 60)}")
    return value
