"""Images of a person's own in arrays: each kind is recognized and read; what cannot be used is said in a sentence."""

import gzip
import io
import pickle
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from gan_tui import presets
from gan_tui.data import own
from gan_tui.data.own import Wish, arrays
from gan_tui.data.rows import StoredRows
from gan_tui.errors import UserError

BYTES = np.random.default_rng(3).integers(0, 256, (6, 5, 7), np.uint8)
COLOURS = np.random.default_rng(4).integers(0, 256, (6, 8, 9, 3), np.uint8)
LABELS = np.array([0, 1, 2, 0, 1, 2])


def saved(folder: Path, **named: Any) -> Path:
    np.savez(folder / "mine.npz", **named)
    return folder / "mine.npz"


def idx(array: np.ndarray) -> bytes:
    kinds = {"u1": 8, "i1": 9, "i2": 0x0B, "i4": 0x0C, "f4": 0x0D, "f8": 0x0E}
    big = array.astype(array.dtype.newbyteorder(">"))
    head = struct.pack(f">BBBB{array.ndim}I", 0, 0, kinds[array.dtype.str[1:]], array.ndim, *array.shape)
    return head + big.tobytes()


def read(place: Path, height: int, width: int, channels: int, resize: str = "crop") -> own.ImageRows:
    return own.image_rows(own.look(str(place)), Wish(height, width, channels, resize))


# Where the arrays lie ---------------------------------------------------------------------------------------


def npz(folder: Path) -> Path:
    return saved(folder, x_train=BYTES, y_train=LABELS)


def npy(folder: Path) -> Path:
    np.save(folder / "x.npy", BYTES)
    np.save(folder / "labels.npy", LABELS)
    return folder / "x.npy"


def folder_of_npy(folder: Path) -> Path:
    npy(folder)
    (folder / "labels.npy").rename(folder / "Y.npy")
    return folder


def folder_of_one_archive(folder: Path) -> Path:
    npz(folder)
    return folder


def idx_file(folder: Path) -> Path:
    (folder / "toys-images-idx3-ubyte").write_bytes(idx(BYTES))
    (folder / "toys-labels-idx1-ubyte").write_bytes(idx(LABELS.astype("u1")))
    return folder / "toys-images-idx3-ubyte"


def folder_of_packed_idx(folder: Path) -> Path:
    (folder / "train-images.idx3-ubyte.gz").write_bytes(gzip.compress(idx(BYTES)))
    (folder / "train-labels.idx1-ubyte.gz").write_bytes(gzip.compress(idx(LABELS.astype("i4"))))
    (folder / "t10k-images.idx3-ubyte.gz").write_bytes(b"damaged, and nobody reads it")
    return folder


@pytest.mark.parametrize("put", [npz, npy, folder_of_npy, folder_of_one_archive, idx_file, folder_of_packed_idx])
def test_the_same_images_are_found_in_each_kind_of_file(put: Callable[[Path], Path], tmp_path: Path) -> None:
    place = put(tmp_path)
    found = own.look(str(place))
    assert found.says == "6 grey images, 7 × 5, in 3 classes"
    assert (found.count, found.sides, found.channels, found.names) == (6, (5, 7), 1, ("0", "1", "2"))
    rows = read(place, 5, 7, 1)
    assert np.array_equal(rows.images, BYTES[..., None]) and np.array_equal(rows.labels, LABELS)
    assert rows.held_back is None and rows.found.count == 6


PAIRS = [
    "x_train y_train", "X_train y_train", "train_images train_labels", "images labels", "x y", "X y", "data target",
    "data targets", "arr_0 arr_1",
]  # fmt: skip


@pytest.mark.parametrize("pair", PAIRS)
def test_images_and_labels_are_known_by_their_usual_names(pair: str, tmp_path: Path) -> None:
    images, labels = pair.split()
    found = own.look(str(saved(tmp_path, **{labels: LABELS, images: BYTES, "spare": np.arange(4)})))
    assert found.names == ("0", "1", "2") and found.notes == ("the array spare is left alone",)


