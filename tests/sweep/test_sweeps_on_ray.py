"""Sweeps on a real Ray: the numbers of one machine, whatever is killed meanwhile."""

import importlib.util
import re
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from product import START_SECONDS, gan_tui, wait_for
from ray_cluster import RayCluster
from sweeping import Sweeping, here, numbers, on_one_processor, sweeping

if importlib.util.find_spec("ray") is None:
    pytest.skip("no Ray here; pip install 'gan-tui[ray]'", allow_module_level=True)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

XOR = ("xor", "--set", "batch_size=4,2", "--epochs", "400", "--seed", "5", "--repeats", "2")
WORKER = "gan_tui.training.remote_worker"


def started_by(sweep: Sweeping) -> list[psutil.Process]:
    return psutil.Process(sweep.process.pid).children(recursive=True)


def folders_of(processes: list[psutil.Process]) -> set[Path]:
    """Where Ray has the files of a cluster of its own."""
    words = " ".join(word for each in processes for word in each.cmdline())
    return {Path(found) for found in re.findall(r"/\S*/gan-tui-ray-[^/\s]+", words)}


def wait_until_gone(processes: list[psutil.Process]) -> None:
    wait_for(lambda: not any(process.is_running() for process in processes), START_SECONDS)


def test_where_there_is_no_cluster_one_is_started_and_nothing_is_left_of_it(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    with on_one_processor(), sweeping(*XOR, "--on", "ray", "--name", "there") as sweep:
        sweep.until("Ray is started on this machine alone, with 1 worker.")
        sweep.until("1 of 4")
        started = started_by(sweep)
        assert any(process.name() == "raylet" for process in started)
        folders = folders_of(started)
        assert sweep.ended() == 0
    wait_until_gone(started)
    assert folders and not any(folder.exists() for folder in folders)
    assert not any("ray" in line.lower() for line in sweep.said[3:]), "its own words are in the log"
    there = gan_tui("sweep", *XOR, "--name", "there", "--json")
    with on_one_processor():
        assert numbers(there.stdout) == here(*XOR)


# At length ----------------------------------------------------------------------------------------------


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[RayCluster]:
    cluster = RayCluster()
    for name, value in cluster.environment.items():
        monkeypatch.setenv(name, value)
    try:
        yield cluster
    finally:
        cluster.end()


def trainers(cluster: RayCluster) -> list[psutil.Process]:
    return [each for each in cluster.processes() if WORKER in " ".join(each.cmdline())]


def kill_a_trainer(cluster: RayCluster) -> None:
    trainers(cluster)[0].kill()


def kill_a_worker(cluster: RayCluster) -> None:
    worker = trainers(cluster)[0].parent()
    assert worker is not None
    worker.kill()


WAYS: dict[str, Callable[[RayCluster], None]] = {
    "its training process has died, and Ray has another started": kill_a_trainer,
    "its worker is lost, and Ray starts": kill_a_worker,
    "its worker is lost, and Ray starts another": RayCluster.kill_node,
}


@pytest.mark.prove
def test_whatever_is_killed_is_said_and_trained_again_to_the_same_numbers(cluster: RayCluster, runs: Path) -> None:
    many = ("xor", "--set", "batch_size=4,2", "--epochs", "2000", "--seed", "5", "--repeats", "9")
    took = {}
    with sweeping(*many, "--on", f"ray:{cluster.address}", "--name", "there") as sweep:
        sweep.until("2 of 18")
        for sentence, kill in WAYS.items():
            wait_for(lambda: len(trainers(cluster)) == 2, START_SECONDS)
            sweep.until(" of 18")
            time.sleep(1)  # both have begun one
            begun = time.monotonic()
            kill(cluster)
            sweep.until(sentence)
            took[kill.__name__] = round(time.monotonic() - begun, 1)
        assert sweep.ended() == 0, "".join(sweep.said)
    assert any("is trained again" in line for line in sweep.said)
    print(took, *sweep.said, sep="\n")
    assert any(line.endswith(" trained 18.\n") for line in sweep.said)
    wait_for(lambda: not trainers(cluster), START_SECONDS)
    there = gan_tui("sweep", *many, "--name", "there", "--json")
    assert numbers(there.stdout) == here(*many)


@pytest.mark.prove
@pytest.mark.parametrize("own", [False, True], ids=["a cluster", "its own"])
def test_who_is_interrupted_or_killed_leaves_nobody_and_goes_on_here(
    own: bool, cluster: RayCluster, runs: Path
) -> None:
    where = "ray" if own else f"ray:{cluster.address}"
    for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGINT):
        with sweeping(*XOR, "--on", where, "--name", number.name) as sweep:
            sweep.until(" of 4  ")
            started = [*started_by(sweep), *trainers(cluster)]
            folders = folders_of(started) if own else set()
            sweep.process.send_signal(number)
            assert sweep.ended() == (-9 if number == signal.SIGKILL else 130), sweep.said
        wait_until_gone(started)
        assert bool(folders) == own and not any(folder.exists() for folder in folders)
    ended = gan_tui("sweep", "--resume", signal.SIGINT.name, "--json")
    assert numbers(ended.stdout) == here(*XOR)


@pytest.mark.prove
def test_a_head_that_is_killed_ends_the_sweep_with_a_sentence(cluster: RayCluster, runs: Path) -> None:
    with sweeping(*XOR, "--on", f"ray:{cluster.address}", "--name", "there") as sweep:
        sweep.until("1 of 4")
        cluster.end()
        assert sweep.ended() == 1
    assert "Traceback" not in "".join(sweep.said)
    assert sweep.said[-1].endswith("gan-tui sweep --resume there continues with the rest.\n")


@pytest.mark.prove
def test_a_token_that_is_missing_is_told(cluster: RayCluster, runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(runs.parent))
    for name, value in {"RAY_AUTH_TOKEN": "another", "RAY_AUTH_MODE": "disabled"}.items():
        monkeypatch.setenv(name, value)
        ended = gan_tui("sweep", *XOR, "--on", f"ray:{cluster.address}")
        assert ended.returncode == 1
        assert "the cluster asks for its token; set RAY_AUTH_MODE=token" in ended.stderr


@pytest.mark.prove
def test_a_cluster_without_a_token_is_told_of_once(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cluster = RayCluster(token=False)
    try:
        monkeypatch.setenv("RAY_AUTH_MODE", "disabled")
        monkeypatch.setenv("RAY_ADDRESS", cluster.address)
        ended = gan_tui("sweep", *XOR, "--on", "ray")
    finally:
        cluster.end()
    assert ended.returncode == 0 and f"On the Ray cluster at {cluster.address}, with 2 workers." in ended.stdout
    assert ended.stderr.count("asks for no token") == 1
