"""Logs in a list of runs: those of the places that a person has added, beside gan-tui's own runs."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from gan_tui.integrations.logs import remembered
from gan_tui.run.holder import UNKNOWN, Standing
from gan_tui.run.summaries import RunSummary, in_order, summaries

if TYPE_CHECKING:  # what reads logs brings numpy, which a list without logs needs not
    from gan_tui.integrations.logs.log_folder import LogFolder


def every(runs: Path) -> list[RunSummary]:
    """All runs, and all logs that were added. Raises UserError where the runs cannot be listed."""
    own, places = summaries(runs), remembered.places()
    return in_order([*own, *_of_places(places)]) if places else own


def below(place: Path) -> list[RunSummary]:
    """The logs at a place and below it, those that grow first, then the newest."""
    from gan_tui.integrations.logs import formats

    return in_order([_summary(folder) for folder in formats.known_below(place)])


def gone() -> list[Path]:
    """The places that were added and are not there any more."""
    return [place for place in remembered.places() if not place.exists()]


def _of_places(places: dict[Path, str]) -> Iterable[RunSummary]:
    from gan_tui.integrations.logs import formats

    known: set[str] = set()
    for place, name in places.items():
        for folder in formats.known_below(place) or [formats.lost(place, name)]:
            lies = os.path.realpath(folder.path)  # a link to what was added is no other log
            if lies not in known:
                known.add(lies)
                yield _summary(folder)


_Version = tuple[int, float]
_known: dict[Path, tuple[_Version, int]] = {}
"""Log → the step that it ended at when it was as it is now: a list is looked at again and again."""


def _summary(folder: "LogFolder") -> RunSummary:
    standing = _standing(folder)
    step, (size, changed) = _step_and_version(folder)
    return RunSummary(
        folder, folder.format.name, standing.known("training"), "", standing, step, 0, 0.0, "", 0, changed, is_log=True,
        log=(size, int(changed * 1e9), 0),
    )  # fmt: skip


def _standing(folder: "LogFolder") -> Standing:
    try:
        return folder.standing()
    except Exception:  # noqa: BLE001 (a log is from anybody, and must cost none but itself)
        return Standing(UNKNOWN, "it cannot be read")


def _step_and_version(folder: "LogFolder") -> tuple[int, _Version]:
    path = folder.path
    try:
        version = folder.format.size_and_change(path)
        if path not in _known or _known[path][0] != version:
            _known[path] = version, folder.format.last_step(path)
        return _known[path][1], version
    except Exception:  # noqa: BLE001 (as above)
        return 0, (0, 0.0)
