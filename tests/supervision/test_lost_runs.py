"""A run that is moved, deleted, taken over or warned while it is alive, or prints without end.

The supervisor is real, its trainer pretends.
"""

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from gan_tui import presets
from gan_tui.cli import commands
from gan_tui.errors import UserError
from gan_tui.run import lock as run_lock
from gan_tui.run.commands import Command
from gan_tui.run.event_log import read_tail
from gan_tui.run.events import Alert, Record, State, to_line
from gan_tui.run.folder import RunFolder
from gan_tui.run.socket_address import socket_address
from gan_tui.supervision import control_client
from gan_tui.system import bounded_log
from gan_tui.system.answering import Answering
from product import wait_for
from pty_terminal import end_runs, processes_of

pytestmark = pytest.mark.slow  # programs of their own

SUPERVISOR = """
import sys
from gan_tui.supervision import supervisor, trainer_process
supervisor.TICK_SECONDS = 0.05
trainer_process.TRAINER = (sys.executable, "-S", "-c", sys.argv.pop(1))
sys.exit(supervisor.main())
"""
TRAINER = """
import json, os, sys
sys.stdout = os.fdopen(int(sys.argv.pop()), "w")
path, mode, place = sys.argv[1:]
for line in sys.stdin:
    command = json.loads(line)
    checkpoint = "checkpoints/000000007"
    if command["name"] in ("save", "stop"):
        os.makedirs(f"/proc/self/fd/{place}/{checkpoint}", exist_ok=True)
    print(json.dumps({"id": command["id"], "ok": True, "text": checkpoint, "step": 7}), flush=True)
    if command["name"] == "stop":
        break
"""


def supervised(folder: RunFolder, mode: str = "train", trainer: str = TRAINER, patched: str = "") -> Answering:
    with folder.trainer_log.open("ab") as log:
        command = [sys.executable, "-c", patched + SUPERVISOR, trainer, str(folder.path), mode]
        process = Answering(command, stdin=subprocess.PIPE, stdout=log, stderr=log, cwd="/")
    assert process.answers.readline() == b"ready\n"
    return process


@pytest.fixture
def started(runs: Path) -> Iterator[RunFolder]:
    folder = presets.new_run(presets.find("xor"), runs, "old")
    process = supervised(folder)
    yield folder
    end_runs(runs)
    process.communicate()


def wait_until_it_is_gone(runs: Path) -> None:
    wait_for(lambda: not processes_of(runs))


