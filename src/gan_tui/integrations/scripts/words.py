"""What is said of a script's own exceptions."""

from gan_tui.errors import UserError


def in_words(error: BaseException) -> str:
    """An exception as the last line of its traceback has it, without a full stop; one of ours is a sentence."""
    if isinstance(error, UserError):
        return str(error).rstrip(".")
    words = str(error).strip().splitlines()
    return ": ".join(filter(None, (type(error).__name__, words[-1] if words else ""))).rstrip(".")
