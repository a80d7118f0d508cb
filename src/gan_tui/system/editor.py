"""The editor that a person has chosen for text: $VISUAL, $EDITOR, or one that is there."""

import os
import shlex
import shutil
from collections.abc import Mapping
from pathlib import Path

from gan_tui.errors import UserError
from gan_tui.text import harmless

USUAL = ("nano", "vi")
"""Those that are looked for where none is chosen, the one that explains itself first."""
QUICK_SECONDS = 1.0
"""An editor that ends sooner has likely opened a window of its own, and not waited for it."""


def command(path: Path, environ: Mapping[str, str] = os.environ) -> list[str]:
    """The words that open a file in it. Raises UserError where there is none."""
    for variable in ("VISUAL", "EDITOR"):
        if chosen := environ.get(variable, "").strip():
            return [*_words(variable, chosen), str(path)]
    for name in USUAL:
        if found := shutil.which(name, path=environ.get("PATH")):
            return [found, str(path)]
    raise UserError("There is no editor: set EDITOR to one that is installed, such as EDITOR=nano.")


def _words(variable: str, chosen: str) -> list[str]:
    try:
        first, *more = shlex.split(chosen)
    except ValueError:
        shown = harmless(chosen, 60)
        raise UserError(f"{variable} is {shown}, where a quote is not closed; set it to an editor's command.") from None
    program = shutil.which(os.path.expanduser(first))  # noqa: PTH111 (a bare name must stay one)
    if program is None:
        raise UserError(
            f'The editor "{harmless(first, 60)}" ({variable}) is not there; install it, or set {variable} to another.'
        )
    return [program, *more]


def ended(status: int) -> str:
    """How it ended, in words, where that was not as it should be; `status` is that of os.waitpid."""
    if os.WIFSIGNALED(status):
        return f"the editor was ended by signal {os.WTERMSIG(status)}"
    code = os.waitstatus_to_exitcode(status)
    return f"the editor ended with code {code}" if code else ""
