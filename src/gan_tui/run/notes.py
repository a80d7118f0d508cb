"""A person's own words about a run: one line, kept in its folder, so that it goes wherever the run goes."""

from gan_tui.errors import UserError, told
from gan_tui.run.folder import RunFolder
from gan_tui.system import untrusted_files, whole_files
from gan_tui.text import harmless

NAME = "note.txt"
LONGEST = 200
"""Cells; what is written longer is refused, what is found longer is shown so far."""
_LARGEST = 4096
"""Bytes that are looked at."""


def of(folder: RunFolder) -> str:
    """What is noted of a run; empty where nothing is."""
    try:
        content = untrusted_files.read(folder.root / NAME, _LARGEST, follow=False)
    except OSError:
        return ""
    return harmless(content.decode(errors="replace"), LONGEST)


def write(folder: RunFolder, text: str) -> str:
    """Note something of a run in place of what was noted; nothing: take it away. Returns what is noted now.

    Raises UserError.
    """
    note = harmless(text, LONGEST + 1)
    if len(note) > LONGEST:
        raise UserError(f"A note has at most {LONGEST} characters, and this one has {len(text):,}; shorten it.")
    try:
        if note:
            whole_files.put(folder.root / NAME, f"{note}\n".encode(), lasting=True)
        else:
            (folder.root / NAME).unlink(missing_ok=True)
    except OSError as error:
        raise UserError(f"Cannot write the note of {folder.name}: {told(error)}.") from None
    return note
