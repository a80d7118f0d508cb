"""What is asked before runs or a sweep are deleted."""

from collections.abc import Sequence

from gan_tui.run import catalog
from gan_tui.run.holder import NOT_HERE
from gan_tui.run.summaries import RunSummary
from gan_tui.sweep.listed import ListedSweep
from gan_tui.text import counted, harmless, width

_ROOM = 400
"""Columns that names have in the question, unless a window has more."""
_LINE, _OTHER_LINES, _LEAST_LINES = 54, 16, 3
"""Columns of a line of the question, lines that it has beside names, and lines of names that it always has."""
_MOST_LOOKED_INTO = 50
"""Runs of which it says what else lies there."""


def deletion(runs: Sequence[RunSummary], out_of_sight: Sequence[str] = (), room: int = _ROOM) -> str:
    """The question; of one run its path comes last, of which the end may be out of sight.

    `out_of_sight` are the names of runs that are marked and stay, because the list does not show them; `room` is how
    many columns names may take.
    """
    stay = f"Marked too, but not listed now, and kept: {_named(out_of_sight, room // 4)}.\n\n" if out_of_sight else ""
    if len(runs) > 1:
        return _of_several(runs, room) + (f"\n\n{stay.rstrip()}" if stay else "")
    (run,) = runs
    others = catalog.others_in(run.folder)
    named = ", ".join(others[:4]) + (", …" if others[4:] else "")
    besides = f", and what else lies in its folder ({named})" if others else ""
    goes = f"{run.folder.name} with its checkpoints and pictures{besides}"
    question = f"Delete the run {goes}? This cannot be undone.\n\n"
    question += f"{run.state.capitalize()}: {run.standing.about}.\n\n" if run.state in NOT_HERE else ""
    return question + stay + harmless(str(run.folder.path))


def deletion_of_sweep(sweep: ListedSweep) -> str:
    """The same of a sweep."""
    goes = f"with all its trainings ({counted(sweep.done, 'training')} of {sweep.total:,} are done)"
    question = f"Delete the sweep {sweep.name} {goes}? This cannot be undone."
    return f"{question}\n\n{harmless(str(sweep.folder.path))}"


def _of_several(runs: Sequence[RunSummary], room: int) -> str:
    named = _named([run.folder.name for run in runs], room)
    question = f"Delete {len(runs)} runs with their checkpoints and pictures? This cannot be undone.\n\n{named}"
    besides = [run.folder.name for run in runs[:_MOST_LOOKED_INTO] if catalog.others_in(run.folder)]
    if besides:
        question += f"\n\nOther things lie in the folders of {_named(besides, room // 4)}, and go with them."
    away = [run.folder.name for run in runs if run.state in NOT_HERE]
    return question + (f"\n\nMay be trained elsewhere, or are copies: {_named(away, room // 4)}." if away else "")


def _named(names: Sequence[str], room: int) -> str:
    """As many names as have room, and how many more there are."""
    shown, taken = list[str](), 0
    for name in names:
        taken += width(name) + 2
        if shown and taken > room:
            break
        shown.append(name)
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def room_in(rows: int) -> int:
    """Columns of names that a question has room for in a window of so many rows."""
    return max(_LEAST_LINES, rows - _OTHER_LINES) * _LINE
