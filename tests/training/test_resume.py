"""A run that was stopped and resumed is, bit for bit, the run that was not."""

import errno
import io
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from gan_tui import presets
from gan_tui.data.rows import StoredRows
from gan_tui.errors import UserError
from gan_tui.presets import Preset
from gan_tui.run import checkpoint, manifests
from gan_tui.run.commands import Command
from gan_tui.run.events import Epoch
from gan_tui.run.folder import RunFolder
from gan_tui.run.recorder import Recorder
from gan_tui.training import computed_with
from gan_tui.training.early_stopping import EarlyStopping
from gan_tui.training.loop import Loop
from gan_tui.training.steering import Steering
from gan_tui.training.tasks import load
from product import events_of, state_of
from training_tasks import (
    Script,
    Scripted,
    assert_same_arrays,
    attempt,
    in_chunks,
    in_turn,
    last_checkpoint,
    newest_readable,
    preset_with,
    silent,
    small_cnn,
    small_gan,
    stop_at,
    task_of,
)


def stop_in_validation_at(step: int) -> Script:
    return lambda loop: Command("stop") if loop.step == step and loop._validation_due else None


def assert_resumes_exactly(preset: Preset, stops: list[Script], tmp_path: Path) -> None:
    whole, parts = presets.new_run(preset, tmp_path / "whole"), presets.new_run(preset, tmp_path / "parts")
    attempt(whole, preset)
    for stop in stops:
        attempt(parts, preset, stop)
        assert state_of(parts).state == "stopped"
    attempt(parts, preset)
    one, other = state_of(whole), state_of(parts)
    assert (one.state, one.step, one.reason) == (other.state, other.step, other.reason)
    assert one.state == "finished"
    assert set(one.series) == set(other.series)
    for name, series in one.series.items():
        assert other.series[name].steps.tolist() == series.steps.tolist()
        assert other.series[name].values.tobytes() == series.values.tobytes(), name
    assert_same_arrays(last_checkpoint(whole), last_checkpoint(parts))
    epochs, others = ({event.epoch: event for event in events_of(folder, Epoch)} for folder in (whole, parts))
    assert epochs == others, "the means of an epoch that was interrupted are those of all its steps"


@pytest.mark.prove  # of an earlier version, and killed at random steps, it is resumed in make test, too
def test_xor(tmp_path: Path) -> None:
    assert_resumes_exactly(preset_with("xor", steps=60), [stop_at(37)], tmp_path)


@pytest.mark.prove
def test_a_plane_in_shuffled_batches_with_a_warm_up_and_a_schedule(tmp_path: Path) -> None:
    preset = preset_with("xor", steps=41, batch_size=3, optimizer="nadam", schedule="cosine", warmup_steps=10)
    assert_resumes_exactly(preset, [stop_at(20)], tmp_path)


@pytest.mark.prove
def test_points_of_a_file_in_batches_smaller_than_all_of_them(tmp_path: Path) -> None:
    rows = [f"{n / 12},{n * 7 % 12 / 12},{n % 2}" for n in range(12)]
    (tmp_path / "twelve.csv").write_text("\n".join(["x,y,class", *rows]))
    preset = preset_with("plane", points=str(tmp_path / "twelve.csv"), batch_size=5, steps=41)
    assert_resumes_exactly(preset, [stop_at(20)], tmp_path)


@pytest.mark.prove
def test_a_cnn_across_the_ends_of_epochs_with_validation_and_early_stopping(few_images: Path, tmp_path: Path) -> None:
    preset = small_cnn(few_images, epochs=4, learning_rate=0.01)
    assert_resumes_exactly(preset, [stop_at(8), stop_in_validation_at(18)], tmp_path)


