"""Scripts under a real supervisor: from a command line to what the run says in the end, and again."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gan_tui.errors import UserError
from gan_tui.run import documents
from gan_tui.run.commands import Command
from gan_tui.run.events import Alert, Checkpoint, Resumed, Started, State
from gan_tui.run.folder import RunFolder
from gan_tui.run.script_command import ScriptCommand
from gan_tui.run.summaries import summary_of
from gan_tui.supervision import control_client, script_runs, starting
from product import events_of, state_of, wait_for

pytestmark = pytest.mark.slow
Begins = Callable[..., RunFolder]


@pytest.fixture
def begins(tmp_path: Path, runs: Path, monkeypatch: pytest.MonkeyPatch, no_training_is_left: None) -> Iterator[Begins]:
    """Starts a script, whose text is given, with arguments."""
    monkeypatch.chdir(tmp_path)

    def begin(text: str, *arguments: str, restarts: int = 0, name: str | None = None) -> RunFolder:
        (tmp_path / "script.py").write_text(text)
        return script_runs.begin(script_runs.command_of(["script.py", *arguments], restarts=restarts), runs, name)

    yield begin


def ended(folder: RunFolder) -> tuple[str, str]:
    """The state that a run has come to, and why, once its processes are gone."""
    wait_for(lambda: not folder.is_held())
    state = state_of(folder)
    return state.state, state.reason


def log(folder: RunFolder) -> str:
    return folder.trainer_log.read_text(errors="replace")


def test_a_script_runs_where_it_was_started_and_its_run_ends_with_it(begins: Begins, tmp_path: Path) -> None:
    folder = begins("import os, sys\nprint(os.getcwd(), sys.argv)", "--lr", "0.1", "two words")
    assert folder.path.name == "script-1"
    assert ended(folder) == ("finished", "The script has ended.")
    assert log(folder) == (
        f"[gan-tui] {sys.executable} script.py --lr 0.1 'two words' (in {tmp_path})\n"
        f"{tmp_path} ['script.py', '--lr', '0.1', 'two words']\n"
    )
    states = [event.state for event in events_of(folder, State)]
    assert states == ["starting", "training", "finished"]
    (started,) = events_of(folder, Started)
    assert (started.task, started.commands, started.steps_total) == ("script", ["stop"], 0)


def test_one_that_fails_is_started_again_as_often_as_was_asked(begins: Begins) -> None:
    text = "from pathlib import Path\nwith Path('tries').open('a') as file: file.write('x')\n"
    text += "if len(Path('tries').read_text()) < 3: raise ValueError('not yet')"
    folder = begins(text, restarts=2)
    assert ended(folder) == ("finished", "The script has ended.")
    said = (
        'The script ended with exit code 1; its last exception: "ValueError: not yet". Restarted from its beginning, '
    )
    assert [alert.text for alert in events_of(folder, Alert)] == [f"{said}{number} of 2." for number in (1, 2)]


def test_once_more_than_was_asked_it_is_not(begins: Begins) -> None:
    folder = begins("import sys; sys.exit('no')", restarts=1)
    assert ended(folder) == ("failed", 'The script ended with exit code 1; the last line of trainer.log: "no".')
    assert len(events_of(folder, Alert)) == 1


def test_a_stop_ends_it_and_is_answered_when_it_has_ended(begins: Begins) -> None:
    folder = begins("import time\nprint('begun')\ntime.sleep(60)", restarts=3)
    wait_for(lambda: "begun" in log(folder))
    reply = control_client.ask(folder, Command("stop"), 20)
    assert (reply.ok, reply.text) == (True, "The run has ended; gan-tui attach script-1 shows it.")
    assert ended(folder) == ("stopped", "asked to stop")


JOINS = """
import gan_tui, sys
run = gan_tui.Run("ignored", config={"lr": 0.1})
for step in run.steps(1_000_000):
    run.log(loss=1 / step)
    if step == 10 and "--fails" in sys.argv: raise ValueError("diverged")
    if step == 10 and "--ends" in sys.argv: break
