"""What programs ask of runs: metrics, events, status, wait; by their documented forms, of runs in any state."""

import csv
import io
import json
import math
import os
import shutil
import threading
import time
from pathlib import Path

import orjson
import pytest

from files import old_run
from gan_tui import presets
from gan_tui.cli import waiting
from gan_tui.run.events import Epoch, Metrics, Resumed, Started, State
from gan_tui.run.folder import RunFolder
from logs import known_values, written
from recorded import append, held
from shell import said

Capture = pytest.CaptureFixture[str]
DATA = {"name": "xor", "origin": "made by gan-tui", "train": 4, "validation": 0}


def run_of(runs: Path, *events: object, name: str = "own", **started: object) -> RunFolder:
    """A run that has logged some events after its start: ten steps an epoch, a hundred in all."""
    folder = presets.new_run(presets.find("xor"), runs, name)
    facts = {"steps_total": 100, "steps_per_epoch": 10, "batch_size": 4, **started}
    begin = Started("xor", "XOR", "plane", 42, {}, DATA, ["CPU"], {}, **facts)
    append(folder, State("starting"), begin, State("training"), *events)
    return folder


def logged(folder: RunFolder) -> list[dict]:
    """The lines of a run's log, without their checksums."""
    lines = [orjson.loads(line) for line in folder.events_file.read_bytes().splitlines()]
    return [{name: value for name, value in line.items() if name != "crc"} for line in lines]


def values_in_log(folder: RunFolder, name: str) -> dict[int, float]:
    rows = [line for line in logged(folder) if line["type"] == "metrics" and name in line["values"]]
    return {step: value for row in rows for step, value in zip(row["steps"], row["values"][name], strict=True)}


# metrics -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["finished", "stopped"])
@pytest.mark.parametrize("name", ["xor", "pair", "shapes"])
def test_metrics_as_json_are_what_the_log_has(state: str, name: str, runs: Path, capsys: Capture) -> None:
    folder = old_run(state, name, runs)
    code, out, err = said(capsys, "metrics", name, "--json")
    told = json.loads(out)
    assert (code, err, told["run"], out.isascii()) == (0, "", name, True)
    for metric in logged(folder)[-2].get("values", {}) or ("loss",):
        of_log = values_in_log(folder, metric)
        if of_log:
            assert dict(zip(*told["metrics"][metric].values(), strict=True)) == of_log
    assert all(list(rows) == ["steps", "values"] for rows in told["metrics"].values())


def test_what_is_measured_each_epoch_has_its_steps(runs: Path, capsys: Capture) -> None:
    old_run("finished", "shapes", runs)
    told = json.loads(said(capsys, "metrics", "shapes", "--json")[1])["metrics"]
    ended = {
        line["step"]: line["values"]["val_loss"]
        for line in logged(RunFolder(runs / "shapes"))
        if line["type"] == "epoch"
    }
    assert ended
    assert dict(zip(*told["val_loss"].values(), strict=True)) == pytest.approx(ended, rel=1e-6), "in single precision"


def test_a_number_that_is_not_finite_is_null_in_json_and_nan_in_csv(runs: Path, capsys: Capture) -> None:
    run_of(runs, Metrics([1, 2, 3], {"loss": [0.5, math.nan, 0.25]}), Epoch(1, 3, {"val_loss": math.inf}))
    assert json.loads(said(capsys, "metrics", "own", "--json")[1])["metrics"] == {
        "loss": {"steps": [1, 2, 3], "values": [0.5, None, 0.25]}, "val_loss": {"steps": [3], "values": [None]},
    }  # fmt: skip
    assert said(capsys, "metrics", "own", "--csv")[1] == "step,loss,val_loss\n1,0.5,\n2,nan,\n3,0.25,nan\n"


