"""Published sets by their names: those that are here are read, CIFAR without unpickling; others are told how to get."""

import functools
import hashlib
import http.server
import io
import struct
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from gan_tui.data import fetch as fetching
from gan_tui.data import own
from gan_tui.data.own import Wish
from gan_tui.data.own.found import from_document
from gan_tui.errors import UserError
from gan_tui.presets.checks import place
from shell import said

ROWS = np.random.default_rng(1).integers(0, 256, (20, 3072), np.uint8)
IMAGES = ROWS.reshape(20, 3, 32, 32).transpose(0, 2, 3, 1)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr("gan_tui.data.sources.DEBIAN", tmp_path / "none")
    return tmp_path / "keras" / "datasets"


def in_own_form(name: str, channels: int = 3) -> own.ImageRows:
    return own.image_rows(own.look(name), Wish(32, 32, channels))


def test_a_run_goes_on_with_the_images_that_it_began_with_though_the_full_set_is_there_by_now(cache: Path) -> None:
    begun = own.look("mnist")
    cache.mkdir(parents=True)
    images, labels = np.zeros((12, 28, 28), np.uint8), np.arange(12, dtype=np.uint8) % 10
    np.savez(cache / "mnist.npz", x_train=images, y_train=labels)
    assert own.look("mnist").count == 12, "what is begun now takes the other images"
    again = own.look("mnist", origin=from_document(begun.as_document(), Path("mnist")).origin)
    assert (again.count, len(own.image_rows(again, Wish(28, 28, 1)).images)) == (begun.count, begun.count)


