"""The run that a script gets: a new folder with what was run, and the way that commands come."""

import os
import sys
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any

from gan_tui.errors import UserError
from gan_tui.integrations.scripts.command_source import CommandSource
from gan_tui.integrations.scripts.document import document_of, keep_config
from gan_tui.integrations.scripts.own_socket import OwnSocket
from gan_tui.integrations.scripts.supervisor_pipes import joined
from gan_tui.run import catalog
from gan_tui.run.folder import RunFolder
from gan_tui.system import begun
from gan_tui.system.paths import runs_folder


def opened(
    name: str | None, title: str, config: Mapping[str, Any], runs_dir: str | os.PathLike[str] | None
) -> tuple[RunFolder, CommandSource]:
    """A run's folder, which is this process's from now on: the one that it was started for (`gan-tui run`), once, else
    a new one. Raises UserError and OSError where there can be none."""
    if own := joined():
        keep_config(own[0], config)
        return own
    folder = new_folder(name, title, config, runs_dir)
    try:
        _say_where_its_output_is(folder)
        return folder, OwnSocket(folder)
    except BaseException:
        catalog.discard(folder)
        raise


def new_folder(
    name: str | None, title: str, config: Mapping[str, Any], runs_dir: str | os.PathLike[str] | None
) -> RunFolder:
    """Called as asked for, where nothing is called so yet; else with the next free number behind it."""
    named = RunFolder(Path(name or _script() or "script")).stem
    document = document_of(named, title or name or named, config)
    runs = runs_folder(os.fspath(runs_dir) if runs_dir is not None else _runs_of_environment())
    if not name:
        return catalog.create(document, named, runs).held()
    for number in count(1):
        own = named if number == 1 else f"{named}-{number}"
        if os.path.lexists(runs / own):
            continue
        try:
            return catalog.create(document, named, runs, own).held()
        except UserError:
            if not os.path.lexists(runs / own):  # else another script was quicker
                raise
    raise AssertionError("there is always another number")


def _runs_of_environment() -> str | None:
    """What $GAN_TUI_RUNS names, from where this script began: it may have gone elsewhere since (`os.chdir`)."""
    named = os.environ.get("GAN_TUI_RUNS")
    return str(Path(begun.folder, named)) if named and not named.startswith("~") else named


def _say_where_its_output_is(folder: RunFolder) -> None:
    """Else who looks for it finds an empty log. Raises OSError."""
    log = folder.opened_log()
    try:
        os.write(log, f"What this script prints is where it was started (process {os.getpid()}), not here.\n".encode())
    finally:
        os.close(log)


def _script() -> str:
    """What the script is called; nothing in a notebook or at a prompt."""
    file = getattr(sys.modules.get("__main__"), "__file__", None)
    return Path(file).stem if isinstance(file, str) else ""
