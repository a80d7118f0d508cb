"""A worker where Ray has put it, without Ray: its process dies, refuses, prints. The process here only pretends."""

import sys

import orjson
import pytest

from gan_tui.sweep import alike
from gan_tui.sweep.engines import ray_worker
from gan_tui.sweep.engines.ray_worker import RETRIES, Lost, RayWorker

PRETENDER = """
import json, os, sys
def say(**words): os.write(1, b"\\n\\x1egan-tui\\x1e" + json.dumps(words).encode() + b"\\n")
def hear():
    while b"\\x1e" not in (line := sys.stdin.buffer.readline()):
        if not line: os._exit(0)
    return json.loads(line.rpartition(b"\\x1e")[2])
print("a library that greets", file=sys.stderr, flush=True)
say(hello={hello!r})
assert hear()["sweep"] == "its words"
say(ready=True)
while job := hear():
    say(alive=True)
    say(epoch=7)
    {act}
    say(result=job["seed"], spent=False)
"""
JOB = orjson.dumps({"combination": 0, "seed": 5})


@pytest.fixture
def worker() -> RayWorker:
    return RayWorker("its words", alike.versions())


def pretend(monkeypatch: pytest.MonkeyPatch, act: str = "pass", **other: str) -> None:
    code = PRETENDER.format(act=act, hello={**alike.versions(), **other})
    monkeypatch.setattr(ray_worker, "PROGRAM", (sys.executable, "-SEc", code))


def test_it_passes_on_what_is_said_and_what_is_printed(worker: RayWorker, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch)
    ready = orjson.loads(worker.ready())
    assert ready["ready"] is True and ready["host"]
    assert ready["printed"] == "a library that greets\n"
    said = orjson.loads(worker.train(JOB))
    assert (said["result"], said["spent"], said["printed"]) == (5, False, "")
    assert orjson.loads(worker.now())["epoch"] == 7


def test_who_dies_is_begun_again_some_times(worker: RayWorker, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, "os.kill(os.getpid(), 9)")
    for number in range(RETRIES):
        with pytest.raises(Lost):  # upon which Ray asks again
            worker.train(JOB)
        assert orjson.loads(worker.now())["deaths"] == number + 1
    assert orjson.loads(worker.train(JOB))["died"] == -9
    pretend(monkeypatch)
    assert orjson.loads(worker.train(JOB))["result"] == 5, "another may be trained"


def test_another_version_is_refused_wherever_it_is_begun(worker: RayWorker, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, keras="1.0")
    for said in (worker.ready(), worker.train(JOB)):
        refused = orjson.loads(said)["refused"]
        assert refused.startswith(f"it has keras 1.0 and not {alike.versions()['keras']}, as here")
