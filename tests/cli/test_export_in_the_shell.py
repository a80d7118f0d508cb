"""gan-tui export: several forms at once, files that are there already, and files that cannot be written."""

import os
import stat
from pathlib import Path

import pytest

from files import files_of_at_most
from gan_tui.run.folder import RunFolder
from recorded import recorded_run
from shell import said

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def folder(runs: Path) -> RunFolder:
    return recorded_run(runs)


def test_several_at_once(folder: RunFolder, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    words = ("--html", "a.html", "--csv", "a.csv", "--png", "samples=a.png", "--png", "samples@0=b.png")
    code, out, err = said(capsys, "export", "gan-1", *words, "--gif", "samples=a.gif", "--tensorboard", "board")
    assert (code, err) == (0, "")
    names = ["a.csv", "a.html", "a.png", "b.png", "a.gif", "board/gan-1"]
    assert out.splitlines() == [str(tmp_path / name) for name in names]
    assert all((tmp_path / name).exists() for name in names)


def test_what_is_printed_is_the_table_alone(folder: RunFolder, tmp_path: Path, capsys: Capture) -> None:
    page = tmp_path / "a.html"
    code, out, err = said(capsys, "export", "gan-1", "--csv", "-", "--html", str(page))
    assert (code, err) == (0, f"{page}\n")
    assert out.startswith("step,d_loss,d_accuracy,g_loss,g_accuracy\n1,")
    assert len(out.splitlines()) == 121


def test_a_file_that_is_there_is_replaced_only_by_force(folder: RunFolder, tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "a.html"
    file.write_text("mine")
    refused = f"gan-tui: {file} exists already; --force replaces it, or name another file.\n"
    assert said(capsys, "export", "gan-1", "--html", str(file)) == (2, "", refused)
    assert file.read_text() == "mine"
    assert said(capsys, "export", "gan-1", "--html", str(file), "--force") == (0, f"{file}\n", "")
    assert file.read_text().startswith("<!DOCTYPE html>")


def test_two_forms_into_one_file_are_refused_also_by_force(folder: RunFolder, tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "a.html"
    words = ("--html", str(file), "--csv", str(file), "--force")
    refused = f"gan-tui: Two of them would go into {file}; name another file for one.\n"
    assert said(capsys, "export", "gan-1", *words) == (2, "", refused)
    assert not file.exists()


def test_nothing_is_written_where_one_of_several_is_wrong(folder: RunFolder, tmp_path: Path, capsys: Capture) -> None:
    words = ("--html", str(tmp_path / "a.html"), "--png", f"nothing={tmp_path / 'a.png'}")
    assert said(capsys, "export", "gan-1", *words)[0] == 2
    assert [path.name for path in tmp_path.iterdir()] == ["runs"]


@pytest.mark.parametrize(
    ("words", "said_of_it"),
    [
        ((), "export needs to know what to write, such as gan-tui export gan-1 --html FILE, --csv FILE, "),
        (("--html", " "), "--html needs the name of a file."),
        (("--tensorboard", " "), "--tensorboard needs a folder: gan-tui export gan-1 --tensorboard DIR."),
        (("--png", "samples"), '--png takes TAG=FILE, not "samples".'),
        (("--png", "samples="), "--png needs the name of a file."),
        (("--gif", "samples@0=a.gif"), "--gif takes all steps of a tag: TAG=FILE; --png takes one: TAG@STEP=FILE."),
        (("--csv", "none/a.csv"), "There is no folder "),
        (("--csv", "."), " is a folder; name a file in it."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(
    words: tuple[str, ...],
    said_of_it: str,
    folder: RunFolder,
    tmp_path: Path,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = said(capsys, "export", "gan-1", *words)
    assert (code, out) == (2, "")
    assert said_of_it in err
    assert len(err.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["runs"]


def test_who_may_read_it_is_as_of_other_files(folder: RunFolder, tmp_path: Path, capsys: Capture) -> None:
    before = os.umask(0o027)
    try:
        assert said(capsys, "export", "gan-1", "--csv", str(tmp_path / "a.csv"))[0] == 0
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.csv").stat().st_mode) == 0o640


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="it needs /dev/full")
def test_a_device_is_no_file(folder: RunFolder, capsys: Capture) -> None:
    refused = "gan-tui: /dev/full exists already; name another file.\n"
    assert said(capsys, "export", "gan-1", "--csv", "/dev/full", "--force") == (2, "", refused)


@pytest.mark.parametrize("option", ["--csv", "--html", "--png", "--gif"])
def test_what_has_no_room_is_not_there(option: str, folder: RunFolder, tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "a"
    file.write_text("mine")
    with files_of_at_most(50):
        word = f"samples={file}" if option in ("--png", "--gif") else str(file)
        code, out, err = said(capsys, "export", "gan-1", option, word, "--force")
    assert (code, out) == (1, "")
    assert err == f"gan-tui: {file} cannot be written: File too large; allow longer files (ulimit -f unlimited).\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "runs"]
    assert file.read_text() == "mine"
