"""Processes that answer on a pipe of their own: to standard output, modules may print while they load."""

import os
import subprocess
import sys
from collections.abc import Sequence
from typing import Any


class Answering(subprocess.Popen[bytes]):
    """A process in a session of its own. The last word of its command line is the descriptor that it answers on."""

    def __init__(self, command: Sequence[str], *, pass_fds: Sequence[int] = (), **how: Any) -> None:
        """`how`, and the errors, are those of subprocess.Popen."""
        ours, theirs = os.pipe()
        self.answers = os.fdopen(ours, "rb")
        try:
            super().__init__([*command, str(theirs)], pass_fds=(theirs, *pass_fds), start_new_session=True, **how)
        except BaseException:
            self.answers.close()
            raise
        finally:
            os.close(theirs)

    def __del__(self) -> None:
        """It may go on alone: Python is not to warn of that, where a shell has asked for all warnings (-W error)."""
        super().__del__(_warn=_unsaid)  # type: ignore[call-arg]


def _unsaid(*_: object, **__: object) -> None:
    """A warning that nobody needs."""


def own_answers() -> int:
    """In such a process: the descriptor, taken off the command line. Its end tells that of this process, whoever else
    it has started.
    """
    descriptor = int(sys.argv.pop())
    os.set_inheritable(descriptor, False)
    return descriptor