def test_a_run_that_is_moved_is_the_same_run_under_its_new_name(
    started: RunFolder, runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    viewer = started.held()
    started.path.rename(runs / "better")
    for folder in (RunFolder(runs / "better"), viewer):
        assert folder.is_alive() and folder.name == "better"
        assert commands.command_run(folder, "save") == 0
        assert capsys.readouterr().out == f"{runs}/better/checkpoints/000000007\n"
        assert (runs / "better/checkpoints/000000007").is_dir()
    other = presets.new_run(presets.find("xor"), runs, "old")
    assert not other.is_alive(), "a run that takes the name is another one"
    assert control_client.ask(viewer, Command("stop")).ok
    wait_until_it_is_gone(runs)
    assert sorted(path.name for path in other.path.iterdir()) == ["preset.toml"]
    assert not viewer.socket_path().exists()  # type: ignore[union-attr]


def test_a_moved_run_and_one_that_takes_its_name_have_sockets_of_their_own(started: RunFolder, runs: Path) -> None:
    first = started.socket_path()
    started.path.rename(runs / "better")
    assert socket_address(presets.new_run(presets.find("xor"), runs, "old")) != first
    assert socket_address(RunFolder(runs / "better")) == first


@pytest.mark.parametrize("emptied", [False, True], ids=["deleted", "emptied"])
def test_a_deleted_run_ends_and_nothing_of_it_is_made_again(emptied: bool, started: RunFolder, runs: Path) -> None:
    viewer = started.held()
    shutil.rmtree(started.path)
    if emptied:
        started.path.mkdir()
    assert viewer.standing().word == "deleted"
    with pytest.raises(UserError) as caught:
        control_client.ask(viewer, Command("save"))
    assert str(caught.value) == f"The run old was deleted: it is no longer in {runs}/old."
    wait_until_it_is_gone(runs)
    assert [*runs.rglob("*")] == ([runs / "old"] if emptied else [])


def test_a_run_whose_lock_alone_is_deleted_saves_and_ends(started: RunFolder, runs: Path) -> None:
    started.lock_file.unlink()
    wait_until_it_is_gone(runs)
    assert (started.path / "checkpoints/000000007").is_dir()
    said = "The file lock was deleted from old, so that nobody sees that it is alive: it was ended."
    assert said in started.trainer_log.read_text()


def test_a_run_that_is_resumed_on_another_machine_ends_here_and_writes_no_more(started: RunFolder, runs: Path) -> None:
    wait_for(lambda: bool(read_tail(started.events_file)))
    content = started.events_file.read_bytes()
    with started.lock_file.open("r+b", buffering=0) as lock:  # which there was not seen to be held
        facts = run_lock.facts(started.lock_file) | {"host": "node7", "boot": "cd"}
        run_lock.describe(lock.fileno(), facts)
    wait_until_it_is_gone(runs)
    assert started.events_file.read_bytes() == content and not (started.path / "checkpoints").exists()
    assert "old was resumed on node7, so it was ended here." in started.trainer_log.read_text()
    assert orjson.loads(started.lock_file.read_bytes())["host"] == "node7"


def test_a_run_that_is_opened_for_viewing_is_closed_once_nobody_looks(runs: Path) -> None:
    folder = presets.new_run(presets.find("xor"), runs)
    process = supervised(folder, "inspect")
    assert process.stdin is not None
    assert control_client.ask(folder, Command("set", setting="image", value=1)).ok
    assert folder.is_held() and not folder.is_alive()
    process.stdin.close()  # as when the viewer leaves, or is killed
    wait_until_it_is_gone(runs)
    assert not folder.events_file.exists()
    process.stdin = None
    process.communicate()


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ("os.kill(os.getpid(), 9)", "the trainer was killed (SIGKILL) by someone"),
        ("os.write(2, b'one\\nMemoryError\\n'); sys.exit(3)", "the trainer ended with exit code 3: not enough memory"),
        ("sys.exit()", "it was closed meanwhile; ask again."),
    ],
    ids=["killed", "crashed", "closed"],
)
def test_why_a_run_is_no_longer_open_for_viewing_is_told_whoever_asks_and_stands_in_its_log(
    ends: str, said: str, runs: Path
) -> None:
    folder = presets.new_run(presets.find("xor"), runs)
    process = supervised(folder, "inspect", trainer=f"import os, sys; sys.stdin.readline(); {ends}")
    reply = control_client.ask(folder, Command("set", setting="image", value=1))
    assert not reply.ok and reply.text.startswith(f"xor-1 is no longer open for viewing: {said}")
    process.communicate()
    assert "exit()" in ends or folder.trainer_log.read_text().endswith(f"{reply.text}\n")


def test_a_run_whose_processes_are_all_killed_while_it_is_looked_at_says_so_and_points_nowhere(runs: Path) -> None:
    folder = presets.new_run(presets.find("xor"), runs)
    both = "import os, sys; sys.stdin.readline(); os.kill(os.getppid(), 9); os.kill(os.getpid(), 9)"
    process = supervised(folder, "inspect", trainer=both)
    with pytest.raises(UserError) as caught:
        control_client.ask(folder, Command("set", setting="image", value=1))
    assert str(caught.value) == (
        "xor-1 is no longer open for viewing: its processes were killed by someone, or by the system because memory "
        "ran out; ask again."
    )
    process.communicate()


def test_a_run_that_is_looked_at_and_has_lost_its_supervisor_is_not_said_to_save(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control_client, "CONNECT_SECONDS", 0.1)
    folder = presets.new_run(presets.find("xor"), runs)
    process = supervised(folder, "inspect", trainer="import time; time.sleep(60)")
    process.kill()
    process.wait()
    with pytest.raises(UserError) as caught:
        control_client.ask(folder, Command("set", setting="image", value=1))
    assert str(caught.value) == "xor-1 has lost its supervisor, so it is closing; try again in a moment."
    end_runs(runs)
    process.communicate()


def test_a_library_that_prints_without_end_does_not_fill_the_disk_and_its_last_words_are_told(runs: Path) -> None:
    folder = presets.new_run(presets.find("xor"), runs)
    folder.trainer_log.write_text("the beginning\n")
    prints = f"""
import os, sys, time
for _ in range({2 * bounded_log.MOST >> 20}):
    os.write(2, b"a warning\\n" * 105_000)
deadline = time.monotonic() + 10
while os.fstat(2).st_size > {bounded_log.MOST} and time.monotonic() < deadline:
    time.sleep(0.01)
time.sleep(0.3)
os.write(2, b"the end\\n")
sys.exit(3)
"""
    process = supervised(folder, trainer=prints)
    process.communicate()
    wait_until_it_is_gone(runs)
    log = folder.trainer_log.read_bytes()
    assert len(log) <= bounded_log.MOST + len(b"the end\n") and b"MB here: the log had become too long]\n" in log
    assert log.startswith(b"the beginning\na warning\n") and log.endswith(b"the end\n")  # cut in the middle of a write
    (failed,) = (record.event for record in read_tail(folder.events_file, (State,))[-1:])
    assert isinstance(failed, State) and failed.reason.endswith('the last line of trainer.log: "the end".')


