"""All checks, on this machine, as the command prints them."""

import json
import os
import pwd
import sys
from collections.abc import Sequence
from pathlib import Path

from gan_tui.doctor import detached, own_files, software, surroundings
from gan_tui.doctor.findings import Groups, as_rows, printed, works
from gan_tui.doctor.surroundings import FindData
from gan_tui.errors import DONE, TRAINING_FAILED
from gan_tui.run.folder import RunFolder
from gan_tui.run.socket_address import socket_address
from gan_tui.system import kept_symbols, terminal


def doctor(runs: Path, as_json: bool, data_sets: Sequence[str], find_data: FindData) -> int:
    """Print what is found; the exit code is 0 when a run can work, 1 when it cannot."""
    if not as_json:
        print("Asking TensorFlow for its devices; this takes a few seconds …", file=sys.stderr, flush=True)
    groups = examined(runs, data_sets, find_data)
    if as_json:
        print(json.dumps({"works": works(groups), "found": as_rows(groups)}, indent=2))
    else:
        print(printed(groups, terminal.window()[0]))
    return DONE if works(groups) else TRAINING_FAILED


def examined(runs: Path, data_sets: Sequence[str], find_data: FindData) -> Groups:
    """What is found, by heading."""
    encoding, window = sys.stdout.encoding or "ascii", terminal.window()
    is_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    environ, mounts = terminal.environment(), Path("/proc/mounts")
    client = terminal.tmux_client(environ)
    can = terminal.abilities(environ, encoding, client, kept_symbols.kept(environ, client))
    return {
        "versions": [*software.versions(), software.devices()],
        "terminal": [
            *surroundings.the_terminal(environ, can, is_terminal, *window),
            *surroundings.the_link(surroundings.ancestors(), can),
            surroundings.the_locale(encoding),
        ],
        "where runs are kept": [
            *surroundings.runs_folder(runs, mounts, surroundings.free_space),
            surroundings.sockets(lambda: socket_address(RunFolder(surroundings.nearest_folder(runs)))),
            *own_files.closed(),
        ],
        "data sets": surroundings.data_sets(data_sets, find_data),
        "what would end a run in the background": detached.found_here(_user(), os.environ),
    }


def _user() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())  # a container may run as somebody without a name
