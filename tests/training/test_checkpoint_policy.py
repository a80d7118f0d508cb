"""Which checkpoints of a run are kept."""

import shutil
from pathlib import Path

import keras
import numpy as np
import pytest

from gan_tui import presets
from gan_tui.run.events import Alert, Checkpoint
from gan_tui.run.folder import RunFolder
from gan_tui.run.recorder import Recorder
from gan_tui.training import checkpoint_policy as policy_module
from gan_tui.training.checkpoint_policy import Autosave, CheckpointPolicy
from product import events_of

NEVER = Autosave(minutes=0)


@pytest.fixture
def folder(runs: Path) -> RunFolder:
    return presets.new_run(presets.find("xor"), runs)


def policy_of(folder: RunFolder, autosave: Autosave = NEVER) -> CheckpointPolicy:
    network = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)], name="classifier")
    return CheckpointPolicy(Recorder(folder), [network], lambda: {"weights": np.zeros(3)}, autosave)


def kept(folder: RunFolder) -> list[int]:
    return sorted(int(path.name) for path in folder.checkpoints.iterdir() if path.name.isdigit())


def test_only_the_newest_best_and_three_autosaves_stay(folder: RunFolder) -> None:
    policy = policy_of(folder)
    for step in range(1, 7):
        policy.save(step, "autosave")
    for step in (10, 20):
        policy.save(step, "best")
    assert kept(folder) == [4, 5, 6, 20]


def test_a_checkpoint_that_was_asked_for_is_never_deleted(folder: RunFolder) -> None:
    policy = policy_of(folder)
    policy.save(10, "asked")
    policy.save(10, "best")
    policy.save(20, "best")
    assert kept(folder) == [10, 20]


def test_a_checkpoint_that_has_two_reasons_is_kept_for_the_stronger_also_by_a_later_attempt(folder: RunFolder) -> None:
    policy = policy_of(folder)
    for step, whys in ((10, ("asked", "best")), (20, ("best", "autosave"))):
        for why in whys:
            policy.save(step, why)
    for step in (30, 40, 50):
        policy.save(step, "autosave")
    assert kept(folder) == [10, 20, 30, 40, 50], "the best is not one of three that were saved by the clock"
    later = policy_of(folder)
    later.save(60, "best")
    later.save(70, "autosave")
    assert kept(folder) == [10, 40, 50, 60, 70]


def test_a_later_attempt_keeps_no_more_and_clears_what_a_kill_left(folder: RunFolder) -> None:
    policy = policy_of(folder)
    for step in (1, 2, 3):
        policy.save(step, "autosave")
    (folder.checkpoints / ".000000009.making").mkdir()
    (folder.checkpoints / ".000000008.gone").mkdir()
    policy_of(folder).save(4, "autosave")
    assert kept(folder) == [2, 3, 4]
    assert [path.name for path in folder.checkpoints.iterdir() if path.name.startswith(".")] == []


def test_as_many_autosaves_stay_as_the_run_is_set_to_keep(folder: RunFolder) -> None:
    policy = policy_of(folder, Autosave(minutes=0, keep=1))
    for step in range(1, 4):
        policy.save(step, "autosave")
    assert kept(folder) == [3]


def test_epochs_bring_checkpoints_at_their_multiples_also_after_a_resume(folder: RunFolder) -> None:
    policy = policy_of(folder, Autosave(minutes=0, epochs=5, keep=100))
    policy.epochs = 7  # of an earlier attempt
    for epochs in (8, 9, 10, 10, 11, 16, 19, 20):
        policy.save_if_due(10 * epochs, epochs)
    assert kept(folder) == [100, 160, 200]


def test_a_checkpoint_that_failed_is_tried_again_soon_and_complained_of_once(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [0.0]
    monkeypatch.setattr(policy_module.time, "monotonic", lambda: clock[0])
    policy = policy_of(folder, Autosave(minutes=5))
    folder.checkpoints.write_bytes(b"in the way")
    for clock[0] in (299, 301, 310, 362, 363):
        policy.save_if_due(int(clock[0]), 0)
    folder.checkpoints.unlink()
    for clock[0] in (400, 425, 450):
        policy.save_if_due(int(clock[0]), 0)
    assert kept(folder) == [425], "tried at 301, at 362, and then every minute"
    alerts = events_of(folder, Alert)
    assert [(alert.kind, alert.step) for alert in alerts] == [("save", 301)]


def test_what_was_saved_a_moment_before_for_another_reason_is_not_saved_again_when_it_is_due(folder: RunFolder) -> None:
    policy = policy_of(folder, Autosave(minutes=0, epochs=2))
    for epoch, why in ((1, ""), (2, "best"), (3, ""), (4, "")):
        if why:
            policy.save(10 * epoch, why)
        policy.save_if_due(10 * epoch, epoch)
    assert [(saved.step, saved.why) for saved in events_of(folder, Checkpoint)] == [(20, "best"), (40, "autosave")]


@pytest.mark.parametrize("emptied", [False, True], ids=["deleted", "emptied"])
def test_nothing_is_saved_into_a_run_that_was_deleted_and_nobody_waits_for_room_there(
    emptied: bool, folder: RunFolder
) -> None:
    policy = policy_of(folder.held())
    policy.save(1, "autosave")
    shutil.rmtree(folder.path)
    if emptied:
        folder.path.mkdir()
    with pytest.raises(FileNotFoundError):
        policy.save(2, "autosave")
    assert policy.save_at_last(3, "stop", lambda seconds: pytest.fail("waits")) == (
        f"The run xor-1 was deleted: it is no longer in {folder.path}."
    )
    assert [*folder.path.parent.rglob("*")] == [folder.path] * emptied


def test_checkpoints_that_were_cleared_away_are_not_made_anew_at_once(folder: RunFolder) -> None:
    policy = policy_of(folder.held())
    policy.save(1, "autosave")
    shutil.rmtree(folder.checkpoints)  # as the first of all that is deleted
    assert policy.try_to_save(2, "autosave").startswith("Cannot save a checkpoint: the run's folder was deleted;")
    assert not folder.checkpoints.exists()
    policy.save(3, "asked")
    assert kept(folder) == [3]


def test_a_run_that_is_moved_amid_a_save_is_saved_where_it_is(folder: RunFolder, runs: Path) -> None:
    held = folder.held()

    def gather() -> dict[str, np.ndarray]:
        held.path.rename(runs / "better")
        return {"weights": np.zeros(3)}

    network = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)], name="classifier")
    name = CheckpointPolicy(Recorder(held), [network], gather, NEVER).save(5, "asked")
    assert (runs / "better" / name / "manifest.json").is_file() and not folder.path.exists()
