"""A group whose workers a real SLURM of two nodes has started: `srun -n2 gan-tui train …`."""

import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

import slurm_cluster
from gan_tui.run.events import Alert, Checkpoint, State
from gan_tui.run.folder import RunFolder
from gan_tui.run.group_worker import WORKER
from grouped import ENDLESS
from product import START_SECONDS, events_of, last, state, wait_for
from pty_terminal import GAN_TUI, end_runs
from slurm_cluster import Slurm

pytestmark = [pytest.mark.prove, pytest.mark.timeout(1200)]


@pytest.fixture(scope="module")
def slurm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slurm]:
    if why := slurm_cluster.missing():
        pytest.skip(why)
    with slurm_cluster.with_slurm(tmp_path_factory.mktemp("slurm")) as own:
        yield own


@pytest.fixture
def runs(tmp_path: Path, slurm: Slurm) -> Iterator[Path]:
    slurm.environment["GAN_TUI_RUNS"] = str(tmp_path / "runs")
    yield tmp_path / "runs"
    end_runs(tmp_path / "runs")
    wait_for(lambda: not slurm.jobs(), START_SECONDS)


def srun(*words: str) -> list[str]:
    return ["srun", "--kill-on-bad-exit=1", "-n2", "-N2", *GAN_TUI, "train", *words, "--plain"]


def others() -> list[psutil.Process]:
    """The processes that take steps for worker 1."""
    return [process for process in psutil.process_iter(["cmdline"]) if WORKER[-1] in (process.info["cmdline"] or ())]


def test_a_step_of_two_tasks_trains_one_run(slurm: Slurm, runs: Path) -> None:
    ended = slurm.run(*srun("gan", "--steps", "100"), seconds=5 * START_SECONDS)
    assert ended.returncode == 0, ended
    assert "worker 1 of 2 (SLURM) takes steps with worker 0 (n1:2" in ended.stderr
    assert "Finished at step 100" in ended.stdout
    assert [path.name for path in runs.iterdir() if not path.name.startswith(".")] == ["gan-1"]


def test_scancel_has_it_saved(slurm: Slurm, runs: Path) -> None:
    step = slurm.start(*srun("xor", "--steps", ENDLESS))
    run = RunFolder(runs / "xor-1")
    wait_for(lambda: run.events_file.exists() and state(run) == "training", 2 * START_SECONDS)
    slurm.run("scancel", *slurm.jobs())
    said = step.communicate(timeout=START_SECONDS)[0]
    wait_for(lambda: state(run) == "stopped", START_SECONDS)
    assert last(run, Checkpoint) is not None, said
    wait_for(lambda: not others(), START_SECONDS)


def test_a_task_that_is_killed_ends_the_step_and_is_named(slurm: Slurm, runs: Path) -> None:
    step = slurm.start(*srun("xor", "--steps", ENDLESS))
    run = RunFolder(runs / "xor-1")
    wait_for(lambda: run.events_file.exists() and state(run) == "training", 2 * START_SECONDS)
    (other,) = others()
    other.send_signal(signal.SIGKILL)
    wait_for(lambda: state(run) == "failed", START_SECONDS)
    said = step.communicate(timeout=START_SECONDS)[0]
    assert step.returncode == 1, said
    (told,) = [event.text for event in events_of(run, Alert) if event.kind == "group" and "broke" in event.text]
    assert "worker 1 (n2:2" in told and "start the workers again" in told
    event = last(run, State)
    assert event and event.reason.startswith("The group broke: worker 1 (n2:2")
