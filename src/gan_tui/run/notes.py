"""A person's own words about a run: one line, kept in its folder, so that it goes wherever the run goes."""

from gan_tui.errors import UserError, told
from gan_tui.run.folder import RunFolder
from gan_tui.system import untrusted_files, whole_files
from gan_tui.text import harmless, width

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


def is_too_long(text: str) -> bool:
    """Whether a note would not be shown whole."""
    return width(harmless(text, 2 * LONGEST)) > LONGEST


def write(folder: RunFolder, text: str) -> str:
    """Note something of a run in place of what was noted; nothing: take it away. Returns what is noted now.

    Raises UserError.
    """
    note = harmless(text, max(_LARGEST, width(text)))
    if is_too_long(note):
        wide = ", a wide one counting for two" if width(note) > len(note) else ""
        words = f"A note has at most {LONGEST} characters{wide}, and this one has {width(note):,}"
        raise UserError(f"{words}; shorten it.")
    try:
        if note:
            whole_files.put(folder.root / NAME, f"{note}\n".encode(), lasting=True)
        else:
            (folder.root / NAME).unlink(missing_ok=True)
    except OSError as error:
        raise UserError(f"Cannot write the note of {folder.name}: {told(error)}.") from None
    return note
