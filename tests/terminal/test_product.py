"""The whole product through the shell: real presets, real processes, real signals."""

import signal
import subprocess
import time
from pathlib import Path

import orjson
import psutil
import pytest
from PIL import Image

from gan_tui.run.commands import Command
from gan_tui.run.events import Metrics, Picture, Resumed, State
from gan_tui.run.folder import RunFolder
from gan_tui.supervision import control_client
from product import START_SECONDS, done, events_of, gan_tui, state_of, wait_for, wait_until_it_trains
from pty_terminal import GAN_TUI, processes_of, trainer_of

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("no_training_is_left")]


# Every preset --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("preset", "steps", "tags"),
    [
        ("xor", 60, {"surface"}),
        pytest.param("fashion-cnn", 10, {"input", "features-conv2d", "features-conv2d_1"}, marks=pytest.mark.prove),
        ("gan", 10, {"samples"}),
        pytest.param("dcgan-small", 4, {"samples"}, marks=pytest.mark.prove),
        pytest.param("dcgan", 2, {"samples"}, marks=pytest.mark.prove),
    ],
)
def test_a_preset_trains_as_text(preset: str, steps: int, tags: set[str], runs: Path) -> None:
    ended = gan_tui("train", preset, "--plain", "--steps", str(steps))
    folder = RunFolder(runs / f"{preset}-1")
    assert (ended.returncode, ended.stderr) == (0, "")
    lines = ended.stdout.splitlines()
    assert f"Finished at step {steps}: all steps are done" in lines[-5:] and lines[-1] == str(folder.path)
    assert f"checkpoint (end) {folder.path / 'checkpoints' / f'{steps:09d}'}" in lines
    assert any(f"{steps} of {steps}" in line for line in lines)

    trained = [step for event in events_of(folder, Metrics) for step in event.steps]
    assert trained == list(range(1, steps + 1)), "every step once, in order"
    pictures: dict[str, list[Picture]] = {}
    for picture in events_of(folder, Picture):
        pictures.setdefault(picture.tag, []).append(picture)
    assert set(pictures) >= tags
    for tag in tags - {"input"}:
        first, last = pictures[tag][0], pictures[tag][-1]
        assert (first.step, last.step) == (0, steps)
        contents = [Image.open(folder.path / picture.file).tobytes() for picture in (first, last)]
        assert contents[0] != contents[1], "pictures change over time"

    private = [path for path in folder.path.rglob("*") if path.stat().st_mode & 0o077]
    assert private == [], "everything is its owner's alone"
    assert not folder.is_alive() and not processes_of(runs)
    (row,) = orjson.loads(done("runs", "--json"))
    assert (row["state"], row["step"], row["steps_total"], row["alive"]) == ("finished", steps, steps, False)


# A life --------------------------------------------------------------------------------------------------


