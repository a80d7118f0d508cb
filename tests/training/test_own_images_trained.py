"""A run on images in folders is the same run however they are read and whenever it is resumed; on others it is none."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gan_tui import presets
from gan_tui.data.own import cache
from gan_tui.data.rows import StoredRows
from gan_tui.errors import UserError
from gan_tui.presets import Preset
from gan_tui.system import machine
from gan_tui.training.tasks import load
from product import state_of
from training_tasks import assert_same_arrays, attempt, last_checkpoint, small_cnn, stop_at


@pytest.fixture
def clothes(few_images: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Clothes as JPEG files of two sizes, in a folder for each class."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with np.load(few_images / "fashion-mnist.npz") as stored:
        for number, (image, label) in enumerate(zip(stored["x_train"], stored["y_train"], strict=True)):
            file = tmp_path / "clothes" / f"class{label}" / f"{number:03}.jpg"
            file.parent.mkdir(parents=True, exist_ok=True)
            whole = Image.fromarray(image)
            (whole.resize((56, 56)) if number % 3 == 0 else whole).save(file, quality=95)
    return tmp_path / "clothes"


def cnn(root: Path, **settings: object) -> Preset:
    document = small_cnn(root).as_document()
    document["settings"] |= {"data_folder": "", "data": str(root), **settings}
    return presets.from_document(document, "small-cnn")


@pytest.mark.prove
def test_it_is_the_same_run_when_resumed_from_rows_that_were_made_anew_and_stay_in_their_file(
    clothes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    preset = cnn(clothes, epochs=3)
    whole, parts = presets.new_run(preset, tmp_path / "whole"), presets.new_run(preset, tmp_path / "parts")
    attempt(whole, preset)
    attempt(parts, preset, stop_at(8))
    assert cache.clear()
    with monkeypatch.context() as little:
        little.setattr(machine, "free_memory", lambda: 100_000)
        task, _ = attempt(parts, preset)
    assert isinstance(task.dataset.train.x, StoredRows)
    one, other = state_of(whole), state_of(parts)
    assert (one.state, one.step) == (other.state, other.step) == ("finished", 18)
    for name, series in one.series.items():
        assert other.series[name].values.tobytes() == series.values.tobytes(), name
    assert_same_arrays(last_checkpoint(whole), last_checkpoint(parts))


def changed(root: Path) -> None:
    file = next(root.rglob("*.jpg"))
    Image.fromarray(255 - np.asarray(Image.open(file))).save(file, quality=95)


def renamed(root: Path) -> None:
    first = min((root / "class0").iterdir())
    first.rename(first.with_name("zzz.jpg"))


def fewer(root: Path) -> None:
    for file in sorted(root.rglob("*.jpg"))[:5]:
        file.unlink()


@pytest.mark.prove
def test_other_images_are_refused_by_how_they_differ(clothes: Path, tmp_path: Path) -> None:
    preset = cnn(clothes, epochs=1)
    run = presets.new_run(preset, tmp_path / "runs")
    attempt(run, preset, stop_at(2))
    as_it_was = shutil.copytree(clothes, tmp_path / "as it was")
    for otherwise, differs in (
        (changed, "some of them changed"),
        (renamed, "the same ones in another order or split"),
        (fewer, "4 fewer"),  # and one of those held back
    ):
        otherwise(clothes)
        with pytest.raises(
            UserError, match=rf"was trained on other data .*, {differs}\); restore them, or start anoth"
        ):
            attempt(run, preset)
        shutil.rmtree(clothes)
        shutil.copytree(as_it_was, clothes)
    attempt(run, preset)
    assert state_of(run).state == "finished"


def test_a_share_of_each_class_is_held_back_by_the_seed(clothes: Path) -> None:
    data = load(cnn(clothes))
    assert data.validation is not None and (len(data.train), len(data.validation)) == (96, 24)
    whole = np.bincount(np.concatenate([data.train.y, data.validation.y]))
    assert (np.abs(np.bincount(data.validation.y, minlength=len(whole)) - whole * 0.2) < 1).all()
    assert not np.array_equal(load(cnn(clothes, seed=9)).train.x, data.train.x)


def test_images_of_another_form_are_those_of_the_array(clothes: Path, few_images: Path) -> None:
    data = load(cnn(clothes, validation_split=0.0))
    with np.load(few_images / "fashion-mnist.npz") as stored:
        images, labels = stored["x_train"], stored["y_train"]
    order = np.lexsort((np.arange(len(labels)), labels))
    assert data.train.y.tolist() == labels[order].tolist()
    apart = np.abs(np.asarray(data.train.x)[..., 0].astype(int) - images[order]).mean()
    assert apart < 6  # shades of 255: JPEG's, and those of an image that was twice as large
