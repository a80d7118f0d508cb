"""Where the data sets are found, in which order, and that nothing damaged is used silently."""

import gzip
import os
import struct
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

import gan_tui.data as data
from gan_tui.data import arrays, layout, sources
from gan_tui.data.point_rows import rows
from gan_tui.errors import UserError


@pytest.fixture(autouse=True)
def bare_machine(tmp_path, monkeypatch):
    """No cache, no Debian package, no variable: only what a test puts there."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.delenv("GAN_TUI_DATA", raising=False)
    monkeypatch.setattr(sources, "DEBIAN", tmp_path / "debian")


def some(count=20, offset=0):
    images = np.arange(count * 784, dtype=np.uint32).astype(np.uint8).reshape(count, 28, 28)
    return images, ((np.arange(count) + offset) % 10).astype(np.uint8)


def idx_bytes(array):
    return struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes()


def write_idx(folder, count=20, zipped=True, test=None, labels=None):
    folder.mkdir(parents=True, exist_ok=True)
    for prefix, n in (("train", count), ("t10k", test)):
        if n is not None:
            images, ordinary = some(n)
            written = ordinary if labels is None else labels
            for part, array in (("images-idx3", images), ("labels-idx1", written)):
                end = ".gz" if zipped else ""
                contents = gzip.compress(idx_bytes(array)) if zipped else idx_bytes(array)
                (folder / f"{prefix}-{part}-ubyte{end}").write_bytes(contents)
    return folder


def write_npz(file, count=20, **arrays):
    file.parent.mkdir(parents=True, exist_ok=True)
    images, labels = some(count)
    np.savez_compressed(file, **(arrays or {"x_train": images, "y_train": labels}))
    return file


def cache(tmp_path):
    return tmp_path / "keras" / "datasets"


def test_without_anything_else_the_embedded_sets_are_found():
    found = {source.name: source for source in data.available()}
    assert tuple(found) == data.NAMES
    assert [found[name].count for name in data.NAMES] == [5000, 6000]
    assert {source.origin for source in found.values()} == {"embedded"}
    assert not any(source.full or source.notes for source in found.values())


def test_the_order_is_folder_then_cache_then_debian_then_embedded(tmp_path, monkeypatch):
    name = "fashion-mnist"
    write_idx(tmp_path / "debian" / name, 30)
    assert data.find(name).origin == "Debian's dataset-fashion-mnist"
    write_idx(cache(tmp_path) / name, 40)
    assert (data.find(name).count, data.find(name).origin.split(" (")[0]) == (40, "Keras's cache")
    monkeypatch.setenv("GAN_TUI_DATA", str(write_idx(tmp_path / "mine", 50)))
    assert (data.find(name).count, data.find(name).origin) == (50, f"folder {tmp_path / 'mine'}")
    assert data.find(name, write_idx(tmp_path / "argument", 60)).count == 60


def test_the_cache_is_named_as_the_user_knows_it(tmp_path, monkeypatch):
    monkeypatch.delenv("KERAS_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    write_npz(tmp_path / ".keras" / "datasets" / "mnist.npz")
    assert data.find("mnist").origin == "Keras's cache (~/.keras/datasets)"


@pytest.mark.parametrize("zipped", [True, False])
@pytest.mark.parametrize("subfolder", ["", "mnist"])
def test_a_folder_of_idx_files_serves(tmp_path, zipped, subfolder):
    write_idx(tmp_path / "mine" / subfolder, 20, zipped, test=10)
    source = data.find("mnist", tmp_path / "mine")
    loaded = data.load(source)
    assert source.count == 20 and not source.full
    assert np.array_equal(loaded.images, some(20)[0]) and np.array_equal(loaded.labels, some(20)[1])


@pytest.mark.parametrize("damage", ["cut", "flipped", "no idx", "of another shape"])
def test_damaged_test_images_refuse_no_sound_training_images(tmp_path, damage):
    folder = write_idx(tmp_path / "mine", 20, zipped=False, test=10)
    images, labels = (folder / f"t10k-{part}-ubyte" for part in ("images-idx3", "labels-idx1"))
    if damage == "cut":
        images.write_bytes(images.read_bytes()[:100])
    elif damage == "flipped":
        labels.write_bytes(labels.read_bytes()[:-1] + b"\xff")
    elif damage == "no idx":
        images.write_bytes(b"not at all")
    else:
        images.write_bytes(idx_bytes(np.zeros((10, 3, 3), np.uint8)))
    assert len(data.load(data.find("mnist", folder)).images) == 20
    x, y = some(20)
    write_npz(tmp_path / "archive" / "mnist.npz", x_train=x, y_train=y, x_test=np.zeros((3, 3)), y_test=np.array(["a"]))
    assert len(data.load(data.find("mnist", tmp_path / "archive")).images) == 20


def test_archives_serve_under_either_pair_of_names(tmp_path):
    images, labels = some()
    keras_like = {"x_train": images, "y_train": labels, "x_test": images[:5], "y_test": labels[:5]}
    write_npz(tmp_path / "a" / "whatever.npz", **keras_like)
    write_npz(tmp_path / "b" / "mnist.npz", images=images, labels=labels.astype(np.int64))
    first, second = (data.load(data.find("mnist", tmp_path / folder)) for folder in "ab")
    assert np.array_equal(first.labels, labels) and second.labels.dtype == np.uint8
    assert np.array_equal(second.labels, labels)


@pytest.mark.parametrize("shape", [(28, 28), (784,), (28, 28, 1), (1, 28, 28)])
def test_arrays_in_fortran_order_are_read_right(tmp_path, shape):
    images, labels = some()
    rows = np.asfortranarray(images.reshape(-1, *shape))  # as what pandas has read of a CSV file is
    write_npz(tmp_path / "mnist.npz", images=rows, labels=np.asfortranarray(labels[:, None]))
    assert np.array_equal(data.load(data.find("mnist", tmp_path)).images, images)


def test_a_set_in_its_named_archive_is_not_taken_for_the_other(tmp_path, monkeypatch):
    write_npz(tmp_path / "fashion-mnist.npz", 25)
    monkeypatch.setenv("GAN_TUI_DATA", str(tmp_path))
    assert data.find("fashion-mnist").count == 25
    mnist = data.find("mnist")
    assert mnist.origin == "embedded" and "holds no mnist" in mnist.notes[0]


def test_the_original_fashion_files_are_not_taken_for_mnist(tmp_path, monkeypatch):
    folder = write_idx(tmp_path / "x", 10, labels=np.array([9, 0, 0, 3, 0, 2, 7, 2, 5, 5], np.uint8))
    monkeypatch.setenv("GAN_TUI_DATA", str(folder))
    assert data.find("fashion-mnist").count == 10
    assert data.find("mnist").origin == "embedded"
    with pytest.raises(UserError, match="holds no mnist"):
        data.find("mnist", folder)


def test_a_folder_that_is_missing_or_empty_is_an_error_with_its_path(tmp_path, monkeypatch):
    with pytest.raises(UserError, match=r"/nowhere is not a readable folder: check"):
        data.find("mnist", tmp_path / "nowhere")
    with pytest.raises(UserError, match=r"holds no mnist: put mnist\.npz"):
        data.find("mnist", tmp_path)
    monkeypatch.setenv("GAN_TUI_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(UserError, match="nowhere"):
        data.available()


def test_an_unknown_name_is_refused_with_the_known_ones():
    with pytest.raises(UserError, match='There is no data set "cifar", choose from mnist, fashion-mnist'):
        data.find("cifar")


def spoil_images(folder, spoil):
    file = folder / "train-images-idx3-ubyte"
    file.write_bytes(spoil(file.read_bytes()))


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda whole: whole[:-100], "is truncated"),
        (lambda whole: whole + b"more", "is longer than its header says"),
        (lambda whole: whole[:7], "has a truncated header"),
        (lambda whole: b"", "is empty"),
        (lambda whole: b"\0\0\x7f\3" + whole, "is not an IDX file"),
        (lambda whole: b"<!DOCTYPE html>" + whole, "is a web page"),
        (lambda whole: gzip.compress(whole)[:-50], "is damaged"),
        (lambda whole: gzip.compress(whole + bytes(10**6)), "is longer than its header says"),
        (
            lambda whole: whole[:4] + struct.pack(">I", 2**31) + whole[8:],
            "2,147,483,648 images; 1 to 10,000,000",
        ),
        (lambda whole: whole[:4] + struct.pack(">I", 0) + whole[8:], "of 0 images"),
        (lambda whole: whole[:2] + b"\x0d" + whole[3:], "of type float32; pixels must be uint8"),
        (lambda whole: whole[:8] + struct.pack(">I", 56) + whole[12:], r"of shape \(20, 56, 28\)"),
    ],
)
def test_a_damaged_file_in_the_users_folder_is_an_error_and_in_the_cache_a_note(tmp_path, spoil, complaint):
    for folder in (tmp_path / "mine", cache(tmp_path) / "fashion-mnist"):
        write_idx(folder, zipped=False)
        spoil_images(folder, spoil)
    with pytest.raises(UserError, match=f"train-images-idx3-ubyte .*{complaint}.*: replace it"):
        data.find("fashion-mnist", tmp_path / "mine")
    fallen = data.find("fashion-mnist")
    assert fallen.origin == "embedded" and len(fallen.notes) == 1
    assert "train-images-idx3-ubyte" in fallen.notes[0] and "gan-tui data fetch" in fallen.notes[0]


def test_a_cut_off_archive_in_the_cache_is_passed_over_with_the_reason(tmp_path):
    file = write_npz(cache(tmp_path) / "mnist.npz")
    file.write_bytes(file.read_bytes()[:-30])
    source = data.find("mnist")
    assert source.origin == "embedded" and str(file) in source.notes[0]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (
            {"x_train": np.full((20, 28, 28), np.nan, np.float32)},
            r"float32; pixels must be uint8 \(0 to 255\): make them with np\.interp\(x, .*\)\.astype\('uint8'\): ",
        ),
        ({"x_train": np.zeros((20, 28, 28), bool)}, "type bool; pixels must be uint8"),
        ({"x_train": np.zeros((20, 28, 28), np.int64)}, "type int64; pixels must be uint8"),
        ({"x_train": np.zeros((20, 32, 32), np.uint8)}, r"x_train of shape \(20, 32, 32\), not \(n, 28, 28\)"),
        ({"x_train": np.zeros((20, 28, 28, 3), np.uint8)}, r"x_train of shape \(20, 28, 28, 3\), not \(n, 28, 28\)"),
        ({"x_train": np.zeros((20, 14, 56), np.uint8)}, r"x_train of shape \(20, 14, 56\), not \(n, 28, 28\)"),
        ({"y_train": np.zeros(19, np.uint8)}, r"y_train of shape \(19,\) for 20 images"),
        ({"y_train": np.zeros((1, 20), np.uint8)}, r"y_train of shape \(1, 20\) for 20 images"),
        (
            {"y_train": np.eye(20, 10)},
            r"of shape \(20, 10\), a row for each image; labels must be numbers, as y.argmax\(axis=1\) is: replace it",
        ),
        ({"y_train": np.full(20, 0.5)}, "holds the label 0.5 where labels run from 0 to 9"),
        ({"y_train": np.full(20, np.nan, np.float32)}, "holds the label nan where labels run from 0 to 9"),
        ({"y_train": np.full(20, -np.inf)}, "holds the label -inf where labels run from 0 to 9"),
        ({"y_train": np.zeros(20, bool)}, "y_train of type bool; labels must be whole numbers"),
        ({"y_train": np.array(["a"] * 20)}, "y_train of type words; labels must be whole numbers"),
        ({"y_train": np.array([{}] * 20, object)}, r"y_train.npy, which is of Python objects"),
    ],
)
def test_arrays_of_the_wrong_kind_are_refused_by_name(tmp_path, change, complaint):
    images, labels = some()
    write_npz(tmp_path / "mnist.npz", **{"x_train": images, "y_train": labels, **change})
    with pytest.raises(UserError, match=complaint):
        data.find("mnist", tmp_path)


PIXELS = some()[0].astype(np.int64)
"""Every brightness from 0 to 255."""


@pytest.mark.parametrize(
    "stored",
    [
        np.rint(PIXELS * 4095 / 255).astype(np.uint16),
        (PIXELS * 257).astype(np.uint16),
        (PIXELS * 257 - 32768).astype(np.int16),
        PIXELS,
        PIXELS - 128,
        PIXELS.astype(np.float32),
        (PIXELS / 255).astype(np.float32),
        (PIXELS / 127.5 - 1).astype(np.float32),
        PIXELS / 3 - 100,
    ],
    ids=["12 bits", "16 bits", "int16", "int64", "negative", "to 255", "to 1", "from -1", "float64"],
)
def test_what_is_told_to_make_pixels_with_keeps_the_picture(tmp_path, stored):
    write_npz(tmp_path / "mnist.npz", x_train=stored, y_train=some()[1])
    with pytest.raises(UserError) as refused:
        data.find("mnist", tmp_path)
    formula = str(refused.value).partition("make them with ")[2].partition("): ")[0] + ")"
    made = eval(formula, {"np": np, "x": stored})
    assert made.dtype == np.uint8 and (made == PIXELS).all()


@pytest.mark.parametrize("shape", [(20, 28, 28, 1), (20, 1, 28, 28), (20, 784)])
@pytest.mark.parametrize("dtype", ["<f4", ">f8", "<i8"])
def test_what_other_tools_save_of_the_same_images_is_read(tmp_path, shape, dtype):
    images, labels = some()
    write_npz(tmp_path / "mnist.npz", x_train=images.reshape(shape), y_train=labels.astype(dtype)[:, None])
    read = data.load(data.find("mnist", tmp_path))
    assert read.images.shape == (20, 28, 28) and read.images.tobytes() == images.tobytes()
    assert read.labels.dtype == np.uint8 and read.labels.tolist() == labels.tolist()


STAND_INS = {
    f"version https://git-lfs.github.com/spec/v1\noid sha256:{0:064d}\nsize 11490434\n": (
        "is a Git LFS pointer, not the data (git lfs pull fetches them)"
    ),
    "<!DOCTYPE html>\n<html><head><title>Sign in</title>": "is a web page, not the data; download the file itself",
    "\n <html lang='en'>": "is a web page, not the data; download the file itself",
    "": "is empty",
}


@pytest.mark.parametrize("text", STAND_INS)
def test_what_stands_in_for_the_data_is_told_by_its_name(tmp_path, text):
    for name in ("a/mnist.npz", "b/train-images-idx3-ubyte", "b/train-labels-idx1-ubyte", "points.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    for folder, file in (("a", "a/mnist.npz"), ("b", "b/train-images-idx3-ubyte")):
        with pytest.raises(UserError) as caught:
            data.find("mnist", tmp_path / folder)
        assert str(caught.value) == f"{tmp_path / file} {STAND_INS[text]}: replace it or name another folder."
    with pytest.raises(UserError) as caught:
        rows(tmp_path / "points.csv")
    assert str(caught.value).startswith(f"{tmp_path / 'points.csv'} {STAND_INS[text]}")


def test_an_archive_without_images_is_refused(tmp_path):
    write_npz(tmp_path / "mnist.npz", other=np.zeros(3))
    with pytest.raises(UserError, match="neither x_train and y_train nor images and labels"):
        data.find("mnist", tmp_path)


def test_labels_out_of_range_are_found_when_loading(tmp_path):
    images, _ = some()
    for value in (10, -1):
        write_npz(tmp_path / "mnist.npz", images=images, labels=np.full(20, value))
        with pytest.raises(UserError, match=f"holds the label {value} where labels run from 0 to 9: replace it"):
            data.load(data.find("mnist", tmp_path))


@pytest.mark.parametrize("kind", ["gz", "npz"])
def test_a_flipped_bit_inside_is_found_when_loading(tmp_path, kind):
    npz = kind == "npz"
    file = write_npz(tmp_path / "mnist.npz") if npz else write_idx(tmp_path) / "train-images-idx3-ubyte.gz"
    contents = bytearray(file.read_bytes())
    contents[len(contents) // 3] ^= 0x10
    file.write_bytes(contents)
    source = data.find("mnist", tmp_path)
    with pytest.raises(UserError, match=f"{file.name} is damaged .*: replace it"):
        data.load(source)


@pytest.mark.slow
def test_every_spoilt_byte_gives_sound_images_or_one_sentence(tmp_path):
    """No byte of an archive, flipped, may bring anything but a UserError; nor may a cut at any length."""
    whole = write_npz(tmp_path / "mnist.npz", 2).read_bytes()
    random = np.random.default_rng(0)
    for position in random.choice(len(whole), 400):
        spoilt = bytearray(whole)
        spoilt[position] ^= 1 << random.integers(8)
        for contents in (bytes(spoilt), whole[:position]):
            (tmp_path / "mnist.npz").write_bytes(contents)
            with suppress(UserError):
                assert data.load(data.find("mnist", tmp_path)).images.shape == (2, 28, 28)


@pytest.mark.slow
def test_a_gz_bomb_is_not_unfolded(tmp_path):
    write_idx(tmp_path)
    whole = gzip.decompress((tmp_path / "train-images-idx3-ubyte.gz").read_bytes())
    bomb = gzip.compress(whole + bytes(3 * 10**8), compresslevel=1)
    (tmp_path / "train-images-idx3-ubyte.gz").write_bytes(bomb)
    with pytest.raises(UserError, match="is longer than its header says"):
        data.find("mnist", tmp_path)


def test_a_gzip_file_of_several_parts_is_whole(tmp_path):
    write_idx(tmp_path)
    file = tmp_path / "train-images-idx3-ubyte.gz"
    whole = gzip.decompress(file.read_bytes())
    file.write_bytes(gzip.compress(whole[:500]) + gzip.compress(whole[500:]))
    assert np.array_equal(data.load(data.find("mnist", tmp_path)).images, some()[0])


def test_files_that_vanish_before_loading_are_an_error(tmp_path):
    source = data.find("mnist", write_idx(tmp_path / "mine"))
    (tmp_path / "mine" / "train-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(UserError, match="lacks train-images"):
        data.load(source)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_cache_is_passed_over(tmp_path):
    write_npz(cache(tmp_path) / "mnist.npz").chmod(0)
    assert "cannot be read" in data.find("mnist").notes[0]


def test_the_menu_may_ask_without_importing_numpy():
    asked = "import sys, gan_tui.data as d; d.available(); print({'numpy', 'keras'} & set(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "set()"


@pytest.mark.skipif(not Path("/usr/share/datasets/fashion-mnist").is_dir(), reason="Debian's package isn't here")
def test_debians_whole_set_loads(monkeypatch):
    monkeypatch.setattr(sources, "DEBIAN", Path("/usr/share/datasets"))
    source = data.find("fashion-mnist")
    loaded = data.load(source)
    assert source.full and source.count == len(loaded.images) == 60_000
    assert loaded.images.shape == (60_000, 28, 28)
    assert np.bincount(loaded.labels).tolist() == [6000] * 10


def test_the_labels_of_a_file_are_looked_through_once_until_it_changes(tmp_path, monkeypatch):
    looked = []
    monkeypatch.setattr(layout, "numbers", lambda labels: looked.append(labels) or arrays.numbers(labels))
    for folder in (write_idx(tmp_path / "idx" / "mnist").parent, write_npz(tmp_path / "npz" / "mnist.npz").parent):
        looked.clear()
        assert data.find("mnist", folder).count == data.find("mnist", folder).count == 20
        assert len(looked) == 1, "a form asks at every key"
    write_npz(tmp_path / "npz" / "mnist.npz", x_train=some(30)[0], y_train=np.full(30, 12, np.uint8))
    with pytest.raises(UserError, match="holds the label 12 where labels run from 0 to 9"):
        data.find("mnist", tmp_path / "npz")
