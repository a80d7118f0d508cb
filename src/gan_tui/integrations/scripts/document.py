"""What a run says of the script that made it: its command, its folder and its configuration, as TOML has them."""

import dataclasses
import math
import os
import re
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import tomli_w

from gan_tui.run import catalog
from gan_tui.run.documents import written
from gan_tui.run.folder import RunFolder
from gan_tui.run.script_command import ScriptCommand, checksum
from gan_tui.text import harmless

_LONGEST = 2000
"""Characters of a text."""
_MOST = 500
"""Entries of a table or a list."""
_DEEPEST = 6
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+(?=>)")
"""Where a function or an object lies: different in each process, of the same script, too."""
_LAST_WHOLE = 2**63 - 1
"""The greatest whole number of TOML."""


def document_of(name: str, title: str, config: Any) -> dict[str, Any]:
    """What a run's preset.toml holds."""
    command = ScriptCommand(tuple(_command()), Path(_folder()))
    command = replace(command, sha256=checksum(command.file))
    return {**command.as_document(name), "title": harmless(str(title), 80) or name, "config": _table(config, 1)}


def keep_config(folder: RunFolder, config: Any) -> None:
    """Add what a script says of a run that was made before it ran; whatever its disk says to that."""
    document = written(folder.preset_file)
    with suppress(OSError):
        catalog.rewrite(folder, tomli_w.dumps({**document, "config": _table(config, 1)}).encode())


def _command() -> list[str]:
    """As the process was started; of a notebook or a prompt, what Python alone was."""
    return [sys.executable or "python", *sys.orig_argv[1:]]


def _folder() -> str:
    try:
        return str(Path.cwd())
    except OSError:
        return ""


def _table(config: Any, depth: int) -> dict[str, Any]:
    """A mapping, a dataclass or what has attributes (argparse's), as a table."""
    if _is_filled_in(config):
        config = {field.name: getattr(config, field.name) for field in dataclasses.fields(config)}
    if not isinstance(config, Mapping):
        config = getattr(config, "__dict__", {})
    return {
        harmless(str(key), 80): _value(value, depth + 1)
        for key, value in list(config.items())[:_MOST]
        if value is not None
    }


def _is_filled_in(value: Any) -> bool:
    """Whether it is a dataclass with its values, and not the class."""
    return dataclasses.is_dataclass(value) and not isinstance(value, type)


def _value(value: Any, depth: int) -> Any:
    """What TOML has for a value; its words where it has nothing."""
    if isinstance(value, bool | str | os.PathLike):
        return value if isinstance(value, bool) else _text(os.fspath(value))
    if isinstance(value, int):
        return int(value) if abs(value) <= _LAST_WHOLE else str(value)
    if isinstance(value, float):
        return float(value)
    if depth <= _DEEPEST and (isinstance(value, Mapping) or _is_filled_in(value)):
        return _table(value, depth)
    if isinstance(value, set | frozenset):
        value = sorted(value, key=str)
    if depth <= _DEEPEST and isinstance(value, list | tuple):
        return [_value(item, depth + 1) for item in list(value)[:_MOST] if item is not None]
    item = getattr(value, "item", None)
    if item is not None and math.prod(getattr(value, "shape", (2,))) == 1:  # a number of numpy's, or of a framework
        return _value(item(), depth)
    return _text(_ADDRESS.sub("", str(value)))


def _text(value: str | bytes) -> str:
    """Text that TOML and a terminal may hold."""
    return harmless(os.fsdecode(value) if isinstance(value, bytes) else value, _LONGEST)
