"""Promise 22: what a sweep loses on other machines costs time alone. A real sshd, and five ways to lose a worker."""

import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from gan_tui.sweep.folder import find
from product import START_SECONDS, wait_for
from sshd import Sshd
from sweeping import Sweeping, a_box, on, sweeping, workers

pytestmark = [pytest.mark.promise(22), pytest.mark.slow, pytest.mark.prove, pytest.mark.timeout(1800)]

FIRST_SEED = 5
MANY = ("xor", "--set", "batch_size=4", "--epochs", "800", "--seed", str(FIRST_SEED))


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Sshd]:
    (tmp_path / "box").mkdir()
    with a_box(tmp_path / "box") as sshd:
        yield sshd


def ssh_here(sweep: Sweeping) -> psutil.Process:
    children = psutil.Process(sweep.process.pid).children(recursive=True)
    return next(child for child in children if child.name() == "ssh")


def connection(box: Sshd) -> psutil.Process:
    """What serves the one of who has worked most."""
    return next(parent for parent in workers(box)[0].parents() if parent.name().startswith("sshd"))


WAYS: dict[str, Callable[[Sshd, Sweeping], None]] = {
    "a worker killed": lambda box, sweep: workers(box)[0].kill(),
    "ssh killed": lambda box, sweep: ssh_here(sweep).kill(),
    "its connection killed": lambda box, sweep: connection(box).kill(),
    "a worker frozen": lambda box, sweep: workers(box)[0].suspend(),
    "its link frozen": lambda box, sweep: connection(box).suspend(),
}


def test_lost_workers_are_said_and_their_trainings_come_to_the_same(
    box: Sshd, runs: Path, proved: Callable[[str], None]
) -> None:
    took = {}
    with sweeping(*MANY, "--repeats", "500", "--on", on(box, 2), "--name", "there") as sweep:
        for way, lose in WAYS.items():
            sweep.until(", 127.0.0.1)")
            wait_for(lambda: len(workers(box)) == 2, START_SECONDS)
            sweep.until(", 127.0.0.1)")  # so one of the two has loaded long since
            begun = time.monotonic()
            lose(box, sweep)
            assert "127.0.0.1: " in sweep.until("gan-tui: ")
            took[way] = time.monotonic() - begun
            for frozen in (*box.sessions(), *workers(box)):
                frozen.resume()  # it finds that nobody is there any more
        sweep.until(", 127.0.0.1)")
        sweep.process.send_signal(signal.SIGINT)
        assert sweep.ended() == 130, sweep.said
    wait_for(lambda: not workers(box), START_SECONDS)
    there = {result.seed: result for _, result in find("there", runs).every_result()}
    with sweeping(*MANY, "--repeats", str(max(there) - FIRST_SEED + 1), "--name", "here") as sweep:
        assert sweep.ended() == 0, sweep.said
    here = {result.seed: result for _, result in find("here", runs).every_result()}
    assert len(there) > len(WAYS)
    for seed, result in there.items():
        assert (result.last, result.course) == (here[seed].last, here[seed].course)
    said = ", ".join(f"{way} {seconds:.1f} s" for way, seconds in took.items())
    proved(f"said after: {said}; {len(there)} results as on one machine")
