"""Paths as people write them, made whole: without .. wherever that leads to the same place."""

from pathlib import Path

import pytest

from files import tree
from gan_tui.system.paths import whole_path


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder beside photos, with a link to a folder elsewhere."""
    tree(tmp_path, {"garden/fruit.toml": "", "photos/1.png": "", "disk/deep/1.png": "", "disk/photos/1.png": ""})
    (tmp_path / "garden" / "link").symlink_to(tmp_path / "disk" / "deep")
    monkeypatch.chdir(tmp_path / "garden")
    return tmp_path


@pytest.mark.parametrize("typed", ["../photos", "./../photos/", "../garden/../photos"])
def test_there_is_no_way_up_in_a_whole_path(here: Path, typed: str) -> None:
    assert whole_path(typed) == here / "photos"


def test_where_a_link_leads_elsewhere_the_path_stays_as_it_was_written(here: Path) -> None:
    assert whole_path("link/../photos") == here / "garden" / "link" / ".." / "photos"
    assert whole_path("link/1.png") == here / "garden" / "link" / "1.png"
