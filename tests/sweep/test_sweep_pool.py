"""Several processes at once: who trains what, and what happens when they die. The processes here only pretend."""

import io
import os
import re
import signal
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from gan_tui import presets
from gan_tui.errors import UserError
from gan_tui.sweep import folder as sweep_folder
from gan_tui.sweep import sweep
from gan_tui.sweep.engines import local
from gan_tui.sweep.engines.local import Failed, Pool, Tick, Trained
from gan_tui.sweep.folder import SweepFolder
from gan_tui.sweep.progress import SweepProgress
from gan_tui.sweep.result import Result
from gan_tui.sweep.run import run_sweep
from gan_tui.sweep.sweep import Job, Sweep
from gan_tui.system import machine, signals, terminal
from shell import said

PRETENDER = """
import glob, json, os, sys, time
print("a module that greets whoever loads it", flush=True)
folder, words_to = sys.argv[1], os.fdopen(int(sys.argv[2]), "w")
def say(**words): print(json.dumps(words), file=words_to, flush=True)
{loading}
say(ready=True)
for line in sys.stdin:
    job = json.loads(line)
    with open(folder + "/order", "a") as order: print(os.getpid(), job["combination"], job["seed"], file=order)
    {act}
    say(epoch=3)
    say(result={{"seed": job["seed"], "reached": None, "epochs": 5, "steps": 5, "ended": "done",
                "last": {{"loss": 0.5, "accuracy": 0.5}}, "seconds": 0.1}}, spent={spent})
"""


def pretend(
    monkeypatch: pytest.MonkeyPatch, act: str = "time.sleep(0.02)", spent: bool = False, loading: str = ""
) -> None:
    code = PRETENDER.format(act=act, spent=spent, loading=loading)
    monkeypatch.setattr(local, "WORKER", (sys.executable, "-c", code))


def swept(repeats: int = 3) -> Sweep:
    return sweep.made(presets.find("xor").with_settings({"seed": 42}), ["batch_size=1,2,4"], None, repeats)


@pytest.fixture
def folder(runs: Path, monkeypatch: pytest.MonkeyPatch) -> SweepFolder:
    monkeypatch.setattr(local, "workers_for", lambda jobs: min(2, jobs))
    return sweep_folder.find_or_make(swept(), runs, None)


def happenings(folder: SweepFolder) -> list[Trained | Failed]:
    return [each for each in Pool(folder, swept().jobs).happenings() if not isinstance(each, Tick)]


def order(folder: SweepFolder) -> list[list[int]]:
    """[process, combination, seed] of each training in the order they were begun."""
    return [[int(word) for word in line.split()] for line in (folder.path / "order").read_text().splitlines()]


def test_every_job_is_trained_once(folder: SweepFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch)
    done = happenings(folder)
    assert {each.job for each in done} == set(swept().jobs) and len(done) == 9
    assert all(isinstance(each, Trained) and each.result.seed == each.job.seed for each in done)
    assert folder.log.stat().st_mode & 0o777 == 0o600
    greetings = folder.log.read_text().count("a module that greets whoever loads it\n")
    assert greetings == 2, "what is printed goes to the log, and is taken for no result"


