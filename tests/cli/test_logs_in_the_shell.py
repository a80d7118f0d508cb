"""Other tools' logs in the shell: opened by path, listed, kept on the list of runs and taken off it."""

import errno
import io
import json
import os
import shutil
import stat
from pathlib import Path

import pytest

from event_files import record, scalars, version
from files import old_run
from gan_tui.cli.log_follow import LogFollower
from gan_tui.integrations.logs import formats
from gan_tui.run.events import Resumed, from_line
from gan_tui.system.paths import own_folder
from logs import grown_long_ago, written
from shell import said

EVENTS = "events.out.tfevents.1.host"
POINTS = [(step, 1 / step) for step in range(1, 11)]


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    """Three runs below a folder."""
    for name in ("first", "second", "deep/third"):
        folder = tmp_path / "logdir" / name
        folder.mkdir(parents=True)
        (folder / EVENTS).write_bytes(version() + scalars("loss", POINTS))
    grown_long_ago(tmp_path / "logdir")
    return tmp_path / "logdir"


def test_a_log_as_text_has_its_last_values_its_words_and_what_is_not_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written("torch", tmp_path).path
    code, out, err = said(capsys, "attach", str(path), "--plain")
    lines = out.splitlines()
    assert (code, err) == (0, "")
    assert lines[0] == "torch: TensorBoard log"
    last = next(line for line in reversed(lines) if line.split()[:1] == ["39"])
    assert {"0.0500", "0.0250", "0.9000", "32.0000", "-32.0000"} <= set(last.split())
    assert "hyperparameters (step 0):" in lines and "  optimizer = adam" in lines
    assert "not shown: precision-recall curves (1)" in lines
    assert lines[-1] == str(path)


