"""The file of a lock: two processes write into it, and neither takes back what the other wrote."""

import errno
import fcntl
import os
import threading
from pathlib import Path

import orjson
import pytest

from gan_tui import presets
from gan_tui.errors import UserError
from gan_tui.run import lock as run_lock
from gan_tui.run.folder import RunFolder
from gan_tui.run.hold import Hold
from gan_tui.run.summaries import summaries
from product import open_files


@pytest.fixture
def folder(runs: Path) -> RunFolder:
    return presets.new_run(presets.find("xor"), runs)


def test_what_supervisor_and_trainer_write_at_once_both_stands(folder: RunFolder) -> None:
    hold, many = Hold(folder, "train"), 300
    trainer = threading.Thread(target=lambda: [folder.tell_trouble(f"trouble {n}") for n in range(many)])
    seen = []
    watching = threading.Thread(target=lambda: seen.extend(run_lock.facts(folder.lock_file) for _ in range(many)))
    for thread in (trainer, watching):
        thread.start()
    for n in range(many):
        hold.tell_address(Path(f"/nowhere/{n}.sock"))
    for thread in (trainer, watching):
        thread.join()
    assert folder.socket_path() == Path(f"/nowhere/{many - 1}.sock")
    assert folder.trouble() == f"trouble {many - 1}"
    assert all(facts["pid"] == os.getpid() for facts in seen), "no reader finds half of it"
    os.close(hold.lock)


def test_trouble_outlives_the_supervisor_that_it_was_told_under(folder: RunFolder) -> None:
    os.close(Hold(folder, "train").lock)
    folder.tell_trouble("The disk was full.")
    again = Hold(folder, "train")
    assert folder.trouble() == "The disk was full."
    os.close(again.lock)


def test_the_file_of_an_earlier_version_is_read_and_keeps_its_trouble(folder: RunFolder) -> None:
    old = {"pid": 1, "mode": "train", "socket": "/old.sock", "trouble": "The disk was full."}
    folder.lock_file.write_bytes(orjson.dumps(old).ljust(1023) + b"\n")
    assert folder.trouble() == "Before it ended: The disk was full."
    hold = Hold(folder, "train")
    hold.tell_address(Path("/new.sock"))
    assert (folder.socket_path(), folder.trouble()) == (Path("/new.sock"), "The disk was full.")
    os.close(hold.lock)


def test_who_only_looks_keeps_of_a_lock_file_what_is_known_of_places_alone(folder: RunFolder) -> None:
    before = {"host": "node7", "boot": "cd", "lock": 7, "folder": "/there/xor-1"}
    folder.lock_file.write_bytes(orjson.dumps({"mode": "train", **before, "more": "x" * 5000}))
    first = Hold(folder, "inspect")
    os.close(first.lock)
    hold = Hold(folder, "inspect")  # the second finds what the first kept
    hold.tell_address(Path("/nowhere.sock"))
    assert folder.socket_path() == Path("/nowhere.sock") and not folder.is_alive()
    holder = folder.holder()
    assert (holder.place.host, holder.place.boot, holder.lock, holder.folder) == ("node7", "cd", 7, "/there/xor-1")
    os.close(hold.lock)


def test_what_does_not_fit_into_the_file_is_not_written(folder: RunFolder) -> None:
    hold = Hold(folder, "train")
    before = folder.lock_file.read_bytes()
    with pytest.raises(ValueError):
        run_lock.describe(hold.lock, {"mode": "x" * run_lock.HEAD})
    assert folder.lock_file.read_bytes() == before
    os.close(hold.lock)


@pytest.mark.parametrize("number", [errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP])
def test_where_files_cannot_be_locked_runs_are_listed_and_none_is_started(
    number: int, folder: RunFolder, runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def flock(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", flock)
    folder.lock_file.touch()
    assert [(run.folder.name, run.state) for run in summaries(runs)] == [("xor-1", "unknown")]
    before = open_files()
    with pytest.raises(OSError) as caught:
        run_lock.taken(folder.lock_file)
    assert caught.value.errno == number
    assert open_files() == before, "nothing is left open"
    folder.lock_file.unlink()
    assert [run.state for run in summaries(runs)] == ["starting"], "it was made just now, and nobody has had it"


def test_runs_that_cannot_be_listed_are_not_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "runs").symlink_to(tmp_path / "runs")
    with pytest.raises(UserError) as caught:
        summaries(tmp_path / "runs")
    assert str(caught.value) == (
        f"The runs in {tmp_path}/runs cannot be listed: Too many levels of symbolic links; "
        "check the folder and its disk."
    )


def test_a_run_whose_disk_does_not_answer_is_not_given_up(folder: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    held = folder.held()
    hold = Hold(held, "train")
    stat = Path.stat
    for number in (errno.EIO, errno.ETIMEDOUT, errno.EACCES):

        def fails(path: Path, number: int = number, **rest: object) -> os.stat_result:
            if path.name in ("lock", "preset.toml", folder.path.name):
                raise OSError(number, os.strerror(number), str(path))
            return stat(path, **rest)  # type: ignore[arg-type]

        with monkeypatch.context() as patch:
            patch.setattr(Path, "stat", fails)
            patch.setattr(run_lock, "opened", lambda path, follow: fails(path))
            assert [hold.lost() for _ in range(3)] == ["", "", ""] and held.is_there()
    os.close(hold.lock)
    folder.preset_file.unlink()
    assert ["deleted" in hold.lost() for _ in range(2)] == [False, True], "the second look in a row"