@pytest.mark.prove
def test_layers_with_states_of_their_own_also_within_others(few_images: Path, tmp_path: Path) -> None:
    """Keras's recurrent layers, and some random ones, draw numbers whenever they are called, looked at or trained."""
    document = presets.find("fashion-cnn").as_document()
    document["settings"] |= {"batch_size": 16, "data_folder": str(few_images), "epochs": 2}
    document["networks"]["classifier"]["layers"] = [
        {"layer": "AveragePooling2D", "pool_size": 2},
        {"layer": "RandomFlip", "mode": "horizontal"},
        {"layer": "RandomSharpness", "factor": 0.5, "value_range": [0, 1]},
        {"layer": "GaussianNoise", "stddev": 0.1},
        {"layer": "SpectralNormalization", "wraps": {"layer": "Conv2D", "filters": 3, "kernel_size": 3, "strides": 4}},
        {"layer": "BatchNormalization", "renorm": True},
        {"layer": "Reshape", "target_shape": [3, 9]},
        {"layer": "Bidirectional",
         "wraps": {"layer": "SimpleRNN", "units": 4, "dropout": 0.3, "recurrent_dropout": 0.2}},
        {"layer": "Dense", "units": 10, "activation": "softmax", "kernel_regularizer": "l2"},
    ]  # fmt: skip
    assert_resumes_exactly(presets.from_document(document, "states"), [stop_at(9)], tmp_path)


@pytest.mark.prove
def test_a_pair_with_dropout_and_batch_normalization(few_images: Path, tmp_path: Path) -> None:
    assert_resumes_exactly(small_gan(few_images, steps=12), [stop_at(5)], tmp_path)


@pytest.mark.prove
def test_the_gan_from_20_to_40_steps(few_images: Path, tmp_path: Path) -> None:
    preset = preset_with("gan", data_folder=str(few_images), batch_size=16)
    task = task_of(preset)
    in_chunks(task, 20, 10)
    folder = checkpoint.save(tmp_path, 20, "asked", task.arrays(), task.networks)
    rows = in_chunks(task, 20, 10)
    fresh = task_of(preset.with_settings({"seed": 7, "learning_rate": 0.5}).with_settings(preset.settings))
    in_chunks(fresh, 3, 3)  # it has gone its own way
    fresh.restore(checkpoint.read(folder))
    fresh.steps.go_to(20)
    assert in_chunks(fresh, 20, 3).tobytes() == rows.tobytes()
    assert_same_arrays(task.arrays(), fresh.arrays())


def test_stopped_in_the_last_validation_it_is_not_finished_yet(few_images: Path, tmp_path: Path) -> None:
    preset = small_cnn(few_images, epochs=2)
    folder = presets.new_run(preset, tmp_path)
    _, answers = attempt(folder, preset, stop_in_validation_at(12))
    state = state_of(folder)
    assert (state.state, state.step, state.epoch) == ("stopped", 12, 1)
    assert answers[-1].ok and answers[-1].text == "stopped at step 12"
    attempt(folder, preset)
    state = state_of(folder)
    assert (state.state, state.step, state.epoch) == ("finished", 12, 2)
    assert state.series["val_loss"].steps.tolist() == [6, 12]


# Trained longer ------------------------------------------------------------------------------------------


def longer(preset: Preset, unit: str, count: int, tmp_path: Path) -> tuple[RunFolder, RunFolder]:
    """A run of that length, and one that had finished before, and was trained to it then."""
    asked = preset.of_length(unit, count)
    whole, parts = presets.new_run(asked, tmp_path / "whole"), presets.new_run(preset, tmp_path / "parts")
    attempt(whole, asked)
    attempt(parts, preset)
    assert state_of(parts).state == "finished"
    presets.set_length(parts, unit, count)
    assert presets.of_run(parts).settings == asked.settings
    attempt(parts, presets.of_run(parts))
    return whole, parts


