"""The group that the environment of a shell tells of: it is of the one run that the shell has started, and of that
whenever it is started again there; whatever else is started beside it, from its dashboard, is alone.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


class _Around:
    """What the processes of that run are told."""

    variables: Mapping[str, str] = {}
    path: Path | None = None
    """The run's folder, once it is known."""


_around = _Around()


@contextmanager
def entered(variables: Mapping[str, str]) -> Iterator[None]:
    """The first run that is started meanwhile belongs to the group, whose processes are told these variables."""
    _around.variables, _around.path = variables, None
    try:
        yield
    finally:
        _around.variables, _around.path = {}, None


def variables_of(run: Path) -> Mapping[str, str]:
    """What the processes of a run that is started now are told beside what this one was."""
    if _around.variables and _around.path is None:
        _around.path = run
    return _around.variables if run == _around.path else {}
