"""The places of logs that a person has added to the list of runs, kept for the next time."""

from collections.abc import Callable, Mapping
from pathlib import Path

from gan_tui.errors import UserError, told
from gan_tui.system import kept_answers
from gan_tui.system.paths import refuse_not_unicode
from gan_tui.system.shell_words import shell_word
from gan_tui.text import nearest, shown_path

_NAME = "logs"
MOST_CHARACTERS = 60_000
"""Of all paths together: what keeps them reads no more."""


def places() -> dict[Path, str]:
    """Path → whose format lay there when it was added, in the order of their addition."""
    return _places(kept_answers.kept(_NAME))


def _places(kept: Mapping[str, str]) -> dict[Path, str]:
    return {Path(path): name for path, name in kept.items() if path.startswith("/") and "\0" not in path}


def problem() -> str:
    """A sentence where the list cannot be read as it was kept; else nothing."""
    return kept_answers.problem(_NAME)


def add(path: Path, format_name: str) -> None:
    """Remember an absolute path. Raises UserError."""
    refuse_not_unicode(path)
    _keep(lambda known: {**known, path: format_name})


def remove(path: Path) -> None:
    """Forget a path. Raises UserError where it is not known."""

    def without(known: dict[Path, str]) -> dict[Path, str]:
        if path not in known:
            others = [shown_path(other) for other in known]
            way = nearest(shown_path(path), others) if others else "gan-tui runs --add PATH adds one"
            raise UserError(f"{shown_path(path)} is not among the logs that were added, {way}.")
        return {other: name for other, name in known.items() if other != path}

    _keep(without)


def _keep(changed: Callable[[dict[Path, str]], dict[Path, str]]) -> None:
    def written(kept: dict[str, str]) -> dict[str, str]:
        known = changed(_places(kept))
        if sum(len(str(path)) + len(name) + 10 for path, name in known.items()) > MOST_CHARACTERS:
            way = f"gan-tui runs --remove {shell_word(next(iter(known)))}"
            raise UserError(f"Too many logs are on the list; take some off it first, such as {way}.")
        return {str(path): name for path, name in known.items()}

    try:
        kept_answers.change(_NAME, written)
    except OSError as error:
        raise UserError(f"The list of logs cannot be kept: {told(error, 'check HOME and its disk')}.") from None
