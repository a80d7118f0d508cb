"""What a shell has set for Python, and what of it the processes that gan-tui starts inherit."""

import os

_KEPT = (
    "HOME", "PATH", "PLATLIBDIR", "USERBASE", "NOUSERSITE", "SAFEPATH", "DONTWRITEBYTECODE", "PYCACHEPREFIX",
    "UTF8", "COERCECLOCALE", "IOENCODING", "UNBUFFERED",
)  # fmt: skip
"""Where modules lie, and how text is read."""


def leave_out_debugging() -> None:
    """From now on, no process is started with what changes how Python runs: it would turn warnings into failures, strip
    what libraries need, print about itself, or ask for commands at its end rather than end.
    """
    kept = {f"PYTHON{name}" for name in _KEPT}
    for name in [name for name in os.environ if name.startswith("PYTHON") and name not in kept]:
        del os.environ[name]
