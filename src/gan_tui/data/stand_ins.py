"""What is found where data should be and is none: of a file, how it begins tells."""

from pathlib import Path

LONGEST = 200
"""Bytes at the beginning of a file that are enough to tell."""
EMPTY = "is empty"


def stand_in(begin: bytes) -> str:
    """What a file is that begins so, as half a sentence with the remedy, but of `EMPTY`; "" where it may be data."""
    words = begin[:LONGEST].lstrip().lower()
    if words.startswith(b"version https://git-lfs.github.com/spec/"):
        return "is a Git LFS pointer, not the data (git lfs pull fetches them)"
    if words.startswith((b"<!doctype html", b"<html")):
        return "is a web page, not the data; download the file itself"
    return "" if begin else EMPTY


def of_file(path: Path) -> str:
    """What a file is that stands in for data; empty where it may be data, or cannot be read."""
    try:
        with path.open("rb") as stream:
            return stand_in(stream.read(LONGEST))
    except OSError:
        return ""
