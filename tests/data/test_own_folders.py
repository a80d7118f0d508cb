"""What lies in a folder of images is told from names and headers, and what cannot be used is refused in a sentence."""

import os
import time
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gan_tui.data import own
from gan_tui.data.own import Form, folders, image_files
from gan_tui.errors import UserError
from photos import photo, photos


def look(path: Path) -> own.Found:
    return own.look(str(path))


def refused(path: Path) -> str:
    with pytest.raises(UserError) as refusal:
        own.look(str(path))
    return str(refusal.value)


def test_a_folder_a_class_in_natural_order(tmp_path: Path) -> None:
    root = photos(tmp_path / "pets", {"class10": 3, "class2": 6, "Class1": 1}, [(8, 6), (64, 48), (9, 7)])
    found = look(root)
    assert (found.form, found.name, found.count, found.held_back) == (Form.IMAGES, "pets", 10, 0)
    assert found.names == ("Class1", "class2", "class10")
    assert found.says == "10 colour images, 8 × 6 to 64 × 48, in 3 classes, 10 % in the smallest"
    assert (found.sides, found.channels, found.notes) == (None, 3, ())


def test_images_alone_have_no_classes(tmp_path: Path) -> None:
    for number in range(3):
        photo(tmp_path / "faces" / f"{number}.png", number, (20, 30), "L")
    found = look(tmp_path / "faces")
    assert (found.names, found.count, found.sides, found.channels) == ((), 3, (30, 20), 1)
    assert found.says == "3 grey images, 20 × 30"


@pytest.mark.parametrize("ending", sorted(image_files.ENDINGS))
def test_an_array_beside_class_folders_is_no_data(tmp_path: Path, ending: str) -> None:
    for place in ("a/1", "b/2"):
        photo(tmp_path / f"{place}.{ending}", format="png")
    np.save(tmp_path / "features.npy", np.zeros((2, 8, 8), np.uint8))
    assert look(tmp_path).names == ("a", "b")


@pytest.mark.parametrize("ending", ["png", "JPG", "jpeg", "Webp", "bmp", "GIF", "tif", "ppm", "pgm"])
def test_every_ending_in_any_case(tmp_path: Path, ending: str) -> None:
    kinds = {"jpg": "jpeg", "tif": "tiff", "pgm": "ppm"}
    kind = kinds.get(ending.lower(), ending.lower())
    photo(tmp_path / f"a.{ending}", mode="L" if ending == "pgm" else "RGB", format=kind)
    assert look(tmp_path).count == 1


@pytest.mark.parametrize("val", ["val", "valid", "validation", "Val"])
def test_parts_are_taken_as_they_are(tmp_path: Path, val: str) -> None:
    photos(tmp_path / "train", {"a": 4, "b": 4})
    photos(tmp_path / val, {"b": 1, "a": 1})
    photos(tmp_path / "test", {"z": 9})
    found = look(tmp_path)
    assert (found.count, found.held_back, found.names) == (10, 2, ("a", "b"))
    assert found.says.endswith(f"in 2 classes, 50 % in the smallest, 2 of them held back ({val})")
    assert found.notes == ("the folder test is left alone",)


def test_letters_with_accents_are_the_same_class_however_a_system_writes_them(tmp_path: Path) -> None:
    composed, parted = unicodedata.normalize("NFC", "größe"), unicodedata.normalize("NFD", "größe")
    photos(tmp_path / "train", {composed: 2, "grow": 2})
    photos(tmp_path / "val", {parted: 1, "grow": 1})
    found = look(tmp_path)
    assert found.names == ("grow", composed) and found.held_back == 2
    (tmp_path / "train" / composed).rename(tmp_path / "train" / parted)
    assert look(tmp_path).names == found.names, "and has the same number"


def test_test_is_held_back_where_there_is_no_val(tmp_path: Path) -> None:
    photos(tmp_path / "train", {"a": 4, "b": 4})
    photos(tmp_path / "test", {"a": 2})
    found = look(tmp_path)
    assert (found.count, found.held_back) == (10, 2)
    assert found.notes == ("there is no val, so test is held back to validate on", "the folder test has no image of b")


def test_parts_without_class_folders(tmp_path: Path) -> None:
    photos(tmp_path, {"train": 4, "val": 2})
    found = look(tmp_path)
    assert (found.names, found.count, found.held_back) == ((), 6, 2)


def test_train_alone_is_all_there_is_and_a_train_among_others_is_a_thing(tmp_path: Path) -> None:
    photos(tmp_path / "one" / "train", {"a": 1, "b": 1})
    photos(tmp_path / "two", {"train": 2, "car": 2})
    assert look(tmp_path / "one").names == ("a", "b")
    assert look(tmp_path / "two").names == ("car", "train")


def test_what_systems_leave_behind_is_passed_over(tmp_path: Path) -> None:
    photos(tmp_path, {"a": 1, "b": 1})
    for name in (".git/x.png", "__MACOSX/a/y.png", "a/.DS_Store", "a/._0.png", "b/Thumbs.db"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"-")
    found = look(tmp_path)
    assert (found.count, found.names, found.notes) == (2, ("a", "b"), ())


def test_what_is_left_out_is_said(tmp_path: Path) -> None:
    photos(tmp_path, {"a": 2, "b": 2, "empty": 0})
    photo(tmp_path / "loose.png")
    for name in ("a/0.txt", "a/1.txt", "b/list.csv", "b/LICENSE", "b/new.heic"):
        (tmp_path / name).write_bytes(b"-")
    assert look(tmp_path).notes == (
        f"1 image in no class folder of {tmp_path.name} is left out",
        f"the folder empty in {tmp_path.name} holds no image, and is no class",
        "5 other files (.heic, .txt, without an ending and 1 more) are passed over; convert them to JPEG or PNG",
    )


