"""Promise 7: a dropped link loses nothing. A real sshd, a real ssh in a terminal, connections killed."""

import os
import random
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from processes import ENDLESS, started, wait_until_it_is_gone, workers

from gan_tui.run.commands import Command
from gan_tui.run.events import Metrics
from gan_tui.run.folder import RunFolder
from gan_tui.supervision import control_client
from product import events_of, step, wait_for, wait_until_it_trains
from pty_terminal import GAN_TUI, Terminal, trainer_of
from sshd import Sshd, serving

pytestmark = [pytest.mark.promise(7), pytest.mark.slow, pytest.mark.timeout(1800)]

KEYS = (" ", "r", "c", "s", "2", "1", "l", "m", "p", "\x1b[A", "?", "\x1b[200~")
"""Pause or go on, resume, save, step, tabs, axes, views, an arrow, help, and half a paste."""


def test_dropped_links_lose_nothing(
    runs: Path, tmp_path: Path, trials: Callable[[int, int], int], proved: Callable[[str], None]
) -> None:
    many, chance = trials(2, 20), random.Random(7)
    environment = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "GAN_TUI_RUNS") if name in os.environ} | {
        "LANG": "C.UTF-8",
        "COLORTERM": "truecolor",
    }
    folder = started("xor", "--steps", ENDLESS)
    wait_until_it_trains(folder)
    pids = {process.pid for process in workers(folder)}
    with serving(tmp_path / "sshd", environment) as sshd:
        for nth in range(many):
            drop(sshd, folder, chance, during_keys=nth % 2 == 1, at_the_client=nth % 4 < 2)
            assert {process.pid for process in workers(folder)} == pids, "the same supervisor and trainer"
        control_client.ask(folder, Command("resume"))
        wait_until_it_trains(folder)
        assert control_client.ask(folder, Command("pause")).ok
        with Terminal(sshd.command(*GAN_TUI, "attach", str(folder.path))) as terminal:
            terminal.wait_for(lambda: f"{step(folder):,}" in terminal.text())
            terminal.wait_for(lambda: any("\u2801" <= cell <= "\u28ff" for cell in terminal.text()), 10)  # the chart
            terminal.type("q")
            assert terminal.wait_for_exit() == 0
        wait_for(lambda: not dashboards(folder) and not sshd.sessions())
    assert control_client.ask(folder, Command("stop"), timeout=60).ok
    wait_until_it_is_gone(folder)
    steps = [each for event in events_of(folder, Metrics) for each in event.steps]
    assert steps == list(range(1, len(steps) + 1)), "no step is missing, none is twice"
    proved(f"{many} connections killed, half of them amid keys: one trainer, {len(steps):,} steps, no process left")


def drop(sshd: Sshd, folder: RunFolder, chance: random.Random, during_keys: bool, at_the_client: bool) -> None:
    """Attach, press keys, and kill the connection at one of its ends."""
    with Terminal(sshd.command(*GAN_TUI, "attach", str(folder.path))) as terminal:
        terminal.wait_for("q Quit")
        for _ in range(chance.randint(1, 8)):
            terminal.type(chance.choice(KEYS))
            if not during_keys:
                terminal.pump(0.1)
        if not during_keys:
            terminal.pump(chance.random())
        if at_the_client:
            terminal.process.kill()
        else:
            for session in sshd.sessions():
                session.kill()
        terminal.pump(0.3)
    wait_for(lambda: not dashboards(folder))
    assert trainer_of(folder.path).is_running()


def dashboards(folder: RunFolder) -> list[psutil.Process]:
    """Dashboards on a run that are still there."""
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        words = process.info["cmdline"] or ()
        if "attach" in words and str(folder.path) in words and process.info["status"] != psutil.STATUS_ZOMBIE:
            found.append(process)
    return found
