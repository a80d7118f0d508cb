"""A run on disk: its name, its owner's eyes only, whether it is alive, what a list says of it, and its end."""

import errno
import fcntl
import os
import shutil
import stat
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
import pytest

from gan_tui import presets
from gan_tui.errors import WRONG_USE, UserError
from gan_tui.run import catalog, pictures
from gan_tui.run.events import Checkpoint, Event, Metrics, Record, Resumed, Started, State, to_line
from gan_tui.run.folder import BEING_DELETED, RunFolder
from gan_tui.run.pictures import Tiles
from gan_tui.run.summaries import newest, newest_alive, summaries, summary_of
from gan_tui.system import paths

XOR = presets.find("xor")
DATA = {"name": "xor", "origin": "made by gan-tui", "train": 4, "validation": 0}
STARTED = Started("xor", "XOR", "plane", 42, {}, DATA, ["CPU"], {}, 1000, 1, 4)


def logged(folder: RunFolder, *events: Event) -> RunFolder:
    writer = folder.writer()
    writer.write(*events)
    writer.close()
    return folder


@contextmanager
def held(folder: RunFolder) -> Iterator[None]:
    """The lock as a supervisor holds it."""
    with folder.lock_file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


# Names ---------------------------------------------------------------------------------------------------


def test_runs_are_numbered_by_preset(runs: Path) -> None:
    gan = presets.find("gan")
    made = [presets.new_run(preset, runs).name for preset in (XOR, XOR, gan, XOR)]
    assert made == ["xor-1", "xor-2", "gan-1", "xor-3"]


def test_a_number_is_not_used_again_while_a_later_one_is_there(runs: Path) -> None:
    first, _ = presets.new_run(XOR, runs), presets.new_run(XOR, runs)
    catalog.delete(first)
    assert presets.new_run(XOR, runs).name == "xor-3"


def test_what_else_lies_in_the_folder_does_not_matter(runs: Path) -> None:
    runs.mkdir()
    (runs / "xor-7").write_text("a file")
    (runs / "xor-x").mkdir()
    (runs / "dcgan-small-12").mkdir()
    assert presets.new_run(XOR, runs).name == "xor-8"
    assert [folder.folder.name for folder in summaries(runs)] == ["xor-8"]


def test_a_name_is_used_and_refused_the_second_time(runs: Path) -> None:
    assert presets.new_run(XOR, runs, "first.try_1").path == runs / "first.try_1"
    with pytest.raises(UserError) as caught:
        presets.new_run(XOR, runs, "first.try_1")
    assert str(caught.value) == (
        'A run "first.try_1" already exists; choose another --name, or open it with gan-tui attach first.try_1.'
    )
    assert (runs / "first.try_1" / "preset.toml").is_file(), "the run that was there stays"


def test_a_name_that_something_else_has_is_refused_and_not_said_to_be_a_run(runs: Path) -> None:
    (runs / "photos").mkdir(parents=True)
    with pytest.raises(UserError) as caught:
        presets.new_run(XOR, runs, "photos")
    assert str(caught.value) == (
        f"{runs}/photos already exists and is not a run; choose another --name, or move it away."
    )


USE = 'use the letters a to z and A to Z, digits, ".", "_" and "-"'


@pytest.mark.parametrize(
    ("name", "shown", "broken"),
    [
        ("", "", "it is empty"),
        (".", ".", 'it begins with "."; begin with a letter or a digit'),
        ("..", "..", 'it begins with "."; begin with a letter or a digit'),
        ("-x", "-x", 'it begins with "-"; begin with a letter or a digit'),
        (".x", ".x", 'it begins with "."; begin with a letter or a digit'),
        ("../x", "../x", f'it has "/"; {USE}'),
        ("a/b", "a/b", f'it has "/"; {USE}'),
        ("/tmp/x", "/tmp/x", f'it has "/"; {USE}'),
        ("a b", "a b", f'it has " "; {USE}'),
        ("a\nb", "a b", f"it has a character that cannot be shown; {USE}"),
        ("ä", "ä", f'it has "ä"; {USE}'),
        ("été", "été", f'it has "é"; {USE}'),
        ("run߁", "run߁", f'it has "߁"; {USE}'),
        ("x" * 62, "x" * 59 + "…", "it has 62 characters; use at most 61"),
    ],
)
def test_what_is_no_name_is_refused_by_the_rule_that_it_breaks_and_makes_nothing(
    name: str, shown: str, broken: str, runs: Path
) -> None:
    with pytest.raises(UserError) as caught:
        presets.new_run(XOR, runs, name)
    assert str(caught.value) == f'"{shown}" is not a valid run name: {broken}.'
    assert not runs.exists()