def test_a_process_keeps_to_the_combination_it_has_compiled(
    folder: SweepFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend(monkeypatch)
    happenings(folder)
    begun = order(folder)
    for process in {row[0] for row in begun}:
        combinations = [row[1] for row in begun if row[0] == process]
        changes = sum(a != b for a, b in pairwise(combinations))
        assert changes == len(set(combinations)) - 1, "never back to one it had left"


def test_a_process_that_has_lost_too_much_memory_is_replaced(
    folder: SweepFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend(monkeypatch, spent=True)
    assert len(happenings(folder)) == 9
    assert len({row[0] for row in order(folder)}) == 9


def test_the_trainings_of_processes_that_die_fail_and_the_others_go_on(
    folder: SweepFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend(monkeypatch, 'if job["seed"] == 43 and job["combination"] != 1: os.kill(os.getpid(), 9)')
    done = happenings(folder)
    failed = [each for each in done if isinstance(each, Failed)]
    assert sorted(each.job.combination for each in failed) == [0, 2]
    assert all("was killed (SIGKILL)" in each.reason for each in failed)
    assert len(done) == 9


def test_a_training_that_cannot_be_done_is_not_the_end(folder: SweepFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, 'if job["seed"] == 43:\n        say(failed="too\\x1b large")\n        continue')
    done = happenings(folder)
    assert [each.reason for each in done if isinstance(each, Failed)] == ["too large"] * 3
    assert len(done) == 9


@pytest.mark.parametrize("act", ["os.kill(os.getpid(), 9)", 'say(failed="too large")\n        continue'])
def test_a_combination_that_fails_keeps_no_other_from_being_trained(
    act: str, folder: SweepFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "workers_for", lambda jobs: 1)
    pretend(monkeypatch, f'if job["combination"] == 0:\n        {act}')
    with pytest.raises(UserError, match="3 trainings in a row failed"):
        list(Pool(folder, swept(repeats=5).jobs).happenings())
    assert [row[1] for row in order(folder)] == [0, *[1] * 5, *[2] * 5, 0, 0, 0]


def test_when_all_fails_the_rest_is_left(folder: SweepFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, "sys.exit(5)")
    stopped = r"[34] trainings in a row failed, so the sweep stopped; .*workers\.log"  # 4: one was still under way
    with pytest.raises(UserError, match=stopped):
        list(Pool(folder, swept().jobs).happenings())
    assert len(order(folder)) <= 5, "of 9"


def test_a_process_that_cannot_start_ends_it(folder: SweepFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "WORKER", (sys.executable, "-c", "import sys; sys.exit(3)"))
    with pytest.raises(UserError, match=r"cannot start: its process ended with exit code 3; .*workers\.log") as caught:
        happenings(folder)
    assert caught.value.code == 1


def killed_while_loading(which: str) -> str:
    """Each process leaves a file, by which they are counted; those of which `which` is true then end at once."""
    return f"""
open(folder + "/loading-" + str(os.getpid()), "w").close()
if {which}: os.kill(os.getpid(), 9)
"""


@pytest.mark.parametrize("killed", [1, 2])
def test_a_process_that_is_killed_while_it_loads_is_replaced(
    killed: int, folder: SweepFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "workers_for", lambda jobs: 1)
    pretend(monkeypatch, loading=killed_while_loading(f'len(glob.glob(folder + "/loading-*")) <= {killed}'))
    assert [type(each) for each in happenings(folder)] == [Trained] * 9
    assert len(list(folder.path.glob("loading-*"))) == killed + 1


def test_when_each_is_killed_while_it_loads_it_is_told_how_to_go_on(
    folder: SweepFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend(monkeypatch, loading=killed_while_loading("True"))
    with pytest.raises(UserError) as caught:
        happenings(folder)
    assert str(caught.value) == (
        "The training process cannot start: its process was killed (SIGKILL): by someone, or by the system because "
        f"memory ran out; see {folder.log}; gan-tui sweep --resume xor-1 continues with the rest."
    )
    assert caught.value.code == 1
    assert len(list(folder.path.glob("loading-*"))) == 4, "two, and another for each of the first two"


def test_where_there_is_room_for_one_process_alone_it_trains_everything(
    folder: SweepFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = """
import fcntl
def is_full():
    try: fcntl.flock(room, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError: return True
room = open(folder + "/room", "w")
"""
    pretend(monkeypatch, "time.sleep(0.2)", loading=room + killed_while_loading("is_full()"))
    assert [type(each) for each in happenings(folder)] == [Trained] * 9
    assert len(list(folder.path.glob("loading-*"))) <= 1 + 4, "others are not tried for ever"


def test_whoever_stops_listening_leaves_no_process_behind(folder: SweepFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, "time.sleep(60)")
    pool = Pool(folder, swept().jobs)
    story = pool.happenings()
    while not isinstance(happening := next(story), Tick) or len(happening.epochs) < 2:
        pass
    processes = [worker.process for worker in pool._workers]
    story.close()
    assert [process.returncode for process in processes] == [-9, -9]


def test_processes_are_as_many_as_cores_memory_and_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    free = {"bytes": 64e9}
    monkeypatch.setattr(local.psutil, "virtual_memory", lambda: type("Free", (), {"available": free["bytes"]}))
    assert [local.workers_for(jobs) for jobs in (1, 5, 100)] == [1, 5, 8]
    free["bytes"] = 3.5e9
    assert local.workers_for(100) == 3
    free["bytes"] = 64e9
    monkeypatch.setattr(machine, "free_memory", lambda: 2_500_000_000)  # as a control group leaves it
    assert local.workers_for(100) == 2
    free["bytes"] = 1e8
    assert local.workers_for(100) == 1


# The command ---------------------------------------------------------------------------------------------


def test_failures_are_told_and_tried_again(
    folder: SweepFolder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pretend(monkeypatch, 'if job["seed"] == 43 and job["combination"] == 1: os.kill(os.getpid(), 9)')
    with pytest.raises(UserError, match=r"1 of 9 trainings failed; run the same command to try them again\.") as caught:
        run_sweep(swept(), folder, as_json=False)
    assert caught.value.code == 1
    out, err = capsys.readouterr()
    assert err.startswith("gan-tui: batch_size=2 seed=43 failed: its process was killed (SIGKILL)")
    assert err.count("\n") == 1
    assert "trained 2 of 3, not trained: 43" in out
    assert out.endswith("In all, 8 of 9 were trained and 1 was not.\n")
    pretend(monkeypatch)
    assert run_sweep(folder.sweep(), folder, as_json=False) == 0
    out, err = capsys.readouterr()
    assert "\n8 of 9 were already trained; continuing with the rest.\n9 of 9  batch_size=2 seed=43: done" in out
    assert out.endswith("In all, 9 of 9 were trained.\n") and err == ""


def test_ctrl_c_keeps_what_is_done(folder: SweepFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch)
    count, show = iter(range(100)), SweepProgress.show

    def interrupted(self: SweepProgress, happening: object) -> None:
        if isinstance(happening, Trained) and next(count) == 3:
            raise KeyboardInterrupt
        show(self, happening)  # type: ignore[arg-type]

    monkeypatch.setattr(SweepProgress, "show", interrupted)
    with pytest.raises(
        UserError, match=r"Interrupted with 4 of 9 trainings done; gan-tui sweep --resume xor-1 "
    ) as end:
        run_sweep(swept(), folder, as_json=False)
    assert end.value.code == 130
    assert len(folder.results(swept())) == 4


def test_on_a_terminal_it_is_said_that_a_sweep_ends_with_it(
    folder: SweepFolder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pretend(monkeypatch)
    monkeypatch.setattr(terminal, "columns_of_output", lambda: 200)
    words = (
        "It ends with this terminal, unless in tmux or with nohup; gan-tui sweep --resume xor-1 continues with the rest"
    )
    for is_told in (True, False):  # nothing is left for the second
        run_sweep(swept(), folder, as_json=False)
        assert (words in capsys.readouterr().out) == is_told


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGUSR1], ids=lambda number: number.name)
def test_a_signal_to_end_keeps_what_is_done_as_ctrl_c_does(
    number: signal.Signals, runs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    act = f"open(folder + '/order').read().count(' 2 ') and os.kill({os.getpid()}, {number}) or time.sleep(0.1)"
    pretend(monkeypatch, act)
    before = {each: signal.getsignal(each) for each in signals.STOPPING}
    try:
        code, _, err = said(capsys, "sweep", "xor", "--set", "batch_size=1,2,4", "--repeats", "2")
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
    assert code == 130
    assert re.fullmatch(
        r"gan-tui: Interrupted with \d of 6 trainings done; gan-tui sweep --resume xor-1 continues with the rest\.\n",
        err,
    )


# SweepProgress ------------------------------------------------------------------------------------------------


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_one_line_changes_and_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    screen, out, now = Terminal(), io.StringIO(), [0.0]
    progress = SweepProgress(swept(), {}, 2, clock=lambda: now[0], out=out, errors=screen)
    progress.show(Tick(2, ()))
    progress.show(Tick(2, ()))
    assert screen.getvalue() == "\r0 of 9 trained | 2 loading TensorFlow"
    now[0] = 10.0
    for seed in (42, 43, 44):
        progress.show(Trained(Job(0, seed), Result(seed, None, 5, 5, "done", {"loss": 0.5}, 1.0)))
    progress.show(Tick(0, (1_234, 7)))
    line = screen.getvalue().split("\r")[-1]
    assert line == "3 of 9 trained | 2 training, at epoch 1,234, 7 | about 20 s"[:59]
    progress.clear()
    assert screen.getvalue().endswith("\r" + " " * 59 + "\r")
    assert out.getvalue() == ""


def test_elsewhere_every_training_has_a_line() -> None:
    out, errors = io.StringIO(), io.StringIO()
    one = sweep.made(presets.find("xor").with_settings({"seed": 42}), ["batch_size=1,2,4"], "accuracy=1", 1)
    progress = SweepProgress(one, {}, 2, out=out, errors=errors)
    progress.show(Tick(0, (5,)))
    progress.show(Trained(Job(1, 42), Result(42, 1234, 1234, 5000, "reached", {"accuracy": 1.0}, 1.25)))
    progress.show(Trained(Job(2, 42), Result(42, None, 4000, 4000, "done", {"loss": 0.4321, "accuracy": 0.5}, 2.0)))
    assert out.getvalue() == (
        "1 of 3  batch_size=2 seed=42: reached accuracy >= 1 at epoch 1,234 (1.2 s)\n"
        "2 of 3  batch_size=4 seed=42: done after 4,000 epochs: loss 0.4321, accuracy 0.5 (2.0 s)\n"
    )
    quiet = io.StringIO()
    SweepProgress(one, {}, 2, True, out=quiet, errors=errors).show(
        Trained(Job(1, 42), Result(42, 1, 1, 1, "reached", {}, 1.0))
    )
    assert quiet.getvalue() == errors.getvalue() == ""


@pytest.mark.parametrize(
    "epochs, last, words",
    [
        (0, {}, "diverged after 0 epochs (0.7 s)"),
        (1, {"loss": None}, "diverged after 1 epoch (0.7 s)"),
        (1, {"loss": 0.5}, "diverged after 1 epoch: loss 0.5 (0.7 s)"),
        (2, {"loss": 0.5, "accuracy": None}, "diverged after 2 epochs: loss 0.5 (0.7 s)"),
    ],
)
def test_a_training_without_numbers_is_told_without_them(
    epochs: int, last: dict[str, float | None], words: str
) -> None:
    out = io.StringIO()
    progress = SweepProgress(swept(), {}, 2, out=out, errors=io.StringIO())
    progress.show(Trained(Job(1, 42), Result(42, None, epochs, 4 * epochs, "diverged", last, 0.7)))
    assert out.getvalue() == f"1 of 9  batch_size=2 seed=42: {words}\n"


@pytest.mark.parametrize("reason", ["Cannot read it; check the path.", "Cannot read it; check the path"])
def test_a_failure_is_told_in_one_sentence(reason: str) -> None:
    errors = io.StringIO()
    SweepProgress(swept(), {}, 2, out=io.StringIO(), errors=errors).show(Failed(Job(1, 42), reason))
    assert errors.getvalue() == "gan-tui: batch_size=2 seed=42 failed: Cannot read it; check the path.\n"
