"""Deleting a sweep for good, with all its trainings: at once nobody finds it any more, as with a run."""

import os

from gan_tui.errors import UserError, told
from gan_tui.run import catalog, lock
from gan_tui.sweep.folder import SweepFolder
from gan_tui.system.shell_words import shell_word
from gan_tui.text import shown_path


def refuse_alive(sweep: SweepFolder) -> None:
    """Raises UserError while it is being trained."""
    try:
        alive = lock.is_held(sweep.path / "lock")
    except OSError as error:
        raise UserError(f"Cannot delete the sweep {sweep.name}: {told(error)}.") from None
    if alive:
        raise _alive(sweep)


def _alive(sweep: SweepFolder) -> UserError:
    return UserError(f"The sweep {sweep.name} is still running; interrupt it first. It was not deleted.")


def delete(sweep: SweepFolder) -> None:
    """Raises UserError while it is trained, or where it cannot be deleted."""
    if sweep.path.is_symlink():
        lies, link = shown_path(sweep.path.resolve()), shell_word(sweep.path)
        raise UserError(f"{sweep.name} is a link to {lies}; nothing was deleted: delete that, or the link (rm {link}).")
    held = None
    try:
        held = lock.taken(sweep.path / "lock")
        if held is None:
            raise _alive(sweep)
        away = catalog.hidden(sweep.path)
    except FileNotFoundError:
        raise UserError(f"The sweep {sweep.name} was already deleted.") from None
    except OSError as error:
        raise UserError(f"Cannot delete the sweep {sweep.name}: {told(error)}.") from None
    finally:
        if held is not None:
            os.close(held)
    if problem := catalog.remove(away):
        left = f"{sweep.name} is a sweep no more, but not all of its files could be deleted: {told(problem)}"
        raise UserError(f"{left}. What is left is in {shown_path(away)}.")
