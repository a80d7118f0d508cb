"""How many steps a preset will take, before anything heavy is loaded."""

from pathlib import Path

import numpy as np
import pytest

from gan_tui import presets
from gan_tui.errors import UserError
from gan_tui.presets.plan import check_memory, planned


@pytest.fixture
def hundred(tmp_path: Path) -> dict[str, object]:
    """The settings that read a data set of 100 images."""
    images, labels = np.zeros((100, 28, 28), np.uint8), np.arange(100, dtype=np.uint8) % 10
    for name in ("mnist", "fashion-mnist"):
        np.savez(tmp_path / f"{name}.npz", x_train=images, y_train=labels, x_test=images[:10], y_test=labels[:10])
    return {"data_folder": str(tmp_path)}


def test_xor_has_a_step_an_epoch() -> None:
    plan = planned(presets.find("xor"))
    assert (plan.train, plan.steps_per_epoch, plan.steps_total) == (4, 1, 1000)
    assert plan.full and plan.origin == "made by gan-tui"


def test_a_gan_takes_whole_batches_only(hundred: dict[str, object]) -> None:
    plan = planned(presets.find("gan").with_settings({**hundred, "batch_size": 32, "epochs": 7}))
    assert (plan.train, plan.validation) == (100, 0)
    assert (plan.steps_per_epoch, plan.steps_total) == (3, 21)


def test_a_classifier_holds_back_its_validation_and_takes_the_last_short_batch(hundred: dict[str, object]) -> None:
    plan = planned(presets.find("fashion-cnn").with_settings({**hundred, "batch_size": 32}))
    assert (plan.train, plan.validation) == (80, 20)
    assert (plan.steps_per_epoch, plan.steps_total) == (3, 30)


def test_steps_go_before_epochs(hundred: dict[str, object]) -> None:
    assert planned(presets.find("gan").with_settings({**hundred, "batch_size": 4, "steps": 60})).steps_total == 60


@pytest.mark.parametrize(("preset", "batch", "examples"), [("xor", 5, 4), ("gan", 101, 100), ("fashion-cnn", 81, 80)])
def test_a_batch_larger_than_the_data_is_refused(
    preset: str, batch: int, examples: int, hundred: dict[str, object]
) -> None:
    chosen = presets.find(preset)
    changes = {"batch_size": batch, **(hundred if chosen.task != "plane" else {})}
    with pytest.raises(UserError) as caught:
        planned(chosen.with_settings(changes))
    assert str(caught.value) == (
        f"batch_size {batch} is more than the {examples} training examples of {chosen.dataset}; choose a smaller one."
    )


def test_a_data_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="nowhere"):
        planned(presets.find("gan").with_settings({"data_folder": str(tmp_path / "nowhere")}))


def test_networks_that_no_memory_holds_are_refused_with_what_they_need(tmp_path: Path) -> None:
    layers = '{layer = "Dense", units = 10000},' * 150
    (tmp_path / "vast.toml").write_text(
        'title = "Vast"\nabout = "Weights."\ntask = "plane"\ndataset = "xor"\n[settings]\nbatch_size = 4\n'
        f"[networks.classifier]\ninput = [2]\nlayers = [{layers}"
        '{layer = "Dense", units = 2, activation = "softmax"}]'
    )
    with pytest.raises(UserError) as caught:
        planned(presets.find(str(tmp_path / "vast.toml")))
    said = str(caught.value)
    assert "vast needs about 238 GB of memory, and this machine has " in said
    assert "1.6 GB for dense_1 of the classifier alone; make that or batch_size smaller." in said


def test_a_batch_that_no_memory_holds_is_refused(hundred: dict[str, object]) -> None:
    preset = presets.find("dcgan").with_settings({**hundred, "batch_size": 100})
    planned(preset)
    with pytest.raises(UserError, match=r"needs about .* of memory, and this machine has .* alone"):
        check_memory(preset, 10_000_000)


def test_images_too_large_for_this_machines_memory_may_be_taken_smaller(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    np.savez(tmp_path / "few.npz", images=np.zeros((40, 4, 4), np.uint8), labels=np.arange(40) % 2)
    monkeypatch.setattr("gan_tui.system.machine.memory", lambda: 1 << 28)
    large = presets.find("fashion-cnn").with_settings({"data": str(tmp_path / "few.npz"), "image_size": 256})
    with pytest.raises(UserError, match=r"alone; make that, image_size or batch_size smaller\.$"):
        planned(large)
    assert planned(large.with_settings({"image_size": 32})).train == 32
