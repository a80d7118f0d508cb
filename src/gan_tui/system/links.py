"""Folders and files as links: a terminal that knows how opens what is clicked (OSC 8, https://ghostty.org/docs/vt/osc/8).

The name of the machine is part of it: over SSH, a path means another file on the machine that is looked at.
"""

import os
import sys
from functools import cache
from typing import TextIO
from urllib.parse import quote

from gan_tui.errors import UserError
from gan_tui.system import config
from gan_tui.system.signs import signs
from gan_tui.system.terminal import tmux_client
from gan_tui.text import shown_path

_LONGEST = 2000
"""Characters; VTE takes 2,083."""
_START, _END = "\x1b]8;;{}\x1b\\", "\x1b]8;;\x1b\\"


def uri(path: object) -> str:
    """What leads to a file or folder of this machine; empty for one that is no whole path, or far too long."""
    try:
        whole = os.fsencode(str(path))
    except UnicodeEncodeError:  # no path is called so
        return ""
    found = f"file://{quote(os.uname().nodename)}{quote(whole)}" if whole.startswith(b"/") else ""
    return found if len(found) <= _LONGEST else ""


def linked_path(path: object, stream: TextIO | None = None) -> str:
    """A path as it is printed; on a terminal that knows links, as one."""
    shown, leads_to = shown_path(path), uri(path)
    if not leads_to or not _takes_links(stream or sys.stdout):
        return shown
    return f"{_START.format(leads_to)}{shown}{_END}"


def _takes_links(stream: TextIO) -> bool:
    try:
        return stream.isatty() and _wanted_and_known()
    except ValueError:  # it is closed
        return False


@cache
def _wanted_and_known() -> bool:
    try:
        return bool(config.value("signs.links")) and signs(os.environ, tmux_client(os.environ)).links
    except UserError:  # of what is wrong with config.toml, whoever asks for more is told
        return False
