"""Sweeps in other places against this machine's own processes: what it costs that workers are behind a command."""

import os
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from measuring import COMMAND, Figure, own_runs

from ray_cluster import RayCluster
from sshd import serving

TRAININGS, TIMES = 60, 3
SWEEP = ("sweep", "xor", "--set", "batch_size=4", "--epochs", "1000", "--repeats", str(TRAININGS), "--json")


def over_ssh() -> Iterator[Figure]:
    """As many workers as the local pool has, behind an sshd of our own on loopback, alternately."""
    environment = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    with TemporaryDirectory(prefix="gan-tui-benchmark-") as folder, serving(Path(folder) / "sshd", environment) as box:
        itself = f"{sys.executable} -P -m gan_tui"
        on = f"{shlex.join(box.prefix())} {itself}*{len(os.sched_getaffinity(0))}"
        what = f"a sweep of {TRAININGS} `xor` over ssh to loopback"
        yield Figure(what, "≥ 0.9", list(_ratios("--on", on)), "×", _BESIDE)


def over_ray() -> Iterator[Figure]:
    """As many workers as the local pool has, on a Ray cluster of two nodes on loopback, alternately."""
    cluster = RayCluster(cores=max(1, len(os.sched_getaffinity(0)) // 2))
    os.environ.update(cluster.environment)
    try:
        ratios = list(_ratios("--on", f"ray:{cluster.address}"))
    finally:
        cluster.end()
    yield Figure(f"a sweep of {TRAININGS} `xor` over Ray on loopback", "≥ 0.8", ratios, "×", _BESIDE)


_BESIDE = "of the speed of the same sweep in processes of this machine, loading TensorFlow included"


def _ratios(*there: str) -> Iterator[float]:
    for _ in range(TIMES):
        here = _seconds()
        yield here / _seconds(*there)


def _seconds(*there: str) -> float:
    with own_runs():
        begun = time.monotonic()
        subprocess.run([*COMMAND, *SWEEP, *there], check=True, stdout=subprocess.DEVNULL)
        return time.monotonic() - begun
