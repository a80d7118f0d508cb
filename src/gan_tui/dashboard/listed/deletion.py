"""What is asked before runs are deleted."""

from collections.abc import Sequence

from gan_tui.run import catalog
from gan_tui.run.holder import NOT_HERE
from gan_tui.run.summaries import RunSummary
from gan_tui.text import harmless

_MOST_NAMED = 6
"""Runs of which the question says the names."""
_MOST_LOOKED_INTO = 50
"""Runs of which it says what else lies there."""


def deletion(runs: Sequence[RunSummary]) -> str:
    """The question; of one run its path comes last, of which the end may be out of sight."""
    if len(runs) > 1:
        return _of_several(runs)
    (run,) = runs
    others = catalog.others_in(run.folder)
    named = ", ".join(others[:4]) + (", …" if others[4:] else "")
    besides = f", and what else lies in its folder ({named})" if others else ""
    goes = f"{run.folder.name} with its checkpoints and pictures{besides}"
    question = f"Delete the run {goes}? This cannot be undone.\n\n"
    question += f"{run.state.capitalize()}: {run.standing.about}.\n\n" if run.state in NOT_HERE else ""
    return question + harmless(str(run.folder.path))


def _of_several(runs: Sequence[RunSummary]) -> str:
    named = _named([run.folder.name for run in runs])
    question = f"Delete {len(runs)} runs with their checkpoints and pictures? This cannot be undone.\n\n{named}"
    besides = [run.folder.name for run in runs[:_MOST_LOOKED_INTO] if catalog.others_in(run.folder)]
    if besides:
        question += f"\n\nOther things lie in the folders of {_named(besides)}, and go with them."
    away = [run.folder.name for run in runs if run.state in NOT_HERE]
    return question + (f"\n\nMay be trained elsewhere, or are copies: {_named(away)}." if away else "")


def _named(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
