"""Paths as people write them."""

from pathlib import Path


def user_path(text: str) -> Path:
    """A path as a person writes it, ~ and ~name for home folders."""
    try:
        return Path(text).expanduser()
    except RuntimeError:
        return Path(text)  # nobody is called that
