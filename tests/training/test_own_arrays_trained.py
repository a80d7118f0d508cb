"""A run on an array of one's own is, bit for bit, the run on the same images bundled, and the one that was resumed."""

from pathlib import Path

import numpy as np
import pytest

from gan_tui import presets
from gan_tui.data.rows import StoredRows
from gan_tui.presets import Preset
from gan_tui.system import machine
from product import state_of
from training_tasks import assert_same_arrays, attempt, last_checkpoint, small_cnn, stop_at


def cnn(file: Path, **settings: object) -> Preset:
    document = small_cnn(file.parent).as_document()
    document["networks"]["classifier"]["input"] = "data"
    document["networks"]["classifier"]["layers"][-1]["units"] = "classes"
    document["settings"] |= {"data_folder": "", "data": str(file), "epochs": 2, **settings}
    return presets.from_document(document, "small-cnn")


def test_the_clothes_as_an_array_train_as_the_bundled_ones(few_images: Path, tmp_path: Path) -> None:
    bundled, own = tmp_path / "bundled", tmp_path / "own"
    preset = small_cnn(few_images, epochs=2, validation_split=0.0)
    run = presets.new_run(preset, bundled)
    attempt(run, preset)
    preset = cnn(few_images / "fashion-mnist.npz", validation_split=0.0)
    other = presets.new_run(preset, own)
    attempt(other, preset)
    losses = [state_of(each).series["loss"].values for each in (run, other)]
    assert len(losses[0]) == 16 and losses[0].tobytes() == losses[1].tobytes()


@pytest.mark.prove
def test_colours_resumed_from_their_file_are_the_same_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    labels = np.arange(100) % 4
    noise = np.random.default_rng(5).integers(0, 90, (100, 20, 24, 3))
    np.savez(tmp_path / "colours.npz", x=(noise + 40 * labels[:, None, None, None]).astype("u1"), y=labels)
    preset = cnn(tmp_path / "colours.npz", validation_split=0.1)
    whole, parts = presets.new_run(preset, tmp_path / "whole"), presets.new_run(preset, tmp_path / "parts")
    attempt(whole, preset)
    attempt(parts, preset, stop_at(8))
    with monkeypatch.context() as little:
        little.setattr(machine, "free_memory", lambda: 100_000)
        task, _ = attempt(parts, preset)
    assert isinstance(task.dataset.train.x, StoredRows)
    one, other = state_of(whole), state_of(parts)
    assert (one.state, one.step) == (other.state, other.step) == ("finished", 12)
    for name, series in one.series.items():
        assert other.series[name].values.tobytes() == series.values.tobytes(), name
    assert_same_arrays(last_checkpoint(whole), last_checkpoint(parts))