# What is in the package -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "count", "last"), [("mnist", 5000, "9"), ("fashion-mnist", 6000, "Ankle boot")])
def test_the_sets_of_the_package_are_found_by_name(name: str, count: int, last: str) -> None:
    found = own.look(name)
    assert found.says == f"{count:,} grey images, 28 × 28, in 10 classes (embedded)" and found.names[-1] == last
    rows = own.image_rows(found, Wish(28, 28, 1))
    assert rows.images.shape == (count, 28, 28, 1) and rows.labels is not None
    assert np.bincount(rows.labels).tolist() == [count // 10] * 10


def test_they_take_another_form() -> None:
    assert in_own_form("mnist").images.shape == (5000, 32, 32, 3)


def test_a_file_that_is_called_like_a_set_is_meant_only_by_a_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mnist").mkdir()
    np.savez(tmp_path / "mnist" / "mine.npz", x=np.zeros((3, 9, 9)))
    monkeypatch.chdir(tmp_path)
    assert own.look(place("mnist")).count == 5000
    assert own.look(place("./mnist")).says == "3 grey images, 9 × 9, no labels"


# CIFAR: fetched ---------------------------------------------------------------------------------------------


def archive(name: str) -> bytes:
    """A small binary version."""
    before = [np.arange(20, dtype="u1")[:, None] % 10] * (1 if name == "cifar10" else 2)
    rows = np.concatenate([*before, ROWS], axis=1)
    parts = dict.fromkeys(["cifar-100-binary/train.bin"], rows)
    if name == "cifar10":
        parts = {f"cifar-10-batches-bin/data_batch_{n}.bin": rows[4 * n - 4 : 4 * n] for n in range(5, 0, -1)}
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as out:
        for member, content in parts.items():
            info = tarfile.TarInfo(member)
            info.size = content.nbytes
            out.addfile(info, io.BytesIO(content.tobytes()))
    return packed.getvalue()


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Serves the folder `served`."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    (tmp_path / "served").mkdir()
    handler = functools.partial(Quiet, directory=str(tmp_path / "served"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}/"
        running.shutdown()
        thread.join()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Tests print nothing."""


@pytest.mark.parametrize("name", ["cifar10", "cifar100"])
def test_a_set_is_fetched_and_then_found(
    name: str, server: str, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UserError, match=f"^{name} is not at hand: fetch it with `gan-tui data fetch {name}`.$"):
        own.look(name)
    content, file = archive(name), fetching.SETS[name][0].name
    (tmp_path / "served" / file).write_bytes(content)
    remote = fetching.Remote(file, len(content), md5=hashlib.md5(content, usedforsecurity=False).hexdigest())
    monkeypatch.setitem(fetching.SETS, name, (remote,))
    for _ in range(2):
        assert fetching.fetch(name, lambda *_: None, server) == cache / f"{name}.npz"
        (tmp_path / "served" / file).unlink(missing_ok=True)  # so that a second time it would not be there
    assert [each.name for each in cache.iterdir()] == [f"{name}.npz"]
    found, rows = own.look(name), in_own_form(name)
    classes = 10 if name == "cifar10" else 100
    assert found.says.startswith(f"20 colour images, 32 × 32, in {classes} classes (Keras's cache (")
    assert found.names[:2] == (("airplane", "automobile") if classes == 10 else ("apple", "aquarium fish"))
    assert len(found.names) == classes
    assert np.array_equal(rows.images, IMAGES) and rows.labels is not None
    assert rows.labels.tolist() == [n % 10 for n in range(20)]


def test_what_is_not_the_published_file_is_refused(server: str, cache: Path, tmp_path: Path) -> None:
    (tmp_path / "served" / "cifar-10-binary.tar.gz").write_bytes(archive("cifar10"))
    with pytest.raises(UserError, match=r"is not the cifar-10-binary\.tar\.gz it should be"):
        fetching.fetch("cifar10", lambda *_: None, server)
    assert list(cache.iterdir()) == []


# CIFAR: in Keras's cache ------------------------------------------------------------------------------------


def old_pickle(labels_key: str, rows: np.ndarray, labels: list[int], fortran: bool = False) -> bytes:
    """As Python 2 wrote such a batch, protocol 2: strings are of bytes, without _codecs."""

    def short(word: str) -> bytes:
        return b"U" + bytes([len(word)]) + word.encode() + b"q\x01"

    def listed(items: bytes) -> bytes:
        return b"]q\x02(" + items + b"e"

    content = rows.tobytes(order="F" if fortran else "C")
    array = (
        b"cnumpy.core.multiarray\n_reconstruct\nq\x03cnumpy\nndarray\nK\x00\x85U\x01b\x87Rq\x04(K\x01"
        + b"K" + bytes([len(rows)]) + b"M" + struct.pack("<H", 3072) + b"\x86"
        + b"cnumpy\ndtype\nU\x02u1K\x00K\x01\x87R(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
        + (b"\x88" if fortran else b"\x89") + b"T" + struct.pack("<i", len(content)) + content + b"tb"
    )  # fmt: skip
    return (
        b"\x80\x02}q\x00(" + short("data") + array
        + short(labels_key) + listed(b"".join(b"K" + bytes([label]) for label in labels))
        + short("batch_label") + short("training batch 1 of 5")
        + short("coarse_labels") + listed(b"K\x63") + short("filenames") + listed(short("a.png")) + b"u."
    )  # fmt: skip


def kept(cache: Path, folder: str, fortran: bool = False, key: str = "labels") -> Path:
    place = cache / folder
    place.mkdir(parents=True)
    for n in range(5):
        labels = [n % 10 for n in range(4 * n, 4 * n + 4)]
        (place / f"data_batch_{n + 1}").write_bytes(old_pickle(key, ROWS[4 * n : 4 * n + 4], labels, fortran))
    return place


@pytest.mark.parametrize("fortran", [False, True])
@pytest.mark.parametrize("folder", ["cifar-10-batches-py-target/cifar-10-batches-py", "cifar-10-batches-py"])
def test_the_pickles_that_keras_keeps_are_read_and_not_run(folder: str, fortran: bool, cache: Path) -> None:
    kept(cache, folder, fortran)
    rows = in_own_form("cifar10")
    assert np.array_equal(rows.images, IMAGES) and rows.labels is not None
    assert rows.labels.tolist() == [n % 10 for n in range(20)]


def test_so_are_those_of_cifar100(cache: Path) -> None:
    place = cache / "cifar-100-python-target" / "cifar-100-python"
    place.mkdir(parents=True)
    (place / "train").write_bytes(old_pickle("fine_labels", ROWS, list(range(80, 100))))
    rows = in_own_form("cifar100", 1)
    assert rows.images.shape == (20, 32, 32, 1) and rows.labels is not None
    assert rows.labels.tolist() == list(range(80, 100))


SPOILT = {
    "cut short": (lambda whole: whole[:5000], "is damaged (it cannot be listed)"),
    "code": (lambda whole: b"cos\nsystem\n(S'exit 3'\ntR.", "holds 0 bytes of pixels for 0 labels, unlike CIFAR's"),
    "empty": (lambda whole: b"", "is damaged (it cannot be listed)"),
    "noise": (lambda whole: bytes(range(256)) * 20, "is damaged (it cannot be listed)"),
    "fewer labels": (
        lambda whole: whole.replace(b"K\x00K\x01K\x02K\x03e", b"K\x00K\x01K\x02e"),
        "holds 12,288 bytes of pixels for 3 labels, unlike CIFAR's",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SPOILT)
def test_what_is_unlike_them_gets_a_sentence(case: str, cache: Path) -> None:
    spoil, sentence = SPOILT[case]
    file = kept(cache, "cifar-10-batches-py") / "data_batch_1"
    file.write_bytes(spoil(file.read_bytes()))
    with pytest.raises(UserError) as refused:
        in_own_form("cifar10")
    remedy = "remove it, and fetch the set again with `gan-tui data fetch cifar10`"
    assert str(refused.value) == f"{file} {sentence}: {remedy}."


# In lists ---------------------------------------------------------------------------------------------------


def test_the_list_of_data_names_all_four(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "data")
    assert code == 0
    names = [line.split()[:2] for line in out.splitlines()[1:5]]
    assert names == [["mnist", "5,000"], ["fashion-mnist", "6,000"], ["cifar10", "0"], ["cifar100", "0"]]
    assert "CIFAR's have 50,000 each: `gan-tui data fetch cifar10`, `gan-tui data fetch cifar100`." in out
