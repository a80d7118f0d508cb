"""Groups for tests: workers started as people start them, by TF_CONFIG in a shell each, or by --workers."""

import json
import os
import subprocess
from pathlib import Path

import psutil

from gan_tui.run.folder import RunFolder
from gan_tui.run.group_worker import WORKER
from gan_tui.system.listening import free_ports
from pty_terminal import GAN_TUI, processes_of

ENDLESS = "1000000000"


def configs(count: int, host: str = "127.0.0.1") -> list[str]:
    """TF_CONFIG of each worker of a group on one machine."""
    workers = [f"{host}:{port}" for port in free_ports(count)]
    tasks = [{"cluster": {"worker": workers}, "task": {"type": "worker", "index": index}} for index in range(count)]
    return [json.dumps(task) for task in tasks]


def worker(config: str, runs: Path, *words: str) -> subprocess.Popen[str]:
    """A gan-tui that has been told so; all that it says is on its standard output."""
    environment = {**os.environ, "TF_CONFIG": config, "GAN_TUI_RUNS": str(runs)}
    return subprocess.Popen(
        [*GAN_TUI, *words], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def others_of(run: RunFolder) -> list[psutil.Process]:
    """The workers of a run that its worker 0 has started."""
    return [process for process in processes_of(run.path) if WORKER[-1] in process.cmdline()]
