"""What watching costs: a GAN's four metrics at 20 steps a second, played again from a real run, at 120 × 40."""

import atexit
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import beside
import psutil
from measuring import COMMAND, Figure, Terminal, own_runs, start

import kitty_terminal

SECONDS = 4.0
WITH_PICTURES = 10.0
"""Four pictures long."""
TIMES = 5
STEPS = 150
"""Of the run that is played again."""
NEVER = 1e9
REPLAY = Path(__file__).with_name("replay.py")


@cache
def _recorded() -> Path:
    """The run that is played again, trained once for all that play it."""
    kept = Path(tempfile.mkdtemp(prefix="gan-tui-benchmark-"))
    atexit.register(shutil.rmtree, kept, ignore_errors=True)
    with own_runs():
        recorded = start("gan", "--steps", str(STEPS), "--seed", "7")
        with Terminal((*COMMAND, "attach", str(recorded))) as terminal:
            terminal.wait_for("✓ finished", 180)
        return shutil.copytree(recorded, kept / "gan", ignore=shutil.ignore_patterns("checkpoints", "*.sock", "lock"))


@contextmanager
def played(pace: float = 20.0, picture_seconds: float = 2.0, before: int = 200) -> Iterator[Path]:
    """A run that goes on at a steady pace, after so many steps that are there at once."""
    recorded = _recorded()
    with own_runs() as runs:
        run = runs / "played"
        words = (sys.executable, str(REPLAY), str(recorded), str(run), str(pace), str(picture_seconds), str(before))
        with subprocess.Popen(words) as player:
            while not (run / "lock").exists():
                time.sleep(0.1)
            try:
                yield run
            finally:
                player.kill()


@contextmanager
def seen(run: Path, replies: Mapping[bytes, bytes] | None = None, **environment: str) -> Iterator[Terminal]:
    """`replies` are a terminal's own, beside what all answer."""
    with Terminal((*COMMAND, "attach", str(run)), env=environment, replies=replies) as terminal:
        terminal.wait_for("steps/s", 60)
        terminal.pump(4)  # whatever is drawn once is drawn
        yield terminal


def watching() -> Iterator[Figure]:
    """Bytes a second to the terminal, processor time and memory of the dashboard; the same of others, beside it."""
    others = beside.costs()
    with played() as run:
        with seen(run) as terminal:
            yield from _cost(terminal, "charts and pictures", ("≤ 10", "≤ 6"), seconds=WITH_PICTURES)
            process = psutil.Process(terminal.process.pid)
            megabytes = [process.memory_info().rss / 1e6]
            said = beside.said(others, "megabytes", ".0f")
            yield Figure("memory of the dashboard, with pictures", "≤ 75", megabytes, "MB", said)
            terminal.type("2")
            terminal.wait_for("parameters")
            terminal.pump(3)
            yield from _cost(terminal, "charts only", ("≤ 1.5", "≤ 4"), others)
        with seen(run, kitty_terminal.REPLIES) as terminal:
            terminal.wait_for(kitty_terminal.PLACEHOLDER, 30)
            terminal.pump(3)
            yield from _cost(terminal, "charts and pictures in real pixels", ("≤ 10", "≤ 6"), seconds=WITH_PICTURES)
        with seen(run, GAN_TUI_REDRAW_SECONDS="2") as terminal:
            terminal.type("2")
            terminal.wait_for("parameters")
            terminal.pump(3)
            yield from _cost(terminal, "charts only, one redraw in 2 s", ("", "≤ 1.5"), others)
    with own_runs():
        run = start("gan", "--epochs", "1000")
        with seen(run) as terminal:
            terminal.type(" ")
            terminal.wait_for("‖ paused")
            terminal.pump(4)
            yield from _cost(terminal, "paused", ("≤ 0.05", ""))


def _cost(
    terminal: Terminal,
    what: str,
    goals: tuple[str, str],
    others: dict[str, beside.Cost] | None = None,
    seconds: float = SECONDS,
) -> Iterator[Figure]:
    """Over so long each time: longer where much comes now and then."""
    process = psutil.Process(terminal.process.pid)
    kilobytes, shares = [], []
    for _ in range(TIMES):
        began, received, used = time.monotonic(), terminal.bytes_received, sum(process.cpu_times()[:2])
        terminal.pump(seconds)
        took = time.monotonic() - began
        kilobytes.append((terminal.bytes_received - received) / took / 1000)
        shares.append((sum(process.cpu_times()[:2]) - used) / took * 100)
    sent, used = (beside.said(others or {}, what) for what in ("kilobytes", "share"))
    yield Figure(f"watching, {what}: to the terminal", goals[0], kilobytes, "kB/s", sent)
    yield Figure(f"watching, {what}: of a core", goals[1], shares, "%", used)


# Keys ----------------------------------------------------------

KEYS = 60
SLOW = 7000
"""Bytes a second: 56 kbit/s."""


class SlowTerminal(Terminal):
    """A terminal behind a link of so many bytes a second."""

    def _read(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while True:
            now = time.monotonic()
            self._allowance = min(
                SLOW * 0.1, getattr(self, "_allowance", 0.0) + SLOW * (now - getattr(self, "_at", now))
            )
            self._at = now
            if self._allowance >= 64:
                self.most_at_once = int(self._allowance)
                before = self.bytes_received
                found = super()._read(0.005)
                self._allowance -= self.bytes_received - before
                if found:
                    return True
            if now >= deadline:
                return False
            time.sleep(0.004)


def keys() -> Iterator[Figure]:
    """From a key to its effect on the screen while a GAN trains, here and over a link of 56 kbit/s."""
    with played() as run:
        for what, goal, kind in (("", "≤ 60", Terminal), (", over 56 kbit/s", "≤ 300", SlowTerminal)):
            with kind((*COMMAND, "attach", str(run))) as terminal:
                terminal.wait_for("steps/s", 60)
                terminal.pump(10)
                waited = sorted(_after_keys(terminal))
            late = waited[-1]
            yield Figure(
                f"key to effect, worst of {KEYS}{what}",
                goal,
                [1000 * late],
                "ms",
                f"median {1000 * waited[KEYS // 2]:.0f}",
            )


def _after_keys(terminal: Terminal) -> Iterator[float]:
    """`l` changes the scale of the y axes, which stands above the charts."""
    for nth in range(KEYS):
        terminal.pump(0.1 + nth % 10 / 40)
        before = _scale(terminal)
        pressed = time.monotonic()
        terminal.type("l")
        yield terminal.wait_for(lambda before=before: _scale(terminal) != before, 20) - pressed


def _scale(terminal: Terminal) -> str:
    line = next((line for line in terminal.screen.display if line.strip().startswith("loss")), "")
    return line.partition("━")[0].strip()
