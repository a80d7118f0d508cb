"""Images changed at random in training: resumed to the bit, from memory as from a file, and in the range set."""

from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from gan_tui import presets
from gan_tui.run import pictures
from gan_tui.run.events import Picture
from gan_tui.run.folder import RunFolder
from gan_tui.system import machine
from gan_tui.training.models.augmentation import Augmentation
from product import events_of, state_of
from training_tasks import (
    assert_same_arrays,
    attempt,
    in_chunks,
    last_checkpoint,
    preset_with,
    small_cnn,
    stop_at,
    task_of,
)  # fmt: skip

ALL = ["flip", "rotate 0.1", "zoom 0.1", "shift 0.1", "contrast 0.2"]


def values(folder: RunFolder) -> dict[str, bytes]:
    return {name: series.values.tobytes() for name, series in state_of(folder).series.items()}


@pytest.mark.prove
def test_a_run_that_was_stopped_is_the_run_that_was_not_and_shows_what_it_learns_from(
    few_images: Path, tmp_path: Path
) -> None:
    preset = small_cnn(few_images, epochs=3, augment=ALL)
    whole, parted = presets.new_run(preset, tmp_path, "whole"), presets.new_run(preset, tmp_path, "parted")
    attempt(whole, preset)
    attempt(parted, presets.of_run(parted), stop_at(7))
    attempt(parted, presets.of_run(parted))
    assert values(whole) == values(parted)
    assert_same_arrays(last_checkpoint(whole), last_checkpoint(parted))
    states = {name for name in last_checkpoint(whole) if name.startswith("augment/")}
    assert states == {f"augment/{change.split()[0]}/seed_state" for change in ALL}
    (drawn, *_) = [event for event in events_of(whole, Picture) if event.tag == "augmented"]
    shown = pictures.read(whole, drawn)
    assert shown.levels.shape == (32, 28, 28, 1) and shown.labels[:2] == ("as it is", "")
    rows = shown.levels.reshape(4, 8, -1).astype(int)
    assert all(len({image.tobytes() for image in row}) == 8 for row in rows), "each is another"


@pytest.mark.prove
def test_the_same_bits_from_memory_as_from_a_file_and_anew_for_a_repeat_of_a_sweep(
    few_images: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    preset = small_cnn(few_images, augment=ALL)
    held = task_of(preset)
    rows = in_chunks(held, 6, 3)
    with monkeypatch.context() as patched:
        patched.setattr(machine, "free_memory", lambda: 100_000)
        stored = task_of(preset)
    assert in_chunks(stored, 6, 2).tobytes() == rows.tobytes()
    assert_same_arrays(held.arrays(), stored.arrays())
    held.restart(preset)
    assert in_chunks(held, 6, 3).tobytes() == rows.tobytes()


def test_a_pair_flips_the_real_images_and_nothing_is_kept_where_nothing_changes(few_images: Path) -> None:
    plain = preset_with("gan", batch_size=32, data_folder=str(few_images))
    task = task_of(plain.with_settings({"augment": ["flip"]}))
    before = task.arrays()["augment/flip/seed_state"].tolist()
    in_chunks(task, 1, 1)
    assert task.arrays()["augment/flip/seed_state"].tolist() != before
    assert not any(name.startswith("augment") for name in task_of(plain).arrays())


@pytest.mark.parametrize("low_high", [(0.0, 1.0), (-1.0, 1.0)])
def test_changes_stay_between_black_and_white_and_reach_both(low_high: tuple[float, float]) -> None:
    low, high = low_high
    images = np.random.default_rng(0).uniform(low, high, (64, 8, 8, 3)).astype(np.float32)
    changed = Augmentation(["contrast 1"], (8, 8, 3), low_high, seed=1)(tf.constant(images)).numpy()
    assert changed.min() == low and changed.max() == high, "more contrast is cut off there, not at 0 and 255"
    spread = changed.std(axis=(1, 2, 3)) / images.std(axis=(1, 2, 3))
    assert spread.min() < 0.3 and spread.max() > 1.2
    np.testing.assert_allclose(changed.mean(axis=(1, 2)), images.mean(axis=(1, 2)), atol=0.1 * (high - low))
    flipped = Augmentation(["flip"], (8, 8, 3), low_high, seed=1)(tf.constant(images.reshape(64, -1))).numpy()
    mirrored = (flipped.reshape(images.shape) == images[:, :, ::-1]).all(axis=(1, 2, 3))
    assert flipped.shape == (64, 192) and 16 < mirrored.sum() < 48, "about half of them, from left to right"
