"""The terminal, the locale, and the disk that runs lie on."""

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import psutil

from gan_tui.doctor.findings import Finding
from gan_tui.errors import UserError, why
from gan_tui.system import terminal
from gan_tui.system.paths import is_there
from gan_tui.system.terminal import Abilities
from gan_tui.text import harmless, size

NETWORK = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "lustre", "gpfs", "beegfs", "ceph", "afs", "9p", "glusterfs")
"""Kinds of file systems that lie on another machine; so do those that begin with fuse.ssh."""
LITTLE_SPACE = 1_000_000_000
"""Bytes; a long run with pictures and checkpoints may fill them."""
NO_SPACE = 50_000_000
"""Bytes; less than the checkpoints of a small network need."""
_ESCAPED = re.compile(rb"\\([0-3][0-7]{2})")
"""How the kernel writes a blank and a few other bytes of a place in its list: by their numbers."""
_TORN = "where they are torn, the terminal is set to draw them two cells wide: export GAN_TUI_ASCII=1"
"""For Chinese, Japanese and Korean there is such a setting ("ambiguous width"), which nothing but the eye sees."""
_COLORS = {"truecolor": "16 million colours", "256": "256 colours", "16": "16 colours", "none": "no colours"}


def the_terminal(
    environ: Mapping[str, str], can: Abilities, is_terminal: bool, columns: int, rows: int
) -> list[Finding]:
    """What of the dashboard this terminal can show: what the dashboard itself goes by."""
    name = harmless(environ.get("TERM", ""), 40)
    kind = Finding("TERM", name or "not set")
    if not is_terminal:
        return [kind, Finding("size", "not a terminal: runs are shown as lines of text")]
    if not terminal.can_place_text(environ):
        text = f'"{name}" cannot place text on the screen, so the dashboard does not work'
        unnamed = "not set, so the dashboard does not know how to place text on the screen"
        kind = Finding("TERM", text if name else unnamed, "attention", "export TERM=xterm-256color")
    found = [kind, Finding("colours", _COLORS[can.colors]), _characters(can)]
    text, (wide, high) = f"{columns} × {rows}", terminal.SMALLEST
    if terminal.fits(columns, rows):
        return [*found, Finding("size", text)]
    return [
        *found,
        Finding("size", f"{text}; the dashboard needs {wide} × {high}", "attention", "gan-tui train PRESET --plain"),
    ]


def _characters(can: Abilities) -> Finding:
    if can.glyphs:
        return Finding("characters", f"block and braille characters, pictures in {can.symbols}; {_TORN}")
    text = f"{'ASCII only' if can.encoding == 'ascii' else 'no block or braille characters'}: {can.obstacle}"
    return Finding("characters", text, "attention" if can.remedy else "ok", can.remedy)


def the_link(around: Iterable[str], can: Abilities) -> list[Finding]:
    """What the way to the terminal makes of it; `around` are names of the processes it is in."""
    if can.colors != "truecolor" or "mosh-server" not in around:
        return []
    remedy = "where colours are wrong: export GAN_TUI_COLORS=256"
    return [Finding("mosh", f"before version 1.4 it shows 16 million colours wrongly; {remedy}")]


def ancestors() -> Iterator[str]:
    """The names of this process's parent, of its parent, and so on."""
    with suppress(psutil.Error):
        for process in psutil.Process().parents():
            yield process.name()


def the_locale(encoding: str) -> Finding:
    """Whether the locale can say all characters."""
    if encoding.lower().replace("-", "").replace("_", "") == "utf8":
        return Finding("locale", "UTF-8")
    text = f"{harmless(encoding, 40)}: charts and pictures use only ASCII characters"
    return Finding("locale", text, "attention", "export LC_ALL=C.UTF-8")


def nearest_folder(path: Path) -> Path:
    """A folder, or where it would be made."""
    return next(each for each in (path, *path.parents) if is_there(each))