@pytest.mark.parametrize("number", [signal.SIGUSR1, signal.SIGUSR2, signal.SIGXCPU], ids=lambda number: number.name)
def test_a_signal_by_which_a_job_system_warns_saves_and_ends_a_run(
    number: signal.Signals, started: RunFolder, runs: Path
) -> None:
    (supervisor,) = [process for process in processes_of(runs) if SUPERVISOR in process.cmdline()]
    supervisor.send_signal(number)
    wait_until_it_is_gone(runs)
    assert (started.path / "checkpoints/000000007").is_dir()


@pytest.mark.parametrize(("calm", "restarts"), [(3600.0, [1, 2]), (0.2, [1, 1])])
def test_restarts_count_anew_after_a_trainer_that_has_lived_long(calm: float, restarts: list[int], runs: Path) -> None:
    """The second of those that die is the one that lives long."""
    folder = presets.new_run(presets.find("xor").with_settings({"restarts": 2}), runs)
    dies = "import os, sys, time; time.sleep(0.3 if os.path.exists(sys.argv[1] + '/second') else 0)\n"
    dies += "open(sys.argv[1] + '/second', 'w'); os.kill(os.getpid(), 9)"
    patched = f"from gan_tui.supervision import supervisor; supervisor.CALM_SECONDS = {calm}"
    process = supervised(folder, trainer=dies, patched=patched)
    texts: list[str] = []

    def told() -> bool:
        records = read_tail(folder.events_file, (Alert,))
        texts[:] = [record.event.text for record in records if isinstance(record.event, Alert)]
        return len(texts) >= 2

    wait_for(told)
    end_runs(runs)
    process.communicate()
    assert [text.rpartition(", ")[2] for text in texts[:2]] == [f"{number} of 2." for number in restarts]


IN_TURN = """
import os, sys, time
place = sys.argv[1]
lives = len([name for name in os.listdir(place) if name.startswith("heard.")])
with open(f"{place}/told.{lives}", "rb") as told, open(f"{place}/events.jsonl", "ab") as events:
    events.write(told.read())
heard = open(f"{place}/heard.{lives}", "wb", buffering=0)
if lives < 3:
    time.sleep(0.3)
    os.set_blocking(0, False)
    heard.write(os.read(0, 1 << 16) if lives else b"")
    os.kill(os.getpid(), 9)
for line in sys.stdin.buffer:
    heard.write(line)
"""
"""Says what is in told.0, told.1, …, a file a life, and is killed thrice."""


@pytest.mark.parametrize(
    ("told", "paused"),
    [
        (["training paused", "", "", ""], [1, 1, 1]),  # killed again before it came to the pause
        (["training paused saving", "training", "", ""], [1, 1, 1]),  # as a script is said to train, whatever it does
        (["training", "training paused training", "training paused", ""], [0, 0, 1]),
        ([f"paused {'saving ' * 4000}", "", "", ""], [1, 1, 1]),  # a pause that is long ago
    ],
    ids=["in the pause", "before it came to it", "later", "long ago"],
)
def test_a_run_that_is_restarted_in_a_pause_is_paused_again(told: list[str], paused: list[int], runs: Path) -> None:
    folder = presets.new_run(presets.find("xor").with_settings({"restarts": 3}), runs)
    for life, words in enumerate(told):
        lines = (to_line(Record(0, 0.0, State(state))) for state in words.split())
        (folder.path / f"told.{life}").write_bytes(b"".join(lines))
    process = supervised(folder, trainer=IN_TURN)

    def alerts() -> list[str]:
        records = read_tail(folder.events_file, (Alert,))
        return [record.event.text for record in records if isinstance(record.event, Alert)]

    wait_for(lambda: len(alerts()) == 3 and (folder.path / "heard.3").exists())
    end_runs(runs)
    process.communicate()
    heard = [(folder.path / f"heard.{life}").read_bytes().count(b'"pause"') for life in (1, 2, 3)]
    assert heard == paused
    assert [text.endswith(" of 3. It is paused, as it was.") for text in alerts()] == [bool(each) for each in paused]
