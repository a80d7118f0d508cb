"""Where the files of a run go: a folder of its own, which says whose it is, so that nothing of others is touched."""

import json
import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from gan_tui.errors import UserError
from gan_tui.system import untrusted_files
from gan_tui.system.held_folder import HeldFolder
from gan_tui.text import harmless, shown_path

MARKER, LOCK = "gan-tui.json", "gan-tui.lock"
NAME, END = "events.out.tfevents", ".gan-tui"
"""How names of files begin by which TensorBoard knows them, and how ours end."""
_OWN = (MARKER, f".{MARKER}", LOCK)
_LONGEST = 1 << 20
_ANEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True)
class Exported:
    """What lies in such a folder."""

    run: str
    began: float
    """The time of the run's first event: a run of the same name is another one."""
    seq: int = -1
    """The last event that is in the files."""
    files: Mapping[str, int] = field(default_factory=dict)
    """File → its bytes then."""

    def write(self, folder: HeldFolder) -> None:
        """Raises OSError."""
        within, making = folder.descriptor, f".{MARKER}"
        with os.fdopen(os.open(making, _ANEW, 0o666, dir_fd=within), "w") as file:
            file.write(json.dumps(asdict(self), indent=2) + "\n")
        os.rename(making, MARKER, src_dir_fd=within, dst_dir_fd=within)


def found(folder: Path, run: str, began: float) -> Exported | None:
    """What was exported there of a run before; None where nothing is there.

    Raises UserError where there is anything of somebody else.
    """
    if not os.path.lexists(folder):
        return None
    other = _of_others(folder)
    there = None if other == folder else _read(folder)
    if there is None:
        if other is None:
            return None  # whoever began to write there was killed
        raise UserError(
            f"{shown_path(folder)} is already there, and gan-tui has not written it; name another folder, "
            "or move that away."
        )
    if there.began != began:
        raise UserError(
            f"{shown_path(folder)} has another run that is called {harmless(there.run, 80)}; name another folder."
        )
    if other:
        raise UserError(
            f"{shown_path(folder)} also has files that gan-tui has not written ({shown_path(other)}); move them away."
        )
    return there


def _read(folder: Path) -> Exported | None:
    """What the folder says of itself; None where it is nothing of ours."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        row: Any = json.loads(untrusted_files.read(folder / MARKER, _LONGEST, follow=False))
        files = {str(name): int(size) for name, size in row["files"].items()}
        return Exported(str(row["run"]), float(row["began"]), int(row["seq"]), files)
    return None


def files_in(folder: Path) -> list[Path]:
    """All that is there but folders, relative to the folder."""
    return [
        Path(around, name).relative_to(folder)
        for around, folders, files in os.walk(folder)
        for name in (*files, *folders)
        if name in files or Path(around, name).is_symlink()
    ]


def _of_others(folder: Path) -> Path | None:
    """The first file there that is none of ours; the folder itself, where it is none or cannot be looked into.

    A link is never ours: what it leads to lies elsewhere.
    """
    if folder.is_symlink():
        return folder
    try:
        next(folder.iterdir(), None)
    except OSError:
        return folder
    return next((path for path in files_in(folder) if not _is_ours(folder, path)), None)


def _is_ours(folder: Path, path: Path) -> bool:
    try:
        is_file = stat.S_ISREG((folder / path).lstat().st_mode)
    except FileNotFoundError:  # renamed meanwhile, by another writer of the run
        is_file = True
    return is_file and (str(path) in _OWN or path.match(f"{NAME}.*{END}"))
