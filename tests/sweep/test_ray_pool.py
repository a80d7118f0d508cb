"""A sweep on Ray as the shell knows it: who trains what, and what is told. The process that Ray is in only pretends."""

import io
import os
import socket
import sys
from collections import Counter
from pathlib import Path
from typing import IO

import pytest

from gan_tui import presets
from gan_tui.errors import UserError
from gan_tui.sweep import alike, places, sweep
from gan_tui.sweep import folder as sweep_folder
from gan_tui.sweep.engines import on_ray
from gan_tui.sweep.engines.chosen import engine
from gan_tui.sweep.engines.local import Failed, Happening, Tick, Told, Trained
from gan_tui.sweep.engines.on_ray import reached
from gan_tui.sweep.folder import SweepFolder
from gan_tui.sweep.progress import SweepProgress
from gan_tui.sweep.sweep import Sweep
from shell import said

PRETENDER = """
import json, os, sys
words_to = os.fdopen(int(sys.argv[1]), "w")
def say(**words): print(json.dumps(words), file=words_to, flush=True)
print("a library that greets", flush=True)
begun, tries = json.loads(sys.stdin.readline()), {{}}
{begin}
say(count=2)
for line in sys.stdin:
    order = json.loads(line)
    worker, job = order["worker"], order.get("job")
    host = f"box{{worker % 2 + 1}}"
    if "begin" in order:
        say(worker=worker, ready=True, host=host, token={token}, computed_with={computed!r})
    elif job:
        number = tries[str(job)] = tries.get(str(job), 0) + 1
        {act}
        say(worker=worker, epoch=3)
        say(worker=worker, host=host, spent=False, result={{
            "seed": job["seed"], "reached": None, "epochs": 5, "steps": 5, "ended": "done",
            "last": {{"loss": 0.5, "accuracy": 0.5}}, "seconds": 0.1}})
open(os.path.dirname(begun["folder"]) + "/left", "w").close()
"""


def swept() -> Sweep:
    return sweep.made(presets.find("xor").with_settings({"seed": 42}), ["batch_size=1,2,4"], None, 3)


@pytest.fixture
def folder(runs: Path, monkeypatch: pytest.MonkeyPatch) -> SweepFolder:
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    monkeypatch.setattr(on_ray, "reached", lambda address: address)
    runs.mkdir()
    monkeypatch.setattr(on_ray.tempfile, "tempdir", str(runs))
    return sweep_folder.find_or_make(swept(), runs, None)


def pretend(
    monkeypatch: pytest.MonkeyPatch, act: str = "pass", begin: str = "", token: bool = True, computed: object = None
) -> None:
    code = PRETENDER.format(act=act, begin=begin, token=token, computed=computed)
    monkeypatch.setattr(on_ray, "DRIVER", (sys.executable, "-SEc", code))


def happenings(folder: SweepFolder, address: str = "head:6379") -> list[Happening]:
    pool = engine(folder, swept().jobs, places.read([f"ray:{address}" if address else "ray"]))
    return [each for each in pool.happenings() if not isinstance(each, Tick)]


def told(happenings: list[Happening]) -> list[str]:
    return [each.text for each in happenings if isinstance(each, Told)]


def test_every_job_is_trained_once_and_the_end_says_where(folder: SweepFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch)
    done = happenings(folder)
    trained = [each for each in done if isinstance(each, Trained)]
    assert {each.job for each in trained} == set(swept().jobs) and len(trained) == 9
    counts = Counter(each.where for each in trained)
    assert set(counts) <= {"box1", "box2"}
    summary = "; ".join(f"{host} trained {count}" for host, count in sorted(counts.items()))
    assert told(done) == ["On the Ray cluster at head:6379, with 2 workers", summary]
    assert "a library that greets\n" in folder.log.read_text()
    assert (folder.path.parent.parent / "left").exists(), "it is let end by itself"
    assert not list(folder.path.parent.parent.glob("gan-tui-ray-*"))


