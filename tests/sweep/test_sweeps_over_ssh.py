"""Sweeps through a real sshd: the numbers of one machine, whatever is killed meanwhile."""

import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import psutil
import pytest

from product import START_SECONDS, gan_tui, wait_for
from pty_terminal import GAN_TUI
from sshd import Sshd, serving

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

WORKER = "gan_tui.training.remote_worker"
XOR = ("xor", "--set", "batch_size=4,2", "--epochs", "400", "--seed", "5", "--repeats", "2")


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


def numbers(rows: str) -> list[dict[str, Any]]:
    """All that is told of a sweep as JSON but what depends on how fast a machine is."""
    found = orjson.loads(rows)
    for row in found:
        row["trainings"] = [{**each, "seconds": 0} for each in row["trainings"]]
    return list(found)


def here(*arguments: str) -> list[dict[str, Any]]:
    """What this machine's own processes come to."""
    ended = gan_tui("sweep", *arguments, "--json", "--name", "here")
    assert (ended.returncode, ended.stderr) == (0, "")
    return numbers(ended.stdout)


class Sweeping:
    """A sweep that is under way."""

    def __init__(self, *arguments: str) -> None:
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [*GAN_TUI, "sweep", *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, bufsize=1,
            start_new_session=True,
        )  # fmt: skip
        self.said: list[str] = []

    def until(self, word: str) -> str:
        """Read on to a line that has a word."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.said.append(line)
            if word in line:
                return line
        raise AssertionError("".join(self.said))

    def ended(self) -> int:
        assert self.process.stdout
        self.said += self.process.stdout.readlines()
        return self.process.wait()


@contextmanager
def sweeping(*arguments: str) -> Iterator[Sweeping]:
    under_way = Sweeping(*arguments)
    try:
        yield under_way
    finally:
        under_way.process.kill()
        under_way.process.wait()


def workers(box: Sshd) -> list[psutil.Process]:
    return box.processes(WORKER)


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