def test_a_table_has_a_row_for_each_step(runs: Path, capsys: Capture) -> None:
    run_of(runs, Metrics([9, 10], {"loss": [0.7, 0.6], "odd, name": [1, 2]}), Epoch(1, 10, {"val_loss": 0.5}))
    assert said(capsys, "metrics", "own") == (
        0,
        "step        loss   odd, name    val_loss\n"
        "   9      0.7000      1.0000\n"
        "  10      0.6000      2.0000      0.5000\n",
        "",
    )  # fmt: skip
    header = next(csv.reader(io.StringIO(said(capsys, "metrics", "own", "--csv")[1])))
    assert header == ["step", "loss", "odd, name", "val_loss"]


@pytest.mark.parametrize(
    ("options", "steps", "epochs"),
    [
        (["--steps", "3:5"], [3, 4, 5], []),
        (["--steps", ":2"], [1, 2], []),
        (["--steps", "29:"], [29, 30], [30]),
        (["--every", "10"], [10, 20, 30], [10, 20, 30]),
        (["--every", "20"], [20, 30], [20, 30]),
        (["--every", "20", "--steps", "15:"], [20, 30], [20, 30]),
        (["--steps", "31:"], [], []),
    ],
)
def test_some_of_the_steps(
    options: list[str], steps: list[int], epochs: list[int], runs: Path, capsys: Capture
) -> None:
    measured = Metrics(list(range(1, 31)), {"loss": [1 / n for n in range(1, 31)]})
    run_of(runs, measured, *(Epoch(n, 10 * n, {"val_loss": n}) for n in (1, 2, 3)))
    told = json.loads(said(capsys, "metrics", "own", "--json", *options)[1])["metrics"]
    assert (told["loss"]["steps"], told["val_loss"]["steps"]) == (steps, epochs)
    if epochs:
        assert told["val_loss"]["values"] == [step / 10 for step in epochs]


def test_steps_that_a_resumed_run_did_not_keep_are_gone(runs: Path, capsys: Capture) -> None:
    run_of(runs, Metrics([1, 2, 3], {"loss": [3, 2, 1]}), Resumed(1), Metrics([2], {"loss": [5]}))
    told = json.loads(said(capsys, "metrics", "own", "--json")[1])["metrics"]
    assert told == {"loss": {"steps": [1, 2], "values": [3.0, 5.0]}}


def test_a_run_that_has_measured_nothing(runs: Path, capsys: Capture) -> None:
    run_of(runs)
    assert said(capsys, "metrics", "own") == (0, "own has measured nothing there.\n", "")
    assert json.loads(said(capsys, "metrics", "own", "--json")[1]) == {"run": "own", "metrics": {}}
    assert said(capsys, "metrics", "own", "--csv") == (0, "step\n", "")


def test_a_long_table_comes_in_blocks_that_fit_together(runs: Path, capsys: Capture) -> None:
    steps = list(range(1, 20_001))
    seldom = [step for step in steps if step % 3_000 == 0]
    run_of(runs, Metrics(steps, {"loss": steps}))
    append(RunFolder(runs / "own"), *(Epoch(n, step, {"val_loss": step}) for n, step in enumerate(seldom, 1)))
    rows = list(csv.reader(io.StringIO(said(capsys, "metrics", "own", "--csv")[1])))
    assert len(rows) == 20_001
    assert all(step == str(int(float(loss))) for step, loss, _ in rows[1:])
    assert [int(float(value)) for _, _, value in rows[1:] if value] == seldom


# events --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["xor", "flag", "pair", "tape", "shapes"])
def test_events_are_the_lines_of_the_log_without_checksums(name: str, runs: Path, capsys: Capture) -> None:
    folder = old_run("finished", name, runs)
    code, out, err = said(capsys, "events", name, "--json")
    told = [json.loads(line) for line in out.splitlines()]
    assert (code, err, len(told)) == (0, "", len(logged(folder)))
    for line, row in zip(logged(folder), told, strict=True):
        assert {key: row[key] for key in line} == line, "an earlier version wrote fewer fields, and no others"
        assert "crc" not in row


