"""Images of one's own through the shell: read with a bar, kept, their room shown, and cleared."""

import io
from pathlib import Path

import pytest

from gan_tui.cli import reading_bar
from gan_tui.data import own
from gan_tui.data.own import Wish
from gan_tui.supervision import launching
from photos import photos
from shell import said


@pytest.fixture(autouse=True)
def _kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        raise OSError


def test_on_a_terminal_a_bar_is_painted_and_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_bar, "QUICK", 0)
    monkeypatch.setattr(reading_bar, "PAINTED", 0)
    screen = Terminal()
    with reading_bar.reading_bar(screen) as on_read:
        on_read(600, 50_000)
        on_read(25_000, 50_000)
    first, second, blank, _ = screen.getvalue().split("\r")[1:]
    assert first.strip() == "[........................]  Reading 600 of 50,000 images"
    assert second.strip() == "[############............]  Reading 25,000 of 50,000 images"
    assert blank.strip() == "" and len(blank) >= len(second)


def test_in_a_log_there_is_a_line_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_bar, "QUICK", 0)
    log = io.StringIO()
    with reading_bar.reading_bar(log) as on_read:
        for done in range(0, 50_000, 16):
            on_read(done, 50_000)
    assert log.getvalue() == "Reading 0 of 50,000 images.\n"


def test_what_is_read_at_once_needs_no_word() -> None:
    screen = Terminal()
    with reading_bar.reading_bar(screen) as on_read:
        on_read(50, 50)
    assert screen.getvalue() == ""


def test_room_is_shown_and_cleared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "data", "clear") == (0, "No images that were read are kept.\n", "")
    assert "of your own images" not in said(capsys, "data")[1]
    root = photos(tmp_path / "pets", {"cat": 100, "dog": 100})
    for side in (32, 64):
        own.image_rows(own.look(str(root)), Wish(side, side, 3))
    _, out, _ = said(capsys, "data")
    assert f"2 sets of your own images, read once and kept in {tmp_path}/cache/gan-tui/data: 3.08 MB; " in out
    assert said(capsys, "data", "clear") == (0, "Freed 3.08 MB of images that were read.\n", "")
    assert list(root.rglob("*.png")) and "of your own images" not in said(capsys, "data")[1]


def test_a_folder_is_read_before_a_run_begins(
    tmp_path: Path, runs: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launching, "spawn", lambda *_: None)
    root = photos(tmp_path / "pets", {"cat": 30, "dog": 30})
    code, out, err = said(capsys, "train", "fashion-cnn", "--data", str(root), "--set", "batch_size=8", "--detach")
    assert (code, err) == (0, "") and Path(out.strip()).is_dir()
    assert said(capsys, "data", "clear")[1].startswith("Freed ")


def test_a_folder_of_nothing_is_refused_and_nothing_is_made(
    tmp_path: Path, runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pets" / "cat").mkdir(parents=True)
    for command in ("train", "sweep"):
        code, _, err = said(capsys, command, "fashion-cnn", "--data", str(tmp_path / "pets"))
        assert code == 2 and err.startswith("gan-tui: ") and f"{tmp_path}/pets holds no data that gan-tui reads" in err
    assert not runs.exists()


def test_one_class_is_not_enough_to_tell_apart(tmp_path: Path, runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = photos(tmp_path / "pets", {"cat": 30})
    code, _, err = said(capsys, "train", "fashion-cnn", "--data", str(root))
    assert (code, err) == (
        2,
        f"gan-tui: {root} holds 30 colour images, 8 × 6, in 1 class, and this preset tells classes apart: "
        "name data of two classes or more.\n",
    )
    assert not runs.exists()
