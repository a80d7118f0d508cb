"""Images are read once, kept as rows, and made anew when a file changes; what is left out is said."""

import errno
import os
import shutil
import stat
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gan_tui.data import own
from gan_tui.data.own import Wish, cache, making
from gan_tui.data.rows import StoredRows
from gan_tui.errors import UserError
from gan_tui.system import machine
from photos import photo, photos

WISH = Wish(6, 8, 3)


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "gan-tui" / "data"


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    return photos(tmp_path / "pets", {"cat": 30, "dog": 20})


def read(root: Path, wish: Wish = WISH, on_read: own.OnRead | None = None) -> own.ImageRows:
    return own.image_rows(own.look(str(root)), wish, on_read)


def never(*_: object, **__: object) -> None:
    pytest.fail("read again")


def test_rows_are_the_pixels_of_the_files_in_order(pets: Path) -> None:
    rows = read(pets)
    files = [*sorted((pets / "cat").iterdir()), *sorted((pets / "dog").iterdir())]
    assert np.array_equal(rows.images, np.stack([np.asarray(Image.open(file)) for file in files]))
    assert rows.labels is not None and rows.labels.tolist() == [0] * 30 + [1] * 20
    assert (rows.found.count, rows.found.names, rows.held_back) == (50, ("cat", "dog"), None)
    assert rows.found.says == "50 colour images, 8 × 6, in 2 classes, 40 % in the smallest"


def test_what_was_read_is_not_read_again(pets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = read(pets)
    monkeypatch.setattr(making, "decoded", never)
    second = read(pets)
    assert np.array_equal(first.images, second.images) and first.found == second.found
    assert np.array_equal(first.labels, second.labels)


def change(pets: Path) -> None:
    photo(pets / "cat" / "3.png", 7)
    os.utime(pets / "cat" / "3.png", (1, 1))


def add(pets: Path) -> None:
    photo(pets / "dog" / "99.png", 7)


def remove(pets: Path) -> None:
    (pets / "dog" / "3.png").unlink()


def rename(pets: Path) -> None:
    (pets / "dog" / "3.png").rename(pets / "cat" / "x.png")


def replaced(pets: Path) -> None:
    """By another of the same length, with the time of the old one."""
    old, new = min((pets / "cat").iterdir()), pets.parent / "new.png"
    then = old.stat()
    content = bytearray(photo(new, seed=77).read_bytes())
    new.write_bytes(bytes(content[: then.st_size]).ljust(then.st_size, b"\0"))
    os.utime(new, ns=(then.st_atime_ns, then.st_mtime_ns))
    new.rename(old)


def reclass(pets: Path) -> None:
    (pets / "dog").rename(pets / "bird")


@pytest.mark.parametrize("otherwise", [change, add, remove, rename, reclass])
def test_changed_files_are_read_anew(otherwise, pets: Path) -> None:
    before = read(pets)
    otherwise(pets)
    after = read(pets)
    same = before.found == after.found and np.array_equal(before.images, after.images)
    assert not same
    assert after.found.count == sum(1 for _ in pets.rglob("*.png"))


def test_another_form_is_another_set(pets: Path, kept: Path) -> None:
    assert read(pets).images.shape == (50, 6, 8, 3)
    assert read(pets, Wish(4, 4, 1)).images.shape == (50, 4, 4, 1)
    assert read(pets, Wish(4, 4, 1, "pad")).images.shape == (50, 4, 4, 1)
    assert len(cache.sets()) == 3


def test_nobody_else_may_look_into_what_was_read(pets: Path, kept: Path) -> None:
    read(pets)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in kept.rglob("*")}
    assert modes == {0o700, 0o600} and stat.S_IMODE(kept.stat().st_mode) == 0o700
    assert sorted(path.name for path in kept.rglob("*") if path.is_file()) == ["about.json", "images.npy", "labels.npy"]


def test_what_was_read_is_an_array_of_numpy(pets: Path, kept: Path) -> None:
    rows = read(pets)
    (folder,) = kept.iterdir()
    assert np.array_equal(np.load(folder / "images.npy", allow_pickle=False), rows.images)
    assert np.array_equal(np.load(folder / "labels.npy", allow_pickle=False), rows.labels)


