"""What a checkpoint says of itself: its manifest, a small JSON file among its files."""

from pathlib import Path
from typing import Any

import orjson

from gan_tui.system.untrusted_files import read

MANIFEST = "manifest.json"
LONGEST = 1 << 20
"""Bytes."""


def manifest(checkpoint: Path) -> tuple[dict[str, Any], bytes]:
    """What it says, and its bytes. Raises OSError and ValueError."""
    content = read(checkpoint / MANIFEST, LONGEST, follow=False)
    said = orjson.loads(content)
    if not isinstance(said, dict):
        raise ValueError("not an object")
    return said, content


def newest(checkpoints: Path) -> dict[str, Any]:
    """What the newest checkpoint says that says anything; {} without one."""
    try:
        steps = sorted((int(path.name) for path in checkpoints.iterdir() if is_step(path.name)), reverse=True)
    except OSError:
        return {}
    for step in steps:
        try:
            return manifest(checkpoints / folder_name(step))[0]
        except (OSError, ValueError):
            continue  # who restores it says what is wrong with it
    return {}


def folder_name(step: int) -> str:
    return f"{step:09d}"


def is_step(name: str) -> bool:
    return name.isascii() and name.isdigit()
