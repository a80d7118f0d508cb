"""A stop that comes before a run has taken a step: what it was before it was started, it stays."""

from gan_tui.errors import DONE
from gan_tui.run import manifests
from gan_tui.run.buffered_log import BufferedLog
from gan_tui.run.events import State
from gan_tui.run.folder import RunFolder
from gan_tui.training.command_pipe import CommandPipe


def stopped_early(folder: RunFolder, log: BufferedLog | None, pipe: CommandPipe) -> int:
    """Say so in the log, if there is one, and to whoever has asked; returns the exit code."""
    if log:
        log.write(State("stopped", "asked to stop"))
    step = manifests.goes_on_from(folder.checkpoints)
    pipe.refuse_all(f"stopped before it went on from step {step:,}" if step else "stopped before training began")
    return DONE