@pytest.mark.parametrize("verb", ["pause", "save", "stop", "resume"])
def test_a_log_obeys_nothing_and_that_is_said(verb: str, logdir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(capsys, verb, str(logdir / "first"))
    assert (code, out) == (2, "")
    assert err.startswith("gan-tui: first is a log of another program, which can only be looked at (gan-tui attach)")


def test_what_is_broken_in_a_log_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = bytearray(version() + scalars("loss", POINTS))
    content[-7] ^= 1
    (tmp_path / EVENTS).write_bytes(content)
    grown_long_ago(tmp_path)
    code, out, _ = said(capsys, "attach", str(tmp_path), "--plain")
    assert code == 0
    assert "WARNING: 1 record of the log is damaged and was skipped." in out.splitlines()


@pytest.mark.slow
def test_each_line_of_a_log_that_began_again_at_step_0_is_an_event(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more_than_a_block = scalars("loss", [(step, 1.0) for step in range(40_000)])
    (tmp_path / EVENTS).write_bytes(version() + more_than_a_block + scalars("loss", [(0, 0.5)]))
    grown_long_ago(tmp_path)
    code, out, err = said(capsys, "events", "--json", str(tmp_path))
    events = [from_line(line).event for line in out.encode().splitlines()]
    assert (code, err) == (0, "")
    assert Resumed(-1, ["loss"]) in events


def test_a_run_that_was_started_again_is_said_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "attach", str(written("purged", tmp_path).path), "--plain")
    assert code == 0
    assert [line for line in out.splitlines() if "resumed" in line] == ["resumed from step 5: loss, lr"]


def test_of_several_logs_one_must_be_named(logdir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = said(capsys, "attach", str(logdir), "--plain")
    assert code == 2
    assert err == (
        f"gan-tui: {logdir} holds 3 logs: deep/third, first, second; name one, such as gan-tui attach "
        f"{logdir}/deep/third; gan-tui tb {logdir} lists them.\n"
    )
    shutil.rmtree(logdir / "first")
    shutil.rmtree(logdir / "deep")
    assert said(capsys, "attach", str(logdir), "--plain")[0] == 0, "of one there is no doubt"


def test_logs_below_a_folder_are_listed(logdir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("first", "deep/third", "second"):
        os.utime(logdir / name / EVENTS, (1_700_000_000, 1_700_000_000 + len(name)))
    code, out, _ = said(capsys, "tb", str(logdir))
    assert code == 0
    assert [line.split() for line in out.splitlines()[1:4]] == [
        ["deep/third", "TensorBoard", "quiet", "10"],
        ["second", "TensorBoard", "quiet", "10"],
        ["first", "TensorBoard", "quiet", "10"],
    ]
    assert out.splitlines()[4] == f"gan-tui attach {logdir}/deep/third opens the first of them."
    code, out, _ = said(capsys, "tb", str(logdir), "--json")
    assert json.loads(out)[1] == {
        "name": "second", "folder": f"{logdir}/second", "format": "TensorBoard", "state": "quiet", "growing": False,
        "step": 10, "changed": 1_700_000_006.0,
    }  # fmt: skip


def test_a_log_that_grew_of_late_is_live(logdir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.utime(logdir / "first" / EVENTS)
    _, out, _ = said(capsys, "tb", str(logdir / "first"))
    assert out.splitlines()[1].split() == ["first", "TensorBoard", "training", "10"]


@pytest.mark.parametrize("what", ("empty", "text", "gone", "pipe", "records"))
def test_what_is_no_log_is_refused_in_a_sentence(what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / what
    if what == "empty":
        place.mkdir()
    elif what == "text":
        place.write_text("nothing of the kind\n")
    elif what == "pipe":
        os.mkfifo(place)
    elif what == "records":
        place.write_bytes(record(b"\x0a\x03abc"))
    for command in (("attach", "--plain"), ("tb",), ("runs", "--add")):
        code, out, err = said(capsys, *command, str(place))
        assert (code, out) == (2, "")
        assert err.count("\n") == 1
        assert ("holds no log that gan-tui reads" in err) or what == "gone"


def test_logs_are_added_to_the_list_of_runs_and_taken_off_it(logdir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "runs", "--add", str(logdir))
    assert (code, out) == (0, f"Added {logdir}: 3 logs of TensorBoard; gan-tui runs lists what is there.\n")
    config = own_folder("config")
    assert config and stat.S_IMODE((config / "logs.json").stat().st_mode) == 0o600
    _, out, _ = said(capsys, "runs")
    assert sorted(line.split()[0] for line in out.splitlines()[1:]) == ["deep/third", "first", "second"]
    rows = json.loads(said(capsys, "runs", "--json")[1])
    assert {row["folder"] for row in rows} == {str(logdir / name) for name in ("first", "second", "deep/third")}
    assert said(capsys, "attach", "deep/third", "--plain")[1].endswith(f"{logdir}/deep/third\n")
    code, out, _ = said(capsys, "runs", "--remove", str(logdir))
    assert (code, out) == (0, f"{logdir} is off the list; nothing of it was deleted.\n")
    assert "No runs yet" in said(capsys, "runs")[1]
    assert (logdir / "first" / EVENTS).exists()


def test_a_log_on_the_list_that_is_gone_is_said(logdir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "runs", "--add", str(logdir / "first"))
    shutil.rmtree(logdir / "first")
    code, out, err = said(capsys, "runs")
    assert code == 0
    assert out.splitlines()[1].split()[:3] == ["first", "TensorBoard", "deleted"]
    way = f"gan-tui runs --remove {logdir}/first takes it off the list."
    assert err == f"{logdir}/first is no longer there; {way}\n"
    assert said(capsys, "runs", "--remove", "first")[0] == 0
    assert said(capsys, "runs")[2] == ""


def test_what_is_not_on_the_list_cannot_be_taken_off_it(logdir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "runs", "--remove", "x")[2].endswith("gan-tui runs --add PATH adds one.\n")
    said(capsys, "runs", "--add", str(logdir / "first"))
    code, _, err = said(capsys, "runs", "--remove", str(logdir / "firs"))
    assert code == 2
    assert err.endswith(f'is not among the logs that were added, did you mean "{logdir}/first"?\n')
    assert said(capsys, "runs", "--add", "a", "--remove", "b")[0] == 2


def test_a_list_that_somebody_has_broken_is_empty(logdir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "runs", "--add", str(logdir))
    config = own_folder("config")
    assert config
    for content in ("", "[", "[1]", '{"x": 1}', '{"relative": "TensorBoard"}', '{"/\\u0000": "?"}', "[" * 9000):
        (config / "logs.json").write_text(content)
        assert said(capsys, "runs")[0] == 0


def test_a_run_has_its_name_before_a_log_in_the_current_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    old_run("finished", "xor", tmp_path / "runs")
    written("purged", tmp_path).path.rename(tmp_path / "xor")
    monkeypatch.chdir(tmp_path)
    assert "Finished at step" in said(capsys, "attach", "xor", "--plain")[1]
    assert "TensorBoard log" in said(capsys, "attach", "./xor", "--plain")[1]


def test_of_a_log_that_is_live_the_newest_values_are_said_while_nothing_comes(
    logdir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that was there is read within the time of one line."""
    os.utime(logdir / "first" / EVENTS)
    stream, seconds = io.StringIO(), [100.0]
    follower = LogFollower(formats.opened(logdir / "first"), stream, clock=lambda: seconds[0], only_looks=True)

    def rest(*_: object) -> None:
        if seconds[0] > 110:
            raise KeyboardInterrupt
        seconds[0] += 3

    monkeypatch.setattr(follower._follower, "rest", rest)
    follower.follow()
    assert [line.split()[0] for line in stream.getvalue().splitlines()][-1] == "10"


def test_a_folder_with_too_many_folders_is_not_put_on_the_list(
    logdir: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list is looked at every two seconds."""
    monkeypatch.setattr(formats, "MOST_LISTED", 4)
    code, _, err = said(capsys, "runs", "--add", str(logdir))
    assert code == 2
    assert err == (
        f"gan-tui: {logdir} has more than 4 folders in it, too many to look through for a list; add folders in "
        "it that hold logs.\n"
    )
    assert said(capsys, "runs", "--add", str(logdir / "deep"))[0] == 0


def test_a_folder_of_logs_that_may_not_be_looked_into_is_said(
    logdir: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = logdir / "first"
    closed.chmod(0)
    may, scan = os.access, os.scandir  # who tests may be root, whom nothing is closed to

    def scandir(path: Path) -> object:
        if Path(path) == closed:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return scan(path)

    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != closed and may(path, mode))
    monkeypatch.setattr(os, "scandir", scandir)
    said_of_it = f"{closed} may not be read; check who owns that."
    code, _, err = said(capsys, "attach", str(closed), "--plain")
    assert (code, err) == (2, f"gan-tui: {said_of_it}\n")
    code, _, err = said(capsys, "attach", str(logdir), "--plain")
    assert code == 2
    assert err.endswith(f" lists them. {said_of_it}\n")
    code, _, err = said(capsys, "runs", "--add", str(logdir))
    assert (code, err) == (0, f"{said_of_it}\n")
    closed.chmod(0o700)
