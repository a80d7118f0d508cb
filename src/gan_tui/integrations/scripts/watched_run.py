"""The run that a script's fits are steps of, one after the other."""

import os
import sys
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from gan_tui.integrations.scripts import supervisor_pipes
from gan_tui.integrations.scripts.run import Run


class WatchedRun:
    """A run, and how far the fits of this process have come in it."""

    def __init__(self, run: Run, is_ours: bool) -> None:
        self.run, self._is_ours = run, is_ours
        self.fits = 0
        """Begun in this process."""
        self.epochs = 0
        """Of all fits before the one that is under way."""

    @property
    def is_open(self) -> bool:
        return self.run.path is not None

    @property
    def checkpoints(self) -> Path | None:
        """Where checkpoints lie; None without a run."""
        return self.run.path / "checkpoints" if self.run.path else None

    def end_of_fit(self) -> None:
        """At a prompt or in a notebook nothing tells of an end but this one; a script may go on to another fit."""
        if self._is_ours and is_interactive():
            self.run.close()


def is_interactive() -> bool:
    """Whether someone types what is run: at a prompt, in a notebook."""
    return not hasattr(sys.modules.get("__main__"), "__file__")


_known: "WeakKeyDictionary[Run, WatchedRun]" = WeakKeyDictionary()
_of_process: list[WatchedRun] = []
"""What all fits share of a script that was started for a run (`gan-tui run`)."""


def watched_run(name: str | None, title: str, run: Run | None) -> WatchedRun:
    """The run for a fit: the one that was given, the one that the script was started for, or a new one."""
    if run is not None:
        known = _known.get(run)
        if known is None:
            known = _known[run] = WatchedRun(run, is_ours=False)
        return known
    if _of_process and _of_process[0].is_open:
        return _of_process[0]
    made = WatchedRun(Run(name, title=title), is_ours=True)
    if os.environ.get("GAN_TUI_SCRIPT_PID") == str(os.getpid()) and not _of_process:
        _of_process.append(made)
    return made


def may_watch() -> bool:
    """Whether a fit that was given no `Watch` is to have one all the same: not in a script that tells of itself."""
    return bool(_of_process) or not supervisor_pipes.is_taken()


def devices(backend: str) -> list[str]:
    """What the backend trains on, in words."""
    module: Any = sys.modules.get({"tensorflow": "tensorflow", "jax": "jax", "torch": "torch"}.get(backend, ""))
    cards = 0
    if backend == "tensorflow" and module:
        cards = len(module.config.list_logical_devices("GPU"))
    elif backend == "jax" and module:
        cards = sum(device.platform != "cpu" for device in module.local_devices())
    elif backend == "torch" and module:
        cards = module.cuda.device_count() if module.cuda.is_available() else 0
    where = f"{cards} GPU{'s' * (cards > 1)}" if cards else f"CPU: {os.cpu_count()} cores"
    return [f"{backend} on {where}"]
