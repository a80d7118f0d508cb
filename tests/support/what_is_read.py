"""Which files of tests need not be read for what was asked for with `-m`: by the marks that their text tells.

Each process that tests reads all files before it begins, which takes as long as hundreds of fast tests. Only what
`make` asks for is known here; with any other `-m`, and of files that are named, all are read. Whenever all are read
(by `make read`, at the latest), what is said here is compared with the marks that each test then has.
"""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

ASKED = {
    "not slow": lambda marks: "slow" not in marks,
    "slow and not prove": lambda marks: "slow" in marks and "prove" not in marks,
    "prove": lambda marks: "prove" in marks,
}
"""What `make` asks for → whether a test that has these marks is among it."""

_OWN_MARKS = re.compile(r"^pytestmark\b.*", re.MULTILINE)


@cache
def needs_no_reading(file: Path, asked: str) -> bool:
    """Whether no test of a file can be among those asked for."""
    text = file.read_text()
    if asked == "not slow":
        return _all_are("slow", text)
    if asked == "slow and not prove":
        return not _told("slow", file, text) or _all_are("prove", text)
    return asked == "prove" and not _told("prove", file, text)


def _all_are(mark: str, text: str) -> bool:
    """Whether the module itself is marked so, and with it each of its tests."""
    own = _OWN_MARKS.findall(text)
    return len(own) == 1 and bool(re.search(rf"\bpytest\.mark\.{mark}\b", own[0].partition("#")[0]))


def _told(mark: str, file: Path, text: str) -> bool:
    """Whether there is any word of it, in the file or in what its folder's tests have in common."""
    common = file.with_name("conftest.py")
    return mark in text or (common.exists() and mark in common.read_text())


def wrongly_left_out(tests: Iterable[tuple[Path, str, set[str]]]) -> list[str]:
    """Tests (file, name, marks) that would not run though they were asked for: there must be none."""
    return [
        f'{name} would not run with -m "{asked}"'
        for file, name, marks in tests
        for asked, among in ASKED.items()
        if among(marks) and needs_no_reading(file, asked)
    ]
