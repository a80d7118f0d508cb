"""The command of a script's run, as its preset.toml has it: by it the script is started, and started again."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gan_tui.run.documents import SCRIPT, written
from gan_tui.run.folder import RunFolder
from gan_tui.system import own_mark
from gan_tui.system.paths import is_unicode
from gan_tui.system.shell_words import shell_word
from gan_tui.text import harmless

_CLUSTER = re.compile(r"-(?P<plain>[^-WXmc]*)(?P<last>[WXmc]?)(?P<value>.*)", re.DOTALL)
"""Options of Python that are a letter may share a word; the last of them may have a value, in it or after it."""
_LONG_WITH_VALUE = "--check-hash-based-pycs"
_WHAT = ("-m", "-c")
"""Those which say what is run, and end Python's own options."""
LONGEST = 50_000
"""Characters of a command."""
_LARGEST = 1 << 24
"""Bytes of a script."""


@dataclass(frozen=True)
class ScriptCommand:
    """What runs, and where: `words` are Python, its options, a file or `-m` and a module, and arguments."""

    words: tuple[str, ...]
    folder: Path
    """The current folder of the script."""
    restarts: int = 0
    """How many times it is started again where it fails."""
    sha256: str = ""
    """Of the script's file when the run was made; empty where that is not known."""
    mark: str = ""
    """Made by who made the run: what lies in a run's folder may be anybody's, and this is obeyed."""

    @staticmethod
    def of_run(folder: RunFolder) -> "ScriptCommand | None":
        """None where the run does not tell it."""
        document = written(folder.preset_file)
        if document.get("task") != SCRIPT:
            return None
        words, place, restarts = (document.get(key) for key in ("command", "folder", "restarts"))
        if not (isinstance(words, list) and len(words) > 1 and all(isinstance(word, str) for word in words)):
            return None
        sha256, mark = (text if isinstance(text := document.get(key), str) else "" for key in ("sha256", "mark"))
        return ScriptCommand(
            tuple(words), Path(place) if isinstance(place, str) else Path("/"),
            restarts if type(restarts) is int and restarts > 0 else 0, sha256, mark,
        )  # fmt: skip

    def as_document(self, name: str) -> dict[str, Any]:
        """What preset.toml says of a run that was made by it."""
        document: dict[str, Any] = {
            "name": name, "title": self.title, "about": f"{self.line}, in {harmless(str(self.folder), 500)}",
            "task": SCRIPT,
        }  # fmt: skip
        if not self.can_be_kept:
            return document
        document |= {"command": list(self.words), "folder": str(self.folder)}
        known: Mapping[str, Any] = {
            "restarts": self.restarts, "sha256": self.sha256, "mark": own_mark.mark(self._content)
        }  # fmt: skip
        return document | {key: value for key, value in known.items() if value}

    @property
    def can_be_kept(self) -> bool:
        """Whether preset.toml can hold it: it is Unicode, and not too long."""
        words = (*self.words, str(self.folder))
        return all(map(is_unicode, map(Path, words))) and sum(map(len, words)) <= LONGEST

    @property
    def is_own(self) -> bool:
        """Whether this user has made the run."""
        return own_mark.is_own(self._content, self.mark)

    @property
    def _content(self) -> bytes:
        return json.dumps([self.words, str(self.folder)]).encode()

    @property
    def options(self) -> tuple[str, ...]:
        """Those of Python."""
        return self._parted[0]

    @property
    def what(self) -> tuple[str, ...]:
        """The file, or `-m` and the module, and the arguments."""
        return self._parted[1]

    @property
    def _parted(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Options, and what runs: `-um package.module` is `-u -m package.module`, as Python takes it."""
        at, words = 1, self.words
        while at < len(words) and words[at].startswith("-"):
            cluster = _CLUSTER.fullmatch(words[at])
            if words[at] == "-":
                return words[1:], ()  # its standard input, which is at its end
            if cluster and (last := cluster["last"]) in ("m", "c"):
                before = (f"-{cluster['plain']}",) if cluster["plain"] else ()
                value = (cluster["value"],) if cluster["value"] else ()
                return (*words[1:at], *before), (f"-{last}", *value, *words[at + 1 :])
            ends_in_option = cluster is not None and bool(cluster["last"]) and not cluster["value"]
            at += 2 if ends_in_option or words[at] == _LONG_WITH_VALUE else 1
        return words[1:at], words[at:]

    @property
    def file(self) -> Path | None:
        """The script's; None for a module, and for what has none."""
        named = self.what[:1]
        return self.folder / named[0] if named and named[0] not in _WHAT else None

    @property
    def title(self) -> str:
        """What runs, in a word: train.py, or package.module."""
        what = self.what
        named = what[0].rpartition("/")[2] if self.file else "".join(what[:2]).removeprefix("-m")
        return harmless(named, 60) or SCRIPT

    @property
    def line(self) -> str:
        """The whole, as it is typed in a shell."""
        return " ".join(map(shell_word, self.words))


def checksum(file: Path | None) -> str:
    """Of a script's file; empty where it cannot be read."""
    if file is None or not file.is_file():
        return ""
    try:
        with file.open("rb") as opened:
            return hashlib.sha256(opened.read(_LARGEST)).hexdigest()
    except OSError:
        return ""
