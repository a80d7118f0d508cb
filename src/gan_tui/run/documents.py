"""What was written into a run of what is run: a preset, or a script that made the run itself."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from gan_tui.run.folder import RunFolder
from gan_tui.system import untrusted_files

SCRIPT = "script"
"""The `task` of a run that a script made: there is no preset to train it by."""
_LARGEST = 1 << 18
"""Bytes of a preset.toml that is looked into."""


def written(file: Path) -> dict[str, Any]:
    """What a preset.toml says; {} where that cannot be read."""
    try:
        return untrusted_files.toml(untrusted_files.read(file, _LARGEST, follow=False).decode())
    except (OSError, ValueError):
        return {}


def is_script(folder: RunFolder) -> bool:
    """Whether a script made this run, and not gan-tui's own trainer."""
    return written(folder.preset_file).get("task") == SCRIPT


def flat(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """(name, value) of each entry, tables' names before those of what is in them."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from flat(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value
