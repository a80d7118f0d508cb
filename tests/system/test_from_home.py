"""Paths as a person would say them."""

from pathlib import Path

import pytest

from gan_tui.system.paths import from_home


@pytest.mark.parametrize(
    ("path", "said"),
    [("/home/ada/runs/xor-1", "~/runs/xor-1"), ("/home/ada", "/home/ada"), ("/home/adam/x", "/home/adam/x")],
)
def test_what_lies_in_the_home_folder_begins_there(path: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    assert from_home(Path(path)) == said
