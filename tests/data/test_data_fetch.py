"""Downloads from a real server on loopback that behaves well, badly, or not at all."""

import errno
import fcntl
import gzip
import hashlib
import io
import os
import stat
import threading
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

import gan_tui.data as data
from gan_tui.cli import data_report
from gan_tui.data import fetch as fetching
from gan_tui.data import sources, transfer
from gan_tui.errors import UserError

DEBIAN = Path("/usr/share/datasets/fashion-mnist")


class Server(ThreadingHTTPServer):
    """`files` by name; `ranges` whether it honours Range; `sized` whether it tells lengths.

    `cuts` are the bytes after which the next answers break off, or with `stalls` fall silent.
    """

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.files, self.ranges, self.sized, self.cuts, self.stalls = {}, True, True, deque(), False
        self.asked, self.closing = [], threading.Event()
        self.url = f"http://127.0.0.1:{self.server_port}/"

    def handle_error(self, request, client_address):
        """A client that has seen enough hangs up; that is no failure here."""


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self):
        body, asked = self.server.files.get(self.path[1:]), self.headers["Range"]
        self.server.asked.append((self.path[1:], asked))
        if body is None:
            return self.send_error(404)
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and self.server.ranges else 0
        if start and start >= len(body):
            return self.send_error(416)
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        if self.server.sized:
            self.send_header("Content-Length", str(len(body) - start))
        self.end_headers()
        cut = self.server.cuts.popleft() if self.server.cuts else None
        self.wfile.write(body[start:] if cut is None else body[start : start + cut])
        if cut is not None and self.server.stalls:
            self.server.closing.wait(10)

    def log_message(self, *_):
        pass


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield running
        running.closing.set()
        running.shutdown()
        thread.join()


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.delenv("GAN_TUI_DATA", raising=False)
    monkeypatch.setattr(sources, "DEBIAN", tmp_path / "no-debian")
    return tmp_path / "keras" / "datasets"


@pytest.fixture
def archive(monkeypatch):
    """What stands for the published mnist.npz: an archive of 2.4 MB, whose checksum the program expects."""
    images = np.random.default_rng(0).integers(0, 256, (3000, 28, 28), np.uint8)
    packed = io.BytesIO()
    np.savez(packed, x_train=images, y_train=(np.arange(3000) % 10).astype(np.uint8))
    expect(monkeypatch, packed.getvalue())
    return packed.getvalue()


def expect(monkeypatch, contents):
    remote = fetching.Remote("mnist.npz", len(contents), hashlib.sha256(contents).hexdigest())
    monkeypatch.setitem(fetching.SETS, "mnist", (remote,))


def ignore(done, total):
    pass


def left(cache):
    return sorted(path.name for path in cache.rglob("*") if path.is_file())


def test_a_download_lands_where_it_is_then_found(server, cache, archive):
    server.files["mnist.npz"] = archive
    told = []
    place = fetching.fetch("mnist", lambda done, total: told.append((done, total)), server.url)
    assert place == cache / "mnist.npz" and place.read_bytes() == archive
    source = data.find("mnist")
    assert source.origin.startswith("Keras's cache") and source.count == 3000
    assert left(cache) == ["mnist.npz"]
    assert told == sorted(told) and told[-1] == (len(archive), len(archive))


def test_a_sound_file_is_not_fetched_again(server, cache, archive):
    server.files["mnist.npz"] = archive
    fetching.fetch("mnist", ignore, server.url)
    fetching.fetch("mnist", ignore, server.url)
    assert len(server.asked) == 1


def test_a_damaged_file_is_replaced(server, cache, archive):
    cache.mkdir(parents=True)
    (cache / "mnist.npz").write_bytes(archive[:-10])
    server.files["mnist.npz"] = archive
    assert fetching.fetch("mnist", ignore, server.url).read_bytes() == archive


def test_a_broken_connection_is_taken_up_where_it_broke(server, cache, archive):
    server.files["mnist.npz"] = archive
    server.cuts.extend([1_000_000, 500_000])
    assert fetching.fetch("mnist", ignore, server.url).read_bytes() == archive
    assert [asked for _, asked in server.asked] == [None, "bytes=1000000-", "bytes=1500000-"]


def test_a_connection_that_falls_silent_is_given_up_and_taken_up_again(server, cache, archive, monkeypatch):
    monkeypatch.setattr(transfer, "TIMEOUT", 0.2)
    server.files["mnist.npz"], server.stalls = archive, True
    server.cuts.append(1_000_000)
    assert fetching.fetch("mnist", ignore, server.url).read_bytes() == archive
    assert server.asked[-1] == ("mnist.npz", "bytes=1000000-")


