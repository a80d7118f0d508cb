"""What a shell has set for Python, and what of it the processes that gan-tui starts inherit."""

import os
from collections.abc import Mapping

_KEPT = (
    "HOME", "PATH", "PLATLIBDIR", "USERBASE", "NOUSERSITE", "SAFEPATH", "DONTWRITEBYTECODE", "PYCACHEPREFIX",
    "UTF8", "COERCECLOCALE", "IOENCODING", "UNBUFFERED",
)  # fmt: skip
"""Where modules lie, and how text is read."""


_LEFT_OUT = "GAN_TUI_LEFT_OUT_"
"""How the names begin under which the others are kept, for scripts: those are a person's own."""


def leave_out_debugging() -> None:
    """From now on, no process is started with what changes how Python runs: it would turn warnings into failures, strip
    what libraries need, print about itself, or ask for commands at its end rather than end.
    """
    kept = {f"PYTHON{name}" for name in _KEPT}
    for name in [name for name in os.environ if name.startswith("PYTHON") and name not in kept]:
        os.environ[f"{_LEFT_OUT}{name}"] = os.environ.pop(name)


def whole(environ: Mapping[str, str]) -> dict[str, str]:
    """An environment as it was before anything was left out."""
    return {name.removeprefix(_LEFT_OUT): value for name, value in environ.items()}
