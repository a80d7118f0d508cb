"""Promise 21: a group that loses a worker says so, ends, leaves nobody, and goes on to the same bits."""

import random
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from processes import started

from gan_tui.run.events import Alert, Checkpoint
from gan_tui.run.folder import RunFolder
from grouped import others_of
from product import START_SECONDS, done, events_of, last, state, step, wait_for, wait_until_it_trains
from pty_terminal import processes_of, trainer_of

pytestmark = [pytest.mark.promise(21), pytest.mark.slow, pytest.mark.prove, pytest.mark.timeout(7200)]

STEPS = "12000"
SAID_SECONDS = 15.0
WAYS = ("a worker killed", "a worker frozen", "worker 0 killed")


def restarts(run: RunFolder) -> int:
    return sum(event.kind == "restart" for event in events_of(run, Alert))


def lose(run: RunFolder, way: str) -> list[psutil.Process]:
    """Returns who belonged to the group."""
    (other,) = others_of(run)
    trainer = trainer_of(run.path)
    if way == "worker 0 killed":
        trainer.kill()
    elif way == "a worker killed":
        other.kill()
    else:
        other.suspend()
    return [other, trainer]


def bits(run: RunFolder) -> bytes:
    event = last(run, Checkpoint)
    assert event is not None and state(run) == "finished"
    return (run.path / event.folder / "state.safetensors").read_bytes()


def test_whoever_is_lost_the_group_comes_to_the_same_bits(
    runs: Path, trials: Callable[[int, int], int], proved: Callable[[str], None]
) -> None:
    count = trials(3, 9)
    whole = started("xor", "--steps", STEPS, "--workers", "2", "--name", "whole")
    run = started("xor", "--steps", STEPS, "--workers", "2", "--name", "lost", "--restarts", str(count))
    chance, took = random.Random(0), dict.fromkeys(WAYS, 0.0)
    for nth in range(count):
        wait_until_it_trains(run, step(run))
        done("save", run.name)
        time.sleep(chance.random())
        way, begun = WAYS[nth % len(WAYS)], time.monotonic()
        group = lose(run, way)
        wait_for(lambda: restarts(run) > nth, START_SECONDS)  # noqa: B023
        took[way] = max(took[way], time.monotonic() - begun)
        wait_for(lambda: not any(process.is_running() for process in group))  # noqa: B023
    for one in (run, whole):
        wait_for(lambda: state(one) == "finished", 10 * START_SECONDS)  # noqa: B023
        wait_for(lambda: not processes_of(one.path))  # noqa: B023
    assert bits(run) == bits(whole)
    assert max(took.values()) < SAID_SECONDS, took
    said = ", ".join(f"{way} {seconds:.1f} s" for way, seconds in took.items())
    proved(f"{count} losses, said after at most: {said}; the same bits as without any")