def test_events_since_one(runs: Path, capsys: Capture) -> None:
    old_run("finished", "xor", runs)
    everything = said(capsys, "events", "xor", "--json")[1].splitlines()
    last = json.loads(everything[-3])["seq"]
    assert said(capsys, "events", "xor", "--json", "--since", str(last))[1].splitlines() == everything[-2:]
    assert said(capsys, "events", "xor", "--json", "--since", "999999")[:2] == (0, "")


def test_events_without_their_form_are_refused(runs: Path, capsys: Capture) -> None:
    old_run("finished", "xor", runs)
    assert said(capsys, "events", "xor")[::2] == (
        2, "gan-tui: events prints JSON, so add --json; gan-tui attach --plain tells of a run in words.\n",
    )  # fmt: skip


def test_events_are_followed_until_the_run_has_ended(runs: Path, capsys: Capture) -> None:
    folder = run_of(runs, Metrics([1], {"loss": [1]}), steps_per_epoch=1)

    def train() -> None:
        with held(folder):
            is_held.set()
            time.sleep(0.2)
            append(folder, Metrics([2], {"loss": [0.5]}), State("finished", "all steps are done"))
            time.sleep(0.1)

    is_held = threading.Event()
    training = threading.Thread(target=train)
    training.start()
    assert is_held.wait(5)
    code, out, _ = said(capsys, "events", "own", "--json", "--follow", "--since", "2")
    training.join()
    told = [json.loads(line) for line in out.splitlines()]
    assert (code, [row["type"] for row in told]) == (0, ["metrics", "metrics", "state"])
    assert [row["steps"] for row in told[:2]] == [[1], [2]]


def test_a_damaged_line_costs_itself_and_is_said(runs: Path, capsys: Capture) -> None:
    folder = run_of(runs, Metrics([1, 2], {"loss": [3, 2]}), Metrics([3], {"loss": [1]}))
    content = folder.events_file.read_bytes()
    folder.events_file.write_bytes(content.replace(b'"steps":[3]', b'"steps":[4]'))
    damaged = "1 line of events.jsonl is damaged and was skipped.\n"
    code, out, err = said(capsys, "metrics", "own", "--json")
    assert (code, json.loads(out)["metrics"]["loss"]["steps"], err) == (0, [1, 2], damaged)
    assert said(capsys, "events", "own", "--json")[2] == damaged


# status --------------------------------------------------------------------------------------------------


