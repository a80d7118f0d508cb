"""The system calls of a process as strace saw them."""

import re
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

_LINE = re.compile(
    r"^(?:\d+ +)?(?P<time>\d+\.\d+) (?P<call>\w+)\((?P<arguments>.*)\) += (?P<result>-?\d+)[^<]*<(?P<took>[\d.]+)>"
)
_UNFINISHED = re.compile(r"^(?P<id>\d+) +(?P<time>\d+\.\d+) (?P<call>\w+)\((?P<arguments>.*) <unfinished \.\.\.>$")
_RESUMED = re.compile(
    r"^(?P<id>\d+) +(?P<time>\d+\.\d+) <\.\.\. (?P<call>\w+) resumed>(?P<arguments>.*)\) += (?P<result>-?\d+)"
)
_FILE = re.compile(r"\d+<(?P<path>[^>]*)>")
_NAME = re.compile(r'"(?P<name>(?:[^"\\]|\\.)*)"')


@dataclass(frozen=True)
class Call:
    """One call that succeeded."""

    name: str
    arguments: str
    begin: float
    end: float

    @property
    def path(self) -> str:
        """The file that a descriptor stands for."""
        found = _FILE.search(self.arguments)
        return found["path"] if found else ""

    @property
    def names(self) -> list[str]:
        return [found["name"] for found in _NAME.finditer(self.arguments)]


def command(calls: str, output: Path) -> list[str]:
    """The beginning of a command line that traces what follows. Skips the test where there is no strace."""
    if shutil.which("strace") is None:
        pytest.skip("strace is missing; apt install strace")
    whole = str(1 << 16)  # bytes of a write that are shown: a report may stand at the end of many steps
    return ["strace", "-f", "-y", "-ttt", "-T", "-s", whole, "-e", f"trace={calls}", "-o", str(output)]


def after(seconds: float) -> Callable[[], bool]:
    """Enough once so long has passed."""
    deadline = time.monotonic() + seconds
    return lambda: time.monotonic() >= deadline


def attached(process: int, calls: str, output: Path, enough: Callable[[], bool]) -> list[Call]:
    """What a running process calls until that is enough. Skips the test where it may not be looked at."""
    tracer = subprocess.Popen([*command(calls, output), "-p", str(process)], stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 120
    while tracer.poll() is None and not enough():
        assert time.monotonic() < deadline, "it does too little"
        time.sleep(0.1)
    if tracer.poll() is not None:
        pytest.skip(f"strace may not look at another process here: {tracer.communicate()[1].strip()}")
    tracer.terminate()
    tracer.communicate(timeout=30)
    return calls_in(output.read_text(errors="replace").splitlines())


def calls_in(lines: Sequence[str]) -> list[Call]:
    """The calls that succeeded, in the order in which they ended."""
    calls: list[tuple[float, Call]] = []
    begun: dict[str, re.Match[str]] = {}
    for line in lines:
        if whole := _LINE.match(line):
            if not whole["result"].startswith("-"):
                begin = float(whole["time"])
                end = begin + float(whole["took"])
                calls.append((end, Call(whole["call"], whole["arguments"], begin, end)))
        elif first := _UNFINISHED.match(line):
            begun[first["id"]] = first
        elif (last := _RESUMED.match(line)) and (first := begun.pop(last["id"], None)) and last["result"][0] != "-":
            begin, end = float(first["time"]), float(last["time"])
            calls.append((end, Call(first["call"], first["arguments"] + last["arguments"], begin, end)))
    return [call for _, call in sorted(calls, key=lambda found: found[0])]