def test_where_no_cluster_is_named_it_is_said_that_one_is_started(
    folder: SweepFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend(monkeypatch, begin="assert begun['address'] is None")
    assert told(happenings(folder, ""))[0].startswith("RAY_ADDRESS names no cluster, so Ray is started on this machine")
    pretend(monkeypatch, begin="assert begun['address'] == 'there:1'")
    monkeypatch.setenv("RAY_ADDRESS", "there:1")
    assert told(happenings(folder, ""))[0] == "On the Ray cluster at there:1, with 2 workers"


def test_what_is_lost_is_told_with_what_is_trained_again(folder: SweepFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, 'if job["seed"] == 43: say(worker=worker, says="its worker is lost", again=True)')
    done = happenings(folder)
    again = [each for each in done if isinstance(each, Told) and each.again]
    assert sorted(each.again.combination for each in again if each.again) == [0, 1, 2]
    assert all(each.text in ("box1: its worker is lost", "box2: its worker is lost") for each in again)
    assert len([each for each in done if isinstance(each, Trained)]) == 9, "all the same"
    errors = io.StringIO()
    SweepProgress(swept(), {}, 2, out=io.StringIO(), errors=errors).show(again[0])
    assert " is lost; batch_size=" in errors.getvalue() and errors.getvalue().endswith(" seed=43 is trained again.\n")


def test_what_ray_gives_up_has_failed(folder: SweepFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    act = 'if job["seed"] == 43:\n            say(worker=worker, host=host, died=-9)\n            continue'
    pretend(monkeypatch, act)
    failed = [each for each in happenings(folder) if isinstance(each, Failed)]
    assert len(failed) == 3
    assert all(each.reason.startswith("its process was killed (SIGKILL)") for each in failed)
    assert all(each.reason.endswith(", again and again") for each in failed)


def test_what_differs_there_is_told_once(folder: SweepFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, token=False, computed={"oneDNN": "off", "processor": "another\x1b[31m"})
    words = told(happenings(folder))
    assert sum("asks for no token" in each for each in words) == 1
    differs = [each for each in words if "last bits" in each]
    assert sorted(differs) == sorted(set(differs)) and differs and "oneDNN off instead of on" in differs[0]
    assert "\x1b" not in "".join(words)
    assert not alike.different({})


@pytest.mark.parametrize(
    ("begin", "sentence"),
    [
        ("say(refused='No cluster.'); sys.exit()", r"Ray cannot be used: No cluster; see .*workers\.log\."),
        ("os._exit(1)", r"Ray cannot be used: it has ended; see .*workers\.log\."),
        (
            "say(count=2); say(refused='box1: other'); sys.stdin.read(); sys.exit()",
            "box1: other; gan-tui sweep --resume xor-1",
        ),
        ("say(count=2); sys.stdin.readline(); os._exit(1)", "Ray has ended; gan-tui sweep --resume xor-1 continues"),
    ],
)
def test_where_nothing_can_be_trained_it_says_why_and_how_to_go_on(
    begin: str, sentence: str, folder: SweepFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend(monkeypatch, begin=begin)
    with pytest.raises(UserError, match=sentence) as caught:
        happenings(folder)
    assert caught.value.code == 1


def test_whoever_stops_listening_leaves_no_process(folder: SweepFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, "continue")
    pool = engine(folder, swept().jobs, places.read(["ray:head:6379"]))
    story = pool.happenings()
    while not isinstance(happening := next(story), Tick) or not happening.where:
        pass
    story.close()
    assert pool._driver._process.returncode == 0  # type: ignore[attr-defined]


def test_a_word_for_one_that_is_dismissed_amid_it_is_nobody_elses(
    folder: SweepFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend(monkeypatch)
    driver = on_ray.Driver(folder, "head:6379", 2)
    write, others = os.write, list[IO[bytes]]()
    gone, heard = driver.begin()

    def late(pipe: int, line: bytes) -> int:
        if not others:  # its pipe's number is free now, and the next one's
            driver.dismiss(gone)
            heard.close()
            others.append(driver.begin()[1])
        return write(pipe, line)

    monkeypatch.setattr(on_ray.os, "write", late)
    driver._write(gone, b"says again\n")
    driver.end()
    os.set_blocking(others[0].fileno(), False)
    assert not others[0].read()
    others[0].close()


# The address -----------------------------------------------------------------------------------------------


def test_an_address_is_one_where_somebody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_ray.importlib.util, "find_spec", lambda name: name)
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
        assert [reached(each) for each in ("", "auto", "local", address)] == ["", "auto", "", address]
    with pytest.raises(UserError, match=f"Nobody answers at {address}; start Ray there "):
        reached(address)
    for each in ("box", "ray://box:10001", "box:port", "box:1234567", "b\x1b[31mx:1"):
        with pytest.raises(UserError, match="is no address of a Ray cluster; name its head") as caught:
            reached(each)
        assert "\x1b" not in str(caught.value)


def test_where_ray_is_missing_it_is_said_how_to_get_it(
    runs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(on_ray.importlib.util, "find_spec", lambda name: None)
    code, _, err = said(capsys, "sweep", "xor", "--set", "batch_size=1,2", "--on", "ray")
    assert code == 2
    assert err == "gan-tui: --on ray needs Ray: pip install 'gan-tui[ray]', here and on the cluster's machines.\n"
