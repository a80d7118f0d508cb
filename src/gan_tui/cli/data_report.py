"""What `gan-tui data` prints."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from gan_tui.data.fetch import fetch
from gan_tui.data.own import cache
from gan_tui.data.sources import CIFAR, LICENCES, Source
from gan_tui.system.painted_line import PaintedLine
from gan_tui.text import aligned, flowed, shown_path, size

HEADINGS = ("name", "images", "source", "licence")
BAR_CELLS = 24
PAUSE = 0.1
"""Seconds between two pictures of the bar."""


def table(sources: Sequence[Source], columns: int | None = None) -> str:
    """The sources in aligned columns, what was passed over to reach them, and how to get the full sets."""
    rows = [HEADINGS, *((one.name, f"{one.count:,}", one.origin, _licence(one)) for one in sources)]
    notes = [f"{one.name}: {note}" for one in sources for note in one.notes]
    below = "\n".join([*notes, *_ways(sources)])
    return f"{aligned(rows, (1,), columns)}\n\n{flowed(below, columns)}"


def as_rows(sources: Sequence[Source]) -> list[dict[str, object]]:
    """The same for programs."""
    return [
        {"name": one.name, "images": one.count, "source": one.origin, "full": one.full, "licence": _licence(one),
         "notes": list(one.notes)}
        for one in sources
    ]  # fmt: skip


def _ways(sources: Sequence[Source]) -> list[str]:
    """How to get the full sets."""
    said = []
    for are_cifar, begin in ((False, "The full sets have 60,000 images each"), (True, "CIFAR's have 50,000 each")):
        lacking = [one.name for one in sources if not one.full and (one.name in CIFAR) == are_cifar]
        if lacking:
            said.append(f"{begin}: {', '.join(f'`gan-tui data fetch {name}`' for name in lacking)}.")
    return said or ["All sets are full."]


def _licence(source: Source) -> str:
    """Whoever names a folder may have put anything in it."""
    return LICENCES[source.name] + (", if it is the original" if source.folder else "")


def kept_images() -> str:
    """How much room is taken by a person's images that were read; "" where none are kept."""
    kept = cache.sets()
    if not kept:
        return ""
    sets = f"{len(kept):,} set{'s' * (len(kept) > 1)} of your own images"
    return (
        f"{sets}, read once and kept in {shown_path(cache.place())}: {size(sum(held for _, held, _ in kept))}; "
        "`gan-tui data clear` removes them, and no original."
    )


def fetch_with_bar(name: str, stream: TextIO, base_url: str = "") -> Path:
    """As `fetch`, with a bar on a terminal, or else a line every 10 %. Raises as `fetch`."""
    meter = _Bar(name, stream) if stream.isatty() else _Lines(name, stream)
    try:
        return fetch(name, meter.show, base_url)
    finally:
        meter.end()


class _Meter:
    """How far a download has come, in words: percent, MB, MB/s since the first bytes of this run."""

    def __init__(self, name: str, stream: TextIO) -> None:
        self.name, self.stream = name, stream
        self._began: tuple[float, int] | None = None

    def words(self, done: int, total: int | None) -> str:
        now = time.monotonic()
        if self._began is None:
            self._began = (now, done)
        began, before = self._began
        speed = (done - before) / (now - began) / 1e6 if now > began else 0.0
        share = (
            f"{100 * done // total:3d} %  {done / 1e6:.1f} of {total / 1e6:.1f} MB" if total else f"{done / 1e6:.1f} MB"
        )
        return f"{share}  {speed:.1f} MB/s"


class _Bar(_Meter):
    """One line on a terminal, drawn over and over."""

    def __init__(self, name: str, stream: TextIO) -> None:
        super().__init__(name, stream)
        self._painted, self._drawn = PaintedLine(stream), float("-inf")

    def show(self, done: int, total: int | None) -> None:
        words = self.words(done, total)
        if done == total or time.monotonic() - self._drawn >= PAUSE:
            full = BAR_CELLS * done // total if total else 0
            self._painted.paint(f"{self.name}  [{'#' * full:.<{BAR_CELLS}}]  {words}")
            self._drawn = time.monotonic()

    def end(self) -> None:
        self._painted.end()


class _Lines(_Meter):
    """A line for every tenth of the whole, or every 10 MB where the whole is unknown: for logs."""

    _told = 0

    def show(self, done: int, total: int | None) -> None:
        words = self.words(done, total)
        tenth = 10 * done // total if total else done // 10_000_000
        if tenth > self._told:
            self._told = tenth
            self.stream.write(f"{self.name}: {words.strip()}\n")
            self.stream.flush()

    def end(self) -> None:
        """Nothing is left open."""
