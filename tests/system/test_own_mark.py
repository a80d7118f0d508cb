"""A mark that nobody else can make."""

from pathlib import Path

import pytest

from gan_tui.system import own_mark


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return tmp_path / "gan-tui"


def test_what_is_marked_is_known_again_and_nothing_else_is(settings: Path) -> None:
    mark = own_mark.mark(b"python train.py")
    assert own_mark.is_own(b"python train.py", mark) and own_mark.mark(b"python train.py") == mark
    assert not own_mark.is_own(b"python trap.py", mark)
    assert not own_mark.is_own(b"python train.py", "") and not own_mark.is_own(b"python train.py", mark.upper())


def test_its_key_is_the_users_alone_and_another_users_makes_another_mark(settings: Path) -> None:
    mark, key = own_mark.mark(b"python train.py"), settings / "key"
    assert (key.stat().st_mode & 0o777, [path.name for path in settings.iterdir()]) == (0o600, ["key"])
    key.unlink()
    assert not own_mark.is_own(b"python train.py", mark)
    assert own_mark.mark(b"python train.py") != mark


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 100])
def test_a_key_that_is_damaged_knows_nothing(settings: Path, content: bytes) -> None:
    mark = own_mark.mark(b"python train.py")
    (settings / "key").write_bytes(content)
    assert not own_mark.is_own(b"python train.py", mark)
    assert own_mark.mark(b"python train.py") == ""


def test_where_there_is_no_place_for_a_key_nothing_is_marked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "file"))
    assert own_mark.mark(b"python train.py") == ""
    assert not own_mark.is_own(b"python train.py", "")
