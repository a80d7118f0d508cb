"""Groups of real processes: what happens to a run when a worker is killed, is frozen or never comes, and when all are
asked to end."""

import json
import os
import shutil
import signal
import socketserver
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from gan_tui.run.events import Alert, Checkpoint, Group, State
from gan_tui.run.folder import RunFolder
from grouped import ENDLESS, configs, others_of, worker
from product import START_SECONDS, done, events_of, gan_tui, last, state, step, wait_for
from pty_terminal import GAN_TUI, end_runs, processes_of, trainer_of

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("GAN_TUI_RUNS", str(tmp_path / "runs"))
    yield tmp_path / "runs"
    end_runs(tmp_path / "runs")


def started(*words: str) -> RunFolder:
    return RunFolder(Path(done("train", *words, "--detach")))


def wait_until_all_train(run: RunFolder, beyond: int = 0) -> None:
    """Each of several processes loads TensorFlow meanwhile."""

    def trains() -> bool:
        assert state(run) not in ("finished", "stopped"), reason(run)  # a restart follows a failure
        return state(run) == "training" and step(run) > beyond

    wait_for(trains, 3 * START_SECONDS)


def reason(run: RunFolder) -> str:
    event = last(run, State)
    return event.reason if event else ""


def rows(run: RunFolder) -> list[Mapping[str, Any]]:
    """What was told last of the workers."""
    event = last(run, Group)
    return event.workers if event else []


def is_gone(run: RunFolder) -> bool:
    return not run.is_held() and not processes_of(run.path)


def newest(run: RunFolder) -> bytes:
    event = last(run, Checkpoint)
    assert event
    return (run.path / event.folder / "state.safetensors").read_bytes()


def test_a_worker_that_is_killed_in_a_pause_is_named_and_nobody_is_left(runs: Path) -> None:
    run = started("xor", "--steps", ENDLESS, "--workers", "2")
    wait_until_all_train(run)
    done("pause", run.name)
    (other,) = others_of(run)
    wait_for(lambda: [row["pid"] for row in rows(run) if "pid" in row] == [trainer_of(run.path).pid, other.pid], 60)
    assert all(row["state"] == "training" and row["memory"] > 1e8 and row["devices"] for row in rows(run))
    other.kill()
    wait_for(lambda: state(run) == "failed", START_SECONDS)
    assert "worker 1 (127.0.0.1:" in reason(run) and reason(run).endswith("was killed (SIGKILL)")
    assert [(row["worker"], row["state"], row["reason"]) for row in rows(run)] == [(1, "lost", "was killed (SIGKILL)")]
    alerts = [event.text for event in events_of(run, Alert) if event.kind in ("network", "group")]
    assert "ask nobody who they are" in alerts[0]
    assert "was killed (SIGKILL). gan-tui resume xor-1 goes on from the newest checkpoint" in alerts[-1]
    wait_for(lambda: is_gone(run), START_SECONDS)


@pytest.mark.prove
def test_whatever_is_killed_or_frozen_a_group_that_restarts_comes_to_the_same_bits(runs: Path) -> None:
    whole = started("xor", "--steps", "12000", "--workers", "2")
    run = started("xor", "--steps", "12000", "--workers", "2", "--restarts", "3")
    wait_until_all_train(run)
    done("save", run.name)
    (other,) = others_of(run)
    other.suspend()
    wait_for(lambda: "stopped answering" in restarts(run, 0), START_SECONDS)
    wait_until_all_train(run, step(run))
    done("save", run.name)
    assert psutil.pid_exists(other.pid) is False
    trainer_of(run.path).kill()
    wait_for(lambda: "The trainer was killed (SIGKILL)" in restarts(run, 1), START_SECONDS)
    for one in (run, whole):
        wait_for(lambda: state(one) == "finished", 3 * START_SECONDS)  # noqa: B023
        wait_for(lambda: is_gone(one), START_SECONDS)  # noqa: B023
    assert newest(run) == newest(whole)


def restarts(run: RunFolder, nth: int) -> str:
    said = [event.text for event in events_of(run, Alert) if event.kind == "restart"]
    return said[nth] if len(said) > nth else ""


@pytest.mark.prove
@pytest.mark.parametrize("who", ["supervisor", "trainer"])
def test_nobody_outlives_the_run(runs: Path, who: str) -> None:
    run = started("xor", "--steps", ENDLESS, "--workers", "2")
    wait_until_all_train(run)
    (other,) = others_of(run)
    other.suspend()  # not even one that notices nothing
    (victim,) = [process for process in processes_of(run.path) if any(who in word for word in process.cmdline())]
    victim.kill()
    wait_for(lambda: not processes_of(run.path), START_SECONDS)


@pytest.mark.prove
def test_workers_in_two_shells_save_and_end_when_all_are_asked_to_or_the_first_alone(
    runs: Path, tmp_path: Path
) -> None:
    words = ("train", "xor", "--steps", ENDLESS, "--plain", "--name", "two")
    for nth, all_are_asked in enumerate((True, False)):
        first, second = configs(2)
        shells = [worker(first, runs, *(words if nth == 0 else ("resume", "two", "--plain")))]
        shells.append(worker(second, tmp_path / "none", *words))
        run = RunFolder(runs / "two")
        before = step(run) if nth else 0
        wait_for(run.events_file.exists, START_SECONDS)
        wait_for(lambda: state(run) == "training" and step(run) > before, 3 * START_SECONDS)  # noqa: B023
        for shell in shells if all_are_asked else shells[:1]:
            shell.send_signal(signal.SIGTERM)
        said = [shell.communicate(timeout=START_SECONDS)[0] for shell in shells]
        assert [shell.returncode for shell in shells] == [0, 0], said
        assert state(run) == "stopped" and last(run, Checkpoint) is not None
        assert "worker 1 of 2 (TF_CONFIG) takes steps with worker 0 (127.0.0.1:" in said[1]
        assert "worker 0 has ended the group" in said[1]
    assert not (tmp_path / "none").exists()


