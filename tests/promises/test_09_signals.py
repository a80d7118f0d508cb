"""Promise 9: SIGTERM and Ctrl-C save and stop, hanging up does not matter, and the resumed run is the same run."""

import random
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import numpy as np
import psutil
import pytest
from processes import ENDLESS, resumed, started, supervisor_of, wait_for_a_trainer, wait_until_it_is_gone, workers

from gan_tui.run.commands import Command
from gan_tui.run.events import Metrics, Resumed, State
from gan_tui.run.folder import RunFolder
from gan_tui.supervision import control_client
from product import START_SECONDS, events_of, last, state, step, wait_for, wait_until_it_trains
from pty_terminal import GAN_TUI, trainer_of

pytestmark = [pytest.mark.promise(9), pytest.mark.slow, pytest.mark.timeout(3600)]

Trials = Callable[[int, int], int]
Proved = Callable[[str], None]
GRACE = 10.0
"""Seconds: what systemd and slurm give at least. The steps of these runs are short."""
INSTANTS = ("while it trains", "at birth", "while it loads", "while it compiles", "while paused", "while saving")


def test_sigterm_at_any_instant_saves_and_the_resumed_run_is_the_same_run(
    runs: Path, trials: Trials, proved: Proved
) -> None:
    many, chance = trials(1, 50), random.Random(9)
    steps = str(8_000 + 4_000 * many)
    times, instants = [], []
    folder = started("xor", "--steps", steps, "--name", "interrupted")
    for nth in range(many):
        if nth:
            resumed(folder)
        instants.append(go_to_an_instant(folder, nth, chance))
        if state(folder) == "finished":
            break
        signal_some(folder, nth, chance)
        times.append(wait_until_it_is_gone(folder, 60))
        assert state(folder) in ("stopped", "finished"), (nth, instants[-1], last(folder, State))
    assert max(times) < GRACE, list(zip(instants, times, strict=True))
    if state(folder) != "finished":
        resumed(folder)
        wait_for(lambda: state(folder) == "finished", 600)
    whole = started("xor", "--steps", steps, "--name", "whole")
    wait_for(lambda: state(whole) == "finished", 600)
    assert_same(folder, whole)
    proved(
        f"{len(times)} signals ({', '.join(dict.fromkeys(instants))}): gone within {max(times):.1f} s, "
        f"then bit for bit the run of {steps} steps that never stopped"
    )


def signal_some(folder: RunFolder, nth: int, chance: random.Random) -> None:
    """One of a run's processes or, as when a unit of systemd ends, all of them, with SIGHUP close behind."""
    if nth % 2:
        chance.choice(workers(folder)).send_signal(chance.choice([signal.SIGTERM, signal.SIGINT, signal.SIGUSR1]))
        return
    for process in 3 * workers(folder):
        for number in (signal.SIGTERM, signal.SIGHUP):
            with suppress(psutil.NoSuchProcess):
                process.send_signal(number)


