"""A copy of a preset while it is written: it lies among the person's own presets, in a folder that lists none, until it
is kept or thrown away. Whatever becomes of the program meanwhile, what was written is there.
"""

import errno
import os
from contextlib import suppress
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from gan_tui.errors import UserError, told
from gan_tui.presets import copies, toml_text
from gan_tui.presets.files import LARGEST_FILE, from_document
from gan_tui.presets.preset import Preset
from gan_tui.system import untrusted_files
from gan_tui.text import harmless, shown_path

_FOLDER = "drafts"


@dataclass(frozen=True)
class Checked:
    """What a text is: a preset, or a mistake at a line of it, counted from 1."""

    text: str
    preset: Preset | None
    problem: str = ""
    """A sentence."""
    line: int | None = None


class Draft:
    """The one draft that a preset may have; `name` is what the copy may be called."""

    def __init__(self, preset: Preset, original: Path) -> None:
        """That which was left, or a new one. Raises UserError where it cannot be written.

        `preset` may have other settings than its file, `original`.
        """
        self.path, self.name = copies.folder() / _FOLDER / f"{preset.name}.toml", copies.free_name(preset.name)
        self._at_first = copies.text_of(preset, original)
        self.was_left = os.path.lexists(self.path)
        if not self.was_left:
            self._write()

    def _write(self) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC
            with os.fdopen(os.open(self.path, flags, 0o600), "wb") as file:
                file.write(self._at_first.encode())
        except OSError as error:
            raise UserError(f"Cannot write {shown_path(self.path)}: {told(error)}.") from None

    @property
    def is_unchanged(self) -> bool:
        """Whether it is the preset that it was made of, to the last character."""
        with suppress(OSError):
            return untrusted_files.read(self.path, LARGEST_FILE, follow=False) == self._at_first.encode()
        return False

    def changed_lines(self, text: str) -> frozenset[int]:
        """The lines of a text, counted from 1, that the preset does not have."""
        before, after = self._at_first.splitlines(), text.splitlines()
        same = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
        return frozenset(range(1, len(after) + 1)).difference(
            number for block in same for number in range(block.b + 1, block.b + block.size + 1)
        )

    def checked(self) -> Checked:
        """What was written."""
        try:
            content = untrusted_files.read(self.path, LARGEST_FILE, follow=False)
        except OSError as error:
            long = error.errno == errno.EFBIG
            what = f"{error.strerror}; a preset is short" if long else told(error, "edit it again")
            return Checked("", None, f"{harmless(self.path.name)}: {what}.")
        try:
            return checked(content.decode("utf-8-sig"), self.name)
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            text = content.decode(errors="replace")
            return Checked(text, None, "It is not UTF-8 text; save it as UTF-8.", line)

    def keep(self, text: str, name: str) -> Path:
        """Put what was written among the person's presets, by that name, and be gone. Raises UserError."""
        path = copies.keep(text, name)
        self.discard()
        return path

    def discard(self) -> None:
        """Be gone."""
        with suppress(OSError):
            self.path.unlink()
            self.path.parent.rmdir()  # unless there are others


def checked(text: str, name: str) -> Checked:
    """What a text is, as a preset among the person's own."""
    try:
        document = untrusted_files.toml(text)
    except ValueError as error:
        return _wrong(text, f"It is not valid TOML: {error}")
    try:
        return Checked(text, from_document(document, name, copies.folder()))
    except (ValueError, UserError) as error:
        return _wrong(text, str(error))


def _wrong(text: str, problem: str) -> Checked:
    words = harmless(problem, 1000).rstrip(".")
    return Checked(text, None, words if words.endswith("?") else f"{words}.", toml_text.line_of(text, problem))
