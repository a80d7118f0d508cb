"""A run on images of a person's own: they are read before its folder is made, and missed by name when it goes on."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from gan_tui import presets
from gan_tui.data.own import cache
from gan_tui.errors import UserError
from gan_tui.presets import Preset, made_of
from gan_tui.presets.own_data import found_again
from gan_tui.presets.plan import planned
from gan_tui.presets.preparing import prepare_all, prepared
from gan_tui.run import manifests
from gan_tui.run.folder import RunFolder
from gan_tui.supervision import launching, starting
from photos import photo, photos


@pytest.fixture(autouse=True)
def _kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(launching, "spawn", lambda *_: None)  # nothing here is to be trained


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    return photos(tmp_path / "pets", {"cat": 30, "dog": 30}, [(28, 28), (30, 40)])


def on(root: Path, preset: str = "fashion-cnn", **settings: object) -> Preset:
    return presets.find(preset).with_settings({"data": str(root), "batch_size": 8, **settings})


def refused(do: object, *given: object) -> str:
    with pytest.raises(UserError) as refusal:
        do(*given)  # type: ignore[operator]
    return str(refusal.value)


def test_numbers_are_exact_once_all_was_read(pets: Path) -> None:
    (pets / "cat" / "0.png").write_bytes(b"-")
    preset = on(pets)
    assert planned(preset).train == 48  # by the files alone
    exact = prepared(preset)
    assert (exact.facts.count, planned(exact).train, planned(exact).validation) == (59, 47, 12)


def test_what_was_read_stands_in_the_runs_preset(pets: Path, runs: Path) -> None:
    (pets / "cat" / "0.png").write_bytes(b"-")
    told: list[tuple[int, int]] = []
    run = starting.start(on(pets), runs, "mine", on_read=lambda done, count: told.append((done, count)))
    assert told[-1] == (60, 60)
    found = presets.of_run(run).found
    assert found is not None and (found.count, found.names) == (59, ("cat", "dog"))
    assert presets.of_run(run).facts.shape == presets.of_run(run).settings["image_size"] + (3,)


def test_a_class_that_came_since_it_was_looked_at_is_learnt(pets: Path) -> None:
    preset = on(pets)
    photos(pets, {"bird": 30})
    exact = prepared(preset)
    assert exact.facts.names == ("bird", "cat", "dog") and exact.networks[0].output == (3,)


def test_where_it_is_left_no_folder_is_made(pets: Path, runs: Path) -> None:
    def leave(done: int, count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        starting.start(on(pets), runs, "mine", on_read=leave)
    assert not runs.exists() and not cache.sets()


def test_too_many_broken_images_are_refused_before_a_folder_is_made(pets: Path, runs: Path) -> None:
    for number in range(10):
        (pets / "cat" / f"{number}.png").write_bytes(b"-")
    sentence = refused(starting.start, on(pets), runs, "mine")
    assert sentence.startswith(f"More than 10 % of the images in {pets} cannot be read, cat/")
    assert not runs.exists()


def spoilt(place: Path) -> None:
    """One bit of the last image is another."""
    content = bytearray(place.read_bytes())
    content[content.index(bytes([77] * 28)) + 3] ^= 1
    place.write_bytes(content)


def test_arrays_that_cannot_be_learnt_from_are_refused_before_a_folder_is_made(tmp_path: Path, runs: Path) -> None:
    images, place = np.zeros((40, 28, 28), np.float32), tmp_path / "mine.npz"
    images[7, 3, 4] = np.nan
    np.savez(place, x=images, y=np.arange(40) % 2)
    said = f"{place}, x, holds 1 number that is not finite, the first in image 7: save it without them, as "
    assert refused(starting.start, on(place), runs, None) == f"{said}numpy.nan_to_num makes it."
    np.savez(place, x=np.full((40, 28, 28), 77, np.uint8), y=np.arange(40) % 2)
    spoilt(place)
    said = refused(starting.start, on(place), runs, None)
    assert said == f"{place} is damaged (Bad CRC-32 for file 'x.npy'): save it again, or name another."
    assert not runs.exists()


def test_a_preset_that_cannot_be_trained_is_refused_before_anything_is_read(pets: Path, runs: Path) -> None:
    assert "batch_size 64 is more than" in refused(starting.start, on(pets, batch_size=64), runs, "mine")
    assert not cache.sets()


def test_each_form_is_read_once(pets: Path) -> None:
    forms = [on(pets, resize=how, seed=seed) for how in ("crop", "pad") for seed in (1, 2, 3)]
    prepare_all(forms)
    assert len(cache.sets()) == 2


@pytest.fixture
def run(pets: Path, runs: Path) -> RunFolder:
    return starting.start(on(pets), runs, "mine")


def test_a_run_whose_images_are_gone_says_where_they_were(run: RunFolder, pets: Path) -> None:
    shutil.rmtree(pets)
    sentence = (
        f"The data of this run are not at {pets} any more: have them mounted or put back, or, if they were moved, "
        'write where they are now as data = "…" into the [settings] of its preset.toml.'
    )
    assert refused(starting.restart, run) == sentence
    preset = presets.of_run(run)  # it can be looked at all the same
    assert preset.found is not None
    assert refused(found_again, preset.rules, preset.settings, preset.found) == sentence


def test_a_run_whose_images_were_moved_finds_them_where_its_preset_says(run: RunFolder, pets: Path) -> None:
    moved = pets.rename(pets.with_name("animals"))
    run.preset_file.write_text(run.preset_file.read_text().replace(f'"{pets}"', f'"{moved}"'))
    preset = presets.of_run(run)
    assert preset.found is not None
    assert found_again(preset.rules, preset.settings, preset.found).path == moved


def test_a_run_whose_classes_are_others_says_which(run: RunFolder, pets: Path) -> None:
    (pets / "dog").rename(pets / "wolf")
    photo(pets / "bird" / "0.png")
    preset = presets.of_run(run)
    assert preset.found is not None
    assert refused(found_again, preset.rules, preset.settings, preset.found) == (
        f"{pets} has other classes than this run began with: bird, wolf are new, and dog is gone; restore them, or "
        "start another run."
    )
    assert refused(starting.restart, run) == refused(found_again, preset.rules, preset.settings, preset.found)


def test_a_run_whose_test_part_lost_its_train_part_says_so_at_once(tmp_path: Path, runs: Path) -> None:
    root = tmp_path / "parts"
    photos(root / "train", {"cat": 20, "dog": 20})
    photos(root / "test", {"cat": 5, "dog": 5})
    run = starting.start(on(root), runs, "mine")
    shutil.rmtree(root / "train")
    assert refused(starting.restart, run) == (
        f"{root} holds test and no train: name it, or put what to train on into train."
    )


def checkpoint(run: RunFolder, data: made_of.Data) -> None:
    """As a trainer leaves one behind, as far as it says what the run is made of."""
    folder = run.checkpoints / "000000010"
    folder.mkdir(parents=True)
    says = made_of.made_of(presets.of_run(run), data)
    content = manifests.content_of({"format": manifests.FORMAT, made_of.MADE_OF: says})
    (folder / manifests.MANIFEST).write_bytes(content)


def digits(place: Path, count: int) -> Path:
    np.savez(place, x=np.zeros((count, 28, 28), np.uint8), y=np.arange(count) % 2)
    return place


@pytest.mark.parametrize(("count", "differs"), [(90, "72 examples, {}, 8 fewer"), (110, "88 examples, {}, 8 more")])
def test_a_run_that_has_more_or_fewer_examples_now_says_so_at_once(
    tmp_path: Path, runs: Path, count: int, differs: str
) -> None:
    place = digits(tmp_path / "mine.npz", 100)
    run = starting.start(on(place), runs, "mine")
    checkpoint(run, made_of.Data(str(place), 80, "5e1f", 7))
    starting.restart(run)
    digits(place, count)
    assert refused(starting.restart, run) == (
        f"mine was trained on other data (80 examples, {place}) than are there now ({differs.format(place)}); restore "
        "them, or start another run."
    )


def test_a_run_whose_table_has_other_columns_says_so_at_once(tmp_path: Path, runs: Path) -> None:
    place, rows = tmp_path / "mine.csv", [f"{n % 7},{n % 5 / 2},{'ab'[n % 2]}" for n in range(60)]
    place.write_text("\n".join(["width,height,kind", *rows]))
    run = starting.start(presets.find("plane").with_settings({"data": str(place), "batch_size": 8}), runs, "mine")
    place.write_text("\n".join(["width,depth,kind", *rows]))
    assert refused(starting.restart, run) == (
        f'{place} is another table than this run was trained on: what it learns from is "depth", and was "height"; '
        "restore it, or start another run."
    )