def test_a_run_that_trains_in_one_line(runs: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = run_of(runs)
    clock = iter([100.0, 102.0, 102.0, 104.0])
    monkeypatch.setattr("gan_tui.run.event_log.time.monotonic", lambda: next(clock))
    for steps in ([1, 2], [*range(3, 11)], [*range(11, 21)]):
        append(folder, Metrics(steps, {"loss": [1 / step for step in steps]}))
        if steps[-1] == 10:
            append(folder, Epoch(1, 10, {"loss": 0.3, "val_loss": 0.25}))
    monkeypatch.undo()
    monkeypatch.setenv("GAN_TUI_RUNS", str(runs))
    with held(folder):
        expected = "own  training  step 20 of 100  4.5 steps/s  18 s left  loss 0.0500  val_loss 0.2500\n"
        assert said(capsys, "status", "own") == (0, expected, "")
        told = json.loads(said(capsys, "status", "own", "--json")[1])
    assert (told["speed"], told["seconds_left"]) == (pytest.approx(4.5), pytest.approx(80 / 4.5))
    assert told["values"] == {"loss": 0.05, "val_loss": 0.25}
    assert (told["alive"], told["state"], told["step"], told["steps_total"]) == (True, "training", 20, 100)
    assert (told["epoch"], told["epochs"]) == (2, 10)


def test_status_agrees_with_all_of_the_log(runs: Path, capsys: Capture) -> None:
    for state in ("finished", "stopped"):
        for name in ("xor", "flag", "shapes", "tape", "pair"):
            old_run(state, name, runs / state)
            code, out, err = said(capsys, "status", name, "--json", "--runs-dir", str(runs / state))
            told = json.loads(out)
            whole = json.loads(said(capsys, "metrics", name, "--json", "--runs-dir", str(runs / state))[1])["metrics"]
            assert (code, err, told["state"]) == (0, "", state)
            assert told["values"] == pytest.approx(
                {metric: points["values"][-1] for metric, points in whole.items()}, rel=1e-6
            )
            assert told["step"] == max(points["steps"][-1] for points in whole.values())


def test_a_run_that_was_killed_has_no_speed(runs: Path, capsys: Capture) -> None:
    run_of(runs, Metrics([1], {"loss": [1]}), Metrics([2], {"loss": [1]}))
    told = json.loads(said(capsys, "status", "own", "--json")[1])
    assert (told["state"], told["alive"], told["speed"], told["seconds_left"]) == ("interrupted", False, None, None)
    assert said(capsys, "status", "own")[1] == (
        "own  interrupted  step 2 of 100  loss 1.0000  the run's processes were killed, or the machine went down\n"
    )


def test_a_run_without_a_length_says_none(runs: Path, capsys: Capture) -> None:
    folder = run_of(runs, Metrics([1], {"loss": [1]}), Metrics([7], {"loss": [math.nan]}), steps_total=0)
    with held(folder):
        assert said(capsys, "status", "own")[1].startswith("own  training  step 7  ")
        assert json.loads(said(capsys, "status", "own", "--json")[1])["seconds_left"] is None
        assert said(capsys, "status", "own", "--format", "{step} {time_left} {loss}")[1] == "7 - -\n"


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ("{state} {step}/{steps_total}", "finished 400/400"),
        ("{loss:.2f}", "0.69"),
        ("{{{run}}}", "{xor}"),
        ("{speed}", "-"),
        ("{speed:.1f}", "-"),
        ("plain", "plain"),
    ],
)
def test_a_status_in_a_form_of_ones_own(form: str, told: str, runs: Path, capsys: Capture) -> None:
    old_run("finished", "xor", runs)
    assert said(capsys, "status", "xor", "--format", form) == (0, f"{told}\n", "")


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ("{stat}", '--format has no "stat", did you mean "state"?'),
        ("{", "--format cannot be \"{\": Single '{' encountered in format string."),
        ("{step:q}", "--format cannot be \"{step:q}\": Unknown format code 'q' for object of type 'int'."),
        ("{step.real}", '--format has no "step.real", choose from '),
        ("{}", '--format has no "", choose from '),
    ],
)
def test_a_form_that_cannot_be_filled(form: str, sentence: str, runs: Path, capsys: Capture) -> None:
    old_run("finished", "xor", runs)
    code, out, err = said(capsys, "status", "xor", "--format", form)
    assert (code, out) == (2, "")
    assert err.startswith(f"gan-tui: {sentence}")


def test_status_is_told_of_the_newest_run_where_none_is_named(runs: Path, capsys: Capture) -> None:
    old_run("finished", "xor", runs)
    code, out, err = said(capsys, "status")
    assert (code, out.split()[0], err) == (0, "xor", "xor is the newest run.\n")


def test_a_status_loads_nothing_that_it_does_not_need(runs: Path) -> None:
    import subprocess
    import sys

    old_run("finished", "xor", runs)
    look = (
        "import sys; from gan_tui.cli.arguments import main; assert main(['status', 'xor']) == 0; "
        "print(*{'numpy', 'gan_tui.presets', 'gan_tui.data', 'psutil', 'socket', 'subprocess'} "
        "& set(sys.modules))"
    )
    loaded = subprocess.run([sys.executable, "-c", look], check=True, capture_output=True, text=True).stdout
    assert loaded.splitlines()[1:] == [""]


