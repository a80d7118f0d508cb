"""What took long to find out, kept for the next program: a file of a kind of findings in the user's cache folder.

It may be deleted at any time, costs nothing but time then, and is believed no more than any file from outside: whoever
reads a finding checks it. Several programs may read and write it at once: it is replaced whole, by renaming, with what
others have found meanwhile, so at worst a finding is lost that is made again.
"""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson

from gan_tui.system import untrusted_files, whole_files
from gan_tui.system.paths import own_folder

LARGEST = 1 << 24
"""Bytes of the file."""
MOST = 5000
"""Findings; those that were kept first are forgotten first."""


class KeptFindings:
    """Findings by the path of what they are about; each counts only for the version that it is of."""

    def __init__(self, name: str, form: int) -> None:
        """`form` is the number of what findings look like: others' are none."""
        folder = own_folder("cache")
        self._file, self._form = folder and folder / f"{name}.json", form
        self._known: dict[str, list[Any]] | None = None
        self._new: dict[str, list[Any]] = {}

    def of(self, path: Path, version: tuple[int, ...]) -> Any:
        """What was found, as JSON has it; None where nothing was of that version."""
        found = self.every().get(str(path))
        return found[1] if found is not None and found[0] == list(version) else None

    def every(self) -> Mapping[str, list[Any]]:
        """Path → [version, finding], of all that are known."""
        if self._known is None:
            self._known = self._read()
        return self._known

    def add(self, path: Path, version: tuple[int, ...], found: Any) -> None:
        """Remember a finding; `keep` writes it down."""
        with suppress(UnicodeEncodeError):  # of a path that is none of UTF-8 nothing is kept
            str(path).encode()
            self._new[str(path)] = [list(version), found]
            if self._known is not None:
                self._known[str(path)] = self._new[str(path)]

    def keep(self) -> None:
        """Write down what was added; where that cannot be, it holds for this time."""
        if not self._new or self._file is None:
            return
        every = self._read()
        for path, found in self._new.items():
            every.pop(path, None)  # so that it stands last
            every[path] = found
        with suppress(OSError, TypeError):  # a cache that cannot be written costs time alone
            self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            whole_files.put(self._file, self._written(every))
        self._known, self._new = every, {}

    def _written(self, every: Mapping[str, list[Any]]) -> bytes:
        """The newest of them, as many as there is room for."""
        latest = list(every.items())[-MOST:]
        while latest:
            content = orjson.dumps({"form": self._form, "found": dict(latest)})
            if len(content) <= LARGEST:
                return content
            latest = latest[(len(latest) + 1) // 2 :]
        return b"{}"

    def _read(self) -> dict[str, list[Any]]:
        if self._file is None:
            return {}
        with suppress(OSError, ValueError):
            document = orjson.loads(untrusted_files.read(self._file, LARGEST))
            found = document.get("found") if isinstance(document, dict) else None
            if isinstance(found, dict) and document.get("form") == self._form:
                return {path: row for path, row in found.items() if isinstance(row, list) and len(row) == 2}
        return {}