def go_to_an_instant(folder: RunFolder, nth: int, chance: random.Random) -> str:
    """Wait for an instant of a life, or a random one."""
    instant = INSTANTS[nth % len(INSTANTS)]
    if instant == "at birth":
        time.sleep(chance.random() * 0.3)
        return instant
    if instant == "while it loads":
        time.sleep(chance.random() * 4)
        return instant
    if instant == "while it compiles":
        wait_for(
            lambda: "Compiling" in getattr(last(folder, State), "reason", "") or has_settled(folder), START_SECONDS
        )
        time.sleep(chance.random() * 0.5)
        return instant
    before = step(folder)
    wait_for(lambda: step(folder) > before or has_settled(folder), START_SECONDS)
    time.sleep(chance.random() * 0.3)
    if instant == "while paused" and state(folder) == "training":
        control_client.ask(folder, Command("pause"))
    if instant == "while saving" and state(folder) == "training":
        subprocess.Popen([*GAN_TUI, "save", str(folder.path)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.random() * 0.6)
    return instant


def has_settled(folder: RunFolder) -> bool:
    return state(folder) in ("finished", "stopped", "failed") and not folder.is_held()


def assert_same(one: RunFolder, other: RunFolder) -> None:
    """All arrays of the last checkpoint, and every metric of every step, bit for bit."""
    mine, theirs = arrays_of(one), arrays_of(other)
    assert mine.keys() == theirs.keys()
    assert [name for name in mine if mine[name].tobytes() != theirs[name].tobytes()] == []
    mine, theirs = metrics_of(one), metrics_of(other)
    assert mine.keys() == theirs.keys()
    assert [name for name in mine if mine[name].tobytes() != theirs[name].tobytes()] == []


def arrays_of(folder: RunFolder) -> Mapping[str, np.ndarray]:
    from safetensors.numpy import load_file

    newest = max(folder.checkpoints.iterdir(), key=lambda path: path.name if path.name.isdigit() else "")
    return load_file(newest / "state.safetensors")


def metrics_of(folder: RunFolder) -> dict[str, np.ndarray]:
    """Step and metrics as a reader has them in the end."""
    columns: dict[str, list[float | None]] = {"step": []}
    for event in events_of(folder):
        if isinstance(event, Resumed):
            kept = int(np.searchsorted(columns["step"], event.from_step, side="right")) if columns["step"] else 0
            columns = {name: values[:kept] for name, values in columns.items()}
        elif isinstance(event, Metrics):
            columns["step"] += event.steps
            for name, values in event.values.items():
                columns.setdefault(name, []).extend(values)
    assert columns["step"] == list(range(1, len(columns["step"]) + 1))
    return {name: np.asarray(values, np.float64) for name, values in columns.items()}


def test_sigterm_while_it_validates_saves_too(runs: Path, trials: Trials, proved: Proved) -> None:
    many, chance = trials(0, 6), random.Random(4)
    if not many:
        pytest.skip("make promises does it; a run that is stopped in a validation is in tests/training")
    folder = started("fashion-cnn", "--epochs", "1000", "--set", "patience=0", "--set", "batch_size=500")
    times = []
    for nth in range(many):
        if nth:
            resumed(folder)
        wait_until_it_trains(folder)
        per_epoch = next(event.steps_per_epoch for event in events_of(folder) if hasattr(event, "steps_per_epoch"))
        wait_for(lambda: step(folder) % per_epoch == 0, 120)  # noqa: B023
        time.sleep(chance.random() * 0.2)
        trainer_of(folder.path).terminate()
        times.append(wait_until_it_is_gone(folder, 60))
        assert state(folder) == "stopped"
    assert max(times) < GRACE
    proved(f"{many} signals while validating: saved and gone within {max(times):.1f} s")


def test_hanging_up_does_not_matter(runs: Path, proved: Proved) -> None:
    folder = started("xor", "--steps", ENDLESS)
    for process in (supervisor_of(folder), wait_for_a_trainer(folder)):
        process.send_signal(signal.SIGHUP)  # in the first instants of their lives
    wait_until_it_trains(folder)
    pids = {process.pid for process in workers(folder)}
    for _ in range(20):
        for process in workers(folder):
            process.send_signal(signal.SIGHUP)
    before = step(folder)
    wait_for(lambda: step(folder) > before)
    assert {process.pid for process in workers(folder)} == pids
    proved("42 SIGHUPs to supervisor and trainer: training goes on")


# In plain text ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_in_plain_text_a_signal_saves_and_stops_at_any_instant(
    number: signal.Signals, runs: Path, trials: Trials, proved: Proved
) -> None:
    many, chance = trials(1, 15), random.Random(number)
    for nth in range(many):
        name = f"run-{number}-{nth}"
        follower = plain("--name", name)
        time.sleep(chance.random() * (0.8 if nth % 2 == 0 else 6))
        follower.send_signal(number)
        out, err = follower.communicate(timeout=60)
        assert follower.returncode in (130, -number), (out, err)
        folder = RunFolder(runs / name)
        if folder.preset_file.exists():
            wait_until_it_is_gone(folder, 10)
            assert state(folder) in ("stopped", ""), "nothing trains that nobody asked for"
    proved(f"{many} times {number.name} from the first instant on: exit code 130, no training left")


def test_twice_means_now(runs: Path, proved: Proved) -> None:
    follower = plain()
    folder = RunFolder(runs / "xor-1")
    wait_until_it_trains(folder)
    trainer = trainer_of(folder.path)
    trainer.suspend()  # saving takes for ever
    follower.send_signal(signal.SIGINT)
    time.sleep(0.5)
    assert follower.poll() is None
    asked = time.monotonic()
    follower.send_signal(signal.SIGINT)
    assert follower.wait(5) == 130
    took = time.monotonic() - asked
    assert took < 1
    trainer.resume()
    wait_until_it_is_gone(folder)
    assert state(folder) == "stopped", "the run is still saved"
    proved(f"the second Ctrl-C leaves after {took:.2f} s, the run saves itself")


def plain(*options: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [*GAN_TUI, "train", "xor", "--plain", "--steps", ENDLESS, *options],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