def runs_folder(runs: Path, mounts: Path, free: Callable[[Path], int]) -> list[Finding]:
    """Whether runs can be kept there. `mounts` is the kernel's list; `free` tells the bytes that are free."""
    there = nearest_folder(runs)
    elsewhere = "export GAN_TUI_RUNS=/another/folder"
    try:
        with tempfile.TemporaryFile(dir=there):
            found = [Finding("folder", str(runs))]
    except OSError as error:
        text = f"{runs}: {why(error)}" + (f" in {there}" if there != runs else "")
        return [Finding("folder", text, "broken", elsewhere)]
    return [*found, _free(runs, free(there)), _file_system(there, mounts, elsewhere), _locks(there, elsewhere)]


def _free(runs: Path, room: int) -> Finding:
    if room >= LITTLE_SPACE:
        return Finding("free space", size(room))
    text = f"{size(room)}; checkpoints and pictures of a long run may need more"
    return Finding("free space", text, "broken" if room < NO_SPACE else "attention", f"du -sh {runs}/* | sort -h")


def _file_system(folder: Path, mounts: Path, elsewhere: str) -> Finding:
    kind = file_system(folder, mounts)
    if kind in NETWORK or kind.startswith("fuse.ssh"):
        text = f"{kind}: a network file system, so training waits whenever the network does"
        return Finding("file system", text, "attention", elsewhere)
    return Finding("file system", kind or "unknown")


def file_system(folder: Path, mounts: Path) -> str:
    """The kind of file system that a folder lies on, such as ext4; empty when that cannot be told."""
    try:
        lines = mounts.read_bytes().splitlines()
    except OSError:
        return ""
    best, kind = -1, ""
    for line in lines:
        _, written, found, *_ = [*line.split(), b"", b"", b""]
        place = os.fsdecode(_ESCAPED.sub(lambda code: bytes([int(code[1], 8)]), written))
        if place and folder.resolve().is_relative_to(place) and len(place) >= best:
            best, kind = len(place), harmless(os.fsdecode(found), 40)
    return kind


def _locks(folder: Path, elsewhere: str) -> Finding:
    """Whether a lock that is held is seen to be held: that is how a run is known to be alive."""
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".gan-tui-") as mine, Path(mine.name).open("rb") as other:
            fcntl.flock(mine, fcntl.LOCK_EX | fcntl.LOCK_NB)
            try:
                fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return Finding("locks", "work there")
    except OSError as error:
        return Finding("locks", f"cannot be taken there: {why(error)}", "broken", elsewhere)
    return Finding("locks", "have no effect there, so two trainings could use the same run", "broken", elsewhere)


def free_space(folder: Path) -> int:
    """Bytes that this user may still write."""
    return shutil.disk_usage(folder).free


class DataSource(Protocol):
    """Where a data set comes from."""

    @property
    def count(self) -> int: ...
    @property
    def origin(self) -> str: ...
    @property
    def notes(self) -> Sequence[str]: ...


FindData = Callable[[str], DataSource]
"""Raises UserError where a data set is not to be had."""


def data_sets(names: Sequence[str], find: FindData) -> list[Finding]:
    """Where each data set comes from."""
    found = []
    for name in names:
        try:
            source = find(name)
        except UserError as error:
            found.append(Finding(name, str(error), "attention", f"gan-tui data fetch {name}"))
            continue
        remedy = f"gan-tui data fetch {name}" if source.notes else ""
        text = f"{source.count:,} images, {source.origin}" + "".join(f"; {note}" for note in source.notes)
        found.append(Finding(name, text, "attention" if remedy else "ok", remedy))
    return found


def sockets(address: Callable[[], Path]) -> Finding:
    """Whether runs can be spoken to: `address` gives a socket's path or raises OSError."""
    import socket

    try:
        path = address()
        path = path.with_name(f".doctor-{os.getpid()}.sock")
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            listener.bind(str(path))
        path.unlink()
    except OSError as error:
        text = f"cannot be created: {why(error)}; runs could not be paused or stopped"
        return Finding("sockets", text, "broken", "export TMPDIR=/tmp")
    return Finding("sockets", f"in {path.parent}")
