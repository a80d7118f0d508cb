"""A real training that is written for TensorBoard while it goes on, and one that cannot be."""

from pathlib import Path

import pytest

import event_accumulator as tensorboard
from gan_tui.run.events import Metrics
from gan_tui.run.folder import RunFolder
from product import done, events_of, gan_tui, state, wait_for
from pty_terminal import processes_of

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("no_training_is_left")]


def losses(folder: RunFolder) -> dict[int, float]:
    """Step → loss, as the log has it; what was done again counts."""
    return {
        step: pytest.approx(value, rel=1e-6)
        for event in events_of(folder, Metrics)
        for step, value in zip(event.steps, event.values["loss"], strict=True)
    }


@pytest.mark.prove
def test_a_training_and_its_resumption_are_written_step_by_step(runs: Path, tmp_path: Path) -> None:
    board = tmp_path / "board"
    setting = ("--set", f"tensorboard={board}")
    done("train", "xor", "--steps", "300", "--name", "live", "--plain", *setting)
    folder = RunFolder(runs / "live")
    wait_for(lambda: not processes_of(runs))
    assert tensorboard.values(board / "live" / "train", "loss") == losses(folder)
    done("resume", "live", "--steps", "400")
    wait_for(lambda: not folder.is_held() and not processes_of(runs))
    assert state(folder) == "finished"
    found = tensorboard.values(board / "live" / "train", "loss", shown=True)
    assert (len(found), found) == (400, losses(folder))
    assert len(list((board / "live" / "train").iterdir())) == 2
    assert "TensorBoard" not in folder.trainer_log.read_text()


@pytest.mark.prove
def test_a_place_that_takes_nothing_is_said_once_and_the_training_goes_on(runs: Path, tmp_path: Path) -> None:
    (tmp_path / "board").write_text("a file")
    setting = ("--set", f"tensorboard={tmp_path / 'board'}")
    ended = gan_tui("train", "xor", "--steps", "300", "--name", "live", "--plain", *setting)
    wait_for(lambda: not processes_of(runs))
    assert (ended.returncode, state(RunFolder(runs / "live"))) == (0, "finished")
    log = (runs / "live" / "trainer.log").read_text()
    assert log.count(f"live is no longer written for TensorBoard to {tmp_path / 'board'}: ") == 1
