"""Sweeps under way, and what they come to, for tests of the places where they train."""

import os
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import psutil

from product import gan_tui
from pty_terminal import GAN_TUI
from sshd import Sshd, serving

XOR = ("xor", "--set", "batch_size=4,2", "--epochs", "400", "--seed", "5", "--repeats", "2")


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


@contextmanager
def on_one_processor() -> Iterator[None]:
    """A sweep trains in one process there: each one more would load TensorFlow, too."""
    every = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(every)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, every)


# Through ssh --------------------------------------------------------------------------------------------


@contextmanager
def a_box(folder: Path) -> Iterator[Sshd]:
    """A machine that is this one, with the gan-tui that is tested on its PATH, and shells that greet."""
    (folder / "bin").mkdir()
    program = folder / "bin/gan-tui"
    program.write_text(f'#!/bin/sh\necho "Welcome to this box"; exec {shlex.join(GAN_TUI)} "$@"\n')
    program.chmod(0o755)
    environment = {"PATH": f"{folder}/bin:{os.environ['PATH']}", "LANG": "C.UTF-8"}
    environment |= {name: os.environ[name] for name in ("PYTHONPATH",) if name in os.environ}
    with serving(folder / "sshd", environment) as sshd:
        yield sshd


def on(box: Sshd, count: int = 1) -> str:
    """The words of --on that lead there."""
    return f"{shlex.join(box.prefix())}*{count}"


def workers(box: Sshd) -> list[psutil.Process]:
    """Those that are there, first who has worked most."""
    found = box.processes("gan_tui.training.remote_worker")
    return sorted(found, key=lambda worker: -worker.cpu_times().user)
