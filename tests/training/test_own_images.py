"""Colour images of one's own, in memory or left in their file: the same bits, the same pictures, sweeps too."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gan_tui import presets
from gan_tui.cli.arguments import main
from gan_tui.data import own
from gan_tui.data.arrays import npz
from gan_tui.data.own.image_rows import ImageRows, Wish
from gan_tui.data.rows import StoredRows, rows_of
from gan_tui.presets import Preset
from gan_tui.presets.plan import settled
from gan_tui.run import pictures
from gan_tui.run.events import Epoch, Picture
from gan_tui.sweep.engines import local
from gan_tui.training.models.examples import own_images
from product import events_of
from training_tasks import assert_same_arrays, attempt, in_chunks, preset_with, stop_at, task_of


@pytest.fixture
def colour(tmp_path: Path) -> Path:
    """90 images, 16 × 16, of two classes that differ in colour; uncompressed, so that rows can be read one by one."""
    random = np.random.default_rng(0)
    labels = np.arange(90) % 2
    images = random.integers(0, 60, (90, 16, 16, 3)).astype(np.uint8)
    images[np.arange(90), 4:12, 4:12, labels * 2] = 220
    np.savez(tmp_path / "colour.npz", images=images, labels=labels)
    return tmp_path / "colour.npz"


@pytest.fixture
def left_in_file(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Images are left in their file from then on."""

    def rows(found: own.Found, wish: Wish, on_read: Any = None) -> ImageRows:
        stored = npz(found.path, ("images", "labels"))
        lying = rows_of(stored["images"])
        assert lying is not None
        return ImageRows(lying, np.load(found.path)["labels"], found)

    return lambda: monkeypatch.setattr("gan_tui.data.own.image_rows", rows)


def on(colour: Path, name: str, **settings: Any) -> Preset:
    return settled(preset_with(name, data=str(colour), batch_size=16, **settings))


@pytest.mark.parametrize(
    "name", [*(pytest.param(name, marks=pytest.mark.prove) for name in ("shapes", "autoencoder")), "gan"]
)
def test_the_same_bits_and_pictures_from_memory_and_from_the_file(name: str, colour: Path, left_in_file: Any) -> None:
    preset = on(colour, name, augment=["flip"])
    held = task_of(preset)
    rows = in_chunks(held, 9, 4)
    left_in_file()
    kept = task_of(preset)
    assert isinstance(kept.dataset.train.x, StoredRows) and kept.dataset.train.x.shape[1:] in ((16, 16, 3), (768,))
    assert kept.dataset.origin == f"{colour}, read as needed" and kept.dataset.sha256() == held.dataset.sha256()
    assert in_chunks(kept, 9, 3).tobytes() == rows.tobytes()
    assert_same_arrays(held.arrays(), kept.arrays())
    for one, other in zip(held.snapshots, kept.snapshots, strict=True):
        drawn, again = (
            [tiles.levels for tiles in snapshot.draw() if hasattr(tiles, "levels")] for snapshot in (one, other)
        )
        assert [levels.tobytes() for levels in drawn] == [levels.tobytes() for levels in again]
    if held.validation and kept.validation:
        for task in (held, kept):
            task.validation.run(0, len(task.dataset.validation or ()))
        assert held.validation.result() == kept.validation.result()


def test_a_run_on_them_keeps_its_form_shows_colours_and_resumes(colour: Path, tmp_path: Path) -> None:
    preset = on(colour, "shapes", epochs=2, validation_split=0.2)
    whole, parted = (presets.new_run(preset, tmp_path, name) for name in ("whole", "parted"))
    attempt(whole, presets.of_run(whole))
    attempt(parted, presets.of_run(parted), stop_at(3))
    attempt(parted, presets.of_run(parted))
    epochs, others = ([(event.step, event.values) for event in events_of(folder, Epoch)] for folder in (whole, parted))
    assert epochs == others and len(epochs) == 2
    shown = [event for event in events_of(whole, Picture) if event.tag == "input"][-1]
    assert pictures.read(whole, shown).levels.shape == (1, 16, 16, 3)
    written = presets.of_run(whole).settings
    assert (written["image_size"], written["color"]) == ((16, 16), "rgb")


def test_a_split_has_its_share_of_each_class(colour: Path) -> None:
    data = own_images(on(colour, "shapes", validation_split=0.2))
    assert data.validation is not None
    assert np.bincount(data.validation.y).tolist() == [9, 9] and np.bincount(data.train.y).tolist() == [36, 36]
    assert data.notes == ()


def test_they_may_be_swept(
    colour: Path, runs: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "workers_for", lambda jobs: 1)  # each more would load TensorFlow, too
    arguments = ["sweep", "shapes", "--data", str(colour), "--set", "epochs=1", "--set", "batch_size=16"]
    assert main([*arguments, "--set", "augment=[],[flip]", "--repeats", "2"]) == 0
    said = capsys.readouterr()
    assert said.out.count("\n") >= 4 and "nan" not in said.out
