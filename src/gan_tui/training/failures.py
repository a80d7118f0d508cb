"""Why training failed, in words."""

from gan_tui.errors import UserError, remedy
from gan_tui.system import gpu_failures
from gan_tui.system.memory import MORE_MEMORY, lacks_memory


def in_words(error: Exception) -> str:
    """Without a full stop, unless the error has one."""
    if isinstance(error, UserError):
        return str(error)
    words = f"{type(error).__name__}: {error}"
    if of_gpu := gpu_failures.explained(words):
        return of_gpu
    if lacks_memory(words):
        return f"not enough memory; {MORE_MEMORY}"
    if isinstance(error, OSError):
        return f"{error.strerror or error}: {error.filename or 'a file of the run'}; {remedy(error)} and resume"
    return f"{type(error).__name__}: {(str(error).strip().splitlines() or [''])[0]}"
