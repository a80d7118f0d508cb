"""What a script calls things, within the bounds that events have: what is over one is cut, and stays apart from others.

A reader refuses an event that is over a bound, and all that is in it; so who writes keeps to them.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from gan_tui.run.event_schema import LONGEST_METRIC_NAME, MOST_LAYERS, MOST_METRICS, MOST_NETWORKS
from gan_tui.text import cut, harmless, width

_UNUSUAL = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST = 80
"""Characters of a folder's name, and of a layer's."""


def plain_name(name: str) -> str:
    """A name of letters, digits, ".", "_" and "-" alone, as layers and folders have; the same for the same name.

    One that must be changed for that ends in a few digits that tell it from others.
    """
    plain = _UNUSUAL.sub("-", name).lstrip(".-")
    if plain == name and 0 < len(plain) <= _LONGEST:
        return plain
    digits = hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()[:8]
    return "-".join(filter(None, (plain[: _LONGEST - 9].rstrip(".-"), digits)))


class Names:
    """What some things are called in events: no two the same, none too long, and not too many."""

    def __init__(self, most: int = MOST_METRICS) -> None:
        self._most = most
        self._known: dict[object, str] = {}
        self._taken: set[str] = set()

    def of(self, given: object) -> str | None:
        """What is called so by a script; None where there are too many already."""
        if (known := self._known.get(given)) is not None:
            return known
        if len(self._known) >= self._most:
            return None
        name = self._known[given] = self._apart(harmless(str(given), 4 * LONGEST_METRIC_NAME) or "-")
        self._taken.add(name)
        return name

    def _apart(self, name: str) -> str:
        """A name that fits and that no other has."""
        for number in range(1, self._most + 2):
            end = f"~{number}" if number > 1 else ""
            fits = width(name) + len(end) <= LONGEST_METRIC_NAME
            own = name + end if fits else cut(name, LONGEST_METRIC_NAME - 1 - len(end)) + "…" + end
            if own not in self._taken:
                return own
        raise AssertionError("more names than there can be")


Rows = Sequence[Mapping[str, Any]]


def bounded_networks(networks: Mapping[str, Rows]) -> tuple[dict[str, list[dict[str, Any]]], str]:
    """Tables of layers as an event may hold them, and what was cut of them, in a sentence; empty where nothing was."""
    kept = {plain_name(name): _bounded_rows(rows) for name, rows in list(networks.items())[:MOST_NETWORKS]}
    said = [
        f"{name} has {len(rows):,} layers: the first {MOST_LAYERS:,} are shown."
        for name, rows in networks.items()
        if len(rows) > MOST_LAYERS
    ]
    if len(networks) > MOST_NETWORKS:
        said.append(f"There are {len(networks):,} networks: the first {MOST_NETWORKS} are shown.")
    return kept, " ".join(said)


def _bounded_rows(rows: Rows) -> list[dict[str, Any]]:
    """Rows under names that tell them apart; what a row takes is above it, or is not told."""
    kept: list[dict[str, Any]] = []
    names: dict[str, str] = {}
    taken: set[str] = set()
    for row in rows[:MOST_LAYERS]:
        given = str(row["name"])
        name = plain_name(given)
        if name in taken:
            name = plain_name(f"{given} {len(kept)}")
        fitting = {**row, "name": name}
        if "from" in row:
            above = [names[each] for each in row["from"] if each in names]
            fitting["from"] = above
            if len(above) < len(row["from"]):
                del fitting["from"]
        names[given] = name
        taken.add(name)
        kept.append(fitting)
    return kept