def test_a_connection_that_breaks_again_and_again_leaves_its_part_for_the_next_run(server, cache, archive):
    server.files["mnist.npz"] = archive
    server.cuts.extend([400_000] * 5)
    with pytest.raises(UserError, match=r"broke 5 times, last after 2\.0 MB of mnist\.npz: run the command again"):
        fetching.fetch("mnist", ignore, server.url)
    assert left(cache) == ["mnist.npz.part"]
    assert data.find("mnist").origin == "embedded"
    assert fetching.fetch("mnist", ignore, server.url).read_bytes() == archive
    assert server.asked[-1] == ("mnist.npz", "bytes=2000000-")


def test_a_server_without_ranges_is_asked_for_the_whole_again(server, cache, archive):
    server.files["mnist.npz"], server.ranges = archive, False
    server.cuts.append(1_000_000)
    assert fetching.fetch("mnist", ignore, server.url).read_bytes() == archive
    assert len(server.asked) == 2


@pytest.mark.parametrize("part", [b"of an older file", b"x" * 10_000_000])
def test_a_part_of_another_file_is_thrown_away(server, cache, archive, part):
    cache.mkdir(parents=True)
    (cache / "mnist.npz.part").write_bytes(part)
    server.files["mnist.npz"] = archive
    assert fetching.fetch("mnist", ignore, server.url).read_bytes() == archive
    assert [asked for _, asked in server.asked] == [f"bytes={len(part)}-", None]


def test_a_part_that_is_whole_already_is_used(server, cache, archive):
    cache.mkdir(parents=True)
    (cache / "mnist.npz.part").write_bytes(archive)
    server.files["mnist.npz"] = archive
    assert fetching.fetch("mnist", ignore, server.url).read_bytes() == archive
    assert len(server.asked) == 1


@pytest.mark.parametrize("wrong", [b"<html>Please log in</html>", b"\0" * 30_000_000])
def test_a_wrong_file_is_refused_and_not_kept(server, cache, archive, wrong):
    server.files["mnist.npz"] = wrong
    most = []
    with pytest.raises(UserError, match="its checksum differs"):
        fetching.fetch("mnist", lambda done, _: most.append(done), server.url)
    assert left(cache) == []
    assert max(most) < 2 * len(archive) + 2_000_000


def test_a_server_that_does_not_tell_the_length_serves_all_the_same(server, cache, archive):
    server.files["mnist.npz"], server.sized = archive, False
    told = []
    fetching.fetch("mnist", lambda done, total: told.append(total), server.url)
    assert told[0] is None and told[-1] == len(archive)


def test_a_missing_file_and_an_absent_server_are_told_with_a_remedy(server, cache, archive):
    with pytest.raises(UserError, match=r"127\.0\.0\.1:\d+ cannot be reached \(it answers 404 Not Found\): check"):
        fetching.fetch("mnist", ignore, server.url)
    with pytest.raises(UserError, match=r"cannot be reached \(Connection refused\): check the network") as caught:
        fetching.fetch("mnist", ignore, "http://127.0.0.1:9/")
    assert caught.value.code == 1 and left(cache) == []


def test_a_full_disk_is_told_with_a_remedy(server, cache, archive):
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    cache.mkdir(parents=True)
    (cache / "mnist.npz.part").symlink_to("/dev/full")
    server.files["mnist.npz"] = archive
    with pytest.raises(UserError, match=r"The disk of .*datasets is full: free some space, or set KERAS_HOME"):
        fetching.fetch("mnist", ignore, server.url)


def test_a_cache_that_cannot_be_made_is_told_with_a_remedy(server, tmp_path, monkeypatch, archive):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "file"))
    with pytest.raises(UserError, match=r"cannot be written .*: make it writable, or set KERAS_HOME"):
        fetching.fetch("mnist", ignore, server.url)


def test_a_file_system_whose_folders_need_no_syncing_is_no_trouble(server, cache, archive, monkeypatch):
    """Some network file systems answer so; the file itself is there."""
    real = os.fsync

    def fsync(descriptor):
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        real(descriptor)

    server.files["mnist.npz"] = archive
    monkeypatch.setattr(os, "fsync", fsync)
    assert fetching.fetch("mnist", ignore, server.url).read_bytes() == archive


def test_two_downloads_of_one_file_do_not_mix(server, cache, archive):
    cache.mkdir(parents=True)
    with (cache / "mnist.npz.part").open("ab") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(UserError, match="Another download is writing"):
            fetching.fetch("mnist", ignore, server.url)
    assert server.asked == []