# wait ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("goal", "code", "told"),
    [
        ((), 0, "xor: finished at step 400: all steps are done"),
        (("--until", "accuracy>=0.75"), 0, "xor: accuracy 0.75 at step "),
        (("--until", "step>=300"), 0, "xor: step 400"),
        (("--until", "epoch>=400"), 0, "xor: epoch 400"),
        (("--until", "loss<=1e-9"), 1, "gan-tui: xor: finished at step 400, without loss <= 1e-09."),
        (("--until", "step>=401"), 1, "gan-tui: xor: finished at step 400, without step >= 401."),
        (("--until", "accuracy>=1.5"), 2, "gan-tui: accuracy >= 1.5 cannot be reached: accuracy is never above 1."),
        (("--until", "fast"), 2, "gan-tui: --until takes NAME=VALUE, such as --until accuracy=1.0, not "),
        (("--timeout", "soon"), 2, 'gan-tui: --timeout takes seconds, such as 60 or 0.5, not "soon".'),
        (("--timeout", "-1"), 2, 'gan-tui: --timeout takes seconds, such as 60 or 0.5, not "-1".'),
    ],
)
def test_waiting_for_a_run_that_has_ended(
    goal: tuple[str, ...], code: int, told: str, runs: Path, capsys: Capture
) -> None:
    old_run("finished", "xor", runs)
    ended, out, err = said(capsys, "wait", "xor", *goal)
    assert (ended, (out or err).startswith(told), bool(out)) == (code, True, code == 0), (out, err)


def test_waiting_no_longer_than_asked(runs: Path, capsys: Capture) -> None:
    folder = run_of(runs, Metrics([1, 2], {"loss": [1, 0.5]}), steps_per_epoch=1)
    with held(folder):
        began = time.monotonic()
        assert said(capsys, "wait", "own", "--timeout", "0.3") == (
            124, "", "gan-tui: own: training at step 2, and the time is over.\n"
        )  # fmt: skip
        assert 0.3 <= time.monotonic() - began < 60
        assert said(capsys, "wait", "own", "--until", "loss<=0.1", "--timeout", "0")[0] == 124
        assert said(capsys, "wait", "own", "--until", "loss<=0.5", "--timeout", "0")[0] == 0, "it was looked at once"


def test_a_long_log_is_read_no_longer_than_asked(runs: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "_LOOK", 0, raising=False)
    events = [Metrics(list(range(at, at + 1000)), {"loss": [1.0] * 1000}) for at in range(1, 60_000, 1000)]
    folder = run_of(runs, *events, Metrics([60_001], {"loss": [0.05]}), steps_per_epoch=1)
    goal = ("--until", "loss<=0.1")
    with held(folder):
        assert said(capsys, "wait", "own", *goal, "--timeout", "0") == (
            124, "",
            "gan-tui: own: the time was over before all of its log was read; allow it more seconds (--timeout).\n",
        )  # fmt: skip
        assert said(capsys, "wait", "own", "--timeout", "0")[::2] == (
            124, "gan-tui: own: training at step 60,001, and the time is over.\n"
        )  # fmt: skip
        assert said(capsys, "wait", "own", *goal, "--timeout", "20")[:2] == (0, "own: loss 0.05 at step 60,001\n")
    append(folder, State("finished", "all steps are done"))
    assert said(capsys, "wait", "own", "--timeout", "0")[:2] == (
        0, "own: finished at step 60,001: all steps are done\n"
    )  # fmt: skip


def test_waiting_for_what_comes(runs: Path, capsys: Capture) -> None:
    folder = run_of(runs, Metrics([1], {"loss": [1]}), steps_per_epoch=1)
    with held(folder):
        threading.Timer(0.2, append, (folder, Metrics([2, 3, 4], {"loss": [math.nan, 0.09, 0.05]}))).start()
        assert said(capsys, "wait", "own", "--until", "loss<=0.1", "--timeout", "20") == (
            0, "own: loss 0.09 at step 3\n", ""
        )  # fmt: skip