@pytest.mark.prove
def test_a_run_is_steered_stopped_killed_and_comes_back_each_time(
    runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    folder = RunFolder(Path(done("train", "xor", "--detach", "--steps", "100000000", "--name", "long")))
    assert folder.path == runs / "long" and folder.is_alive()
    wait_until_it_trains(folder)
    is_paused_stepped_saved_and_resumed(folder)
    is_stopped_and_restarted(folder)
    is_killed_and_restarted_from_its_last_checkpoint(folder)
    is_stopped_by_the_supervisors_death(folder)
    end = state_of(folder)
    assert end.series["loss"].steps.tolist() == list(range(1, end.step + 1)), "every step once, through it all"
    assert [path for path in temporary.rglob("*") if path.is_file()] == [], "nothing is left behind"


def is_paused_stepped_saved_and_resumed(folder: RunFolder) -> None:
    assert done("pause", "long") == f"long: paused at step {state_of(folder).step}"
    step = state_of(folder).step
    time.sleep(0.5)
    assert (state_of(folder).state, state_of(folder).step) == ("paused", step), "the step stands still"
    answer = control_client.ask(folder, Command("step"), timeout=START_SECONDS)
    assert (answer.ok, answer.step, state_of(folder).step) == (True, step + 1, step + 1), "exactly one more"
    answer = control_client.ask(folder, Command("step", steps=7), timeout=START_SECONDS)
    assert answer.step == state_of(folder).step == step + 8
    (row,) = orjson.loads(done("runs", "--json"))
    assert (row["name"], row["state"], row["step"], row["alive"]) == ("long", "paused", step + 8, True)

    saved = Path(done("save", "long"))
    assert saved == folder.path / "checkpoints" / f"{step + 8:09d}"
    assert {path.name for path in saved.iterdir()} == {"classifier.keras", "manifest.json", "state.safetensors"}
    assert state_of(folder).state == "paused"
    assert done("resume", "long") == f"long: training from step {step + 8}"
    wait_until_it_trains(folder, step + 8)


def is_stopped_and_restarted(folder: RunFolder) -> None:
    done("stop", "long")
    assert not folder.is_alive() and not processes_of(folder.path)
    stopped = state_of(folder)
    last = stopped.checkpoints[-1]
    assert (stopped.state, last.step, last.why) == ("stopped", stopped.step, "stop")
    assert done("resume", "long").startswith("long: continues in the background")
    wait_until_it_trains(folder, stopped.step)
    assert events_of(folder, Resumed) == [Resumed(stopped.step)]
    assert done("resume", "long").startswith("long: training from step"), "it is harmless while training"


def is_killed_and_restarted_from_its_last_checkpoint(folder: RunFolder) -> None:
    last = int(Path(done("save", "long")).name)
    wait_until_it_trains(folder, last)
    trainer_of(folder.path).kill()
    wait_for(lambda: state_of(folder).state == "failed")
    assert state_of(folder).reason.startswith("The trainer was killed (SIGKILL)")
    wait_for(lambda: not folder.is_alive())
    assert " failed " in done("runs")
    refused = gan_tui("pause", "long")
    assert refused.returncode == 2 and "gan-tui resume long continues from its last checkpoint" in refused.stderr
    done("resume", "long")
    wait_until_it_trains(folder, last)
    assert events_of(folder, Resumed)[-1] == Resumed(last)


def is_stopped_by_the_supervisors_death(folder: RunFolder) -> None:
    """Signals that let it end by itself, at any instant, are tried in tests/promises."""
    psutil.Process(orjson.loads(folder.lock_file.read_bytes())["pid"]).kill()
    wait_for(lambda: not folder.is_alive())
    stopped = state_of(folder)
    assert (stopped.state, stopped.checkpoints[-1].step) == ("stopped", stopped.step), "saved, and left free"
    assert not processes_of(folder.path)


@pytest.mark.prove
def test_ctrl_c_in_plain_text_saves_and_exits_with_130(runs: Path) -> None:
    follower = subprocess.Popen(
        [*GAN_TUI, "train", "xor", "--steps", "100000000"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    )
    assert follower.stdout is not None
    folder = RunFolder(runs / "xor-1")
    wait_until_it_trains(folder, 100)
    follower.send_signal(signal.SIGINT)
    out, _ = follower.communicate(timeout=60)
    assert follower.returncode == 130
    state, lines = state_of(folder), out.splitlines()
    assert (state.state, state.checkpoints[-1].step) == ("stopped", state.step)
    assert "Interrupted: saving a checkpoint and stopping (Ctrl-C again to leave at once) …" in lines
    assert f"checkpoint (stop) {folder.path / state.checkpoints[-1].folder}" in lines
    stopped = f"Stopped at step {state.step:,}; gan-tui resume xor-1 continues from there."
    assert lines[-2:] == [stopped, str(folder.path)]
    assert not processes_of(runs)


def test_a_run_that_cannot_train_says_why_and_exits_with_1(runs: Path, few_wrong_images: Path) -> None:
    ended = gan_tui("train", "gan", "--plain", "--data-dir", str(few_wrong_images), "--set", "batch_size=2")
    assert ended.returncode == 1
    failed = events_of(RunFolder(runs / "gan-1"), State)[-1]
    assert isinstance(failed, State) and failed.state == "failed" and "Error:" not in failed.reason
    assert f"Failed at step 0: {failed.reason}" in ended.stdout.splitlines()
    assert "gan-tui resume gan-1 begins again: there is no checkpoint yet" in ended.stdout
    assert "Traceback" not in ended.stdout + ended.stderr


@pytest.fixture
def few_wrong_images(tmp_path: Path) -> Path:
    """A data set whose headers promise more than the file holds."""
    import numpy as np

    folder = tmp_path / "data"
    folder.mkdir()
    images, labels = np.random.default_rng(0).integers(0, 256, (64, 28, 28), np.uint8), np.zeros(64, np.uint8)
    file = folder / "mnist.npz"
    np.savez(file, x_train=images, y_train=labels, x_test=images, y_test=labels)
    content = bytearray(file.read_bytes())
    content[20_000:20_100] = bytes(100)  # the images no longer match their checksum
    file.write_bytes(content)
    return folder