@pytest.mark.parametrize("name", ["x" * 61, "0", "A.b_c-", "con"])
def test_what_is_a_name_is_taken(name: str, runs: Path) -> None:
    assert presets.new_run(XOR, runs, name).path == runs / name


# Making --------------------------------------------------------------------------------------------------


def test_a_run_keeps_the_preset_with_every_setting(runs: Path) -> None:
    preset = XOR.with_settings({"batch_size": 3})
    folder = presets.new_run(preset, runs)
    assert presets.of_run(folder) == preset
    assert set(tomllib.loads(folder.preset_file.read_text())["settings"]) == set(preset.settings)


def test_only_the_owner_may_look_into_a_run(runs: Path) -> None:
    old = os.umask(0)
    try:
        folder = logged(presets.new_run(XOR, runs), State("starting"))
    finally:
        os.umask(old)
    for path, mode in ((runs, 0o700), (folder.path, 0o700), (folder.preset_file, 0o600), (folder.events_file, 0o600)):
        assert stat.S_IMODE(path.stat().st_mode) == mode, path


def test_a_folder_that_cannot_be_written_is_refused_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for runs in (tmp_path / "file", tmp_path / "file" / "runs", Path("/proc/gan-tui/runs")):
        with pytest.raises(UserError) as caught:
            presets.new_run(XOR, runs)
        said = str(caught.value)
        assert said.startswith(f"Cannot create a run in {runs}: ")
        assert said.endswith("choose another folder with --runs-dir or GAN_TUI_RUNS.")
        assert caught.value.code == WRONG_USE


