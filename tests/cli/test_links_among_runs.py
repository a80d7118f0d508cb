"""Links among the runs' folders: each run is on the list once, whichever of its names one may say."""

import json
from pathlib import Path

import pytest

from gan_tui.run import summaries
from gan_tui.run.folder import RunFolder
from recorded import held, recorded_run
from shell import said


def _rows(capsys: pytest.CaptureFixture[str]) -> list[str]:
    code, out, err = said(capsys, "runs", "--json")
    assert (code, err) == (0, "")
    return [row["name"] for row in json.loads(out)]


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    folder, elsewhere = tmp_path / "runs", tmp_path / "others"
    recorded_run(folder, "xor", 10)
    recorded_run(elsewhere, "gan", 10)
    (folder / "latest").symlink_to("xor-1")
    (folder / "again").symlink_to(folder / "latest")
    (folder / "day").symlink_to(elsewhere / "gan-1")
    (folder / "self").symlink_to(".")
    (folder / "broken").symlink_to("gone")
    (folder / "turns").symlink_to("turns")
    return folder


def test_a_link_to_a_run_beside_it_is_no_second_run(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sorted(_rows(capsys)) == ["day", "xor-1"]
    assert said(capsys, "status", "latest")[0] == 0
    with held(RunFolder(runs / "xor-1")):
        assert summaries.newest_alive(runs).name == "xor-1"


def test_that_holds_where_the_runs_folder_is_a_link(
    runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "linked").symlink_to(runs)
    monkeypatch.setenv("GAN_TUI_RUNS", str(tmp_path / "linked"))
    assert sorted(_rows(capsys)) == ["day", "xor-1"]


def test_a_log_that_was_added_by_two_names_is_listed_once(
    runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "metrics.csv").write_text("step,loss\n0,1\n1,0.5\n")
    (tmp_path / "same").symlink_to(tmp_path / "logs")
    for name in ("logs", "same"):
        assert said(capsys, "runs", "--add", str(tmp_path / name))[0] == 0
    assert len(_rows(capsys)) == 3