@pytest.mark.prove
def test_a_finished_run_that_trains_longer_is_the_run_that_was_that_long(tmp_path: Path) -> None:
    preset = preset_with("xor", steps=41, batch_size=3, optimizer="adam", learning_rate_decay=0.01)
    whole, parts = longer(preset, "epochs", 33, tmp_path)  # of two steps each
    one, other = state_of(whole), state_of(parts)
    assert (one.state, one.step) == (other.state, other.step) == ("finished", 66)
    assert one.series["loss"].values.tobytes() == other.series["loss"].values.tobytes()
    assert_same_arrays(last_checkpoint(whole), last_checkpoint(parts))


def test_where_it_goes_on_from_its_best_weights_it_says_so(few_images: Path) -> None:
    task = task_of(small_cnn(few_images))
    before, loop = EarlyStopping(task), EarlyStopping(task)
    for epoch, loss in enumerate((2.0, 1.0, 3.0), start=1):
        before.best_so_far(epoch, {"val_loss": loss})
        task.set_weights([weight + 1 for weight in task.weights()])
    loop.restore(before.arrays())
    assert loop.goes_on_from(3) == "", "stopped in the middle it goes on from where it was"
    before.restore_best_weights()
    loop.restore(before.arrays())
    assert loop.goes_on_from(3) == (
        "Training goes on from the weights of epoch 2, the best, with which the run had ended; "
        "without that end it would have gone on from those of epoch 3."
    )
    assert loop.goes_on_from(2) == "", "the last were the best"


# The files -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["xor", pytest.param("fashion-cnn", marks=pytest.mark.prove), "gan"])
def test_the_keras_files_load_with_plain_keras_and_predict_the_same(
    name: str, few_images: Path, tmp_path: Path
) -> None:
    preset = preset_with(name) if name == "xor" else preset_with(name, data_folder=str(few_images), batch_size=16)
    task = task_of(preset)
    in_chunks(task, 3, 3)
    folder = checkpoint.save(tmp_path, 3, "asked", task.arrays(), task.networks)
    for network in task.networks:
        loaded = keras.saving.load_model(folder / f"{network.name}.keras")
        inputs = np.random.default_rng(0).random((5, *network.input_shape[1:]), np.float32)
        assert loaded.predict(inputs, verbose=0).tobytes() == network.predict(inputs, verbose=0).tobytes()


def test_a_checkpoint_is_its_owners_alone_and_lists_its_files(tmp_path: Path) -> None:
    task = task_of(preset_with("xor"))
    folder = checkpoint.save(tmp_path / "checkpoints", 12, "asked", task.arrays(), task.networks)
    assert folder == tmp_path / "checkpoints" / "000000012"
    assert sorted(path.name for path in folder.iterdir()) == ["classifier.keras", "manifest.json", "state.safetensors"]
    assert all(path.stat().st_mode & 0o077 == 0 for path in (folder, *folder.iterdir()))
    assert [path.name for path in folder.parent.iterdir()] == ["000000012"], "nothing half-made is left"


def test_a_checkpoint_of_the_same_step_is_replaced(tmp_path: Path) -> None:
    task = task_of(preset_with("xor"))
    for _ in range(2):
        folder = checkpoint.save(tmp_path, 12, "asked", task.arrays(), task.networks)
        in_chunks(task, 5, 5)
    read = checkpoint.read(folder)
    assert int(read["optimizer/0.iteration"]) == 5
    assert [path.name for path in tmp_path.iterdir()] == ["000000012"]


# Damage --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where two sound checkpoints lie, which nobody changes."""
    task, within = task_of(preset_with("xor")), tmp_path_factory.mktemp("saved")
    for step in (10, 20):
        checkpoint.save(within, step, "asked", task.arrays(), task.networks)
    return within


@pytest.fixture
def two(saved: Path, tmp_path: Path) -> tuple[Path, Path]:
    """The folders of two sound checkpoints of a test's own, the older first."""
    shutil.copytree(saved, tmp_path, dirs_exist_ok=True)
    return tmp_path / "000000010", tmp_path / "000000020"


