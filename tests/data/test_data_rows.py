"""Images that are too many for the memory stay in their file, and are read from there as they are."""

import gzip
import os
import struct
from pathlib import Path

import numpy as np
import pytest

from gan_tui import data
from gan_tui.data.arrays import Damaged
from gan_tui.data.rows import StoredRows
from gan_tui.errors import UserError
from gan_tui.system import machine

COUNT = 50


@pytest.fixture(autouse=True)
def little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "free_memory", lambda: 4 * COUNT * 784 - 4)  # a byte short of what is held


@pytest.fixture
def images() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (COUNT, 28, 28), np.uint8)


LABELS = (np.arange(COUNT) % 10).astype(np.uint8)


def in_idx(folder: Path, images: np.ndarray, zipped: bool = False) -> Path:
    for stem, array in (("images-idx3", images), ("labels-idx1", LABELS)):
        contents = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes()
        path = folder / f"train-{stem}-ubyte{'.gz' if zipped else ''}"
        path.write_bytes(gzip.compress(contents) if zipped else contents)
    return folder


def in_npz(folder: Path, images: np.ndarray) -> Path:
    np.savez(folder / "mnist.npz", y_train=LABELS, x_train=images)
    return folder


@pytest.mark.parametrize("store", [in_idx, in_npz])
def test_rows_are_those_of_the_array_whatever_is_asked_for(store, tmp_path: Path, images: np.ndarray) -> None:
    loaded = data.load(data.find("mnist", store(tmp_path, images)))
    rows = loaded.images
    assert isinstance(rows, StoredRows) and len(rows) == COUNT
    assert np.array_equal(loaded.labels, LABELS)
    for positions in ([0], [COUNT - 1, 0, 7, 7], list(range(COUNT)), []):
        chosen = np.array(positions, np.intp)
        assert np.array_equal(rows.read(chosen), images[chosen])
        assert np.array_equal(rows.reshape(-1, 784).read(chosen), images.reshape(-1, 784)[chosen])
    some, fewer = np.array([9, 3, 30, 4]), np.array([2, 0])
    part = rows.part(some).part(fewer)
    assert (len(part), part.shape) == (2, (2, 28, 28))
    assert np.array_equal(part.read(np.array([1, 0])), images[[9, 30]])


def test_a_deleted_file_can_still_be_read_and_one_cut_short_is_named(tmp_path: Path, images: np.ndarray) -> None:
    rows = data.load(data.find("mnist", in_idx(tmp_path, images))).images
    assert isinstance(rows, StoredRows)
    file = tmp_path / "train-images-idx3-ubyte"
    os.truncate(file, 16 + 784 * 20)
    assert np.array_equal(rows.read(np.array([19])), images[[19]])
    with pytest.raises(Damaged, match="train-images-idx3-ubyte became shorter"):
        rows.read(np.array([3, 20]))
    file.unlink()
    assert np.array_equal(rows.read(np.array([3])), images[[3]])


@pytest.mark.parametrize("kind", ["gz", "npz"])
def test_what_is_compressed_and_too_large_is_refused_with_the_remedy(
    kind: str, tmp_path: Path, images: np.ndarray
) -> None:
    if kind == "gz":
        in_idx(tmp_path, images, zipped=True)
    else:
        np.savez_compressed(tmp_path / "mnist.npz", x_train=images, y_train=LABELS)
    remedy = "gunzip" if kind == "gz" else "numpy.savez instead of savez_compressed"
    with pytest.raises(UserError, match=f"unpacks to 39.2 kB, too much for the 157 kB .*{remedy}"):
        data.load(data.find("mnist", tmp_path))


def _open_files() -> int:
    return len(list(Path("/dev/fd").iterdir()))


def test_files_are_closed_when_their_rows_are_gone(tmp_path: Path, images: np.ndarray) -> None:
    source = data.find("mnist", in_idx(tmp_path, images))
    before = _open_files()
    for _ in range(10):
        rows = data.load(source).images
        part = rows.part(np.arange(3))
    del rows
    assert np.array_equal(part.read(np.array([2])), images[[2]])
    assert _open_files() == before + 1
    del part
    assert _open_files() == before
