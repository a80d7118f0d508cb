"""The one exception that reaches a user: a sentence with its remedy, and the exit code."""

import errno

from gan_tui.text import harmless

DONE, TRAINING_FAILED, WRONG_USE, INTERRUPTED = 0, 1, 2, 130
CRASHED = 3
"""The exit code of a trainer that an exception ended, which trying again may not meet; 1 is one that tries in vain."""


def remedy(error: OSError) -> str:
    """What to do where a file cannot be written."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return "free some space"
    if error.errno in (errno.EACCES, errno.EPERM):
        return "check who owns the run's folder"
    return "check the run's folder and its disk"


class UserError(Exception):
    """Something the user can put right.

    The message is one sentence that says what is wrong and what to do; `code` is the exit status (2 for wrong
    use, 1 for a training that failed).
    """

    def __init__(self, message: str, code: int = WRONG_USE) -> None:
        message = harmless(message, 2000)  # it may quote a file's words, and goes to a terminal
        super().__init__(message.replace("?.", "?"))  # a question that ends a sentence needs no full stop
        self.code = code
