"""gan-tui: watch and steer neural-network training in a terminal.

For scripts: `Watch`, a callback for Keras's `fit`, and `Run`, for any other training.
"""

from gan_tui.system import begun as begun  # now, while the script is where it began

TYPE_CHECKING = False  # typing alone would take most of the time that it takes to import this
if TYPE_CHECKING:
    from typing import Any

    from gan_tui.integrations.scripts.run import Run
    from gan_tui.integrations.scripts.watch import Watch

__version__ = "0.1.0"
__all__ = ["Run", "Watch"]


def __getattr__(name: str) -> "Any":
    """What scripts use is loaded when a script asks for it: the program itself has no need of it."""
    if name == "Run":
        from gan_tui.integrations.scripts.run import Run

        return Run
    if name == "Watch":
        from gan_tui.integrations.scripts.watch import Watch

        return Watch
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
