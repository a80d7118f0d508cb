"""How a process that was started without a run is told its run, once somebody has chosen one: a line of JSON."""

import json
from pathlib import Path

WORD = "--prepared"
"""In place of a run on their command lines; the folder of runs follows, to be seen by who lists processes."""
LONGEST = 1 << 16
"""Bytes of the line."""

Told = tuple[Path, str]
"""A run's folder and what is to be done with it: "train" or "inspect"."""


def line_of(run: Path, mode: str) -> bytes:
    return json.dumps([str(run), mode]).encode() + b"\n"  # not orjson: a name may be no UTF-8


def told_in(line: bytes) -> Told | None:
    """What the line says; None where it is torn: nobody is there any more to say it."""
    if not line.endswith(b"\n"):
        return None
    path, mode = json.loads(line)
    return Path(path), mode
