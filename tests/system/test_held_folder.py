"""A folder that is followed: moved, its name taken by another, deleted; and nothing is made by its old name."""

import gc
import os
from pathlib import Path

import pytest

from gan_tui.system.held_folder import HeldFolder


@pytest.fixture
def old(tmp_path: Path) -> Path:
    (tmp_path / "old").mkdir()
    return tmp_path / "old"


def test_it_is_followed_wherever_it_is_moved(old: Path, tmp_path: Path) -> None:
    held = HeldFolder(old)
    assert held.path == old
    for name in ("better", "deep/er", "with a blank", "x (deleted)"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        held.path.rename(tmp_path / name)
        assert held.path == tmp_path / name and not held.is_deleted
        (held.root / "file").write_text(name)
        assert (tmp_path / name / "file").read_text() == name
    assert not old.exists()


def test_a_folder_that_takes_its_name_is_another_one(old: Path, tmp_path: Path) -> None:
    held = HeldFolder(old)
    old.rename(tmp_path / "better")
    old.mkdir()
    assert held.path == tmp_path / "better"
    (held.root / "file").touch()
    assert not list(old.iterdir())


def test_what_a_link_leads_to_is_called_as_it_was_named(old: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(old)
    assert HeldFolder(tmp_path / "link").path == tmp_path / "link"


def test_a_path_in_use_while_it_is_moved_still_leads_there(old: Path, tmp_path: Path) -> None:
    held = HeldFolder(old)
    file = held.root / "file"
    old.rename(tmp_path / "better")
    file.touch()
    assert (tmp_path / "better" / "file").exists() and not old.exists()


def test_once_it_is_deleted_nothing_can_be_made_in_it(old: Path) -> None:
    held = HeldFolder(old)
    old.rmdir()
    assert held.is_deleted
    assert held.path == old, "where it last was"
    with pytest.raises(FileNotFoundError):
        (held.root / "samples" / "surface").mkdir(parents=True)
    old.mkdir()
    assert held.is_deleted, "one that is called so now is another"
    assert not list(old.iterdir())


def test_it_is_open_as_long_as_somebody_has_it(old: Path) -> None:
    held = HeldFolder(old)
    descriptor = held.descriptor
    assert not os.get_inheritable(descriptor)
    del held
    gc.collect()
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(descriptor)