"""


def test_the_run_of_a_script_is_the_one_that_it_was_started_for(begins: Begins, runs: Path) -> None:
    folder = begins(JOINS, "--ends", name="night")
    assert ended(folder) == ("finished", "")
    assert [path.name for path in runs.iterdir()] == ["night"]
    assert summary_of(folder).step == 10 and not events_of(folder, Resumed)
    document = documents.written(folder.preset_file)
    assert document["config"] == {"lr": 0.1} and document["command"][1:] == ["script.py", "--ends"]


def test_what_its_run_has_explained_stands_and_it_is_started_again(begins: Begins) -> None:
    folder = begins(JOINS, "--fails", restarts=1)
    assert ended(folder) == ("failed", "ValueError: diverged.")
    assert [alert.text for alert in events_of(folder, Alert)] == [
        "ValueError: diverged. Restarted from its beginning, 1 of 1."
    ]
    assert [event.from_step for event in events_of(folder, Resumed)] == [0]
    assert state_of(folder).series["loss"].length == 10
    events = events_of(folder)
    since = events[next(index for index, event in enumerate(events) if isinstance(event, Alert)) :]
    told = next(event for event in since if isinstance(event, Started))
    assert (told.steps_total, told.commands) == (1_000_000, ["stop"]), "what was known is not forgotten meanwhile"


def test_one_that_fails_after_its_training_is_said_to(begins: Begins) -> None:
    folder = begins(f"{JOINS}\nrun.close()\nraise ValueError('no place for plots')", "--ends", restarts=2)
    said = 'The script ended with exit code 1; its last exception: "ValueError: no place for plots"'
    assert ended(folder) == ("failed", f"{said}, after its training had finished.")


def test_without_its_supervisor_it_ends_and_lets_go_of_its_run(begins: Begins) -> None:
    folder = begins("import time\nprint('begun')\ntime.sleep(60)")
    wait_for(lambda: "begun" in log(folder))
    os.kill(_supervisor(folder), signal.SIGKILL)
    wait_for(lambda: not folder.is_held())
    assert summary_of(folder).state == "interrupted"


def test_a_run_in_it_is_stopped_then_as_one_stops(begins: Begins) -> None:
    folder = begins(JOINS)
    wait_for(lambda: summary_of(folder).step > 0)
    os.kill(_supervisor(folder), signal.SIGKILL)
    assert ended(folder)[0] == "stopped"


def _supervisor(folder: RunFolder) -> int:
    found = re.search(r'"supervisor":\[(\d+)', folder.lock_file.read_text())
    assert found
    return int(found[1])


def test_much_output_is_bounded(begins: Begins) -> None:
    folder = begins("for number in range(400): print('x' * 100_000)\nprint('the end')")
    ended(folder)
    assert folder.trainer_log.stat().st_size < 33 << 20
    assert log(folder).startswith("[gan-tui] ") and log(folder).endswith("the end\n")


def test_a_script_may_start_runs_itself(begins: Begins, runs: Path, tmp_path: Path) -> None:
    (tmp_path / "other.py").write_text("print('other')")
    call = [sys.executable, "-m", "gan_tui", "run", "--plain", "--name", "inner", "other.py"]
    folder = begins(f"import subprocess\nassert subprocess.run({call}).returncode == 0", name="outer")
    assert ended(folder) == ("finished", "The script has ended.")
    assert ended(RunFolder(runs / "inner")) == ("finished", "The script has ended.")
    assert "| other\n" in log(folder)


# Again ----------------------------------------------------------------------------------------------------


def test_it_is_started_again_in_its_folder_with_its_arguments(begins: Begins, runs: Path, tmp_path: Path) -> None:
    folder = begins("import sys, os\nprint(os.getcwd(), sys.argv)\nraise SystemExit('no')", "--lr", "0.1")
    ended(folder)
    before = log(folder)
    os.chdir(runs)
    assert starting.restart(folder) == "There is no checkpoint, so it begins from its beginning."
    ended(folder)
    assert log(folder) == before * 2
    (tmp_path / "script.py").write_text("raise SystemExit('other')")
    assert starting.restart(folder).startswith("script.py has changed since the run began, and runs as it is now. ")
    assert ended(folder)[1].endswith('"other".')


def test_one_that_was_started_by_hand_is_started_again_by_its_own_command(tmp_path: Path, runs: Path) -> None:
    (tmp_path / "by hand.py").write_text(f"{JOINS}\nprint(sys.argv, sys.flags.dev_mode)")
    subprocess.run(
        [sys.executable, "-X", "dev", "by hand.py", "--fails"], cwd=tmp_path, capture_output=True, check=False
    )
    (path,) = runs.iterdir()
    folder = RunFolder(path)
    assert ended(folder) == ("failed", "ValueError: diverged.")
    command = ScriptCommand.of_run(folder)
    assert command and (command.options, command.what) == (("-X", "dev"), ("by hand.py", "--fails"))
    starting.restart(folder)
    assert ended(folder) == ("failed", "ValueError: diverged.")
    assert [event.from_step for event in events_of(folder, Resumed)] == [0]


SAVES = """
import gan_tui
def save(folder):
    (folder / "parts").mkdir()
    (folder / "parts" / "weights").write_text(str(run.step))
