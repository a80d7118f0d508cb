"""What is freed goes back to the system, so that watching for days takes no more memory than watching for minutes.

glibc keeps what is freed below a size that grows to 32 MB by itself: a dashboard weighed 12 MB more than it used, and
20 % more after ten minutes of `xor`. Caches of looks and styles hold 512: what fills for hours looks like a leak. So
does numpy's own, up to seven arrays of each size below 1,024 bytes: nothing that is done for each line of a log makes
an array of a byte a step.
"""

import ctypes
from contextlib import suppress

_ARENA_MAX, _MMAP_THRESHOLD = -8, -3
"""Parameters of mallopt(3) in the GNU library."""
LARGE = 1 << 18
"""Bytes of what is asked of the system alone, and given back to it alone. Else the library raises this to 32 MB, and
what a chart of a long run takes for a moment stays."""
TIDY_SECONDS = 30.0
"""Between two collections of garbage. Python itself waits until there is a quarter of what lives, megabytes."""


def begin() -> None:
    """Does nothing where there is no such library."""
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        library.mallopt(_MMAP_THRESHOLD, LARGE)
        library.mallopt(_ARENA_MAX, 1)
