"""Whatever the system answers when data are looked at, said in a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gan_tui.errors import UserError, told
from gan_tui.text import harmless


@contextmanager
def troubles_told(place: str | Path) -> Iterator[None]:
    """Raises UserError where a path cannot be looked at: too long, not allowed, on a disk that fails."""
    try:
        yield
    except OSError as error:
        what = harmless(str(error.filename or place), 200)
        raise UserError(f"{what} cannot be looked at: {told(error, 'check the path')}.") from None
