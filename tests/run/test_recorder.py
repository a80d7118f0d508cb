"""Pictures of a run that is deleted: its folders are not made again."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from gan_tui import presets
from gan_tui.run.events import Picture
from gan_tui.run.folder import RunFolder
from gan_tui.run.hold import Hold
from gan_tui.run.pictures import Tiles
from gan_tui.run.recorder import Recorder
from product import events_of


@pytest.fixture
def folder(runs: Path) -> RunFolder:
    return presets.new_run(presets.find("xor"), runs).held()


def drawn() -> list[Tiles]:
    return [Tiles("surface", "surface", np.zeros((1, 2, 2, 1), np.uint8), 0.0, 1.0)]


def test_a_picture_goes_where_the_run_is(folder: RunFolder, runs: Path) -> None:
    recorder = Recorder(folder)
    recorder.shown(iter(drawn()), 1)
    folder.path.rename(runs / "better")
    recorder.shown(iter(drawn()), 2)
    recorder.log.close()
    assert [path.name for path in sorted((runs / "better/samples/surface").iterdir())] == [
        "000000001.png",
        "000000002.png",
    ]
    assert [event.file for event in events_of(folder, Picture)] == [f"samples/surface/00000000{n}.png" for n in (1, 2)]
    assert not (runs / "xor-1").exists()


@pytest.mark.parametrize("emptied", [False, True])
def test_nothing_is_drawn_into_a_run_that_was_deleted(emptied: bool, folder: RunFolder) -> None:
    recorder = Recorder(folder)
    recorder.shown(iter(drawn()), 1)
    shutil.rmtree(folder.path)
    if emptied:
        folder.path.mkdir()
    for step in (2, 3):
        recorder.shown(iter(drawn()), step)
    recorder.log.close()
    assert folder.path.exists() is emptied and not list(folder.path.parent.rglob("samples"))


def test_what_is_half_deleted_is_left_alone_and_pictures_that_are_cleared_away_come_again(folder: RunFolder) -> None:
    recorder = Recorder(folder)
    recorder.shown(iter(drawn()), 1)
    shutil.rmtree(folder.path / "samples")  # as the first of all that is deleted
    recorder.shown(iter(drawn()), 2)
    assert not (folder.path / "samples").exists()
    recorder.shown(iter(drawn()), 3)
    assert [path.name for path in (folder.path / "samples/surface").iterdir()] == ["000000003.png"]
    recorder.log.close()


def test_a_run_that_waits_for_room_to_say_how_it_ended_says_that_it_waits(folder: RunFolder) -> None:
    folder.events_file.symlink_to("/dev/full")
    hold, recorder, shown = Hold(folder, "train"), Recorder(folder), list[tuple[str, str]]()

    def given_up(seconds: float) -> bool:
        shown.append((folder.standing().shown("saving"), folder.trouble()))
        return True

    recorder.state("saving")
    problem = recorder.write_all(given_up)
    assert problem == "The disk is full, and the last metrics could not be written; free some space."
    ((state, trouble),) = shown
    assert state == "waiting: disk full"
    assert trouble.endswith("The run has ended but for that; stop again to end it without.")
    assert folder.standing().shown("saving") == "saving", "it waits no more"
    recorder.log.close()
    os.close(hold.lock)
