"""A run brought to other programs."""

import sys

from gan_tui.errors import DONE, UserError
from gan_tui.run.event_log import damage
from gan_tui.run.folder import RunFolder
from gan_tui.system.paths import whole_path
from gan_tui.text import counted, shown_path


def export(folder: RunFolder, tensorboard: str | None) -> int:
    """Write a run for TensorBoard and print where it lies. Raises UserError."""
    if tensorboard is None or not tensorboard.strip():
        raise UserError(f"export needs a folder: gan-tui export {folder.word} --tensorboard DIR.")
    from gan_tui.integrations.export import whole

    done = whole.export(folder, whole_path(tensorboard))
    if done.left_out:
        what = counted(done.left_out, "picture")
        print(f"Left out, because they cannot be read: {what}.", file=sys.stderr)
    if done.damaged:
        print(damage(done.damaged), file=sys.stderr)
    print(shown_path(done.path))
    return DONE