def test_a_file_system_that_knows_no_owners_takes_a_run(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As exFAT, or a drive of Windows under WSL."""

    def refused(path: Path, mode: int) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), str(path))

    monkeypatch.setattr(Path, "chmod", refused)
    folder = presets.new_run(XOR, runs)
    tiles = Tiles("wall", "generated", np.zeros((1, 2, 2, 1), np.uint8), 0, 1)
    pictures.write(tiles, 7, folder.sample_file("wall", 7), folder.root)
    assert folder.sample_file("wall", 7).is_file()


def test_a_full_disk_leaves_no_half_made_run(runs: Path) -> None:
    code = (
        "import resource, sys; from pathlib import Path; from gan_tui import presets\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"  # a write past 100 bytes fails, as on a full disk
        "presets.new_run(presets.find('xor'), Path(sys.argv[1]))"
    )
    ended = subprocess.run([sys.executable, "-c", code, str(runs)], capture_output=True, text=True, timeout=30)
    assert "gan_tui.errors.UserError: Cannot create a run in" in ended.stderr
    assert list(runs.iterdir()) == []


# Finding -------------------------------------------------------------------------------------------------


def test_a_run_is_found_by_name_and_by_folder(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    second = [presets.new_run(XOR, runs) for _ in range(2)][-1]
    assert catalog.find("xor-2", runs).path == second.path
    assert catalog.find(str(second.path), runs / "elsewhere").path == second.path
    monkeypatch.chdir(second.path.parent)
    assert catalog.find("./xor-2", runs / "elsewhere").path == second.path


def test_a_run_that_is_named_from_within_has_its_name(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = logged(presets.new_run(XOR, runs), State("starting"))
    (folder.path / "samples/input").mkdir(parents=True)
    for place, word in ((".", "."), ("samples", ".."), ("samples/input", "../.."), ("samples", "../samples/..")):
        monkeypatch.chdir(folder.path / place)
        found = catalog.find(word, runs / "elsewhere")
        assert (found.name, found.path) == ("xor-1", folder.path)


def test_the_newest_run_is_the_head_of_the_list(runs: Path) -> None:
    with pytest.raises(UserError, match="No runs yet; start one"):
        newest(runs)
    first, second = presets.new_run(XOR, runs), presets.new_run(XOR, runs)
    logged(second, State("starting"))
    logged(first, State("starting"))
    shutil.copytree(second.path, runs / "copy")
    second.preset_file.touch()
    assert newest(runs).path == first.path, "neither a copy nor a touch is news"
    with held(second):
        assert newest(runs).path == newest_alive(runs).path == second.path == summaries(runs)[0].folder.path


def test_an_unknown_run_is_answered_with_the_nearest(runs: Path) -> None:
    with pytest.raises(UserError) as caught:
        catalog.find("xor-1", runs)
    assert str(caught.value).startswith(f'There is no run "xor-1" in {runs}, start one with gan-tui train gan')
    presets.new_run(XOR, runs, "my-first-run")
    with pytest.raises(UserError, match=r'There is no run "my-frist-run" in .*, did you mean "my-first-run"'):
        catalog.find("my-frist-run", runs)


@pytest.mark.parametrize("name", ["", "x" * 300, "a/" * 3000, "~nobody-is-called-that/run", "\x1b[2J", "../..", "/"])
def test_whatever_is_asked_for_is_answered_in_a_sentence(name: str, runs: Path) -> None:
    with pytest.raises(UserError) as caught:
        catalog.find(name, runs)
    assert str(caught.value).startswith("There is no run ")
    assert "\x1b" not in str(caught.value)


def test_runs_live_where_one_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert paths.runs_folder("here") == tmp_path / "here"
    assert paths.runs_folder() == Path(os.environ["GAN_TUI_RUNS"])
    monkeypatch.setenv("GAN_TUI_RUNS", "")
    assert paths.runs_folder().name == "runs"


def test_a_picture_outside_the_run_is_not_opened(runs: Path, tmp_path: Path) -> None:
    folder = presets.new_run(XOR, runs)
    assert folder.inside("samples/surface/000000000.png") == folder.sample_file("surface", 0)
    (folder.path / "link").symlink_to(tmp_path)
    for way_out in ("../secret", "/etc/passwd", "link/secret"):
        assert folder.inside(way_out) is None


# Alive ---------------------------------------------------------------------------------------------------


def test_a_run_is_alive_while_its_lock_is_held(runs: Path) -> None:
    folder = presets.new_run(XOR, runs)
    assert not folder.is_alive()
    with held(folder):
        assert folder.is_alive()
    assert not folder.is_alive(), "a lock file alone means nothing"


def test_a_lock_whose_holder_was_killed_is_free(runs: Path) -> None:
    folder = presets.new_run(XOR, runs)
    code = "import fcntl, sys, time; f = open(sys.argv[1], 'w'); fcntl.flock(f, fcntl.LOCK_EX); print(flush=True)\n"
    code += "time.sleep(99)"
    holder = subprocess.Popen([sys.executable, "-c", code, folder.lock_file], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    holder.stdout.readline()
    assert folder.is_alive()
    holder.kill()
    holder.communicate()
    assert not folder.is_alive()


@pytest.mark.parametrize("content", [b"", b"garbage", b"[]", b'{"pid":1}', b'{"socket":5}', b'{"socket":'])
def test_a_lock_file_without_a_socket_is_no_address(content: bytes, runs: Path) -> None:
    folder = presets.new_run(XOR, runs)
    assert folder.socket_path() is None
    folder.lock_file.write_bytes(content)
    assert folder.socket_path() is None


# Lists ---------------------------------------------------------------------------------------------------


def steps(first: int, last: int) -> Metrics:
    return Metrics(list(range(first, last + 1)), {"loss": [0.5] * (last - first + 1)})


def test_a_list_says_what_the_logs_ends_say(runs: Path) -> None:
    folder = presets.new_run(XOR, runs)
    assert summary_of(folder).state == "starting", "made, and nothing started yet"
    logged(folder, State("starting"), STARTED, State("training"), *(steps(n, n + 99) for n in range(1, 901, 100)))
    summary = summary_of(folder)
    assert (summary.preset, summary.state, summary.alive) == ("xor", "interrupted", False)
    assert (summary.step, summary.steps_total) == (900, 1000)
    with held(folder):
        summary = summary_of(folder)
        assert (summary.state, summary.alive) == ("training", True)
        logged(folder, State("paused", "asked to pause"))
        assert summary_of(folder).state == "paused"
    logged(folder, Checkpoint(900, "checkpoints/000000900", "stop"), State("stopped", "asked to stop"))
    assert summary_of(folder).state == "stopped"


def test_a_run_that_is_starting_is_listed_with_its_preset(runs: Path) -> None:
    folder = logged(presets.new_run(XOR, runs, "night"), State("starting"))
    assert summary_of(folder).preset == "xor"


@pytest.mark.parametrize("content", [b"name = ", b"name = 3", b"\xff", b"", b"#" * 1_000_000 + b'\nname = "xor"'])
def test_a_preset_that_tells_no_name_has_none(content: bytes, runs: Path) -> None:
    folder = logged(presets.new_run(XOR, runs, "night"), State("starting"))
    folder.preset_file.write_bytes(content)
    assert summary_of(folder).preset == ""


def test_the_name_of_a_preset_is_taken_through_no_link_and_shown_harmless(runs: Path, tmp_path: Path) -> None:
    foreign = logged(presets.new_run(XOR, runs, "foreign"), State("starting"))
    foreign.preset_file.rename(tmp_path / "elsewhere.toml")
    foreign.preset_file.symlink_to(tmp_path / "elsewhere.toml")
    assert summary_of(foreign).preset == ""
    hostile = logged(presets.new_run(XOR, runs, "hostile"), State("starting"))
    hostile.preset_file.write_text('name = "x\\u001b[31m' + "y" * 1000 + '"')
    assert summary_of(hostile).preset.isprintable() and len(summary_of(hostile).preset) < 50


def test_a_long_log_is_summed_up_from_its_ends(runs: Path) -> None:
    folder = logged(presets.new_run(XOR, runs), STARTED, State("training"), steps(1, 20_000), steps(20_001, 40_000))
    with held(folder):
        summary = summary_of(folder)
    assert (summary.state, summary.step, summary.steps_total) == ("training", 40_000, 1000)


def test_a_resumed_run_stands_where_it_goes_on_from(runs: Path) -> None:
    folder = logged(presets.new_run(XOR, runs), STARTED, State("training"), steps(1, 500), STARTED, Resumed(200))
    assert summary_of(folder).step == 200


def test_a_run_with_a_damaged_log_is_still_listed(runs: Path) -> None:
    folder = presets.new_run(XOR, runs)
    folder.events_file.write_bytes(b"\xff\x00garbage" * 50_000)
    assert [summary.folder.name for summary in summaries(runs)] == ["xor-1"]
    (folder.preset_file).write_text("title = ")
    assert [summary.folder.name for summary in summaries(runs)] == ["xor-1"]


def test_the_run_that_changed_last_comes_first(runs: Path) -> None:
    for name, changed in (("old", 1000), ("new", 3000), ("middle", 2000)):
        folder = presets.new_run(XOR, runs, name)
        folder.events_file.write_bytes(to_line(Record(0, changed, State("starting"))))
    assert [summary.folder.name for summary in summaries(runs)] == ["new", "middle", "old"]
    assert summaries(runs / "none") == []


def test_runs_that_train_come_first_by_when_they_began_and_keep_their_places(runs: Path) -> None:
    with ExitStack() as stack:
        for number, name in enumerate(("first", "second", "third", "ended")):
            folder = logged(presets.new_run(XOR, runs, name))
            folder.events_file.write_bytes(to_line(Record(0, 1000.0 + number, STARTED)))
            os.utime(folder.preset_file, (500 + number, 500 + number))
            if name != "ended":
                stack.enter_context(held(folder))
        for name in ("first", "third", "second", "first", "ended"):
            folder = logged(RunFolder(runs / name), steps(1, 2))
            os.utime(folder.events_file, (now := time.time(), now))
            assert [run.folder.name for run in summaries(runs)] == ["third", "second", "first", "ended"], name


# Deleting ------------------------------------------------------------------------------------------------


def test_a_run_is_deleted_with_all_it_holds(runs: Path) -> None:
    folder = logged(presets.new_run(XOR, runs), State("starting"))
    other = presets.new_run(XOR, runs)
    catalog.delete(folder)
    assert not folder.path.exists() and other.path.exists()


def test_a_live_run_is_not_deleted(runs: Path) -> None:
    folder = presets.new_run(XOR, runs)
    with held(folder), pytest.raises(UserError, match=r"xor-1 is still running; gan-tui stop xor-1 first\."):
        catalog.delete(folder)
    assert folder.preset_file.is_file()


def test_what_is_no_run_is_not_deleted(runs: Path, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    with pytest.raises(UserError, match="is not the folder of a run; nothing was deleted"):
        catalog.delete(RunFolder(tmp_path / "photos"))
    real = presets.new_run(XOR, runs)
    (runs / "link").symlink_to(real.path)
    with pytest.raises(UserError) as caught:
        catalog.delete(RunFolder(runs / "link"))
    assert str(caught.value) == (
        f"link is a link to {real.path}; nothing was deleted: delete that, or the link (rm {runs}/link)."
    )
    assert real.preset_file.is_file() and (tmp_path / "photos").is_dir()


def test_what_a_kill_left_of_a_deletion_is_no_run_and_goes_with_the_next(runs: Path) -> None:
    presets.new_run(presets.find("xor"), runs).path.rename(runs / ".gan-tui-deleted-xor-1-123")
    assert summaries(runs) == []
    catalog.delete(presets.new_run(presets.find("xor"), runs))
    assert list(runs.iterdir()) == []


@contextmanager
def like_nfs() -> Iterator[None]:
    """A file that is open is not removed, but renamed, and gone once it is closed."""
    unlink = os.unlink

    def removed(name: str, dir_fd: int | None = None) -> None:
        found, seen = os.stat(name, dir_fd=dir_fd, follow_symlinks=False), [*Path("/proc/self/fd").iterdir()]
        if any(fd.exists() and os.path.samestat(fd.stat(), found) for fd in seen):
            os.rename(name, f".nfs{found.st_ino:x}", src_dir_fd=dir_fd, dst_dir_fd=dir_fd)
        else:
            unlink(name, dir_fd=dir_fd)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(os, "unlink", removed)
        yield


@pytest.mark.skipif(sys.platform != "linux", reason="what is open is looked up in /proc")
def test_on_a_network_file_system_a_run_is_deleted_whoever_has_a_file_of_it_open(runs: Path) -> None:
    first, second = presets.new_run(XOR, runs), presets.new_run(XOR, runs)
    with like_nfs():
        catalog.delete(first)
    assert list(runs.iterdir()) == [second.path]
    with second.preset_file.open("rb"), like_nfs():
        catalog.delete(second)
    (left,) = runs.iterdir()
    assert [path.name[:4] for path in left.iterdir()] == [".nfs"] and summaries(runs) == []


def test_what_could_not_be_deleted_of_a_run_is_said_with_its_place(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, unlink = logged(presets.new_run(XOR, runs), State("starting")), os.unlink

    def refused(name: str, dir_fd: int | None = None) -> None:
        if name == "events.jsonl":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), name)
        unlink(name, dir_fd=dir_fd)

    monkeypatch.setattr(os, "unlink", refused)
    with pytest.raises(UserError) as caught:
        catalog.delete(folder)
    (left,) = runs.iterdir()
    assert str(caught.value) == (
        "xor-1 is a run no more, but not all of its files could be deleted: Permission denied; check who owns it. "
        f"What is left is in {left}."
    )
    assert [path.name for path in left.iterdir()] == ["events.jsonl"], "all else is gone"


def test_a_run_that_is_being_deleted_is_called_as_before(tmp_path: Path) -> None:
    assert RunFolder(tmp_path / f"{BEING_DELETED}night-1-2327257").name == "night-1"