run = gan_tui.Run(on_save=save)
done = int((run.resumed_from / "parts" / "weights").read_text()) if run.resumed_from else 0
print("from", done)
for step in run.steps(1_000_000, start=done):
    run.log(loss=1 / step)
"""


def test_a_script_that_saves_finds_its_newest_sound_checkpoint_when_it_is_resumed(begins: Begins) -> None:
    folder = begins(SAVES)
    wait_for(lambda: summary_of(folder).step > 0)
    saved = control_client.ask(folder, Command("save"), 20)
    assert saved.ok, saved.text
    wait_for(lambda: summary_of(folder).step > int(saved.text.rpartition("/")[2]))
    control_client.ask(folder, Command("stop"), 20)
    ended(folder)
    steps = [int(saved.text.rpartition("/")[2]), events_of(folder, Checkpoint)[-1].step]
    assert steps[1] > steps[0], "it saves where it is stopped, too"
    (folder.checkpoints / f"{steps[1]:09d}" / "parts" / "weights").unlink()
    assert starting.restart(folder).startswith(
        f"It is given its checkpoint of step {steps[0]:,}; what the script itself"
    )
    wait_for(lambda: [event.from_step for event in events_of(folder, Resumed)] == steps[:1])
    control_client.ask(folder, Command("stop"), 20)
    assert f"from 0\n[gan-tui] {sys.executable} script.py (in {Path.cwd()})\nfrom {steps[0]}\n" in log(folder)


@pytest.fixture
def failed(begins: Begins) -> RunFolder:
    folder = begins("raise SystemExit('no')")
    ended(folder)
    return folder


def test_a_script_that_is_gone_is_named(failed: RunFolder, tmp_path: Path) -> None:
    (tmp_path / "script.py").rename(tmp_path / "moved.py")
    with pytest.raises(UserError, match=rf"The script of script-1 is gone: {tmp_path}/script\.py; put it back"):
        starting.restart(failed)


def test_a_command_that_another_has_written_is_not_obeyed_without_a_word(failed: RunFolder, tmp_path: Path) -> None:
    (tmp_path / "trap.py").write_text("open('sprung', 'w')")
    failed.preset_file.write_text(failed.preset_file.read_text().replace("script.py", "trap.py"))
    refusal = (
        rf"it was not you who made it here, and that would run {sys.executable} trap\.py; if you trust it: gan-tui "
    )
    with pytest.raises(starting.MayBeElsewhereError, match=refusal):
        starting.restart(failed)
    assert not (tmp_path / "sprung").exists()
    starting.restart(failed, here=True)
    assert ended(failed)[0] == "finished" and (tmp_path / "sprung").exists()


def test_what_has_finished_or_has_no_length_is_not_trained_on(begins: Begins) -> None:
    folder = begins("pass", "--lr", "0.1")
    ended(folder)
    again = r"script-1 has finished; gan-tui run script\.py --lr 0\.1 starts another run\."
    with pytest.raises(UserError, match=again):
        starting.restart(folder)
    with pytest.raises(UserError, match="script-1 was made by a script, which says itself how long it trains"):
        starting.train_longer(folder, "steps", 10)
