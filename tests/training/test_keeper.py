"""Which checkpoints of a run are kept."""

from pathlib import Path

import keras
import numpy as np
import pytest

from gan_tui import presets, run_folder
from gan_tui.run_folder import RunFolder
from gan_tui.training.keeper import Keeper
from gan_tui.training.report import Report

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(runs: Path) -> RunFolder:
    return run_folder.create(presets.find("xor"), runs)


def keeper_of(folder: RunFolder) -> Keeper:
    network = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)], name="classifier")
    return Keeper(Report(folder), [network], lambda: {"weights": np.zeros(3)}, 0)


def kept(folder: RunFolder) -> list[int]:
    return sorted(int(path.name) for path in folder.checkpoints.iterdir() if path.name.isdigit())


def test_only_the_newest_best_and_three_autosaves_stay(folder: RunFolder) -> None:
    keeper = keeper_of(folder)
    for step in range(1, 7):
        keeper.save(step, "autosave")
    for step in (10, 20):
        keeper.save(step, "best")
    assert kept(folder) == [4, 5, 6, 20]


def test_a_checkpoint_that_was_asked_for_is_never_deleted(folder: RunFolder) -> None:
    keeper = keeper_of(folder)
    keeper.save(10, "asked")
    keeper.save(10, "best")
    keeper.save(20, "best")
    assert kept(folder) == [10, 20]


def test_a_later_attempt_keeps_no_more_and_clears_what_a_kill_left(folder: RunFolder) -> None:
    keeper = keeper_of(folder)
    for step in (1, 2, 3):
        keeper.save(step, "autosave")
    (folder.checkpoints / ".000000009.making").mkdir()
    (folder.checkpoints / ".000000008.gone").mkdir()
    keeper_of(folder).save(4, "autosave")
    assert kept(folder) == [2, 3, 4]
    assert [path.name for path in folder.checkpoints.iterdir() if path.name.startswith(".")] == []