def test_links_are_followed_but_not_in_circles(tmp_path: Path) -> None:
    elsewhere = photos(tmp_path / "elsewhere", {"x": 3})
    root = photos(tmp_path / "root", {"a": 1})
    (root / "b").symlink_to(elsewhere / "x")
    (root / "a" / "back").symlink_to(root)
    (root / "a" / "self").symlink_to(root / "a")
    (root / "a" / "deep").mkdir()
    (root / "a" / "deep" / "up").symlink_to(root / "a")
    found = look(root)
    assert (found.names, found.count) == (("a", "b"), 1 + 3)


def test_deeper_folders_belong_to_their_class(tmp_path: Path) -> None:
    photos(tmp_path / "a", {"2019": 2, "2020": 3})
    photos(tmp_path, {"b": 1})
    assert (look(tmp_path).names, look(tmp_path).count) == (("a", "b"), 6)


def only_val(root: Path) -> None:
    photos(root / "val", {"a": 1})


def two_vals(root: Path) -> None:
    for part in ("train", "val", "valid"):
        photos(root / part, {"a": 1})


def unknown_class(root: Path) -> None:
    photos(root / "train", {"a": 1, "b": 1})
    photos(root / "val", {"a": 1, "c": 1})


def flat_val(root: Path) -> None:
    photos(root / "train", {"a": 1, "b": 1})
    photos(root, {"val": 2})


def heic(root: Path) -> None:
    for n in range(3):
        (root / f"IMG_{n}.HEIC").write_bytes(b"-")


def no_images(root: Path) -> None:
    for n in range(3):
        (root / f"{n}.png").write_text("<html>404</html>")


def alike(root: Path) -> None:
    photos(root, {"a b": 1, "a\x1b b": 1})


def nameless(root: Path) -> None:
    photos(root, {"\x01": 1, "b": 1})


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (only_val, "{} holds val and no train: name it, or put what to train on into train."),
        (two_vals, "{} holds both val and valid: put them into one folder."),
        (
            unknown_class,
            "{}/val has the class c, and train has not: add images of it to train, or remove it from val.",
        ),
        (
            flat_val,
            "{}/train and {}/val must be alike, and only train has a folder for each class: "
            "make such folders in val, too.",
        ),
        (heic, "{} holds 3 files .heic and no image that gan-tui reads: convert to JPEG or PNG."),
        (
            no_images,
            "{} holds 3 files that are called images, and none of the 3 looked at can be read "
            "(0.png: no image that gan-tui reads): restore them.",
        ),
        (alike, "{} holds two folders whose names look alike, a b: rename it."),
        (nameless, "{} holds a folder whose name cannot be shown: rename it."),
    ],
)
def test_what_is_no_set_is_refused_in_a_sentence(make, sentence: str, tmp_path: Path) -> None:
    make(tmp_path)
    assert refused(tmp_path) == sentence.replace("{}", str(tmp_path))


def test_a_folder_that_may_not_be_looked_into_is_named(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may look into every folder")
    photos(tmp_path, {"a": 1, "b": 1})
    (tmp_path / "b").chmod(0)
    try:
        assert refused(tmp_path) == f"{tmp_path}/b cannot be looked into: Permission denied; check who owns it."
    finally:
        (tmp_path / "b").chmod(0o700)


def test_a_disk_is_no_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image_files, "MOST_OTHERS", 20)
    for number in range(30):
        (tmp_path / f"d{number % 3}" / f"e{number}").mkdir(parents=True)
    assert "no images: name the folder in which there is a folder of images for each class." in refused(tmp_path)


def test_a_file_of_labels_for_each_image_is_no_reason_to_refuse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(image_files, "MOST_OTHERS", 4)
    root = photos(tmp_path, {"a": 10, "b": 10})
    for image in root.rglob("*.png"):
        image.with_suffix(".json").write_text("{}")
    assert look(root).count == 20


def test_the_root_of_the_system_is_answered_soon() -> None:
    begin = time.perf_counter()
    with pytest.raises(UserError):
        own.look("/")
    assert time.perf_counter() - begin < 60


def test_a_folder_that_has_not_changed_is_not_listed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = photos(tmp_path / "pets", {"a": 2, "b": 2})
    before = time.time() - 60
    for folder in (root, root / "a", root / "b"):
        os.utime(folder, (before, before))
    found = look(root)
    with monkeypatch.context() as patched:
        patched.setattr(folders, "listed", lambda path: pytest.fail("listed again"))
        assert look(root) is found
    photo(root / "b" / "new.png")
    assert look(root).count == 5


def test_a_folder_that_was_changed_just_now_is_listed_again(tmp_path: Path) -> None:
    root = photos(tmp_path / "pets", {"a": 2, "b": 2})
    times = {folder: folder.stat().st_mtime_ns for folder in (root, root / "a", root / "b")}
    assert look(root).count == 4
    photo(root / "b" / "new.png")
    for folder, changed in times.items():  # as a file system with a coarse clock would say
        os.utime(folder, ns=(changed, changed))
    assert look(root).count == 5


def test_a_sample_of_very_many_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []
    really = Image.open
    monkeypatch.setattr(Image, "open", lambda *a, **k: opened.append(a) or really(*a, **k))
    photo(tmp_path / "a" / "0.png")
    for number in range(1, 300):
        os.link(tmp_path / "a" / "0.png", tmp_path / "a" / f"{number}.png")
    assert look(tmp_path).count == 300
    assert len(opened) == 100