@pytest.mark.prove
def test_who_never_comes_is_named_and_the_run_can_be_stopped_meanwhile(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = configs(2)
    monkeypatch.setenv("TF_CONFIG", first)
    run = started("xor")
    monkeypatch.delenv("TF_CONFIG")
    wait_for(lambda: "Waiting for worker 1 (127.0.0.1:" in reason(run), START_SECONDS)
    assert "which has nobody who listens; start the same command there" in reason(run)
    assert [row["state"] for row in rows(run)] == ["waiting", "missing"]
    done("stop", run.name)
    wait_for(lambda: is_gone(run), START_SECONDS)
    assert state(run) == "stopped"
    alone = worker(second, runs, "train", "xor")
    assert alone.stdout
    assert "takes steps with" in alone.stdout.readline()
    assert "waits for worker 0 (127.0.0.1:" in alone.stdout.readline()
    alone.send_signal(signal.SIGTERM)
    assert alone.wait(START_SECONDS) == 0
    assert "ended before the group began" in alone.stdout.read()


class Greets(socketserver.BaseRequestHandler):
    """Begins a conversation in HTTP/2, as TensorFlow's server does, and says no more."""

    def handle(self) -> None:
        with suppress(ConnectionError):  # who only asks whether somebody is there goes away at once
            self.request.sendall(bytes((0, 0, 0, 4, 0, 0, 0, 0, 0)))
            while self.request.recv(1 << 12):
                pass


@contextmanager
def greeting(host: str, port: int) -> Iterator[None]:
    with socketserver.ThreadingTCPServer((host, port), Greets) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield
        server.shutdown()


@pytest.mark.prove
def test_a_group_whose_worker_listens_and_never_joins_can_be_stopped(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = configs(2)
    host, _, port = json.loads(first)["cluster"]["worker"][1].rpartition(":")
    with greeting(host, int(port)):
        monkeypatch.setenv("TF_CONFIG", first)
        run = started("xor")
        monkeypatch.delenv("TF_CONFIG")
        wait_for(lambda: "Waiting for the workers, which are joining" in reason(run), 2 * START_SECONDS)
        done("stop", run.name)
        wait_for(lambda: is_gone(run), START_SECONDS)
    assert (state(run), reason(run)) == ("stopped", "asked to stop")


@pytest.mark.prove
def test_workers_with_other_settings_are_refused(runs: Path, tmp_path: Path) -> None:
    first, second = configs(2)
    shells = [worker(first, runs, "train", "xor", "--plain"), worker(second, tmp_path, "train", "xor", "--seed", "8")]
    said = [shell.communicate(timeout=3 * START_SECONDS)[0] for shell in shells]
    assert [shell.returncode for shell in shells] == [1, 1], said
    assert all("Worker 1 has other settings than worker 0" in words for words in said), said


# Networks ----------------------------------------------------------

NETWORK = ["unshare", "--user", "--map-root-user", "--net", "sh", "-c"]
PUBLIC = "203.0.113.5"
SET_UP = f"ip link set lo up && ip addr add {PUBLIC}/24 dev lo && "


def in_a_network(command: str) -> list[str]:
    """The command line of a shell that has no network but one of its own, with a public address."""
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        pytest.skip("unshare and ip are needed: apt install util-linux iproute2")
    if subprocess.run([*NETWORK, f"{SET_UP} true"], capture_output=True).returncode:
        pytest.skip("no network of its own can be made here")
    return [*NETWORK, f"{SET_UP} {command}"]


def test_public_addresses_are_refused_before_anything_is_started(runs: Path) -> None:
    command = in_a_network(f"exec {' '.join(GAN_TUI)} train xor --plain")
    first, _ = configs(2, PUBLIC)
    ended = subprocess.run(command, env={**os.environ, "TF_CONFIG": first}, capture_output=True, text=True)
    assert ended.returncode == 2
    assert f"{PUBLIC}:" in ended.stderr and "add --trust-network" in ended.stderr
    assert not runs.exists()


@pytest.mark.prove
def test_public_addresses_that_are_trusted_train(runs: Path) -> None:
    both = "train xor --steps 50 --plain --trust-network"
    program = " ".join(GAN_TUI)
    command = in_a_network(f"(TF_CONFIG=$OTHER {program} {both} &) ; exec {program} {both}")
    first, second = configs(2, PUBLIC)
    environment = {**os.environ, "TF_CONFIG": first, "OTHER": second}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=3 * START_SECONDS)
    assert ended.returncode == 0, ended
    assert "Finished at step 50" in ended.stdout


# Words ----------------------------------------------------------


def test_what_cannot_be_together_is_refused(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TF_CONFIG", configs(2)[0])
    ended = gan_tui("train", "xor", "--workers", "2", "--plain")
    assert (ended.returncode, "leave out --workers" in ended.stderr) == (2, True)