@pytest.mark.parametrize(
    ("events", "sentence"),
    [
        ((State("failed", "Out of memory."),), "gan-tui: own: failed at step 1: Out of memory; gan-tui attach "),
        ((), "gan-tui: own: interrupted at step 1: the run's processes were killed, or the machine went down; "),
        ((State("finished", "loss was not a finite number"),), "gan-tui: own: finished at step 1: loss was not a fin"),
    ],
)
def test_a_run_that_ended_badly_fails_whoever_waits(
    events: tuple[State, ...], sentence: str, runs: Path, capsys: Capture
) -> None:
    run_of(runs, Metrics([1], {"loss": [1]}), *events)
    code, out, err = said(capsys, "wait", "own")
    assert (code, out) == (1, "")
    assert err.startswith(sentence)


def test_a_name_that_a_run_does_not_measure_is_not_waited_for(runs: Path, capsys: Capture) -> None:
    metrics = [metric.as_row() for metric in presets.find("xor").metrics]
    folder = run_of(runs, Metrics([1], {"loss": [1], "accuracy": [0.5]}), metrics=metrics)
    with held(folder):
        assert said(capsys, "wait", "own", "--until", "acuracy>=0.9", "--timeout", "20")[::2] == (
            2, 'gan-tui: own has no metric "acuracy", did you mean "accuracy"? (gan-tui status own shows them).\n'
        )  # fmt: skip


def test_a_run_that_is_deleted_is_waited_for_no_longer(runs: Path, capsys: Capture) -> None:
    folder = run_of(runs, Metrics([1], {"loss": [1]}), steps_per_epoch=1)
    with held(folder):
        threading.Timer(0.2, shutil.rmtree, (folder.path,)).start()
        code, out, err = said(capsys, "wait", "own", "--timeout", "20")
    assert (code, out, "was deleted" in err) == (1, "", True)


# Whatever run it is --------------------------------------------------------------------------------------

EACH = (
    ["metrics"],
    ["metrics", "--json"],
    ["metrics", "--csv"],
    ["events", "--json"],
    ["status"],
    ["status", "--json"],
)


@pytest.mark.parametrize("command", EACH, ids=" ".join)
def test_nothing_that_acts_on_a_terminal_is_printed(command: list[str], runs: Path, capsys: Capture) -> None:
    evil = "\x1b]52;c;YQ==\x07\u202e\x9b31m"
    run_of(runs, Metrics([1], {f"lo{evil}ss": [1]}), State("failed", f"a {evil} reason"), name="own")
    code, out, err = said(capsys, command[0], "own", *command[1:])
    assert (code, err) == (0, "")
    assert all(character.isprintable() or character == "\n" for character in out)


@pytest.mark.parametrize("command", [*EACH, ["wait"]], ids=" ".join)
def test_a_run_that_is_not_there_is_said(command: list[str], capsys: Capture) -> None:
    code, out, err = said(capsys, command[0], "nowhere", *command[1:])
    assert (code, out, err.startswith('gan-tui: There is no run "nowhere" in ')) == (2, "", True)


@pytest.mark.parametrize("command", EACH, ids=" ".join)
def test_a_run_is_found_wherever_it_was_moved(command: list[str], runs: Path, tmp_path: Path, capsys: Capture) -> None:
    old_run("stopped", "pair", runs)
    before = said(capsys, command[0], "pair", *command[1:])
    moved = tmp_path / "elsewhere" / "pair"
    moved.parent.mkdir()
    shutil.move(runs / "pair", moved)
    after = said(capsys, command[0], str(moved), *command[1:])
    assert after == (before[0], before[1].replace(str(runs / "pair"), str(moved)), before[2])