@pytest.mark.parametrize("name", ["state.safetensors", "classifier.keras", "manifest.json"])
@pytest.mark.parametrize("place", [0, 100, -1])
def test_a_flipped_bit_is_refused_by_name_and_the_checkpoint_before_is_used(
    name: str, place: int, two: tuple[Path, Path]
) -> None:
    file = two[1] / name
    content = bytearray(file.read_bytes())
    content[place] ^= 0x10
    file.write_bytes(content)
    with pytest.raises(UserError) as caught:
        checkpoint.read(two[1])
    assert str(caught.value).startswith("The checkpoint 000000020 ")
    if name != "manifest.json":  # a changed checksum there speaks against the file that it is of
        assert f"was changed: {name} is not what was saved" in str(caught.value)
    step, arrays, passed_over = newest_readable(two[0].parent)
    assert step == 10 and arrays and passed_over == [str(caught.value)]


@pytest.mark.parametrize("name", ["state.safetensors", "classifier.keras", "manifest.json"])
def test_a_missing_file_is_refused_by_name_and_the_checkpoint_before_is_used(name: str, two: tuple[Path, Path]) -> None:
    (two[1] / name).unlink()
    with pytest.raises(UserError, match=r"The checkpoint 000000020 (lacks|has no) .*") as caught:
        checkpoint.read(two[1])
    assert name.split(".")[0] in str(caught.value)
    assert newest_readable(two[0].parent)[0] == 10


def test_what_is_far_too_large_is_refused_before_it_is_read(two: tuple[Path, Path]) -> None:
    os.truncate(two[1] / "state.safetensors", 10**12)  # sparse: it takes no room
    begin = time.monotonic()
    step, passed_over = checkpoint.restore_newest(two[0].parent, lambda _, arrays: None, most=10**6)
    assert step == 10 and time.monotonic() - begin < 60
    assert passed_over == ["The checkpoint 000000020 is not of this run: state.safetensors is far too large."]


def test_numbers_that_fit_nothing_are_refused_by_name(two: tuple[Path, Path]) -> None:
    def refuse(step: int, arrays: object) -> None:
        if step == 20:
            int(float("nan"))

    step, passed_over = checkpoint.restore_newest(two[0].parent, refuse)
    assert step == 10 and passed_over[0].startswith("The checkpoint 000000020 does not fit.")


