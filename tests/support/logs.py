"""Logs of other tools: those that the tools themselves wrote, and what is read of a log."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

from gan_tui.integrations.logs import formats
from gan_tui.integrations.logs.base import LogReader
from gan_tui.integrations.logs.log_folder import LogFolder
from gan_tui.run.events import Record
from gan_tui.run.state import RunState

LOGS = Path(__file__).parents[1] / "fixtures" / "logs"


def written(name: str, root: Path) -> LogFolder:
    """A copy of a log that a tool wrote, some time ago."""
    copy = Path(shutil.copytree(LOGS / name, root / name))
    grown_long_ago(copy)
    return formats.opened(copy)


def grown_long_ago(place: Path) -> None:
    """Have all files below a folder look as if nobody wrote them any more."""
    for file in place.rglob("*"):
        os.utime(file, (1_700_000_000, 1_700_000_000))


def known_values(name: str) -> dict[str, Any]:
    """What the tool's own reader found in it."""
    found: dict[str, Any] = json.loads((LOGS / f"{name}.json").read_text())
    return found


def all_records(reader: LogReader) -> list[Record]:
    """All that there is now."""
    records: list[Record] = []
    while found := reader.read():
        records += found
    return records


def shown(folder: LogFolder, reader: LogReader | None = None) -> RunState:
    """What a log comes to, with its whole history."""
    return RunState().apply_all(all_records(reader or folder.reader()))
