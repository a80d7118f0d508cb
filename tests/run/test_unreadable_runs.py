"""Runs that are there and cannot be looked at: lost by a network file system, or made by another user."""

import errno
import os
from pathlib import Path

import pytest

from files import old_run
from gan_tui.cli.arguments import main
from gan_tui.errors import UserError
from gan_tui.run import catalog
from gan_tui.run.folder import RunFolder
from gan_tui.run.summaries import newest, summaries

WAYS = {
    errno.ESTALE: "the network file system has lost it; wait until its server is back, or have it mounted again",
    errno.EACCES: "Permission denied; check who owns it",
}


@pytest.fixture(params=WAYS, ids=errno.errorcode.get)
def way(request: pytest.FixtureRequest) -> str:
    return WAYS[request.param]


@pytest.fixture(params=["", "/events.jsonl"], ids=["the run", "its log"])
def lost(request: pytest.FixtureRequest, way: str, runs: Path, monkeypatch: pytest.MonkeyPatch) -> RunFolder:
    """A run beside a sound one, which cannot be looked at, or its log cannot."""
    old_run("stopped", "xor", runs)
    folder, stat = old_run("stopped", "shapes", runs), Path.stat
    number = next(number for number, words in WAYS.items() if words == way)

    def fails(path: Path, **rest: bool) -> os.stat_result:
        if f"{folder.path}/" in f"{os.path.realpath(path.parent)}/" and str(path).endswith(request.param or path.name):
            raise OSError(number, os.strerror(number), str(path))
        return stat(path, **rest)

    monkeypatch.setattr(Path, "stat", fails)
    return folder


@pytest.mark.usefixtures("lost")
def test_a_run_that_cannot_be_looked_at_hides_no_other(runs: Path) -> None:
    assert {run.folder.name: run.state for run in summaries(runs)} == {"xor": "stopped", "shapes": "unknown"}
    assert newest(runs).name == "xor"


def test_a_run_that_cannot_be_looked_at_is_not_said_to_be_none(
    lost: RunFolder, way: str, runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in ("show", "stop", "resume"):
        assert main([command, "shapes"]) == 2
        assert capsys.readouterr().err == f"gan-tui: The run shapes cannot be looked at: {way}.\n"
    with pytest.raises(UserError, match="already exists"):
        catalog.create({}, "shapes", runs, "shapes")


def test_a_name_in_a_current_folder_that_may_not_be_entered_is_no_run(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stat = Path.stat

    def refused(path: Path, **rest: bool) -> os.stat_result:
        if not path.is_absolute():
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return stat(path, **rest)

    monkeypatch.setattr(Path, "stat", refused)
    with pytest.raises(UserError, match='There is no run "xor-1"'):
        catalog.find("xor-1", runs)
    assert main(["show", "xor"]) == 0
