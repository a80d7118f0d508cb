"""Sweeps under way, and what they come to, for tests of the places where they train."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson

from product import gan_tui
from pty_terminal import GAN_TUI

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