def test_too_many_for_the_memory_stay_in_their_file(pets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = read(pets)
    monkeypatch.setattr(machine, "free_memory", lambda: 0)
    rows = read(pets)
    assert isinstance(rows.images, StoredRows)
    cache.clear()  # while a training has them open
    assert np.array_equal(rows.images.read(np.arange(50)), whole.images)


def test_the_parts_that_data_have_are_held_back(tmp_path: Path) -> None:
    root = tmp_path / "set"
    photos(root / "train", {"a": 3, "b": 3})
    photos(root / "val", {"a": 1, "b": 1})
    rows = read(root)
    assert rows.held_back is not None and rows.held_back.tolist() == [6, 7]
    assert rows.labels is not None and rows.labels.tolist() == [0, 0, 0, 1, 1, 1, 0, 1]
    assert rows.found.says.endswith("2 of them held back (val)")


def test_images_alone_have_no_labels(tmp_path: Path) -> None:
    for number in range(3):
        photo(tmp_path / "faces" / f"{number}.png", number)
    assert read(tmp_path / "faces").labels is None


# What is left out --------------------------------------------------------------


def test_broken_images_are_named_and_left_out(pets: Path) -> None:
    (pets / "cat" / "3.png").write_bytes(b"-")
    whole = (pets / "dog" / "4.png").read_bytes()
    (pets / "dog" / "4.png").write_bytes(whole[: len(whole) // 2])
    rows = read(pets)
    assert rows.found.count == len(rows.images) == 48
    assert rows.labels is not None and rows.labels.tolist() == [0] * 29 + [1] * 19
    assert rows.found.notes == (
        "2 broken images are left out: cat/3.png (no image that gan-tui reads), dog/4.png (cut short)",
    )
    assert read(pets).found.notes == rows.found.notes  # the second time, too


def test_too_many_broken_images_are_refused(pets: Path, kept: Path) -> None:
    for number in range(6):
        (pets / "cat" / f"{number}.png").write_bytes(b"-")
    reason = "(no image that gan-tui reads)"
    with pytest.raises(UserError) as refusal:
        read(pets)
    assert str(refusal.value) == (
        f"More than 10 % of the images in {pets} cannot be read, cat/0.png {reason}, cat/1.png {reason}, "
        f"cat/2.png {reason} and 3 more among them: restore them, or remove them."
    )
    assert not list(kept.iterdir())


def test_the_same_image_twice_in_two_classes_and_in_both_parts_is_said(tmp_path: Path) -> None:
    root = tmp_path / "set"
    photos(root / "train", {"a": 5, "b": 5})
    photos(root / "val", {"a": 1, "b": 1})
    shutil.copy(root / "train/a/0.png", root / "train/a/copy.png")
    shutil.copy(root / "train/a/1.png", root / "train/b/copy.png")
    shutil.copy(root / "train/b/2.png", root / "val/b/copy.png")
    assert read(root).found.notes == (
        "3 images have the same pixels as another",
        "1 of them in two classes: train/a/1.png and train/b/copy.png",
        "1 of those held back to train on, too: train/b/2.png and val/b/copy.png",
    )


def test_a_class_of_which_nothing_could_be_read_keeps_its_number(pets: Path) -> None:
    photo(pets / "bird" / "0.png").write_bytes(b"-")
    rows = read(pets)
    assert rows.found.names == ("bird", "cat", "dog")
    assert rows.labels is not None and sorted(set(rows.labels.tolist())) == [1, 2]
    assert rows.found.notes[-1] == "no image of bird could be read"


# While it is made --------------------------------------------------------------


def test_a_class_of_which_nothing_that_is_held_back_could_be_read_is_named(tmp_path: Path) -> None:
    for part in ("train", "val"):
        photos(tmp_path / part, {"cat": 12, "dog": 12, "bird": 1})
    next((tmp_path / "val" / "bird").iterdir()).write_bytes(b"nothing")
    assert read(tmp_path).found.notes[-1] == "no image of bird in val could be read"


def test_progress_is_told_up_to_the_end(pets: Path) -> None:
    told: list[tuple[int, int]] = []
    read(pets, on_read=lambda done, of: told.append((done, of)))
    assert told[-1] == (50, 50) and [done for done, _ in told] == sorted({done for done, _ in told})


def test_whoever_leaves_leaves_nothing_behind(pets: Path, kept: Path) -> None:
    def leave(done: int, of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read(pets, on_read=leave)
    assert [path.name[-5:] for path in kept.iterdir()] in ([], [".lock"])
    assert len(read(pets).images) == 50


def test_whoever_leaves_waits_for_no_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, read_one, entered = photos(tmp_path / "pets", {"cat": 64}), making.decoded, threading.Event()
    seen = []

    def slowly(*given: object) -> object:
        entered.set()
        seen.append(given)
        time.sleep(0.02)
        return read_one(*given)  # type: ignore[arg-type]

    def left(done: int, total: int) -> None:
        entered.wait()
        raise KeyboardInterrupt

    monkeypatch.setattr(making, "decoded", slowly)
    monkeypatch.setattr(making, "BATCH", 16)
    monkeypatch.setattr(making, "WAITING", 1)
    with pytest.raises(KeyboardInterrupt):
        read(root, on_read=left)
    assert len(seen) < 40, "the batches that were under way were not gone through"


def test_what_a_killed_maker_left_does_not_count_and_goes(pets: Path, kept: Path) -> None:
    if not (child := os.fork()):
        read(pets, on_read=lambda done, of: os._exit(9))
    os.waitpid(child, 0)
    assert [path for path in kept.iterdir() if path.is_dir()]  # the beginning of a set
    assert not cache.sets()
    assert len(read(pets).images) == 50
    assert len(list(kept.iterdir())) == 1


def test_two_at_once_read_only_once(pets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    makers, waited, begun = [], threading.Event(), threading.Event()
    really = making.make

    def make(*given: object) -> object:
        makers.append(given)
        begun.set()
        assert waited.wait(10)
        return really(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(making, "make", make)
    first = threading.Thread(target=read, args=(pets,))
    first.start()
    assert begun.wait(10)
    rows = read(pets, on_read=lambda done, of: waited.set())
    first.join()
    assert len(rows.images) == 50 and len(makers) == 1


def test_a_set_that_became_shorter_is_made_anew(pets: Path, kept: Path) -> None:
    whole = read(pets).images
    (folder,) = kept.iterdir()
    os.truncate(folder / "images.npy", 1000)
    assert np.array_equal(read(pets).images, whole)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"count": "x"}'])
def test_a_set_that_says_nonsense_is_made_anew(content: bytes, pets: Path, kept: Path) -> None:
    whole = read(pets).images
    (folder,) = kept.iterdir()
    (folder / "about.json").write_bytes(content)
    assert np.array_equal(read(pets).images, whole)


# Room --------------------------------------------------------------


def test_what_was_not_used_for_longest_goes_when_there_is_too_much(pets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "LEAST_BOUND", 20_000)
    monkeypatch.setattr(cache, "SPARE", 0)
    monkeypatch.setattr(shutil, "disk_usage", disk_with(10_000))  # a tenth of it is less than is kept at any rate
    crop, pad, stretch = (Wish(6, 8, 3, how) for how in ("crop", "pad", "stretch"))  # of 8,000 bytes each
    read(pets, crop)
    read(pets, pad)
    older, newer = (each[0] for each in cache.sets())
    os.utime(newer / "about.json", (1, 1))
    os.utime(older / "about.json", (2, 2))
    read(pets, stretch)
    assert older.exists() and not newer.exists() and len(cache.sets()) == 2


def disk_with(free: int):
    return lambda path: shutil._ntuple_diskusage(10**12, 10**12 - free, free)  # type: ignore[attr-defined]


def test_a_full_disk_is_a_sentence(pets: Path, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", disk_with(1000))
    with pytest.raises(UserError) as refusal:
        read(pets)
    assert str(refusal.value) == (
        f"The images take 7.86 kB once they are read, and the disk of {kept} has 1 kB free: "
        "free some space (gan-tui data clear), or set XDG_CACHE_HOME to a folder elsewhere."
    )


def test_a_disk_that_fills_meanwhile_is_a_sentence_and_leaves_nothing(
    pets: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(cache, "sync", full)
    with pytest.raises(UserError, match=r"cannot be kept in .*: No space left on device; free some space.*XDG_CACHE_"):
        read(pets)
    assert not [path for path in kept.iterdir() if path.is_dir()]


def test_a_cache_that_cannot_be_written_is_a_sentence(pets: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(
        UserError, match=r"The images that were read cannot be kept in .*set XDG_CACHE_HOME to a folder"
    ):
        read(pets)


def test_clearing_says_how_much_it_freed(pets: Path, kept: Path) -> None:
    read(pets)
    held = sum(path.stat().st_size for path in kept.rglob("*") if path.is_file())
    assert cache.clear() == held and not list(kept.iterdir())
    assert cache.clear() == 0
    assert len(read(pets).images) == 50


@pytest.mark.parametrize("label", [10**12, 2, -1])
def test_a_kept_set_with_labels_of_no_class_is_made_anew(label: int, pets: Path, kept: Path) -> None:
    read(pets)
    (file,) = kept.rglob("labels.npy")
    labels = np.load(file, allow_pickle=False)
    file.write_bytes(file.read_bytes()[: -labels[20:].nbytes] + np.where(np.arange(20, 50) == 25, label, 0).tobytes())
    again = read(pets)
    assert again.labels is not None and again.labels.tolist() == [0] * 30 + [1] * 20
    assert np.load(file, allow_pickle=False).tolist() == [0] * 30 + [1] * 20
