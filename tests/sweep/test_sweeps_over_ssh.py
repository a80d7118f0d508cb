"""Sweeps through a real sshd: the numbers of one machine, whatever is killed meanwhile."""

import os
import shlex
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from product import START_SECONDS, gan_tui, wait_for
from pty_terminal import GAN_TUI
from sshd import Sshd, serving
from sweeping import XOR, Sweeping, here, numbers, sweeping

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

WORKER = "gan_tui.training.remote_worker"


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    """A machine that is this one, with the gan-tui that is tested on its PATH, and shells that greet."""
    folder = tmp_path_factory.mktemp("box")
    (folder / "bin").mkdir()
    program = folder / "bin/gan-tui"
    program.write_text(f'#!/bin/sh\necho "Welcome to this box"; exec {shlex.join(GAN_TUI)} "$@"\n')
    program.chmod(0o755)
    environment = {"PATH": f"{folder}/bin:{os.environ['PATH']}", "LANG": "C.UTF-8"}
    environment |= {name: os.environ[name] for name in ("PYTHONPATH",) if name in os.environ}
    with serving(folder / "sshd", environment) as sshd:
        yield sshd


def on(sshd: Sshd, count: int = 1) -> str:
    return f"{shlex.join(sshd.prefix())}*{count}"


def workers(box: Sshd) -> list[psutil.Process]:
    """Those that are there, first who has worked most."""
    return sorted(box.processes(WORKER), key=lambda worker: -worker.cpu_times().user)


def test_a_worker_is_killed_there_and_the_table_is_that_of_one_machine(box: Sshd, runs: Path) -> None:
    with sweeping(*XOR, "--on", on(box, 2), "--name", "there") as sweep:
        sweep.until("1 of 4")
        workers(box)[0].kill()
        lost = sweep.until("is trained again")
        assert "127.0.0.1: its worker was killed, or the link to it broke" in lost
        assert sweep.ended() == 0, sweep.said
        assert "127.0.0.1 trained 4 and lost 1 worker.\n" in sweep.said
    wait_for(lambda: not workers(box) and not box.sessions(), START_SECONDS)
    there = gan_tui("sweep", *XOR, "--name", "there", "--json")
    assert numbers(there.stdout) == here(*XOR)


# At length ----------------------------------------------------------------------------------------------


def processes_here(word: str, parent: int) -> list[psutil.Process]:
    return [child for child in psutil.Process(parent).children(recursive=True) if child.name() == word]


def connection(box: Sshd) -> psutil.Process:
    """What serves the one of who has worked most."""
    return next(parent for parent in workers(box)[0].parents() if parent.name().startswith("sshd"))


def frozen_link(box: Sshd, sweep: Sweeping) -> psutil.Process:
    """Nothing comes through a connection any more, and it is not closed either."""
    session = connection(box)
    session.suspend()
    return session


WAYS: dict[str, Callable[[Sshd, Sweeping], psutil.Process | None]] = {
    "the worker is killed": lambda box, sweep: workers(box)[0].kill(),
    "ssh is killed": lambda box, sweep: processes_here("ssh", sweep.process.pid)[0].kill(),
    "the connection is killed there": lambda box, sweep: connection(box).kill(),
    "the worker is frozen": lambda box, sweep: workers(box)[0].suspend(),
    "the link is frozen": frozen_link,
}


@pytest.mark.prove
def test_whatever_is_lost_is_said_soon_and_trained_again(
    box: Sshd, runs: Path, record_property: Callable[[str, object], None]
) -> None:
    many = ("xor", "--set", "batch_size=4,2", "--epochs", "1500", "--seed", "5", "--repeats", "500")
    took = {}
    with sweeping(*many, "--on", on(box, 2), "--name", "there") as sweep:
        for way, lose in WAYS.items():
            sweep.until(", 127.0.0.1)")
            wait_for(lambda: len(workers(box)) == 2, START_SECONDS)
            sweep.until(", 127.0.0.1)")
            begun = time.monotonic()
            stopped = lose(box, sweep)
            assert "127.0.0.1: " in sweep.until("gan-tui: ")
            took[way] = round(time.monotonic() - begun, 1)
            print(way, took[way], sweep.said[-1], flush=True)
            if stopped:
                stopped.resume()
            for worker in workers(box):
                worker.resume()  # one that was frozen finds that nobody is there any more
        sweep.process.send_signal(signal.SIGINT)
        assert sweep.ended() == 130, sweep.said
    record_property("proved", ", ".join(f"{way}: {seconds} s" for way, seconds in took.items()))
    wait_for(lambda: not workers(box), START_SECONDS)


@pytest.mark.prove
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda number: number.name)
def test_who_is_interrupted_leaves_nobody_there_and_goes_on_here(
    number: signal.Signals, box: Sshd, runs: Path
) -> None:
    with sweeping(*XOR, "--on", on(box, 2), "--name", "there") as sweep:
        sweep.until("1 of 4")
        sweep.process.send_signal(number)
        code = sweep.ended()
    assert code == (-9 if number == signal.SIGKILL else 130), sweep.said
    wait_for(lambda: not workers(box) and not box.sessions(), 30)
    ended = gan_tui("sweep", "--resume", "there", "--on", "local")
    assert ended.returncode == 0 and "were already trained; continuing with the rest" in ended.stdout
    assert "In all, 4 of 4 were trained." in ended.stdout


@pytest.mark.prove
def test_who_lets_nobody_in_is_named_at_once(box: Sshd, runs: Path) -> None:
    prefix = shlex.join(box.prefix())
    strict = prefix.replace("StrictHostKeyChecking=no", "StrictHostKeyChecking=yes")
    nobody = prefix.replace("user_key", "host_key")
    elsewhere = prefix.replace("@127.0.0.1", "@no-such-machine.invalid")
    without = f"{prefix} env PATH=/usr/bin:/bin"
    closed = prefix.replace("-p ", "-p 1 -o Port=")
    program = runs.parent / "gan-tui"
    program.write_text("#!/bin/sh\necho 'gan-tui: sweep-worker is no command' >&2; exit 2\n")
    program.chmod(0o755)
    old = f"{prefix} {program}"
    sentences = {
        strict: "its host key is not known here; run ssh to it once, and confirm it",
        nobody: "it lets nobody in without a password or a key; load yours with ssh-add, or put it there with",
        elsewhere: "there is no machine of that name; check its spelling",
        without: "there is no gan-tui; install it there, or end --on with the path of one: venv/bin/gan-tui",
        closed: "no ssh server answers there; start one, or check the port",
        old: "the gan-tui there is an older one; install the version there that is here",
    }
    for prefix, sentence in sentences.items():
        ended = gan_tui("sweep", *XOR, "--on", prefix, "--name", "there")
        assert ended.returncode == 1
        assert f"is put aside: {sentence}" in ended.stderr
        assert ended.stderr.endswith(
            "gan-tui: No place of --on trains any more; gan-tui sweep --resume there continues with the rest, with "
            "another --on or without any.\n"
        )


@pytest.mark.prove
@pytest.mark.parametrize("prefix", ["env", "sh -c 'exec \"$@\"' --", f"{sys.executable} -m gan_tui", "local"])
def test_whatever_runs_a_command_is_a_place(
    prefix: str, box: Sshd, runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{box.folder.parent / 'bin'}:{os.environ['PATH']}")
    ended = gan_tui("sweep", *XOR, "--on", prefix, "--name", "there")
    assert (ended.returncode, ended.stderr) == (0, "")
    there = gan_tui("sweep", *XOR, "--name", "there", "--json")
    assert numbers(there.stdout) == here(*XOR)