def test_an_unknown_set_is_refused(cache):
    with pytest.raises(UserError, match='There is no data set "shoes", choose from mnist, fashion-mnist, cifar10, c'):
        fetching.fetch("shoes", ignore)


@pytest.mark.skipif(not DEBIAN.is_dir(), reason="Debian's dataset-fashion-mnist isn't here")
def test_the_four_fashion_files_are_fetched_checked_and_found(server, cache):
    """The published checksums hold for Debian's files, whose gzip headers differ from the published ones."""
    server.files = {file.name: file.read_bytes() for file in DEBIAN.iterdir()}
    told = []
    place = fetching.fetch("fashion-mnist", lambda done, total: told.append((done, total)), server.url)
    assert place == cache / "fashion-mnist"
    assert [name for name, _ in server.asked] == [remote.name for remote in fetching.SETS["fashion-mnist"]]
    source = data.find("fashion-mnist")
    assert source.full and source.origin.startswith("Keras's cache")
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1][0] == told[-1][1] == sum(len(contents) for contents in server.files.values())


def test_a_fashion_file_with_other_contents_is_refused(server, cache):
    server.files = {remote.name: gzip.compress(b"other") for remote in fetching.SETS["fashion-mnist"]}
    with pytest.raises(UserError, match=r"train-labels-idx1-ubyte\.gz it should be"):
        fetching.fetch("fashion-mnist", ignore, server.url)


def test_the_expected_files_are_those_of_the_installed_keras():
    """Keras's loaders name the address, the files and a checksum in their source."""
    keras = pytest.importorskip("importlib.util").find_spec("keras")
    if keras is None:
        pytest.skip("Keras isn't here")
    loaders = Path(keras.submodule_search_locations[0]) / "src" / "datasets"
    mnist, fashion = ((loaders / f"{name}.py").read_text() for name in ("mnist", "fashion_mnist"))
    assert fetching.BASE_URL in mnist and fetching.BASE_URL in fashion
    assert fetching.SETS["mnist"][0].sha256 in mnist
    assert all(remote.name in fashion for remote in fetching.SETS["fashion-mnist"])


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_the_bar_on_a_terminal_ends_full_and_on_its_own_line(server, cache, archive):
    server.files["mnist.npz"] = archive
    stream = Terminal()
    assert data_report.fetch_with_bar("mnist", stream, server.url) == cache / "mnist.npz"
    pictures = stream.getvalue().split("\r")
    assert pictures[-1].startswith("mnist  [########################]  100 %  2.4 of 2.4 MB")
    assert pictures[-1].rstrip().endswith("MB/s")
    assert pictures[-1].endswith("\n") and len(pictures) < 20


def test_without_a_terminal_there_is_a_line_for_every_tenth(server, cache, archive):
    server.files["mnist.npz"] = archive
    stream = io.StringIO()
    data_report.fetch_with_bar("mnist", stream, server.url)
    lines = stream.getvalue().splitlines()
    assert "\r" not in stream.getvalue() and 1 <= len(lines) <= 10
    assert lines[-1].startswith("mnist: 100 %  2.4 of 2.4 MB")


def test_a_failed_download_leaves_the_terminal_on_a_new_line(server, cache, archive):
    server.files["mnist.npz"] = archive[:-1]
    stream = Terminal()
    with pytest.raises(UserError):
        data_report.fetch_with_bar("mnist", stream, server.url)
    assert stream.getvalue().endswith("\n")


def test_the_table_is_aligned_and_ends_with_the_way_to_the_full_sets(cache):
    cache.mkdir(parents=True)
    (cache / "mnist.npz").write_bytes(b"damaged")
    lines = data_report.table(data.available()).splitlines()
    assert lines[0].split() == ["name", "images", "source", "licence"]
    assert lines[1].split() == ["mnist", "5,000", "embedded", "CC", "BY-SA", "3.0"]
    assert len({line.index(word) for line, word in zip(lines, ("licence", "CC", "MIT"), strict=False)}) == 1
    assert "skipped Keras's cache" in lines[4]
    ways = "`gan-tui data fetch mnist`, `gan-tui data fetch fashion-mnist`"
    assert lines[-1] == f"The full sets have 60,000 images each: {ways}."


def test_the_table_says_when_nothing_is_left_to_fetch(tmp_path):
    full = [data.Source(name, "folder /x", tmp_path, 60_000, True, "") for name in data.NAMES]
    assert data_report.table(full).endswith("All sets are full.")
