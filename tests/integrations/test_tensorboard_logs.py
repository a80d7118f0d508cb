"""TensorBoard's event files, written by the tools themselves: what is read is what TensorBoard's own reader reads."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gan_tui.run import pictures
from gan_tui.run.events import Picture, Weights
from logs import all_records, known_values, shown, written

TORCH_PARTS = {".": ("", ""), "both_a": ("", "/a"), "both_b": ("", "/b"), "both/a": ("", "/a"), "both/b": ("", "/b")}
PARTS = {**TORCH_PARTS, "train": ("", ""), "validation": ("val_", ""), "lightning_logs/version_0": ("", "")}
"""Folder of a log → what its tags are called by, before and behind."""
NAMES = ("torch", "tensorboardx", "keras", "tf_summary", "lightning", "summary_v1")


def named(folder: str, tag: str) -> str:
    before, behind = PARTS.get(folder, ("", ""))
    return f"{before}{tag}{behind}"


def rows(name: str) -> dict[str, list[tuple[int, float]]]:
    """Metric → (step, value) as TensorBoard has them; of several at a step, the last."""
    found: dict[str, dict[int, float]] = {}
    for folder, kinds in known_values(name).items():
        for tag, points in kinds["scalars"].items():
            found.setdefault(named(folder, tag), {}).update({step: float(value) for _, step, value in points})
        for tag, tensors in kinds["tensors"].items():
            if tensors["plugin"] == "scalars":
                points = {step: float(value) for _, step, value in tensors["rows"]}
                found.setdefault(named(folder, tag), {}).update(points)
    return {tag: sorted(points.items()) for tag, points in found.items()}


@pytest.mark.parametrize("name", NAMES)
def test_every_scalar_is_what_tensorboard_reads(name: str, tmp_path: Path) -> None:
    state = shown(written(name, tmp_path))
    expected = rows(name)
    assert set(state.series) == set(expected)
    for metric, points in expected.items():
        series = state.series[metric]
        assert series.steps.tolist() == [step for step, _ in points], metric
        np.testing.assert_array_equal(series.values, np.array([value for _, value in points], np.float32))


def pictures_in(name: str) -> dict[str, list[tuple[int, Any]]]:
    """Tag → (step, (count, height, width, …) levels) as TensorBoard has them."""
    found: dict[str, list[tuple[int, Any]]] = {}
    for kinds in known_values(name).values():
        for tag, images in kinds["images"].items():
            found[tag] = [(step, np.array([levels])) for step, _, _, levels in images]
        for tag, tensors in kinds["tensors"].items():
            if tensors["plugin"] == "images":
                found[tag] = [(step, np.array(levels)) for _, step, levels in tensors["rows"]]
    return found


@pytest.mark.parametrize("name", ("torch", "tensorboardx", "tf_summary", "summary_v1"))
def test_every_image_is_what_tensorboard_reads(name: str, tmp_path: Path) -> None:
    folder = written(name, tmp_path)
    state = shown(folder)
    expected = pictures_in(name)
    assert set(state.pictures) == set(expected) != set()
    for tag, images in expected.items():
        assert [picture.step for picture in state.pictures[tag]] == [step for step, _ in images]
        for picture, (_, levels) in zip(state.pictures[tag], images, strict=True):
            tiles = pictures.read(folder, picture)
            assert tiles.levels.shape[:3] == levels.shape[:3]
            assert (tiles.levels.reshape(levels.shape) == levels).all()


def test_histograms_of_pytorch_have_its_sums(tmp_path: Path) -> None:
    weights = shown(written("torch", tmp_path)).weights
    expected = known_values("torch")["."]["histograms"]["dense/kernel"]
    assert weights is not None
    for event, (step, count, low, high, total, squares) in zip(weights, expected, strict=True):
        stats = event.layers["dense/kernel"]
        assert (event.step, stats["shape"], sum(stats["counts"])) == (step, [count], count)
        assert (stats["low"], stats["high"]) == (low, high)
        assert stats["mean"] == pytest.approx(total / count)
        assert stats["std"] == pytest.approx(math.sqrt(squares / count - (total / count) ** 2))


def test_histograms_of_tensorflow_are_its_bins(tmp_path: Path) -> None:
    weights = shown(written("tf_summary", tmp_path)).weights
    expected = known_values("tf_summary")["."]["tensors"]["weights"]["rows"]
    assert weights is not None
    for event, (_, step, bins) in zip(weights, expected, strict=True):
        stats = event.layers["weights"]
        assert (event.step, stats["counts"]) == (step, [count for _, _, count in bins])
        assert (stats["low"], stats["high"]) == (bins[0][0], bins[-1][1])


def test_histograms_of_keras_are_named_by_their_weights(tmp_path: Path) -> None:
    events = [record.event for record in all_records(written("keras", tmp_path).reader())]
    weights = [event for event in events if isinstance(event, Weights)]
    assert [event.step for event in weights] == [0, 2]
    assert set(weights[-1].layers) == {"sequential/dense/kernel", "sequential/dense/bias"}


@pytest.mark.parametrize("name", ("torch", "tensorboardx"))
def test_texts_and_hyperparameters(name: str, tmp_path: Path) -> None:
    texts = shown(written(name, tmp_path)).texts
    assert (texts["note"].step, texts["note"].text) == (20, "step 20\nin two lines")
    true = {"torch": "1", "tensorboardx": "true"}[name]  # PyTorch writes it as a number
    assert texts["hyperparameters"].text == f"lr = 0.1\nnesterov = {true}\noptimizer = adam"


def test_hyperparameters_of_tensorflow(tmp_path: Path) -> None:
    assert shown(written("tf_summary", tmp_path)).texts["hyperparameters"].text == "dropout = 0.1\nunits = 16"


def test_what_is_not_shown_is_counted(tmp_path: Path) -> None:
    for name, left in (("torch", {"precision-recall curves": 1}), ("tf_summary", {"audio clips": 2}), ("keras", {})):
        folder = written(name, tmp_path)
        shown(folder)
        assert folder.not_shown == left


def test_what_keras_wrote_into_two_folders_is_one_run_with_two_curves(tmp_path: Path) -> None:
    state = shown(written("keras", tmp_path))
    both = [state.metric(name) for name in ("epoch_loss", "val_epoch_loss")]
    assert [(metric.group, metric.label, metric.color) for metric in both] == [
        ("epoch_loss", "training", 0), ("epoch_loss", "validation", 1)
    ]  # fmt: skip


def test_a_run_that_was_started_again_is_what_tensorboard_leaves_of_it(tmp_path: Path) -> None:
    folder = written("purged", tmp_path)
    state = shown(folder)
    expected = rows("purged")
    for metric in ("loss", "lr"):
        assert list(zip(state.series[metric].steps.tolist(), state.series[metric].values.tolist(), strict=True)) == [
            (step, np.float32(value)) for step, value in expected[metric]
        ]
    assert state.series["loss"].values.tolist() == [0, 1, 2, 3, 4, 5, 106, 107, 108, 109]


def test_the_time_of_a_log_is_that_of_its_events(tmp_path: Path) -> None:
    for name in ("torch", "tf_summary"):
        state = shown(written(name, tmp_path))
        kinds = known_values(name)["."]
        tensors = [table["rows"] for table in kinds["tensors"].values() if table["plugin"] == "scalars"]
        times = [row[0] for table in (*kinds["scalars"].values(), *tensors) for row in table]
        assert min(times) == pytest.approx(state.first_time, abs=0.001)
        assert state.last_time >= max(times) - 0.001


def test_a_picture_is_found_by_where_it_lies(tmp_path: Path) -> None:
    folder = written("torch", tmp_path)
    shown(folder)
    for name in ("0-0-0", "0-999999-0", "7-0-0", "0-1", "../x", "", "0--5-0", "0-99999999999999999999-0"):
        with pytest.raises((ValueError, OSError)):
            pictures.read(folder, Picture("image", 0, name, tile=[6, 8]))
