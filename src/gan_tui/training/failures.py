"""Why training failed, in words."""

import re

from gan_tui.errors import UserError, remedy, why
from gan_tui.system import gpu_failures
from gan_tui.system.machine import addresses_limit, threads_limit
from gan_tui.system.memory import shortage
from gan_tui.training.group.broken import GroupBroken

_HELD = re.compile(r"^/proc/self/fd/\d+/")
"""How the name of a file of a run begins that is followed."""
_BEYOND = re.compile(r"indices\[[\d,]*\] = (-?\d+) is not in \[0, (\d+)\)")
"""How TensorFlow says that a table of an embedding has no such row."""


def in_words(error: Exception) -> str:
    """Without a full stop, unless the error has one."""
    if isinstance(error, UserError | GroupBroken):
        return str(error)
    words = f"{type(error).__name__}: {error}"
    if of_gpu := gpu_failures.explained(words):
        return of_gpu
    if short := shortage(words, threads_limit(), addresses_limit()):
        return short
    if isinstance(error, OSError):
        file = _HELD.sub("", str(error.filename or "a file of the run"))
        return f"{why(error)}: {file}; {remedy(error)} and resume"
    if beyond := _BEYOND.search(words):
        return (
            f"an Embedding was given {beyond[1]}, and has rows for 0 to {int(beyond[2]) - 1}; make its input_dim "
            "larger, or the numbers whole ones from 0 on"
        )
    return f"{type(error).__name__}: {(str(error).strip().splitlines() or [''])[0]}"
