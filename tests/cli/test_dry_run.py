"""What would be trained is printed, and nothing is left behind."""

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from gan_tui import presets
from gan_tui.supervision import measuring
from gan_tui.system import machine, terminal
from product import gan_tui
from shapes_of_colour import squares
from shell import said

XOR = ("train", "xor", "--dry-run", "--epochs", "500", "--set", "batch_size=2")
MEASURED = {"step": 0.5, "steps": 4, "validation": 0.0, "memory": 700_000_000, "device": "CPU: 2 cores"}
ANSWER = f"import os, sys; sys.stdin.read(); os.write(int(sys.argv[1]), {json.dumps(MEASURED)!r}.encode())"


def measures(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Have a process that runs this in place of the one that trains some steps."""
    monkeypatch.setattr(measuring, "MEASURE", (sys.executable, "-c", code))


def lines(out: str) -> list[str]:
    return [" ".join(line.split()) for line in out.splitlines()]


def test_all_that_would_be_trained_is_printed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, runs: Path
) -> None:
    measures(monkeypatch, ANSWER)
    code, out, err = said(capsys, *XOR)
    assert (code, err) == (0, "")
    has = size_of(machine.memory())
    assert lines(out)[:8] == [
        "XOR (xor): what would be trained",
        "",
        "data xor: 4 examples to train on, in 2 classes; made by gan-tui",
        "settings epochs 500 (the preset has 1000), batch_size 2 (the preset has 4)",
        "length 1,000 steps; 500 epochs of 2 steps, each of 2 examples",
        f"memory 700 MB, measured, 512 B of it for networks and a batch; this machine has {has}",
        "time about 8 min 20 s: 500 ms a step, measured over 4 steps on CPU: 2 cores; saving and pictures come on top",
        "",
    ]
    assert "total 28 trainable 28 non-trainable 0" in lines(out)
    assert not runs.exists()


def size_of(memory: int) -> str:
    return f"{memory / 1e9:.3g} GB"


def test_scripts_get_the_same(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    measures(monkeypatch, ANSWER)
    code, out, _ = said(capsys, *XOR, "--json")
    told = json.loads(out)
    assert code == 0
    assert told["changed"] == {"epochs": {"value": 500, "own": 1000}, "batch_size": {"value": 2, "own": 4}}
    assert told["data"] == {
        "name": "xor", "origin": "made by gan-tui", "full": True, "train": 4, "validation": 0,
        "classes": ["class 1", "class 2"],
    }  # fmt: skip
    assert (told["steps"], told["epochs"], told["steps_per_epoch"], told["batch_size"]) == (1000, 500, 2, 2)
    assert told["time"] == {"seconds": 500, "step": 0.5, "validation": 0, "measured_steps": 4, "device": "CPU: 2 cores"}
    assert told["networks"]["classifier"]["parameters"] == 28 and told["not_measured"] == ""


FAILS = {
    "words": ("import sys; sys.exit('No module named tensorflow')", "No module named tensorflow"),
    "killed": (
        "import os; os.kill(os.getpid(), 9)",
        "the process that measured was killed (SIGKILL), perhaps for want of",
    ),
    "instructions": ("import os; os.kill(os.getpid(), 4)", "TensorFlow uses instructions that this processor lacks"),
    "told": ('import os, sys; os.write(int(sys.argv[1]), b\'{"failed": "the disk is full."}\')', "the disk is full"),
}


@pytest.mark.parametrize(("code", "why"), FAILS.values(), ids=FAILS)
def test_what_cannot_be_measured_is_said_beside_all_else(
    code: str, why: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    measures(monkeypatch, code)
    ended, out, err = said(capsys, *XOR)
    assert ended == 1 and f"time not measured: {why}" in "\n".join(lines(out))
    assert err.startswith(f"gan-tui: No step could be measured: {why}")
    assert "for networks and a batch, beside TensorFlow" in out and "total 28" in out


REFUSED = {
    ("--detach",): "--dry-run and --detach cannot be used together; see gan-tui train --help.",
    ("--name", "mine"): "--dry-run makes no run, so there is none to be named; leave out --name.",
    ("--set", "batch_size=9"): "batch_size 9 is more than the 4 training examples of xor; choose a smaller one.",
    ("--set", "epoch=9"): 'xor: unknown setting "epoch" for this task, did you mean "epochs"?',
    ("--set", "epochs"): '--set takes KEY=VALUE, such as --set batch_size=64, not "epochs".',
    ("--data", "x.csv"): "xor takes no data: leave out --data.",
}


@pytest.mark.parametrize(("words", "sentence"), REFUSED.items(), ids=map(" ".join, REFUSED))
def test_what_could_not_be_trained_is_refused_as_always(
    words: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str], runs: Path
) -> None:
    assert said(capsys, "train", "xor", "--dry-run", *words) == (2, "", f"gan-tui: {sentence}\n")
    assert not runs.exists()


def test_json_is_for_a_dry_run(capsys: pytest.CaptureFixture[str]) -> None:
    words = "train prints JSON with --dry-run alone; gan-tui runs --json tells of runs."
    assert said(capsys, "train", "xor", "--json") == (2, "", f"gan-tui: {words}\n")


# Several that would train together --------------------------------------------------------------------------

TWO = {"cluster": {"worker": ["127.0.0.1:2", "127.0.0.1:3"]}, "task": {"type": "worker", "index": 1}}
SMALL = "is too small to gain from 2 workers: about 0.059 × the steps/s of one process"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("fashion-cnn", "--workers", "2"),
         "2 workers of this machine (--workers); each takes 16 of the 32 examples of a step"),
        (("fashion-cnn", "--workers", "2", "--set", "batch_size=36"),
         "2 workers of this machine (--workers); each takes 18 of the 36 examples of a step, 6 in an epoch's last"),
        (("wgan-gp", "--workers", "4"),
         "4 workers of this machine (--workers); each takes 40 of the 160 examples of a step"),
        (("fashion-cnn", "--gpus", "all"),
         "TensorFlow finds no GPU on this machine, so --gpus changes nothing; gan-tui doctor tells why."),
    ],
)  # fmt: skip
def test_who_would_train_together_is_told_and_the_share_of_each(
    words: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, runs: Path
) -> None:
    measures(monkeypatch, ANSWER)
    monkeypatch.setattr(terminal, "columns_of_output", lambda: None)
    code, out, err = said(capsys, "train", *words, "--dry-run")
    assert (code, err) == (0, "")
    assert f"group {says}" in lines(out) and "500 ms a step in one process" in out
    assert not runs.exists()


def test_a_group_that_the_environment_tells_of_and_is_too_small(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    measures(monkeypatch, ANSWER)
    monkeypatch.setenv("TF_CONFIG", json.dumps(TWO))
    code, out, _ = said(capsys, *XOR)
    told = " ".join(out.split())
    assert code == 0
    assert "group 2 workers (TF_CONFIG), and this would be worker 1 (127.0.0.1:3); each takes 1 of the 2" in told
    assert SMALL in told
    group = json.loads(said(capsys, *XOR, "--json")[1])["group"]
    assert group.pop("expected") == pytest.approx(0.059, abs=0.001) and SMALL in group.pop("too_small")
    assert group == {
        "source": "TF_CONFIG", "replicas": 2, "index": 1, "examples_per_step": 1, "examples_in_last_step": None,
    }  # fmt: skip
    monkeypatch.delenv("TF_CONFIG")
    assert json.loads(said(capsys, *XOR, "--json")[1])["group"] is None


def on(gpus: int) -> str:
    """What has found so many GPUs."""
    return ANSWER.replace(MEASURED["device"], "; ".join(["GPU: NVIDIA H200"] * gpus))


def test_gpus_are_those_that_tensorflow_finds(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    measures(monkeypatch, on(2))
    monkeypatch.setattr(terminal, "columns_of_output", lambda: None)
    code, out, _ = said(capsys, "train", "fashion-cnn", "--dry-run", "--gpus", "all")
    assert code == 0
    assert "group 2 GPUs of this machine (--gpus); each takes 16 of the 32 examples of a step" in lines(out)
    code, out, err = said(capsys, "train", "fashion-cnn", "--dry-run", "--gpus", "4")
    assert code == 1 and "length" in out
    assert err.startswith("gan-tui: --gpus 4 asks for more GPUs than TensorFlow finds on this machine;")
    measures(monkeypatch, ANSWER)
    code, _, err = said(capsys, "train", "fashion-cnn", "--dry-run", "--gpus", "2")
    assert code == 1 and err.startswith("gan-tui: --gpus 2: TensorFlow finds no GPU on this machine")
    measures(monkeypatch, on(1))
    out = said(capsys, "train", "fashion-cnn", "--dry-run", "--gpus", "all")[1]
    assert "group TensorFlow does not find several GPUs on this machine, so --gpus changes nothing." in lines(out)
    measures(monkeypatch, on(3))
    code, _, err = said(capsys, "train", "fashion-cnn", "--dry-run", "--gpus", "all")
    assert code == 2 and "batch_size 32 cannot be shared evenly by 3" in err


@pytest.mark.parametrize(
    ("host", "words", "says"),
    [
        ("192.0.2.1", ("fashion-cnn",), "192.0.2.1:2 is a public address"),
        ("127.0.0.1", ("fashion-cnn", "--workers", "2"), "leave out --workers, or unset TF_CONFIG"),
        ("127.0.0.1", ("fashion-cnn", "--set", "batch_size=33"), "batch_size 33 cannot be shared evenly by 2"),
    ],
)
def test_what_a_group_could_not_train_is_refused_as_always(
    host: str, words: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TF_CONFIG", json.dumps(TWO).replace("127.0.0.1", host))
    code, out, err = said(capsys, "train", *words, "--dry-run")
    assert (code, out) == (2, "") and says in err


@pytest.mark.slow
def test_real_steps_are_measured_on_real_data_and_nothing_is_left(
    tmp_path: Path, runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "tmp").mkdir()
    place = squares(tmp_path / "squares.npz", (30, 30, 30))
    ended = gan_tui(
        "train", "fashion-cnn", "--dry-run", "--json", "--epochs", "3", "--data", str(place), "--set", "batch_size=8"
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    told = json.loads(ended.stdout)
    assert told["data"]["train"] + told["data"]["validation"] == 90 and told["data"]["validation"] == 18
    assert told["steps"] == 27 and told["networks"]["classifier"]["layers"]
    took = told["time"]
    assert took["measured_steps"] >= 3 and 0 < took["step"] < 2 and took["validation"] > 0
    assert took["seconds"] == pytest.approx(27 * took["step"] + 3 * took["validation"])
    assert 300e6 < told["memory"]["measured"] < told["memory"]["machine"]
    assert not runs.exists() and not list((tmp_path / "tmp").iterdir())
    assert not [one for one in psutil.process_iter(["cmdline"]) if str(place) in " ".join(one.info["cmdline"] or ())]


def test_who_interrupts_it_leaves_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pid = tmp_path / "pid"
    code = f"import os, time; open({str(pid)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    measures(monkeypatch, code)
    signal.signal(signal.SIGALRM, signal.default_int_handler)

    def interrupt() -> None:
        while not (pid.exists() and pid.read_text()):
            time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGALRM)

    threading.Thread(target=interrupt, daemon=True).start()
    with pytest.raises(KeyboardInterrupt):
        measuring.measured(presets.find("xor"))
    deadline = time.monotonic() + 2
    while psutil.pid_exists(int(pid.read_text())) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not psutil.pid_exists(int(pid.read_text()))