def test_a_query_reads_no_data(capsys: Capture) -> None:
    assert said(capsys, "status", "--data-dir", "/x")[::2] == (
        2, "gan-tui: status reads no data; leave out --data-dir.\n"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("metrics", "xor", "--steps", "3"), '--steps takes FIRST:LAST, such as 100:200, 100: or :200, not "3".'),
        (("metrics", "xor", "--steps", "a:b"), '--steps takes FIRST:LAST, such as 100:200, 100: or :200, not "a:b".'),
        (("metrics", "xor", "--steps", "9:3"), "--steps goes from 9 to 3; write the smaller one first."),
        (("metrics", "xor", "--every", "0"), "--every must be 1 or more, not 0."),
        (("metrics", "xor", "--every", "x"), '--every must be a whole number, such as 100, not "x"; see '),
        (("metrics", "xor", "--json", "--csv"), "--json and --csv cannot be used together; see "),
        (("status", "xor", "--json", "--format", "x"), "--json and --format cannot be used together; see "),
        (("events", "xor", "--json", "--since", "x"), '--since must be a whole number, such as 120, not "x"; see '),
    ],
)
def test_wrong_use(words: tuple[str, ...], sentence: str, runs: Path, capsys: Capture) -> None:
    old_run("finished", "xor", runs)
    code, out, err = said(capsys, *words)
    assert (code, out) == (2, "")
    assert err.startswith(f"gan-tui: {sentence}"), err


# Logs of other tools -------------------------------------------------------------------------------------


def test_a_log_of_another_tool_is_asked_by_its_path(tmp_path: Path, capsys: Capture) -> None:
    log = str(written("keras", tmp_path).path)
    rows = known_values("keras")["train"]["tensors"]["batch_loss"]["rows"]
    code, out, err = said(capsys, "metrics", log, "--json")
    told = json.loads(out)["metrics"]["batch_loss"]
    assert (code, err) == (0, "")
    assert dict(zip(*told.values(), strict=True)) == {step: pytest.approx(value) for _, step, value in rows}
    lines = [json.loads(line) for line in said(capsys, "events", log, "--json")[1].splitlines()]
    of_events = {
        step: value
        for line in lines if line["type"] == "metrics" and "batch_loss" in line["values"]
        for step, value in zip(line["steps"], line["values"]["batch_loss"], strict=True)
    }  # fmt: skip
    assert of_events == dict(zip(*told.values(), strict=True))
    status = json.loads(said(capsys, "status", log, "--json")[1])
    assert (status["values"]["batch_loss"], status["step"]) == (told["values"][-1], told["steps"][-1])


def test_a_log_that_grows_no_more_has_ended(tmp_path: Path, capsys: Capture) -> None:
    folder = written("keras", tmp_path)
    for file in folder.path.rglob("events*"):
        os.utime(file, (0, 0))
    code, out, err = said(capsys, "wait", str(folder.path), "--timeout", "20")
    assert (code, out.startswith("keras: quiet at step 12: it has not grown for "), err) == (0, True, "")
    assert said(capsys, "wait", str(folder.path), "--until", "batch_loss<=1.0")[:2] == (
        0, "keras: batch_loss 0.812375 at step 5\n"
    )  # fmt: skip
    assert said(capsys, "wait", str(folder.path), "--until", "nothing<=1")[::2] == (
        1, "gan-tui: keras: quiet at step 12, without nothing <= 1.\n"
    )  # fmt: skip


def test_names_with_signs_of_their_own_are_named_as_they_are(tmp_path: Path, capsys: Capture) -> None:
    log = tmp_path / "log.csv"
    log.write_text("epoch,loss:mean,x>=y,a=b,wer\n0,0.9,0.1,0.2,0.9\n1,0.5,0.6,0.7,0.4\n")
    form = "{loss:mean} {loss:mean:.2f} {x>=y:.1f} {a=b}"
    assert said(capsys, "status", str(log), "--format", form)[1] == "0.5000 0.50 0.6 0.7000\n"
    for goal, at in (("x>=y>=0.5", 1), ("a=b>=0.5", 1), ("loss:mean<=0.5", 1), ("wer<=0.5", 1)):
        code, out, _ = said(capsys, "wait", str(log), "--until", goal)
        assert code == 0 and out.endswith(f"at step {at}\n"), goal
    assert said(capsys, "wait", str(log), "--until", "a=b=0.5")[::2] == (
        2, "gan-tui: Nobody has said whether a=b rises: write a=b>=0.5 or a=b<=0.5.\n"
    )  # fmt: skip
