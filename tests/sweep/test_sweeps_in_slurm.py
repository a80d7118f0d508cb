"""Sweeps as steps of a real SLURM: the numbers of one machine, also where a job is cancelled."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import slurm_cluster
from product import START_SECONDS, gan_tui, wait_for
from slurm_cluster import Slurm
from sweeping import XOR, here, numbers, sweeping

pytestmark = [pytest.mark.slow, pytest.mark.prove, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def slurm() -> Iterator[Slurm]:
    if why := slurm_cluster.missing():
        pytest.skip(why)
    with tempfile.TemporaryDirectory(prefix="slurm") as folder, slurm_cluster.with_slurm(Path(folder)) as slurm:
        yield slurm


def test_a_job_is_cancelled_and_the_table_is_that_of_one_machine(
    slurm: Slurm, runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in slurm.environment.items():
        monkeypatch.setenv(name, value)
    with sweeping(*XOR, "--on", f"srun -n1 -c1 {sys.executable} -m gan_tui*2", "--name", "there") as sweep:
        sweep.until("1 of 4")
        first, *_ = slurm.jobs()
        assert slurm.run("scancel", first).returncode == 0
        assert "is trained again" in sweep.until("gan-tui: ")
        assert sweep.ended() == 0, sweep.said
    print("".join(sweep.said))
    wait_for(lambda: not slurm.jobs(), START_SECONDS)
    there = gan_tui("sweep", *XOR, "--name", "there", "--json")
    assert numbers(there.stdout) == here(*XOR)
    with sweeping(*XOR, "--on", f"srun -n1 -c1 {sys.executable} -m gan_tui*2", "--name", "killed") as sweep:
        sweep.until("1 of 4")
        sweep.process.kill()
    wait_for(lambda: not slurm.jobs(), START_SECONDS)