@pytest.mark.parametrize("pair", ["x_val y_val", "val_images val_labels"])
def test_validation_images_are_held_back_and_test_images_left_alone(pair: str, tmp_path: Path) -> None:
    images, labels = pair.split()
    more = {images: BYTES[:2] // 2, labels: np.array([2, 0]), "x_test": BYTES, "y_test": LABELS}
    place = saved(tmp_path, x_train=BYTES, y_train=LABELS, **more)
    found, rows = own.look(str(place)), read(place, 5, 7, 1)
    assert found.says == "8 grey images, 7 × 5, in 3 classes, 2 of them held back"
    assert (found.count, found.held_back) == (8, 2)
    assert found.notes == ("no image that is held back is of 1", "the arrays x_test, y_test are left alone")
    assert rows.held_back is not None and rows.held_back.tolist() == [6, 7]
    assert np.array_equal(rows.images[6:, ..., 0], BYTES[:2] // 2)
    assert rows.labels is not None and rows.labels.tolist() == [*LABELS, 2, 0]


def test_class_names_that_look_alike_are_left_out(tmp_path: Path) -> None:
    found = own.look(str(saved(tmp_path, x=BYTES, y=LABELS, class_names=["w" * 80, "w" * 80 + "x", "dog"])))
    assert found.names == ("0", "1", "2")
    assert found.notes == (f"class_names holds two class names that look alike, {'w' * 59}…, and is left out",)


def test_a_damaged_part_that_nobody_reads_refuses_nothing(tmp_path: Path) -> None:
    place = saved(tmp_path, x_train=BYTES, y_train=LABELS, x_test=np.array([{}, None], dtype=object))
    with zipfile.ZipFile(place, "a") as archive:
        archive.writestr("y_test.npy", b"no array at all")
    assert np.array_equal(read(place, 5, 7, 1).images[..., 0], BYTES)


def test_arrays_beside_pictures_in_folders_are_something_else(tmp_path: Path) -> None:
    npz(tmp_path)
    (tmp_path / "cats").mkdir()
    Image.new("RGB", (4, 4)).save(tmp_path / "cats" / "a.png")
    assert arrays.look(tmp_path, "") is None


def test_what_was_found_is_forgotten_when_the_file_changes(tmp_path: Path) -> None:
    assert own.look(str(npz(tmp_path))).count == 6
    assert own.look(str(saved(tmp_path, x_train=BYTES[:4], y_train=LABELS[:4]))).count == 4


# How images lie in them -------------------------------------------------------------------------------------


SHAPES = {
    "grey": (BYTES, (5, 7), 1, BYTES[..., None], ()),
    "one channel last": (BYTES[..., None], (5, 7), 1, BYTES[..., None], ()),
    "one channel first": (BYTES[:, None], (5, 7), 1, BYTES[..., None], ()),
    "colour last": (COLOURS, (8, 9), 3, COLOURS, ()),
    "colour first": (COLOURS.transpose(0, 3, 1, 2), (8, 9), 3, COLOURS, ()),
    "Fortran's order": (np.asfortranarray(COLOURS), (8, 9), 3, COLOURS, ()),
    "either": (
        COLOURS[:, :3], (3, 9), 3, COLOURS[:, :3],
        ("of the shape (6, 3, 9, 3) the last size was taken for the channels",),
    ),
    "flat": (
        BYTES[:, :, :5].reshape(6, 25), (5, 5), 1, BYTES[:, :, :5, None],
        ("rows of 25 numbers were taken for images of 5 × 5",),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SHAPES)
def test_the_axes_are_told_by_where_the_channels_stand(case: str, tmp_path: Path) -> None:
    images, sides, channels, expected, notes = SHAPES[case]
    place = saved(tmp_path, x=images, y=LABELS)
    found = own.look(str(place))
    assert (found.sides, found.channels, found.notes) == (sides, channels, notes)
    assert np.array_equal(read(place, *sides, channels).images, expected)


def test_what_shines_through_is_white(tmp_path: Path) -> None:
    alpha = np.array([255, 0, 128, 255, 0, 1], np.uint8).reshape(6, 1, 1, 1)
    place = saved(tmp_path, x=np.concatenate([COLOURS, np.broadcast_to(alpha, (6, 8, 9, 1))], axis=3))
    assert own.look(str(place)).says == "6 colour images, 9 × 8, no labels"
    made = read(place, 8, 9, 3).images
    assert np.array_equal(made[0], COLOURS[0]) and (made[1] == 255).all()
    assert abs(int(made[2, 0, 0, 0]) - (int(COLOURS[2, 0, 0, 0]) * 128 / 255 + 127)) <= 1


GREYS = np.arange(256).reshape(1, 16, 16)
NUMBERS = {
    "bool": (GREYS > 99, np.where(GREYS > 99, 255, 0), ""),
    "uint8 of 0 and 1": (
        (GREYS > 127).astype("u1"),
        np.where(GREYS > 127, 255, 0),
        "0 was taken for black and 1 for white",
    ),
    "float32, 0 to 1": ((GREYS / 255).astype("f4"), GREYS, "0 was taken for black and 1 for white"),
    "float16, 0 to 1": ((GREYS / 255).astype("f2"), GREYS, "0 was taken for black and 1 for white"),
    "float32, 0 to 1 but for rounding": (
        np.where(GREYS == 255, np.nextafter(np.float32(1), np.float32(2)), GREYS / 255).astype("f4"),
        GREYS,
        "0 was taken for black and 1 for white",
    ),
    "float64, -1 to 1": (GREYS / 127.5 - 1, GREYS, "-1 was taken for black and 1 for white"),
    "float32, 0 to 255": (GREYS.astype("f4"), GREYS, "0 was taken for black and 255 for white"),
    "int64, 0 to 255": (GREYS, GREYS, "0 was taken for black and 255 for white"),
    "int16 of negative": (GREYS.astype("<i2") - 128, GREYS, "-128 was taken for black and 127 for white"),
    "uint16 of all": ((GREYS * 257).astype("<u2"), GREYS, "0 was taken for black and 65535 for white"),
    "big-endian": ((GREYS * 257).astype(">u2"), GREYS, "0 was taken for black and 65535 for white"),
    "big-endian floats": ((GREYS * 4 - 300).astype(">f8"), GREYS, "-300 was taken for black and 720 for white"),
    "all the same": (GREYS * 0 + 700, GREYS * 0, "every pixel is 700, which was taken for black"),
}


@pytest.mark.parametrize("case", NUMBERS)
def test_numbers_of_any_type_become_bytes_and_their_range_is_said(case: str, tmp_path: Path) -> None:
    images, expected, said = NUMBERS[case]
    rows = read(saved(tmp_path, x=images), 16, 16, 1)
    assert np.array_equal(rows.images[..., 0], expected)
    assert rows.found.notes == ((said,) if said else ())


def test_one_range_is_for_all_also_for_those_held_back(tmp_path: Path) -> None:
    images = np.zeros((2, 5, 5))
    images[1] = 0.5
    rows = read(saved(tmp_path, x_train=images, x_val=images * 2 - 0.5), 5, 5, 1)
    assert [int(image.max()) for image in rows.images] == [128, 191, 64, 191]


def test_arrays_of_different_ranges_are_refused(tmp_path: Path) -> None:
    images = np.linspace(0, 1, 50).reshape(2, 5, 5)
    with pytest.raises(UserError, match=r"x_train, holds numbers from 0 to 1, and another array some up to 255: bring"):
        read(saved(tmp_path, x_train=images, x_val=images * 255), 5, 5, 1)
    read(saved(tmp_path, x_train=images * 255, x_val=images * 0), 5, 5, 1)


# Labels -----------------------------------------------------------------------------------------------------


WORDS = ["dog", "cat", "class10", "class2", "dog", "cat"]
KINDS = {
    "from one": ([1, 2, 3, 1, 2, 3], "1 2 3", [0, 1, 2, 0, 1, 2]),
    "with gaps": ([9, 4, 4, -1, 9, 9], "-1 4 9", [2, 1, 1, 0, 2, 2]),
    "uint8 in a column": (np.array([[7], [8], [7], [8], [7], [8]], "u1"), "7 8", [0, 1, 0, 1, 0, 1]),
    "bool": ([True, False, True, True, False, False], "0 1", [1, 0, 1, 1, 0, 0]),
    "whole floats": ([2.0, 0.0, 2.0, 0.0, 1.0, 1.0], "0 1 2", [2, 0, 2, 0, 1, 1]),
    "one-hot": (np.eye(4)[[3, 1, 0, 3, 1, 0]], "0 1 2 3", [3, 1, 0, 3, 1, 0]),
    "one-hot of bool": (np.eye(3, dtype=bool)[LABELS], "0 1 2", LABELS),
    "words": (WORDS, "cat class2 class10 dog", [3, 0, 2, 1, 3, 0]),
    "big-endian words": (np.array(WORDS, ">U8"), "cat class2 class10 dog", [3, 0, 2, 1, 3, 0]),
    "words of bytes": (np.array(WORDS, "S9"), "cat class2 class10 dog", [3, 0, 2, 1, 3, 0]),
    "words with accents in both ways": (
        ["gro\u0308\u00dfe", "gr\u00f6\u00dfe", "b", "b", "b", "b"],
        "b gr\u00f6\u00dfe",
        [1, 1, 0, 0, 0, 0],
    ),
    "words that act": (["\x1b[2Ja", "b", "b", "b", "b", "b"], "[2Ja b", [0, 1, 1, 1, 1, 1]),
}


@pytest.mark.parametrize("case", KINDS)
def test_labels_of_any_kind_become_classes(case: str, tmp_path: Path) -> None:
    labels, names, numbers = KINDS[case]
    rows = read(saved(tmp_path, x=BYTES, y=np.asarray(labels)), 5, 7, 1)
    assert rows.found.names == tuple(names.split())
    assert rows.labels is not None and rows.labels.tolist() == list(numbers)


def test_classes_get_the_names_that_an_array_or_a_file_gives(tmp_path: Path) -> None:
    place = saved(tmp_path, x=BYTES, y=LABELS + 1, class_names=np.array(["red", "green", "blue"]))
    rows = read(place, 5, 7, 1)
    assert rows.found.names == ("red", "green", "blue") and rows.found.notes == ()
    assert rows.labels is not None and rows.labels.tolist() == LABELS.tolist()
    saved(tmp_path, x=BYTES, y=LABELS)
    (tmp_path / "classes.txt").write_text("one\ntwo\n\nthree\nfour\n")
    found = own.look(str(place))
    assert found.names == ("one", "two", "three", "four") and found.notes == ("no image is of four",)
    (tmp_path / "classes.txt").write_bytes("one\u2028first\r\ntwo\x85\nthree\x0c\n".encode())
    assert len(own.look(str(place)).names) == 3, "a name may hold what else ends lines in Unicode"


def test_names_that_do_not_fit_are_left_out_and_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "classes.txt").write_text("one\ntwo\n")
    found = own.look(str(saved(tmp_path, x=BYTES, y=LABELS)))
    assert found.names == ("0", "1", "2")
    assert found.notes == ("2 class names of classes.txt do not fit labels of 0 to 2: classes are called by them",)
    place = saved(tmp_path, x=BYTES, y=LABELS, class_names=np.array(["a", None], object))
    assert own.look(str(place)).notes[0].startswith("class names are left out: ")


# Another form -----------------------------------------------------------------------------------------------


def test_images_take_the_form_that_is_wished(tmp_path: Path) -> None:
    place = saved(tmp_path, x=COLOURS, y=LABELS)
    for resize in ("crop", "pad", "stretch"):
        made = read(place, 16, 12, 3, resize).images
        assert made.shape == (6, 16, 12, 3) and np.array_equal(made, read(place, 16, 12, 3, resize).images)
    stretched = Image.fromarray(COLOURS[2]).resize((12, 16), Image.Resampling.BILINEAR)
    assert np.array_equal(read(place, 16, 12, 3, "stretch").images[2], np.asarray(stretched))
    padded = read(place, 16, 9, 3, "pad").images
    assert (padded[:, :4] == 0).all() and np.array_equal(padded[:, 4:12], COLOURS)
    assert np.array_equal(read(place, 8, 3, 3).images, COLOURS[:, :, 3:6])


def test_colour_becomes_grey_as_in_pillow_and_grey_becomes_colour(tmp_path: Path) -> None:
    grey = read(saved(tmp_path, x=COLOURS), 8, 9, 1).images
    assert np.array_equal(grey[1, ..., 0], np.asarray(Image.fromarray(COLOURS[1]).convert("L")))
    colour = read(saved(tmp_path, x=BYTES), 5, 7, 3).images
    assert np.array_equal(colour, np.stack([BYTES] * 3, axis=3))


def test_progress_is_told_up_to_the_end(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    found = own.look(str(saved(tmp_path, x=np.zeros((40, 700, 700), np.uint8))))
    own.image_rows(found, Wish(8, 8, 1), lambda done, count: told.append((done, count)))
    assert told[-1] == (40, 40) and len(told) > 1


# More than memory -------------------------------------------------------------------------------------------


@pytest.fixture
def little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gan_tui.system.machine.free_memory", lambda: 4 * 250)


@pytest.mark.usefixtures("little_memory")
def test_very_many_images_stay_in_their_file(tmp_path: Path) -> None:
    for images in (COLOURS, np.ascontiguousarray(BYTES[:, None]), np.stack([BYTES] * 3)[0]):
        images = np.concatenate([images] * 3)
        place = saved(tmp_path, x=images, y=np.arange(18) % 2)
        found = own.look(str(place))
        assert found.sides is not None
        rows = read(place, *found.sides, found.channels)
        assert isinstance(rows.images, StoredRows)
        assert np.array_equal(rows.images.read(np.array([4, 2])), images[[4, 2]].reshape(2, *rows.images.shape[1:]))


TOO_MANY = {
    "packed": lambda folder: np.savez_compressed(folder / "mine.npz", x=COLOURS),
    "floats": lambda folder: saved(folder, x=COLOURS / 255),
    "colour first": lambda folder: saved(folder, x=np.ascontiguousarray(COLOURS.transpose(0, 3, 1, 2))),
    "two parts": lambda folder: saved(folder, x_train=COLOURS, x_val=COLOURS),
}


@pytest.mark.usefixtures("little_memory")
@pytest.mark.parametrize("case", TOO_MANY)
def test_where_they_cannot_it_is_said_how_they_could(case: str, tmp_path: Path) -> None:
    TOO_MANY[case](tmp_path)
    with pytest.raises(UserError) as refused:
        read(tmp_path / "mine.npz", 8, 9, 3)
    assert str(refused.value) == (
        f"{tmp_path}/mine.npz holds {'2.59' if case == 'two parts' else '1.3'} kB of images in the form that is "
        "trained on, too much for the 1 kB of free memory: save them alone as uint8 of shape (6, 8, 9, 3) with "
        "numpy.savez, not compressed, and they are read as needed."
    )


# What cannot be used ----------------------------------------------------------------------------------------


class Bomb:
    def __reduce__(self) -> tuple[Any, ...]:
        return exec, ("raise SystemExit('unpickled')",)


def pack(**members: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.npy", content)
    return packed.getvalue()


def npy_bytes(array: np.ndarray) -> bytes:
    content = io.BytesIO()
    np.save(content, array, allow_pickle=True)
    return content.getvalue()


def header(text: str) -> bytes:
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode()


def nan(kind: float) -> np.ndarray:
    images = np.zeros((6, 5, 5), "f4")
    images[4, 2, 1] = images[5, 0, 0] = kind
    return images


OBJECTS = (
    "is of Python objects, which gan-tui never unpickles (numpy.stack(list(x)) makes a plain array of them): save it "
)
AGAIN = "save it again, or name another."
REFUSED: dict[str, tuple[dict[str, Any] | bytes, str]] = {
    "images of objects": ({"x": np.array([BYTES[0], 2], object), "y": [1, 2]},
                          f"holds x.npy, which {OBJECTS}again, or name another."),
    "labels that are code": ({"x": BYTES, "y": np.array([Bomb()] * 6, object)},
                             f"holds y.npy, which {OBJECTS}again, or name another."),
    "no archive": (b"hello, this is no archive", f"is damaged (File is not a zip file): {AGAIN}"),
    "a pickle": (pickle.dumps({"x": [1]}), f"is damaged (File is not a zip file): {AGAIN}"),
    "empty": (b"", "is empty: save it again, or name another."),
    "a web page": (b"<!DOCTYPE html><p>Please log in", "is a web page, not the data; download the file itself."),
    "a pointer": (b"version https://git-lfs.github.com/spec/v1\n", "is a Git LFS pointer, not the data (git lfs pull "
                  "fetches them)."),
    "no array": (pack(), "holds no array: call the images x and their labels y."),
    "unknown names": ({"first": BYTES, "second": LABELS}, "holds arrays first, second: call the images x and their "
                      "labels y."),
    "one number": ({"x": np.array(3)}, "x, holds an array of shape (): images must be of shape (n, height, width) or "
                   "(n, height, width, 3)."),
    "a row": ({"x": np.arange(9)}, "x, holds an array of shape (9,): images must be of shape (n, height, width) or "
              "(n, height, width, 3)."),
    "videos": ({"x": np.zeros((2, 4, 8, 8, 3), "u1")}, "x, holds an array of shape (2, 4, 8, 8, 3): images must be of "
               "shape (n, height, width) or (n, height, width, 3)."),
    "two channels": ({"x": np.zeros((2, 8, 8, 2), "u1")}, "x, holds an array of shape (2, 8, 8, 2): images must have "
                     "1, 3 or 4 channels first or last, as (n, height, width, 3) has."),
    "a table": ({"x": np.zeros((150, 4)), "y": np.zeros(150)}, "x, holds rows of 4 numbers and no images: save a table "
                "as CSV, or reshape images."),
    "rows of no square": ({"x": np.zeros((9, 783))}, "x, holds rows of 783 numbers, which make no square image: "
                          "reshape them to (9, height, width) or (9, height, width, 3)."),
    "no images": ({"x": np.zeros((0, 8, 8))}, "x, holds 0 images: 1 to 10,000,000 are possible."),
    "no pixels": ({"x": np.zeros((3, 0, 8))}, "x, holds images of 8 × 0 pixels: sides of 1 to 2,048 are possible."),
    "too large": ({"x": np.zeros((1, 1, 4000), "u1")}, "x, holds images of 4,000 × 1 pixels: sides of 1 to 2,048 are "
                  "possible."),
    "complex": ({"x": np.zeros((3, 8, 8), complex)}, f"holds x.npy, which is of type <c16, which is no plain number: "
                f"{AGAIN}"),
    "words for images": ({"x": np.array([["a", "b"]])}, "x, holds words and no images: images must be numbers."),
    "not finite": ({"x": nan(np.nan)}, "x, holds 2 numbers that are not finite, the first in image 4: save it without "
                   "them, as numpy.nan_to_num makes it."),
    "infinite": ({"x": nan(-np.inf)}, "x, holds 2 numbers that are not finite, the first in image 4: save it without "
                 "them, as numpy.nan_to_num makes it."),
    "fewer labels": ({"x": BYTES, "y": LABELS[:5]}, "y, holds labels of shape (5,) for 6 images: give each image one "
                     "label."),
    "labels in a cube": ({"x": BYTES, "y": np.zeros((6, 2, 2))}, "y, holds labels of shape (6, 2, 2): labels must be "
                         "one for each image, or one-hot rows."),
    "a label of no class": ({"x": BYTES, "y": [0, 1, 2.5, 1, 0, 2]}, "y, holds the label 2.5, of image 2: labels of "
                            "classes must be whole numbers."),
    "no label": ({"x": BYTES, "y": [0, 1, 2, np.nan, 0, 2]}, "y, holds the label nan, of image 3: labels of classes "
                 "must be whole numbers."),
    "an endless label": ({"x": BYTES, "y": [0, 1, 2, 0, 1, np.inf]}, "y, holds the label inf, of image 5: labels of "
                         "classes must be whole numbers."),
    "probabilities": ({"x": BYTES, "y": np.full((6, 2), 0.5)}, "y, holds labels of shape (6, 2) that are not one-hot: "
                      "save y.argmax(axis=1), say, in their place."),
    "two at once": ({"x": BYTES, "y": np.ones((6, 2), int)}, "y, holds labels of shape (6, 2) that are not one-hot: "
                    "save y.argmax(axis=1), say, in their place."),
    "words in columns": ({"x": BYTES, "y": np.array([["a", "b"]] * 6)}, "y, holds words of shape (6, 2): labels must "
                         "be one for each image."),
    "an empty word": ({"x": BYTES, "y": ["a", "b", "", "a", "", "b"]}, "y, holds 2 empty labels, the first of image 2: "
                      "give each image one."),
    "too many classes": ({"x": np.zeros((1001, 8, 8), "u1"), "y": np.arange(1001)}, "y, holds 1,001 different labels: "
                         "at most 1,000 classes are possible."),
    "another form held back": ({"x_train": BYTES, "x_val": COLOURS}, "x_val, holds images of another form than those "
                               "to train on: give both the same."),
    "words held back": ({"x_train": BYTES, "y_train": LABELS, "x_val": BYTES, "y_val": ["a"] * 6}, "y_train, holds "
                        "labels of another kind than those held back: give both the same kind."),
    "classes that are held back alone": (
        {"x_train": BYTES, "y_train": LABELS, "x_val": BYTES, "y_val": LABELS + 2},
        "y_val, holds the classes 3, 4, and y_train does not: train on images of them, too, or hold none back."),
    "a word that is held back alone": (
        {"x_train": BYTES, "y_train": list("abcabc"), "x_val": BYTES, "y_val": list("bbbbbd")},
        "y_val, holds the class d, and y_train does not: train on images of it, too, or hold none back."),
    "a place that is held back alone": (
        {"x_train": BYTES, "y_train": np.eye(4, dtype=int)[LABELS], "x_val": BYTES, "y_val": np.eye(4)[LABELS + 1],
         "class_names": ["ape", "bee", "cat", "dog"]},
        "y_val, holds the class dog, and y_train does not: train on images of it, too, or hold none back."),
    "words that begin alike": (
        {"x": BYTES, "y": ["w" * 60 + end for end in "xyzxyz"]},
        f"y, holds two labels that look alike, {'w' * 59}…: have them differ in their first 60 characters, or save "
        "numbers in their place."),
    "words that look alike": (
        {"x": BYTES, "y": ["cat", "c\u200bat", "dog", "cat", "dog", "c at"]},
        "y, holds two labels that look alike, c at: have them differ in their first 60 characters, or save numbers in "
        "their place."),
    "a label too large": ({"x": BYTES, "y": np.arange(6) + 2**60}, f"y, holds the label {2**60}, of image 0, which is "
                          "too large: labels of classes must be smaller numbers, such as 0 to 9."),
    "a label too small": ({"x": BYTES, "y": [0, 1, -(2**62), 0, 1, 2]}, f"y, holds the label {-(2**62)}, of image 2, "
                          "which is too large: labels of classes must be smaller numbers, such as 0 to 9."),
    "no header": (pack(x=b"PK"), f"holds x.npy, which is not an array in numpy's format: {AGAIN}"),
    "a header of nonsense": (pack(x=header("{'descr': __import__('os')}")), "holds x.npy, which has a header that "
                             f"cannot be read: {AGAIN}"),
    "a negative shape": (pack(x=header("{'descr': '|u1', 'fortran_order': False, 'shape': (-1, 8, 8)}")),
                         f"holds x.npy, which has a header that cannot be read: {AGAIN}"),
    "a letter that numpy has not": (pack(x=header("{'descr': '?u1', 'fortran_order': False, 'shape': (1, 8, 8)}")),
                                    f"holds x.npy, which is of type ?u1, which is no plain number: {AGAIN}"),
    "a bomb": (pack(x=header("{'descr': '|u1', 'fortran_order': False, 'shape': (9999999, 2000, 2000)}")),
               f"is truncated: 82 of 39,999,996,000,082 bytes: {AGAIN}"),
    "too short": (pack(x=npy_bytes(BYTES)[:-1]), f"is truncated: 337 of 338 bytes: {AGAIN}"),
    "too long": (pack(x=npy_bytes(BYTES) + b"1"), f"is longer than its header says: {AGAIN}"),
    "endless words": (pack(x=npy_bytes(BYTES), y=header("{'descr': '<U999999', 'shape': (6,), 'fortran_order': 0}")),
                      f"is truncated: 66 of 24,000,042 bytes: {AGAIN}"),
    "words that are no text": (pack(x=npy_bytes(BYTES), y=npy_bytes(np.full(6, 0x110000, "<u4")).replace(
        b"<u4", b"<U1")), f"holds labels that are no text: {AGAIN}"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_used_gets_one_sentence(case: str, tmp_path: Path) -> None:
    made, sentence = REFUSED[case]
    if isinstance(made, bytes):
        (tmp_path / "mine.npz").write_bytes(made)
    else:
        saved(tmp_path, **made)
    with pytest.raises(UserError) as refused:
        read(tmp_path / "mine.npz", 8, 8, 1)
    said = str(refused.value).removeprefix(f"{tmp_path}/mine.npz").lstrip(", ")
    assert said == sentence


FOLDERS: dict[str, tuple[dict[str, bytes], str, str]] = {
    "two archives": ({"a.npz": b"", "b.npz": b""}, "", "{} holds 2 files of arrays, a.npz, b.npz: name one of them."),
    "two sets of IDX": ({"a-train-images-idx3-ubyte": b"", "b-train-images-idx3-ubyte": b""}, "",
                        "{} holds 2 files of arrays, a-train-images-idx3-ubyte, b-train-images-idx3-ubyte: name one of "
                        "them."),
    "labels alone": ({"train-labels-idx1-ubyte": idx(LABELS.astype("u1"))}, "", "{} holds labels and no images: put "
                     "the file of images there, such as train-images-idx3-ubyte.gz."),
    "no IDX": ({"train-images-idx3-ubyte": b"nonsense"}, "train-images-idx3-ubyte", "{} is not an IDX file: "
               "save it again, or name another."),
    "IDX cut short": ({"train-images-idx3-ubyte": idx(BYTES)[:-3]}, "train-images-idx3-ubyte", "{} is truncated: 223 "
                      "of 226 bytes: save it again, or name another."),
    "spoilt gzip": ({"train-images-idx3-ubyte.gz": gzip.compress(idx(BYTES))[:40]}, "train-images-idx3-ubyte.gz",
                    "{} is damaged (Compressed file ended before the end-of-stream marker was reached): save it again, "
                    "or name another."),
    "no .npy": ({"x.npy": b"nonsense"}, "x.npy", "{} is not an array in numpy's format: save it again, or name "
                "another."),
    "objects in .npy": ({"x.npy": npy_bytes(np.array([Bomb()], object))}, "x.npy", "{} is of Python objects, which "
                        "gan-tui never unpickles (numpy.stack(list(x)) makes a plain array of them): save it again, or "
                        "name another."),
    "labels of .npy": ({"x.npy": npy_bytes(BYTES), "y.npy": npy_bytes(LABELS[:2])}, "", "{}/y.npy holds labels of "
                       "shape (2,) for 6 images: give each image one label."),
}  # fmt: skip


@pytest.mark.parametrize("case", FOLDERS)
def test_so_do_files_and_folders(case: str, tmp_path: Path) -> None:
    files, name, sentence = FOLDERS[case]
    for file, content in files.items():
        (tmp_path / file).write_bytes(content)
    with pytest.raises(UserError) as refused:
        own.look(str(tmp_path / name))
    assert str(refused.value) == sentence.format(tmp_path / name if name else tmp_path)


def test_pixels_that_fail_their_checksum_are_refused(tmp_path: Path) -> None:
    place = npz(tmp_path)
    content = bytearray(place.read_bytes())
    content[300] ^= 1
    place.write_bytes(content)
    with pytest.raises(UserError, match=r"mine.npz is damaged \(Bad CRC-32 for file 'x_train.npy'\): save it again"):
        read(place, 5, 7, 1)


def test_words_of_very_many_digits_are_put_in_order(tmp_path: Path) -> None:
    found = own.look(str(saved(tmp_path, x=BYTES, y=np.array(["b" + "9" * 5000] * 3 + ["a10", "a9", "a9"]))))
    assert found.names[:2] == ("a9", "a10") and found.names[2].startswith("b999")


# A folder of several sets -----------------------------------------------------------------------------------


@pytest.mark.parametrize("files", [
    {"mnist.npz": 0, "fashion_mnist.npz": 1}, {"mnist/mine.npz": 0, "fashion-mnist/mine.npz": 1},
    {"mnist.npz": 0, "fashion-mnist.npz": 1, "other.npz": 2},
], ids=str)  # fmt: skip
def test_a_preset_takes_its_own_set_from_a_folder_of_several(files: dict[str, int], tmp_path: Path) -> None:
    for file, number in files.items():
        (tmp_path / file).parent.mkdir(exist_ok=True)
        np.savez(tmp_path / file, x_train=np.zeros((40 + number, 28, 28), "u1"), y_train=np.arange(40 + number) % 10)
    for preset, file, number in (("gan", next(iter(files)), 0), ("fashion-cnn", list(files)[1], 1)):
        chosen = presets.find(preset).with_settings({"data": str(tmp_path), "batch_size": 8})
        assert chosen.found is not None and chosen.found.count == 40 + number
        assert chosen.settings["data"] == str(tmp_path / file)


def test_a_class_that_is_not_among_those_held_back_is_said(tmp_path: Path) -> None:
    images = np.zeros((6, 5, 5), "u1")
    place = saved(tmp_path, x_train=images, y_train=[0, 1, 2, 0, 1, 2], x_val=images[:4], y_val=[1, 2, 1, 2])
    assert "no image that is held back is of 0" in own.look(str(place)).notes