def refuses(number: int, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the file system does not let a file be opened."""
    for module in (os, io):

        def opened(path: object, *rest: Any, really: Callable[..., Any] = module.open, **more: Any) -> Any:
            if str(path) == str(file):
                raise OSError(number, os.strerror(number), str(path))
            return really(path, *rest, **more)

        monkeypatch.setattr(module, "open", opened)


FILES = ("manifest.json", "state.safetensors")


@pytest.mark.parametrize("name", FILES)
def test_a_checkpoint_of_another_user_is_never_passed_over(
    name: str, two: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    refuses(errno.EACCES, two[1] / name, monkeypatch)
    with pytest.raises(UserError) as caught:
        newest_readable(two[0].parent)
    assert str(caught.value) == (
        "The checkpoint 000000020 cannot be read: Permission denied; check who owns it and have it made yours, or move "
        "it away to go on without it."
    )


@pytest.mark.parametrize("name", FILES)
def test_a_checkpoint_that_the_disk_does_not_give_is_passed_over_and_says_why(
    name: str, two: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    refuses(errno.EIO, two[1] / name, monkeypatch)
    step, _, passed_over = newest_readable(two[0].parent)
    assert step == 10 and passed_over == [
        "The checkpoint 000000020 cannot be read: the disk cannot read or write it; it may be failing: copy what "
        "matters to another."
    ]


def test_what_cannot_be_read_is_not_replaced(two: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    before = (two[1] / "state.safetensors").read_bytes()
    task = task_of(preset_with("xor"))
    with monkeypatch.context() as patched:
        refuses(errno.EACCES, two[1] / "manifest.json", patched)
        with pytest.raises(PermissionError):
            checkpoint.save(two[0].parent, 20, "asked", task.arrays(), task.networks)
    assert (two[1] / "state.safetensors").read_bytes() == before
    assert [path.name for path in sorted(two[0].parent.iterdir())] == ["000000010", "000000020"]


def test_a_half_made_checkpoint_does_not_count(two: tuple[Path, Path]) -> None:
    two[1].rename(two[1].with_name(".000000020.making"))
    assert newest_readable(two[0].parent)[0] == 10
    assert newest_readable(two[0].parent / "none") == (None, {}, [])


def test_a_kill_while_a_checkpoint_is_replaced_does_not_lose_it(two: tuple[Path, Path]) -> None:
    two[1].rename(two[1].with_name(".000000020.old"))  # moved aside, and the new one is not in its place yet
    step, _, passed_over = newest_readable(two[0].parent)
    assert (step, passed_over) == (20, [])
    two[0].rename(two[0].with_name(".000000010.gone"))  # one that was being deleted stays away
    assert [folder.name for folder in checkpoint.complete_folders(two[0].parent)] == ["000000020"]


def test_without_a_usable_checkpoint_a_run_does_not_begin_again_but_says_what_is_wrong(two: tuple[Path, Path]) -> None:
    for folder in two:
        (folder / "manifest.json").write_bytes(b"{}")
    with pytest.raises(UserError) as caught:
        newest_readable(two[0].parent)
    assert str(caught.value) == (
        "None of the checkpoints 000000020, 000000010 can be used: The checkpoint 000000020 has no readable "
        f"manifest; restore what is missing or changed, or move the folder {two[0].parent.name} away to train from the "
        "first step."
    )


def test_a_checkpoint_of_another_network_is_refused_by_the_array(two: tuple[Path, Path]) -> None:
    document = presets.find("xor").as_document()
    document["networks"]["classifier"]["layers"][1]["units"] = 5
    other = task_of(presets.from_document(document, "xor"))
    with pytest.raises(UserError, match=r"The checkpoint lacks classifier/dense_1/0\.kernel in the shape \(2, 5\)"):
        other.restore(checkpoint.read(two[0]))


def without_what_it_is_made_of(folder: RunFolder) -> None:
    """Its checkpoints as an earlier version would have saved them."""
    for each in checkpoint.complete_folders(folder.checkpoints):
        says, _ = manifests.manifest(each)
        del says["made_of"]
        (each / "manifest.json").write_bytes(manifests.content_of(says))


@pytest.mark.prove
def test_a_checkpoint_of_before_with_another_number_of_data_is_refused(few_images: Path, tmp_path: Path) -> None:
    preset = small_cnn(few_images, steps=2)
    folder = presets.new_run(preset, tmp_path)
    attempt(folder, preset, stop_at(1))
    fewer = preset.with_settings({"validation_split": 0.5})
    with pytest.raises(UserError, match=r"validation_split is 0\.5, and was 0\.2\. Put that back, or start"):
        attempt(folder, fewer)
    without_what_it_is_made_of(folder)
    with pytest.raises(UserError, match=r"The run was trained on 96 examples of fashion-mnist, but 60 are at hand now"):
        attempt(folder, fewer)
    attempt(folder, preset)
    assert state_of(folder).state == "finished"


def test_data_of_the_same_number_but_another_content_are_refused(tmp_path: Path) -> None:
    def write(seed: int) -> None:
        images = np.random.default_rng(seed).integers(0, 256, (60, 28, 28), np.uint8)
        np.savez(tmp_path / "fashion-mnist.npz", x_train=images, y_train=np.arange(60) % 10)

    write(0)
    preset = small_cnn(tmp_path, steps=2)
    folder = presets.new_run(preset, tmp_path / "runs")
    attempt(folder, preset, stop_at(1))
    write(1)
    origin = f"48 examples, folder {tmp_path}"
    with pytest.raises(UserError) as caught:
        attempt(folder, preset)
    assert str(caught.value) == (
        f"fashion-cnn-1 was trained on other data ({origin}) than are there now ({origin}); restore them, or start "
        "another run."
    )
    write(0)
    attempt(folder, preset)
    assert state_of(folder).state == "finished"


def test_points_that_were_changed_while_training_are_still_the_same_runs(tmp_path: Path) -> None:
    (tmp_path / "two.csv").write_text("0,0,0\n1,1,1\n")
    preset = preset_with("plane", points=str(tmp_path / "two.csv"), steps=20)
    folder = presets.new_run(preset, tmp_path / "runs")
    preset = presets.of_run(folder)
    points = Command("set", setting="points", value=[[0.0, 0.0, 0], [1.0, 1.0, 1], [0.0, 1.0, 1]])
    attempt(folder, preset, in_turn(points, Command("stop")))
    (folder.path / "points.csv").write_text("0,0,1\n1,1,0\n")
    with pytest.raises(UserError, match=r"plane-1 was trained on other data \(2 examples, file points\.csv\)"):
        attempt(folder, preset)
    (folder.path / "points.csv").write_text("0,0,0\n1,1,1\n")
    task, _ = attempt(folder, preset)
    assert len(task.dataset.train) == 3


def test_what_may_change_is_taken(few_images: Path, tmp_path: Path) -> None:
    preset = preset_with("xor", steps=20)
    folder = presets.new_run(preset, tmp_path)
    attempt(folder, preset, stop_at(10))
    preset = preset.with_settings({"steps": 30, "learning_rate": 0.5})
    task, recorder = task_of(preset), Recorder(folder)
    loop = Loop(task, recorder, Scripted(silent), Steering(task, recorder))
    assert loop.resume() == [
        "Since its last checkpoint, learning_rate is 0.5, and was 0.001 (preset.toml).",
    ]
    assert float(task.learner.optimizers["optimizer"].learning_rate) == 0.5
    assert task.steps_total == 30


def test_a_run_that_goes_on_where_numbers_are_computed_otherwise_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    preset = preset_with("xor", steps=20)
    folder = presets.new_run(preset, tmp_path)
    computed_with.computed_with.cache_clear()
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TF_NUM_INTRAOP_THREADS", "64")
        elsewhere.setenv("TF_ENABLE_ONEDNN_OPTS", "0")
        attempt(folder, preset, stop_at(10))
    computed_with.computed_with.cache_clear()
    task, recorder = task_of(preset), Recorder(folder)
    says = (
        f"From here on, numbers may differ in their last bits: threads {len(os.sched_getaffinity(0))} instead of 64; "
        "oneDNN on instead of off."
    )
    assert Loop(task, recorder, Scripted(silent), Steering(task, recorder)).resume() == [says]

    longer = preset.with_settings({"steps": 30})
    attempt(folder, longer, stop_at(15))
    (folder.checkpoints / "000000015" / "state.safetensors").unlink()
    task, recorder = task_of(longer), Recorder(folder)
    passed_over, said = Loop(task, recorder, Scripted(silent), Steering(task, recorder)).resume()
    assert passed_over.startswith("The checkpoint 000000015 ")
    assert said == says, "of the one that is used"


def test_examples_in_memory_and_in_their_file_are_the_same_data(
    few_images: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    preset = small_cnn(few_images)
    held = load(preset)
    monkeypatch.setattr("gan_tui.system.machine.free_memory", lambda: 100_000)
    stored = load(preset)
    assert isinstance(stored.train.x, StoredRows)
    assert held.sha256() == stored.sha256()
    monkeypatch.setattr("gan_tui.training.models.examples.ALL_LOOKED_AT", 50)
    monkeypatch.setattr("gan_tui.training.models.examples.LOOKED_AT", 20)
    assert held.sha256() == stored.sha256() != load(small_cnn(few_images, seed=1)).sha256()
