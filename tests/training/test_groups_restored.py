"""A run goes on in a group of another size, from images in their file, and as whole presets, as one process does."""

from pathlib import Path

import numpy as np
import pytest

from gan_tui.presets import Preset
from groups import apart, case, environments, result, train
from groups_compared import ALIKE, assert_as_one, pair, without_rows
from training_tasks import assert_same_arrays, in_chunks, preset_with, small_cnn, task_of

pytestmark = [pytest.mark.prove, pytest.mark.timeout(1200)]
CHUNKS = (3, 7)
DEVICES = [{"LOGICAL_CPUS": "2", "GAN_TUI_GPUS": "all"}]
FROM_FILE = {"LITTLE_MEMORY": "100000"}


def whole(folder: Path) -> dict[str, Preset]:
    """Presets as they are, on batches that two and three can share."""
    seen = {"batch_size": 12, "data_folder": str(folder)}
    return {
        "gan": preset_with("gan", **seen), "cnn": preset_with("fashion-cnn", **seen),
        "tape": preset_with("conv10-tape", **seen), "xor": preset_with("xor"),
    }  # fmt: skip


def test_three_workers_train_whole_presets_as_one_process_does(few_images: Path, tmp_path: Path) -> None:
    given = [case(name, whole(few_images)[name], *CHUNKS) for name in ("gan", "cnn")]
    train(tmp_path, given, environments(3))
    assert_as_one(tmp_path, given, workers=3)


def test_two_devices_train_whole_presets_as_one_does(few_images: Path, tmp_path: Path) -> None:
    given = [case(name, preset, *CHUNKS) for name, preset in whole(few_images).items()]
    train(tmp_path, given, DEVICES)
    assert_as_one(tmp_path, given, workers=1)


@pytest.mark.parametrize("workers", [1, 2], ids=["devices", "workers"])
def test_images_in_their_file_train_as_those_in_memory(workers: int, few_images: Path, tmp_path: Path) -> None:
    presets = {"cnn": small_cnn(few_images, batch_size=36), "pair": pair(few_images, optimizer="sgd", d_steps=3)}
    given = [case(name, preset, *CHUNKS) for name, preset in presets.items()]
    envs = environments(workers) if workers > 1 else DEVICES
    train(tmp_path, given, [{**env, **FROM_FILE} for env in envs])
    assert_as_one(tmp_path, given, workers)


def test_a_run_goes_on_in_groups_of_other_sizes_to_the_same_numbers(few_images: Path, tmp_path: Path) -> None:
    """Of two workers, then of three that read images from their file, then of one process."""
    presets = {"cnn": small_cnn(few_images, batch_size=12), "pair": pair(few_images, optimizer="sgd")}
    two, three = tmp_path / "two", tmp_path / "three"
    train(two, [case(name, preset, 1, 3) for name, preset in presets.items()], environments(2))
    gone_on = [case(name, preset, 3, begins=two / f"{name}.0.npz") for name, preset in presets.items()]
    train(three, gone_on, [{**env, **FROM_FILE} for env in environments(3)])
    for name, preset in presets.items():
        halves = [result(folder, name) for folder in (two, three)]
        uninterrupted, alone = task_of(preset), task_of(preset)
        of_one = {"rows": in_chunks(uninterrupted, 10, 5), **uninterrupted.arrays()}
        alone.restore(halves[1])
        alone.steps.go_to(int(halves[1]["step"]))
        rows = [*(half["rows"] for half in halves), in_chunks(alone, 3, 3)]
        assert [len(each) for each in rows] == [4, 3, 3] and halves[1]["step"] == 7
        assert apart(of_one, {"rows": np.concatenate(rows), **alone.arrays()})[0] <= ALIKE
        for worker in (1, 2):
            other = without_rows(result(three, name, worker))
            assert_same_arrays(without_rows(halves[1]), {**other, "step": halves[1]["step"]})  # it counts its own
