"""A group of real processes trains as one process does on the same global batches, and its workers to the same bits."""

from pathlib import Path
from typing import Any

import pytest

from groups import apart, case, environments, refused, result, train
from groups_compared import ALIKE, assert_as_one, pair, without_rows
from training_tasks import assert_same_arrays, preset_with, small_cnn, small_gan

CHUNKS = (3, 7)
POINTS = [[0.1, 0.1, 0], [0.9, 0.9, 0], [0.1, 0.9, 1], [0.9, 0.1, 1], [0.5, 0.5, 0], [0.2, 0.5, 1]]


def cases(folder: Path) -> list[dict[str, Any]]:
    """Whatever a preset may ask of its training, in few and small ones."""
    seen = {"batch_size": 12, "data_folder": str(folder)}
    made = {
        "xor": preset_with("xor"),
        "tape": preset_with("conv10-tape", **seen),
        "sgd": small_cnn(folder, batch_size=12, optimizer="sgd", class_weight="balanced", global_clip_norm=0.5),
        "accumulated": small_cnn(folder, batch_size=12, accumulate=2, ema=0.9, ema_every=4, clip_norm=0.5),
        "decayed": small_cnn(folder, batch_size=12, optimizer="nadam", weight_decay=0.01, augment=("flip", "zoom 0.1")),
        "float16": small_cnn(folder, batch_size=12, precision="mixed_float16", accumulate=2),
        "autoencoder": preset_with("autoencoder", **seen),
        "dcgan": preset_with("dcgan-small"),
        "gan": pair(folder, optimizer="sgd", label_noise=0.2, instance_noise=0.1, generator_average=0.9),
        "wgan": pair(folder, loss="wasserstein", d_steps=3, gradient_penalty=10.0),
    }
    return [case(name, preset, *CHUNKS) for name, preset in made.items()]


def test_two_workers_train_a_pair_as_one_process_does(tmp_path: Path) -> None:
    given = [case("gan", preset_with("gan", seed=2), *CHUNKS)]
    train(tmp_path, given, environments(2))
    assert_as_one(tmp_path, given, workers=2)


@pytest.mark.prove
@pytest.mark.parametrize("workers", [2, 3])
def test_whatever_a_preset_asks_for_is_as_in_one_process(workers: int, few_images: Path, tmp_path: Path) -> None:
    given = cases(few_images)
    if workers == 3:
        given = [each for each in given if each["name"] not in ("xor", "dcgan")]  # batches of 4 and 32
    train(tmp_path, given, environments(workers))
    assert_as_one(tmp_path, given, workers)


@pytest.mark.prove
def test_what_is_set_reaches_all_and_unlike_workers_are_refused(few_images: Path, tmp_path: Path) -> None:
    seen = {"batch_size": 12, "data_folder": str(few_images)}
    other = case("other", preset_with("xor"), 1, others=preset_with("xor", learning_rate=0.5))
    given = [
        case("plane", preset_with("plane", points="ring"), *CHUNKS, points=POINTS),
        case("slower", preset_with("conv10-tape", **seen), *CHUNKS, learning_rate=0.01),
        case("sooner", pair(few_images, optimizer="sgd"), *CHUNKS, learning_rate=0.05),  # no unit of it has a kink
    ]
    train(tmp_path, [other, *given], environments(2))
    assert_as_one(tmp_path, given, workers=2)
    for worker in (0, 1):
        assert refused(tmp_path, "other", worker).startswith(
            "Worker 1 has other settings than worker 0 (learning_rate 0.5, and "
        )


@pytest.mark.prove
def test_devices_of_one_machine_train_as_one_does(few_images: Path, tmp_path: Path) -> None:
    given = cases(few_images)
    train(tmp_path, given, [{"LOGICAL_CPUS": "2", "GAN_TUI_GPUS": "all"}])
    assert_as_one(tmp_path, given, workers=1)


@pytest.mark.prove
def test_a_resumed_group_is_one_that_was_never_interrupted(few_images: Path, tmp_path: Path) -> None:
    def of(*chunks: int, begins: Path | None = None) -> list[dict[str, Any]]:
        made = {"dcgan": small_gan(few_images, batch_size=12), "cnn": small_cnn(few_images, batch_size=12)}
        return [
            case(name, preset, *chunks, begins=begins and begins / f"{name}.0.npz") for name, preset in made.items()
        ]

    whole, half, rest, alone = (tmp_path / name for name in ("whole", "half", "rest", "alone"))
    train(whole, of(10), environments(2))
    train(half, of(4), environments(2))
    train(rest, of(1, 5, begins=half), environments(2))
    train(alone, of(6, begins=half), [{}])
    for name in ("dcgan", "cnn"):
        assert_same_arrays(without_rows(result(whole, name)), without_rows(result(rest, name)))
        assert result(whole, name)["rows"][4:].tobytes() == result(rest, name)["rows"].tobytes()
        assert apart(without_rows(result(whole, name)), without_rows(result(alone, name)))[0] <= ALIKE


@pytest.mark.prove
def test_a_group_goes_on_with_points_that_were_set(tmp_path: Path) -> None:
    """Worker 0 restores them from its checkpoint; the others have loaded the preset's."""
    preset, half, rest = preset_with("plane", points="ring"), tmp_path / "half", tmp_path / "rest"
    train(half, [case("plane", preset, 2, 1, points=POINTS)], environments(2))
    train(rest, [case("plane", preset, 2, begins=half / "plane.0.npz")], environments(2))
    first, second = (without_rows(result(rest, "plane", worker)) for worker in (0, 1))
    assert len(first["data/points"]) == len(POINTS) and first["step"] == 5
    second["step"] = first["step"]  # which counts its own
    assert_same_arrays(first, second)
