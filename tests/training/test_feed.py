"""Examples read from their file as they are needed train as those that memory holds do, to the bit."""

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from gan_tui import presets
from gan_tui.data.rows import StoredRows
from gan_tui.errors import UserError
from gan_tui.presets import Preset
from gan_tui.run.events import Epoch, Picture
from gan_tui.system import machine
from gan_tui.training.models.steps import Steps
from gan_tui.training.tasks import Task
from product import events_of
from training_tasks import assert_same_arrays, attempt, in_chunks, preset_with, small_cnn, task_of

LITTLE = 100_000


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch):
    """A task made while memory is short, so that its examples stay in their file."""

    def make(preset: Preset) -> Task:
        with monkeypatch.context() as patched:
            patched.setattr(machine, "free_memory", lambda: LITTLE)
            task = task_of(preset)
        assert isinstance(task.dataset.train.x, StoredRows)
        return task

    return make


@pytest.mark.parametrize(
    "name",
    [
        "cnn with short batches",
        *(pytest.param(name, marks=pytest.mark.prove) for name in ("cnn", "all in a step", "gan")),
    ],
)
def test_the_same_bits_as_from_memory_over_epochs(name: str, few_images: Path, stored) -> None:
    preset = {
        "cnn": small_cnn(few_images),
        "cnn with short batches": small_cnn(few_images, batch_size=36, loss="categorical_crossentropy"),
        "all in a step": small_cnn(few_images, batch_size=96),
        "gan": preset_with("gan", batch_size=50, data_folder=str(few_images)),
    }[name]
    held = task_of(preset)
    rows = in_chunks(held, 20, 10)
    if held.validation:
        held.validation.run(0, len(held.dataset.validation or ()))
    for k in (1, 7):
        kept = stored(preset)
        assert in_chunks(kept, 20, k).tobytes() == rows.tobytes()
        assert_same_arrays(held.arrays(), kept.arrays())
        if held.validation and kept.validation:
            kept.validation.run(0, len(held.dataset.validation or ()))
            assert held.validation.result() == kept.validation.result()


@pytest.mark.prove
def test_a_run_from_memory_goes_on_from_the_file_as_if_nothing_had_been(few_images: Path, stored) -> None:
    preset = small_cnn(few_images, batch_size=36)
    whole = task_of(preset)
    rows = in_chunks(whole, 17, 17)
    begun, gone_on = task_of(preset), stored(preset)
    in_chunks(begun, 8, 8)
    gone_on.restore(begun.arrays())
    gone_on.steps.go_to(8)
    assert in_chunks(gone_on, 9, 4).tobytes() == rows[8:].tobytes()
    assert_same_arrays(whole.arrays(), gone_on.arrays())


def seconds_to_let_go(steps: Steps) -> float:
    next(steps._batches)
    time.sleep(2.7)
    began = time.monotonic()
    steps.go_to(0)
    return time.monotonic() - began


def test_no_thread_of_tf_data_is_waited_for_when_batches_read_ahead_are_let_go(
    few_images: Path, stored, at_length: bool
) -> None:
    """Its thread slept for 2.6 s at that age, and most of the time did not hear that it was over."""
    steps = stored(small_cnn(few_images, batch_size=36)).steps
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(3)]
    try:
        for _ in range(3 if at_length else 1):
            assert min(map(seconds_to_let_go, [steps] * 3)) < 2.4, "it waited for something"
    finally:
        for process in busy:
            process.kill()
            process.wait()


@pytest.mark.prove
def test_a_whole_run_with_its_pictures_and_its_validation(
    few_images: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = []
    for memory in (10**9, LITTLE):
        monkeypatch.setattr(machine, "free_memory", lambda memory=memory: memory)
        preset = small_cnn(few_images, epochs=2)
        folder = presets.new_run(preset, tmp_path, str(memory))
        task, _ = attempt(folder, preset)
        epochs = [(epoch.step, epoch.values) for epoch in events_of(folder, Epoch)]
        last = {picture.tag: (folder.path / picture.file).read_bytes() for picture in events_of(folder, Picture)}
        runs.append((epochs, last["mistakes"], last["input"], task.dataset.origin))
    (*held, origin), (*kept, other) = runs
    assert held == kept and len(held[0]) == 2
    assert other == f"{origin}, read as needed"


def test_a_file_cut_short_while_training_ends_the_run_in_words(few_images: Path, tmp_path: Path, stored) -> None:
    images = np.load(few_images / "fashion-mnist.npz")
    np.savez(tmp_path / "fashion-mnist.npz", x_train=images["x_train"], y_train=images["y_train"])
    task = stored(small_cnn(tmp_path))
    in_chunks(task, 3, 3)
    os.truncate(tmp_path / "fashion-mnist.npz", 784 * 30)
    sentence = r"fashion-mnist.npz became shorter while being read: restore the data"
    with pytest.raises(UserError, match=sentence):
        in_chunks(task, 12, 3)
    assert task.validation is not None
    with pytest.raises(UserError, match=sentence):
        task.validation.run(0, 24)
